window.plausible = window.plausible || function () { (plausible.q = plausible.q || []).push(arguments); };
plausible.init = plausible.init || function (options) { plausible.o = options || {}; };
plausible.init({ customProperties: { tier: 'gold' }, transformRequest: event => {
	if (event.n == 'Secret')
		return null;
	return event.n == 'Changed' ? { ...event, n: 'Changed it', p: { ...event.p, had: event.$.amount } } : event;
} });
plausible('New', { props: { a: 'b' } });
