#include "serve/frame.h"

#include <string.h>

/* Record types, FastCGI 1.0 section 8. */
enum { BEGIN_REQUEST = 1, ABORT_REQUEST = 2, PARAMS = 4, STDIN = 5 };

enum ff_frame
ff_frame_look(const uint8_t *p, size_t len, struct ff_frame_look *look)
{
	size_t off = 0;
	bool   begun = false;

	*look = (struct ff_frame_look){ 0 };
	while (len - off >= FF_FRAME_HEADER) {
		const uint8_t *record = p + off;
		size_t         content = (size_t)(record[4] << 8 | record[5]);
		size_t         end = off + FF_FRAME_HEADER + content + record[6];

		if (record[0] != 1 || record[1] == ABORT_REQUEST || (!begun && record[1] != BEGIN_REQUEST))
			return FF_FRAME_BAD;
		begun = true;
		if (end > len)
			return FF_FRAME_PART;
		if (record[1] == PARAMS && content == 0)
			look->params = end;
		if (record[1] == STDIN && content == 0) {
			look->len = end;
			return look->params > 0 ? FF_FRAME_WHOLE : FF_FRAME_BAD;
		}
		off = end;
	}
	return FF_FRAME_PART;
}

enum ff_frame
ff_frame_skip(struct ff_frame_skip *skip, const uint8_t *p, size_t len)
{
	while (len > 0) {
		size_t *goal = skip->have < FF_FRAME_HEADER ? &skip->have : &skip->left;
		size_t  want = goal == &skip->have ? FF_FRAME_HEADER - skip->have : skip->left;
		size_t  take = want < len ? want : len;

		if (goal == &skip->have) {
			memcpy(skip->header + skip->have, p, take);
			skip->have += take;
			if (skip->have == FF_FRAME_HEADER)
				skip->left = (size_t)(skip->header[4] << 8 | skip->header[5]) + skip->header[6];
		} else {
			skip->left -= take;
		}
		p += take;
		len -= take;
		if (skip->have < FF_FRAME_HEADER)
			break;
		if (skip->header[0] != 1 || skip->header[1] != STDIN)
			return FF_FRAME_BAD;
		if (skip->left > 0)
			continue;
		if (skip->header[4] == 0 && skip->header[5] == 0)
			return len == 0 ? FF_FRAME_WHOLE : FF_FRAME_BAD;
		skip->have = 0;
	}
	return FF_FRAME_PART;
}

void
ff_frame_end(const uint8_t *begin, uint8_t out[FF_FRAME_HEADER])
{
	const uint8_t end[FF_FRAME_HEADER] = { 1, STDIN, begin[2], begin[3] };

	memcpy(out, end, sizeof(end));
}
