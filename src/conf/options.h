/* options.h - the command line that all our daemons share: --help, --version, --conf FILE, --listen PATH. */
#ifndef FF_CONF_OPTIONS_H
#define FF_CONF_OPTIONS_H

#include "conf/conf.h"

/* What --help prints, and which options the program takes. */
struct ff_program {
	const char *name;     /* "footfall-stats.fcgi" */
	const char *about;    /* one sentence */
	const char *usage;    /* further lines: examples, what to look at next */
	bool        listens;  /* a server: takes --listen, and nothing but options */
};

struct ff_options {
	struct ff_conf conf;   /* read and checked; log level set */
	const char    *listen; /* NULL: fd 0 */
	int            first;  /* index of the first argument that is no option */
};

/* A server that GATEWAY_INTERFACE says to be plain CGI looks at no argument: they are parts of the client's query.
 * Returns true to go on. False: *code is the exit code (0 after --help and --version, 2 after a wrong use, 1 after a
 * wrong setting), and everything has been said on stdout or stderr. */
bool ff_options_read(int argc, char **argv, const struct ff_program *program, struct ff_options *out, int *code);

#endif
