window.footfall = window.footfall || function () { (footfall.q = footfall.q || []).push(arguments); };
footfall('Early', { props: { plan: 'pro' } });
