#include "base/err.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	const char *name;
	int         status;
	const char *sentence;
} errors[FF_ERR_COUNT] = {
#define FF_ERR_ROW(code, status, sentence) [FF_##code] = { #code, status, sentence },
	FF_ERRORS(FF_ERR_ROW)
#undef FF_ERR_ROW
};

int
ff_err_status(enum ff_err err)
{
	return errors[err].status;
}

const char *
ff_err_name(enum ff_err err)
{
	return errors[err].name;
}

const char *
ff_err_sentence(enum ff_err err)
{
	return errors[err].sentence;
}

enum ff_err
ff_fault_set(struct ff_fault *fault, enum ff_err err, const char *field, const char *why, ...)
{
	if (fault != NULL) {
		va_list ap;

		snprintf(fault->field, sizeof fault->field, "%s", field);
		va_start(ap, why);
		vsnprintf(fault->why, sizeof fault->why, why, ap);
		va_end(ap);
	}
	return err;
}

const char *
ff_fault_why(const struct ff_fault *fault, enum ff_err err)
{
	return fault->why[0] != '\0' ? fault->why : ff_err_sentence(err);
}

void
ff_panic(const char *why)
{
	fprintf(stderr, "footfall: panic: %s\n", why);
	abort();
}
