window.plausible = window.plausible || function () { (window.plausible.q = window.plausible.q || []).push(arguments); };
plausible('Early', { props: { n: 1 }, revenue: { currency: 'USD', amount: 3 }, callback: result => { window.answered = result.status; } });
