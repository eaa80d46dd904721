/* forms.js - forms that were sent; never what was written into them. */
const forms = footfall => addEventListener('submit', event => {
	if (event.target.noValidate || event.target.checkValidity())
		footfall('Form: Submission', { props: { path: location.pathname } });
}, true);
