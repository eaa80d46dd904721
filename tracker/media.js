/* media.js - what was played of videos and sounds with a data-footfall-item, at them or around them.
 * data-progress at the script: seconds of play between two reports, 15 unless told. */
const media = footfall => {
	const every = 1000 * (footfall.script.dataset.progress || 15);
	const states = new Map(); // element -> { item, media, played: ms not told yet, at: position of the last look }

	/* A hundredth counts as watched when its middle was played. */
	const watched = element => {
		const hundredths = [...Array(100).keys()].filter(i => {
			const middle = (i + .5) / 100 * element.duration;
			for (let n = 0; n < element.played.length; n++)
				if (element.played.start(n) <= middle && middle <= element.played.end(n))
					return true;
		});
		return hundredths.filter(i => !hundredths.includes(i - 1)).map(from => {
			let to = from;
			while (hundredths.includes(to + 1))
				to++;
			return to > from ? from + '-' + to : from;
		}).join();
	};
	/* A live stream has no end: there only the position is told. */
	const describe = element => ({
		position: Math.round(element.currentTime * 1000),
		...isFinite(element.duration) && { length: Math.round(element.duration * 1000), watched: watched(element) }
	});

	const tell = (name, state) => {
		footfall(name, { kind: 'media', item: state.item, media: state.media, e: Math.round(state.played) });
		state.played = 0;
	};
	/* What was played is how far the position went on by itself: neither by a jump nor while the player waited for data. */
	const look = (element, state) => {
		if (!element.seeking)
			state.played += Math.max(0, element.currentTime - state.at) * 1000 / element.playbackRate || 0;
		state.at = element.currentTime;
		state.media = describe(element);
	};
	const stateOf = element => {
		const item = itemOf(element);
		if (item && !states.has(element))
			states.set(element, { item, played: 0 });
		return item && states.get(element);
	};
	const start = (element, state) => {
		state.playing = true;
		state.at = element.currentTime;
		state.media = describe(element);
		tell('play', state);
	};

	const on = (type, react) => document.addEventListener(type, event => {
		const element = event.target;
		const state = /^(VIDEO|AUDIO)$/.test(element.tagName) && stateOf(element);
		if (state)
			react(element, state);
	}, true); // media events do not bubble
	on('playing', (element, state) => state.playing || start(element, state));
	on('timeupdate', (element, state) => {
		if (!state.playing)
			return element.paused || start(element, state); // it played before we came
		look(element, state);
		if (state.played >= every)
			tell('progress', state);
	});
	const stop = name => (element, state) => {
		if (!state.playing || name == 'pause' && element.ended)
			return;
		look(element, state);
		state.playing = false;
		tell(name, state);
	};
	on('pause', stop('pause'));
	on('ended', stop('ended'));
	on('seeking', (element, state) => state.playing && look(element, state));
	on('seeked', (element, state) => {
		clearTimeout(state.seek); // a hand on the slider seeks many times
		if (state.media)
			state.seek = setTimeout(() => {
				state.media = describe(element);
				tell('seeked', state);
			}, 500);
	});
	on('emptied', (element, state) => { // another source: what was played of the last one is known from the last look
		if (state.playing)
			tell('progress', state);
		states.delete(element);
	});
	onHide(() => states.forEach((state, element) => {
		if (state.playing) {
			look(element, state);
			tell('progress', state);
		}
		if (!element.isConnected)
			states.delete(element);
	}));
};
