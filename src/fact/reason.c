#include "fact/reason.h"

#include <ctype.h>
#include <stddef.h>

static const struct {
	const char *name, *sentence;
} reasons[FF_REASON_COUNT] = {
#define FF_REASON_ROW(name, code, sentence) [code] = { #name, sentence },
	FF_REASONS(FF_REASON_ROW)
#undef FF_REASON_ROW
};

/* Public names are lower case; the preprocessor cannot make them, so each thread does, once a name. */
const char *
ff_reason_name(enum ff_reason reason)
{
	static _Thread_local char names[FF_REASON_COUNT][24];
	const char               *upper = reasons[reason].name;

	for (size_t i = 0; upper[i] != '\0'; i++)
		names[reason][i] = (char)tolower((unsigned char)upper[i]);
	return names[reason];
}

const char *
ff_reason_sentence(enum ff_reason reason)
{
	return reasons[reason].sentence;
}
