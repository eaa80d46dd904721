/* FastCGI from the web server's side, cut into pieces by the input's first byte; then its parameters. */
#include "serve/frame.h"

#include <stdlib.h>

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_frame_reader reader;
	enum ff_frame          got = FF_FRAME_PART;
	const char           **env = NULL;
	size_t                 cap = 0, piece = size > 0 ? (size_t)data[0] + 1 : 1;

	ff_frame_init(&reader, 512);
	for (size_t off = 1; off < size && got == FF_FRAME_PART; off += piece)
		got = ff_frame_read(&reader, data + off, size - off < piece ? size - off : piece);
	if (got == FF_FRAME_WHOLE && ff_frame_env(&reader, &env, &cap))
		for (const char **e = env; *e; e++)
			if (*e < reader.params.p || *e >= reader.params.p + reader.params.len)
				abort();
	if (reader.body.len > 512)
		abort();
	free(env);
	ff_frame_free(&reader);
	return 0;
}
