#include "base/io.h"
#include "base/log.h"
#include "conf/conf.h"
#include "fact/jobs.h"
#include "safe/hash.h"
#include "safe/rand.h"

#include <sys/stat.h>

#define SECRET_MIN 32
#define SECRET_MAX 1024

static const char *
secret_path(struct ff_arena *arena, const struct ff_conf *conf)
{
	return conf->jobs_secret_file[0] != '\0' ? conf->jobs_secret_file
						 : ff_str_printf(arena, "%s/jobs.secret", conf->state_dir).p;
}

enum ff_err
ff_jobs_secret_read(struct ff_arena *arena, const struct ff_conf *conf, struct ff_str *out)
{
	const char *path = secret_path(arena, conf);
	struct stat st;

	if (stat(path, &st) != 0)
		return FF_NOT_FOUND;
	if ((st.st_mode & 077) != 0) {
		ff_error("jobs", "%s can be read by others: chmod 600", path);
		return FF_FORBIDDEN;
	}
	FF_TRY(ff_io_read_file(arena, path, SECRET_MAX, out));
	*out = ff_str_trim(*out);
	if (out->len < SECRET_MIN) {
		ff_error("jobs", "the secret in %s is shorter than %d bytes", path, SECRET_MIN);
		return FF_INVALID;
	}
	return FF_OK;
}

enum ff_err
ff_jobs_secret_make(struct ff_arena *arena, const struct ff_conf *conf, bool renew)
{
	const char *path = secret_path(arena, conf);
	uint8_t     bytes[32];
	char        text[2 * sizeof bytes + 2];
	struct stat st;
	enum ff_err err;

	if (!renew && stat(path, &st) == 0)
		return FF_OK;
	FF_TRY(ff_io_make_dir(conf->state_dir, 0750));
	ff_random(bytes, sizeof bytes);
	ff_hex(bytes, sizeof bytes, text);
	text[2 * sizeof bytes] = '\n';
	err = ff_io_replace_file(path, ff_str_of(text, sizeof text - 1), 0600);
	ff_wipe(bytes, sizeof bytes);
	ff_wipe(text, sizeof text);
	return err;
}
