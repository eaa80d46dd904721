#include "serve/frame.h"

/* Record types, FastCGI 1.0 section 8. */
enum { BEGIN_REQUEST = 1, ABORT_REQUEST = 2, PARAMS = 4, STDIN = 5, RECORD_HEADER = 8 };

enum ff_frame
ff_frame_look(const uint8_t *p, size_t len, struct ff_frame_look *look)
{
	size_t off = 0;
	bool   begun = false;

	*look = (struct ff_frame_look){ 0 };
	while (len - off >= RECORD_HEADER) {
		const uint8_t *record = p + off;
		size_t         content = (size_t)(record[4] << 8 | record[5]);
		size_t         end = off + RECORD_HEADER + content + record[6];

		if (record[0] != 1 || record[1] == ABORT_REQUEST || (!begun && record[1] != BEGIN_REQUEST))
			return FF_FRAME_BAD;
		begun = true;
		if (end > len)
			return FF_FRAME_PART;
		if (record[1] == PARAMS && content == 0)
			look->params = true;
		if (record[1] == STDIN && content == 0) {
			look->len = end;
			return look->params ? FF_FRAME_WHOLE : FF_FRAME_BAD;
		}
		off = end;
	}
	return FF_FRAME_PART;
}
