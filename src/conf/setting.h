/* setting.h - one row of the table of settings and its place in struct ff_conf: text to value and back. */
#ifndef FF_CONF_SETTING_H
#define FF_CONF_SETTING_H

#include "base/str.h"
#include "conf/conf.h"

#include <stddef.h>

enum ff_setting_type {
	FF_SETTING_TEXT,
	FF_SETTING_PATH,
	FF_SETTING_CIDRS,
	FF_SETTING_BOOL,
	FF_SETTING_INT,
	FF_SETTING_SIZE,
	FF_SETTING_DURATION,
	FF_SETTING_ENUM
};

struct ff_setting {
	const char          *key, *def, *range, *help;
	enum ff_setting_type type;
	size_t               offset; /* in struct ff_conf */
};

enum {
#define FF_SETTING_ONE(field, key, type, def, range, help) FF_SETTING_AT_##field,
	FF_SETTINGS(FF_SETTING_ONE)
#undef FF_SETTING_ONE
	FF_SETTING_COUNT
};

extern const struct ff_setting ff_settings[FF_SETTING_COUNT]; /* indexed by FF_SETTING_AT_<field> */

bool ff_setting_is_text(const struct ff_setting *setting); /* TEXT, PATH, CIDRS: const char * in the conf */
const struct ff_setting *ff_setting_find(struct ff_str key); /* NULL: no such setting */
/* FF_INVALID with the reason in *fault; the conf is untouched then. Frees the text that was there before. */
enum ff_err ff_setting_set(const struct ff_setting *setting, struct ff_str text, struct ff_conf *conf,
    struct ff_fault *fault) ff_must_check;
void ff_setting_clear(const struct ff_setting *setting, struct ff_conf *conf);
/* The value as it would be written in the file: sizes and durations in the largest unit that fits. */
void ff_setting_print(const struct ff_setting *setting, const struct ff_conf *conf, FILE *out);
/* "size, 1M..64M", "on|off", "absolute path or empty": what may stand there. */
void ff_setting_print_range(const struct ff_setting *setting, FILE *out);

#endif
