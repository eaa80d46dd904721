/* args.h - words of a command: options "--name VALUE" or "--name=VALUE", flags "--name", and the rest in order. */
#ifndef FF_ROOM_TOOL_ARGS_H
#define FF_ROOM_TOOL_ARGS_H

#include "base/err.h"

#include <stdbool.h>

struct ff_args {
	const char *command;
	int         argc;
	char      **argv;  /* taken words become NULL */
	bool        wrong; /* a value was missing: said already */
};

void        ff_args_init(struct ff_args *args, const char *command, int argc, char **argv);
const char *ff_args_option(struct ff_args *args, const char *name); /* NULL: absent */
bool        ff_args_flag(struct ff_args *args, const char *name);
/* The next word that is no option; NULL: none left. Ask for options and flags first. */
const char *ff_args_word(struct ff_args *args);
/* True if nothing is left and nothing was wrong; else says what, with the way to the help. */
bool ff_args_done(struct ff_args *args);

#endif
