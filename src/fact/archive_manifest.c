/* archive_manifest.c - what is in a part, and whether it is. */
#include "base/day.h"
#include "base/io.h"
#include "base/log.h"
#include "fact/archive_inside.h"
#include "safe/sha256.h"
#include "wire/json.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MANIFEST_MAX 8192

enum ff_err
ff_archive_sum(const char *path, struct ff_archive_file *file)
{
	int              fd = open(path, O_RDONLY | O_CLOEXEC);
	struct ff_sha256 sha;
	char             block[65536];
	ssize_t          n = -1;

	file->bytes = 0;
	ff_sha256_init(&sha);
	while (fd >= 0 && (n = read(fd, block, sizeof block)) > 0) {
		ff_sha256_add(&sha, block, (size_t)n);
		file->bytes += n;
	}
	ff_sha256_end(&sha, file->sha256);
	if (fd >= 0)
		close(fd);
	if (n == 0)
		return FF_OK;
	ff_error("archive", "%s: %s", path, strerror(errno));
	return FF_IO;
}

static void
put_file(struct ff_json_out *out, const struct ff_archive_file *file)
{
	ff_json_object(out);
	ff_json_put_key(out, "rows");
	ff_json_put_i64(out, file->rows);
	ff_json_put_key(out, "bytes");
	ff_json_put_i64(out, file->bytes);
	ff_json_put_key(out, "sha256");
	ff_json_put_z(out, file->sha256);
	ff_json_object_end(out);
}

enum ff_err
ff_archive_manifest_write(const struct ff_archive *archive, const char *path)
{
	struct ff_buf      buf;
	struct ff_json_out out;
	char               day[11];
	enum ff_err        err;

	ff_day_print(archive->day, day);
	ff_buf_init(&buf, MANIFEST_MAX);
	ff_json_out_init(&out, &buf);
	ff_json_object(&out);
	ff_json_put_key(&out, "version");
	ff_json_put_i64(&out, FF_ARCHIVE_VERSION);
	ff_json_put_key(&out, "site");
	ff_json_put_str(&out, archive->domain);
	ff_json_put_key(&out, "day");
	ff_json_put_z(&out, day);
	ff_json_put_key(&out, "part");
	ff_json_put_i64(&out, archive->part);
	ff_json_put_key(&out, "files");
	ff_json_object(&out);
	for (int t = 0; t < FF_ARCHIVE_TABLES; t++) {
		ff_json_put_key(&out, ff_archive_shapes[t].name);
		put_file(&out, &archive->files[t]);
	}
	ff_json_object_end(&out);
	ff_json_object_end(&out);
	ff_buf_char(&buf, '\n');
	err = ff_io_replace_file(path, ff_buf_view(&buf), 0640);
	ff_buf_free(&buf);
	return err;
}

static bool
read_file(const struct ff_json *node, struct ff_archive_file *file)
{
	struct ff_str sum = ff_json_str(ff_json_get(node, "sha256"));

	if (sum.len != 64 || !ff_json_i64(ff_json_get(node, "rows"), &file->rows) ||
	    !ff_json_i64(ff_json_get(node, "bytes"), &file->bytes))
		return false;
	memcpy(file->sha256, sum.p, 64);
	file->sha256[64] = '\0';
	return true;
}

static bool
read_manifest(const struct ff_json *root, struct ff_archive *out)
{
	int64_t version = 0, part = 0;
	bool    good = ff_json_i64(ff_json_get(root, "version"), &version) && version == FF_ARCHIVE_VERSION &&
	    ff_json_i64(ff_json_get(root, "part"), &part) && part > 0 && part < INT32_MAX &&
	    ff_day_parse(ff_json_str(ff_json_get(root, "day")), &out->day);

	out->domain = ff_json_str(ff_json_get(root, "site"));
	out->part = (int32_t)part;
	for (int t = 0; t < FF_ARCHIVE_TABLES; t++)
		good = good && read_file(ff_json_get(ff_json_get(root, "files"), ff_archive_shapes[t].name), &out->files[t]);
	return good && out->domain.len > 0;
}

enum ff_err
ff_archive_manifest_read(struct ff_arena *arena, const char *dir, struct ff_archive *out)
{
	const char           *path = ff_str_printf(arena, "%s/manifest.json", dir).p;
	const struct ff_json *root;
	struct ff_fault       fault;
	struct ff_str         text;

	*out = (struct ff_archive){ .dir = dir };
	FF_TRY(ff_io_read_file(arena, path, MANIFEST_MAX, &text));
	if (ff_json_parse(arena, text, &root, &fault) == FF_OK && read_manifest(root, out))
		return FF_OK;
	ff_error("archive", "%s is damaged, or of another version", path);
	return FF_CORRUPT;
}

/* ---- many ---- */

struct list {
	struct ff_archive *v;
	size_t             n, cap, damaged;
};

static int
visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.' && strncmp(entry->d_name, "new-", 4) != 0;
}

/* A directory with a manifest is a part; others are looked into, a root's and a site's. */
static enum ff_err
look_into(struct ff_arena *arena, const char *dir, int depth, struct list *list)
{
	struct ff_archive archive;
	struct dirent   **names;
	enum ff_err       err = ff_archive_manifest_read(arena, dir, &archive);
	int               n;

	list->damaged += err != FF_OK && err != FF_NOT_FOUND;
	if (err == FF_OK) {
		if (list->n == list->cap) {
			list->cap = list->cap == 0 ? 64 : list->cap * 2;
			list->v = ff_xrealloc(list->v, list->cap * sizeof *list->v);
		}
		list->v[list->n++] = archive;
	}
	if (err != FF_NOT_FOUND || depth == 0)
		return FF_OK;
	if ((n = scandir(dir, &names, visible, alphasort)) < 0)
		return errno == ENOTDIR ? FF_OK : errno == ENOENT ? FF_NOT_FOUND : FF_IO;
	for (int i = 0; i < n; i++) {
		if (err == FF_NOT_FOUND || err == FF_OK)
			err = look_into(arena, ff_str_printf(arena, "%s/%s", dir, names[i]->d_name).p, depth - 1, list);
		free(names[i]);
	}
	free(names);
	return err == FF_NOT_FOUND ? FF_OK : err;
}

enum ff_err
ff_archive_list(struct ff_arena *arena, const char *dir, struct ff_archive **out, size_t *n, size_t *damaged)
{
	struct list list = { .n = 0 };
	enum ff_err err = access(dir, F_OK) == 0 ? look_into(arena, ff_str_printf(arena, "%s", dir).p, 2, &list) : FF_NOT_FOUND;

	*out = FF_NEW_N(arena, list.n, struct ff_archive);
	if (list.n > 0)
		memcpy(*out, list.v, list.n * sizeof *list.v);
	*n = list.n;
	*damaged = list.damaged;
	free(list.v);
	return err;
}
