window.plausible = window.plausible || function () { (plausible.q = plausible.q || []).push(arguments); };
plausible.init = plausible.init || function (options) { plausible.o = options || {}; };
plausible.init({ customProperties: { tier: 'gold' }, transformRequest: event => event.n == 'Secret' ? null : event });
plausible('New', { props: { a: 'b' } });
