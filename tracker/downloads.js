/* downloads.js - clicks on links to files, by their ending or a download attribute; data-downloads="pdf epub" names
 * other endings. Where outbound links are counted, a file elsewhere is one of those. */
const downloads = footfall => {
	const endings = footfall.script.dataset.downloads || 'pdf xlsx docx pptx odt ods odp txt rtf csv epub exe msi apk dmg deb ' +
		'rpm pkg iso key pps ppt xls doc 7z zip rar gz tgz xz bz2 avi mov mp4 mpeg webm mkv wmv midi mp3 ogg flac wav wma';
	const known = new Set(endings.toLowerCase().split(/[\s,]+/));

	onLink(link => {
		const ending = /\.(\w+)$/.exec(link.pathname)?.[1].toLowerCase();
		if ((known.has(ending) || link.hasAttribute('download')) && !(footfall.outbound && isOutbound(link)))
			footfall('File Download', { props: { url: link.href.split(/[?#]/)[0] } });
	});
};
