/* Any bytes as footfall.conf: each is taken or refused with a reason, and what is taken prints as a file that reads
 * back as the same. */
#include "base/err.h"
#include "conf/conf.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
must(bool ok)
{
	if (!ok)
		ff_panic("a promise of conf/conf.h is broken");
}

/* Reads the bytes from a file in memory that others cannot read. */
static enum ff_err
read_bytes(const void *data, size_t size, struct ff_conf *conf)
{
	int         fd = memfd_create("footfall.conf", 0);
	char        path[32];
	char       *text;
	size_t      len;
	FILE       *complaints = open_memstream(&text, &len);
	enum ff_err err;

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size && fchmod(fd, 0600) == 0);
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	err = ff_conf_read(path, conf, complaints);
	fclose(complaints);
	must((err == FF_OK) == (len == 0));
	free(text);
	close(fd);
	return err;
}

static char *
printed(const struct ff_conf *conf)
{
	char  *text;
	size_t len;
	FILE  *out = open_memstream(&text, &len);

	ff_conf_print(conf, out);
	fclose(out);
	return text;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ff_conf conf, again;
	char          *first, *second;

	if (read_bytes(data, size, &conf) != FF_OK)
		return 0;
	first = printed(&conf);
	must(read_bytes(first, strlen(first), &again) == FF_OK);
	second = printed(&again);
	must(strcmp(first, second) == 0);
	free(first);
	free(second);
	ff_conf_free(&conf);
	ff_conf_free(&again);
	return 0;
}
