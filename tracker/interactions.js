/* interactions.js - events without a script of the page's own. A click (for a form: its sending) on
 *
 *   <button data-footfall-event="like" data-footfall-kind="reaction" data-footfall-value="1" data-footfall-prop-where="top">
 *
 * Kind, target and value as in docs/events.md; the item is that of the element around it. Plausible's class names do the
 * same: class="plausible-event-name=Sign+up plausible-event-where=top plausible-revenue-amount=9.5". */
const interactions = footfall => {
	const byData = element => {
		const data = element.dataset;
		const props = {};
		for (const key in data)
			if (/^footfallProp./.test(key))
				props[key.slice(12).replace(/[A-Z]/g, (c, at) => (at ? '-' : '') + c.toLowerCase())] = data[key];
		return [data.footfallEvent, {
			props,
			kind: data.footfallKind,
			target: data.footfallTarget,
			value: data.footfallValue && +data.footfallValue,
			item: itemOf(element)
		}];
	};
	const byClass = element => {
		const props = {};
		const revenue = {};
		let name;
		element.classList.forEach(text => {
			const [, kind, key, value] = /^plausible-(event|revenue)-(.+?)(?:=|--)(.+)$/.exec(text) || [];
			const words = value?.replace(/\+/g, ' ');
			if (kind == 'revenue')
				revenue[key] = words;
			else if (key == 'name')
				name = words;
			else if (key)
				props[key] = words;
		});
		return name && [name, { props, revenue: revenue.amount ? revenue : undefined }];
	};
	const tell = (element, submitted) => {
		for (; element?.closest; element = element.parentNode) {
			const event = element.dataset?.footfallEvent ? byData(element) : byClass(element);
			if (!event)
				continue;
			if (submitted == /^form$/i.test(element.tagName)) {
				const fields = Object.entries(event[1]).filter(([, value]) => value !== undefined);
				footfall(event[0], Object.fromEntries(fields));
			}
			return;
		}
	};

	addEventListener('click', event => tell(event.target, false), true);
	addEventListener('auxclick', event => event.button == 1 && tell(event.target, false), true);
	addEventListener('submit', event => tell(event.target, true), true);
};
