/* outbound.js - clicks on links to other hosts. */
const outbound = footfall => {
	footfall.outbound = true;
	onLink(link => isOutbound(link) && footfall('Outbound Link: Click', { props: { url: link.href } }));
};
