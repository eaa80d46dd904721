#include "fact/visitor.h"

#include "base/buf.h"
#include "base/day.h"
#include "base/io.h"
#include "base/log.h"
#include "safe/hash.h"
#include "safe/rand.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define HEADING "footfall-salts 1\n"
#define LINE_LEN (10 + 1 + 64 + 1) /* date, space, key, newline */
#define FILE_MAX (sizeof HEADING - 1 + FF_SALTS_MAX * LINE_LEN)
#define DAYS_AHEAD 3

static int64_t
mtime_ns(const struct stat *st)
{
	return (int64_t)st->st_mtim.tv_sec * 1000000000 + st->st_mtim.tv_nsec;
}

static bool
line_parse(struct ff_str line, struct ff_salt *salt)
{
	return line.len == LINE_LEN - 1 && line.p[10] == ' ' && ff_day_parse(ff_str_sub(line, 0, 10), &salt->day)
	    && ff_unhex(ff_str_from_pos(line, 11), salt->key, sizeof salt->key);
}

static enum ff_err
salts_parse(struct ff_str text, struct ff_salts *out)
{
	const struct ff_str heading = FF_STR_INIT(HEADING);

	out->n = 0;
	if (!ff_str_starts(text, heading) || text.len > FILE_MAX)
		return FF_CORRUPT;
	for (text = ff_str_from_pos(text, heading.len); text.len > 0; text = ff_str_from_pos(text, LINE_LEN)) {
		if (text.len < LINE_LEN || text.p[LINE_LEN - 1] != '\n')
			return FF_CORRUPT;
		if (!line_parse(ff_str_sub(text, 0, LINE_LEN - 1), &out->v[out->n]))
			return FF_CORRUPT;
		if (ff_salts_find(out, out->v[out->n].day) != NULL)
			return FF_CORRUPT;
		out->n++;
	}
	return FF_OK;
}

static enum ff_err
read_up_to(int fd, char *p, size_t cap, size_t *len)
{
	*len = 0;
	while (*len < cap) {
		ssize_t n = read(fd, p + *len, cap - *len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return FF_IO;
		if (n == 0)
			break;
		*len += (size_t)n;
	}
	return FF_OK;
}

static enum ff_err
salts_load(int fd, struct ff_salts *out)
{
	char        text[FILE_MAX + 1];
	size_t      len;
	struct stat st;
	enum ff_err err;

	if (fstat(fd, &st) != 0)
		return FF_IO;
	if ((st.st_mode & S_IRWXO) != 0)
		return FF_FORBIDDEN;
	err = read_up_to(fd, text, sizeof text, &len);
	if (err == FF_OK)
		err = salts_parse(ff_str_of(text, len), out);
	ff_wipe(text, sizeof text);
	out->mtime_ns = mtime_ns(&st);
	out->inode = st.st_ino;
	return err;
}

enum ff_err
ff_salts_read(const char *path, struct ff_salts *out)
{
	int         fd = open(path, O_RDONLY | O_CLOEXEC);
	enum ff_err err;

	memset(out, 0, sizeof *out);
	if (fd < 0)
		return errno == ENOENT || errno == ENOTDIR ? FF_NOT_FOUND : FF_IO;
	err = salts_load(fd, out);
	close(fd);
	if (err != FF_OK)
		ff_wipe(out, sizeof *out);
	return err;
}

enum ff_err
ff_salts_refresh(const char *path, struct ff_salts *salts)
{
	struct ff_salts fresh;
	struct stat     st;
	enum ff_err     err;

	if (stat(path, &st) != 0)
		return errno == ENOENT || errno == ENOTDIR ? FF_NOT_FOUND : FF_IO;
	if (salts->inode == st.st_ino && salts->mtime_ns == mtime_ns(&st))
		return FF_OK;
	err = ff_salts_read(path, &fresh);
	if (err == FF_OK)
		*salts = fresh;
	ff_wipe(&fresh, sizeof fresh);
	return err;
}

/* ---- rotation ---- */

/* Keeps yesterday to today + 3; true if anything went. What a wrong clock made for later days goes too. */
static bool
drop_old(struct ff_salts *salts, int32_t today)
{
	size_t kept = 0, n = salts->n;

	for (size_t i = 0; i < n; i++)
		if (salts->v[i].day >= today - 1 && salts->v[i].day <= today + DAYS_AHEAD)
			salts->v[kept++] = salts->v[i];
	salts->n = kept;
	return kept != n;
}

static bool
add_missing(struct ff_salts *salts, int32_t today)
{
	bool added = false;

	for (int32_t day = today; day <= today + DAYS_AHEAD; day++) {
		if (ff_salts_find(salts, day) != NULL)
			continue;
		salts->v[salts->n].day = day;
		ff_random(salts->v[salts->n].key, sizeof salts->v[salts->n].key);
		salts->n++;
		added = true;
	}
	return added;
}

static enum ff_err
salts_write(const char *path, const struct ff_salts *salts)
{
	char        text[FILE_MAX + 1], *p = text + sizeof HEADING - 1;
	enum ff_err err;

	memcpy(text, HEADING, sizeof HEADING - 1);
	for (size_t i = 0; i < salts->n; i++, p += LINE_LEN) {
		ff_day_print(salts->v[i].day, p);
		p[10] = ' ';
		ff_hex(salts->v[i].key, sizeof salts->v[i].key, p + 11);
		p[LINE_LEN - 1] = '\n';
	}
	err = ff_io_replace_file(path, ff_str_of(text, (size_t)(p - text)), 0600);
	ff_wipe(text, sizeof text);
	return err;
}

enum ff_err
ff_salts_rotate(const char *path, int32_t today)
{
	struct ff_salts salts;
	enum ff_err     err = ff_salts_read(path, &salts);
	bool            changed;

	if (err == FF_CORRUPT)
		ff_warn("salts", "%s is damaged and made anew: today's visitors may count twice", path);
	else if (err != FF_OK && err != FF_NOT_FOUND) {
		ff_error("salts", "cannot use %s: %s", path,
		    err == FF_FORBIDDEN ? "others may read it: chmod 600" : strerror(errno));
		return err;
	}
	changed = drop_old(&salts, today);
	changed = add_missing(&salts, today) || changed;
	err = changed ? salts_write(path, &salts) : FF_OK;
	if (err != FF_OK)
		ff_error("salts", "cannot write %s: %s", path, strerror(errno));
	ff_wipe(&salts, sizeof salts);
	return err;
}

/* ---- use ---- */

const struct ff_salt *
ff_salts_find(const struct ff_salts *salts, int32_t day)
{
	for (size_t i = 0; i < salts->n; i++)
		if (salts->v[i].day == day)
			return &salts->v[i];
	return NULL;
}

uint64_t
ff_visitor_id(const struct ff_salt *salt, int32_t site_id, const struct ff_addr *addr, struct ff_str user_agent)
{
	struct ff_addr identity = ff_addr_identity(addr);
	struct ff_str  parts[3] = {
		{ (const char *)&site_id, sizeof site_id }, { (const char *)identity.b, sizeof identity.b }, user_agent
	};
	uint64_t id;

	if (salt == NULL)
		return 0;
	ff_hash(&id, sizeof id, salt->key, parts, 3);
	id &= INT64_MAX;
	return id != 0 ? id : 1;
}
