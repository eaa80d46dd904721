#include "conf/options.h"
#include "base/log.h"
#include "config.h"

#include <stdlib.h>
#include <string.h>

static void
print_help(const struct ff_program *p)
{
	printf("%s - %s\n\nusage: %s [--conf FILE]%s\n\n", p->name, p->about, p->name,
	    p->listens ? " [--listen PATH]" : "");
	printf("  --conf FILE    settings; default: $FOOTFALL_CONF, then %s/footfall.conf\n", FF_SYSCONFDIR);
	if (p->listens)
		printf("  --listen PATH  open this unix socket (mode 0660); default: the socket handed in as\n"
		       "                 descriptor 0 (systemd, spawn-fcgi, lighttpd); if that is no socket,\n"
		       "                 answer one request as plain CGI\n");
	printf("  --version      print the version\n  --help         print this\n\n%s", p->usage);
}

/* "--name VALUE" or "--name=VALUE": 1 taken, 0 another option, -1 the value is missing. */
static int
take_value(int argc, char **argv, int *i, const char *name, const char **value)
{
	size_t len = strlen(name);

	if (strncmp(argv[*i], name, len) != 0 || (argv[*i][len] != '\0' && argv[*i][len] != '='))
		return 0;
	*value = argv[*i][len] == '=' ? argv[*i] + len + 1 : *i + 1 < argc ? argv[++*i] : NULL;
	return *value == NULL || **value == '\0' ? -1 : 1;
}

static bool
wrong_use(const struct ff_program *p, const char *what, const char *arg, int *code)
{
	fprintf(stderr, "%s: %s: %s; see %s --help\n", p->name, what, arg, p->name);
	*code = 2;
	return false;
}

/* A web server that runs us as plain CGI hands a query without '=' over as arguments (RFC 3875, 4.4): "?--conf+/tmp/x"
 * is a stranger's wish. GATEWAY_INTERFACE is what it must set then, and what a shell does not have. */
static bool
arguments_are_the_clients(const struct ff_program *p)
{
	return p->listens && getenv("GATEWAY_INTERFACE") != NULL;
}

bool
ff_options_read(int argc, char **argv, const struct ff_program *p, struct ff_options *out, int *code)
{
	const char *conf = NULL;
	int         i;

	*out = (struct ff_options){ 0 };
	*code = 0;
	if (arguments_are_the_clients(p))
		argc = 1;
	for (i = 1; i < argc && strncmp(argv[i], "--", 2) == 0; i++) {
		int taken;

		if (strcmp(argv[i], "--help") == 0) {
			print_help(p);
			return false;
		}
		if (strcmp(argv[i], "--version") == 0) {
			printf("%s %s\n", p->name, PACKAGE_VERSION);
			return false;
		}
		taken = take_value(argc, argv, &i, "--conf", &conf);
		if (taken == 0 && p->listens)
			taken = take_value(argc, argv, &i, "--listen", &out->listen);
		if (taken < 0)
			return wrong_use(p, "the value is missing", argv[i < argc ? i : argc - 1], code);
		if (taken == 0)
			return wrong_use(p, "unknown option", argv[i], code);
	}
	if (p->listens && i < argc)
		return wrong_use(p, "what is this argument", argv[i], code);
	out->first = i;
	if (ff_conf_read(conf, &out->conf, stderr) != FF_OK) {
		fprintf(stderr, "%s: not started: the settings are wrong (see above)\n", p->name);
		*code = 1;
		return false;
	}
	ff_log_setup(p->name, (enum ff_log_level)out->conf.log_level);
	return true;
}
