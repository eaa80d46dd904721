#include "room/tool/args.h"

#include <stdio.h>
#include <string.h>

void
ff_args_init(struct ff_args *args, const char *command, int argc, char **argv)
{
	*args = (struct ff_args){ .command = command, .argc = argc, .argv = argv };
}

const char *
ff_args_option(struct ff_args *args, const char *name)
{
	size_t      len = strlen(name);
	const char *value = NULL;

	for (int i = 0; i < args->argc; i++) {
		char *word = args->argv[i];

		if (word == NULL || strncmp(word, name, len) != 0 || (word[len] != '\0' && word[len] != '='))
			continue;
		args->argv[i] = NULL;
		if (word[len] == '=') {
			value = word + len + 1;
		} else if (i + 1 < args->argc && args->argv[i + 1] != NULL) {
			value = args->argv[i + 1];
			args->argv[++i] = NULL;
		} else {
			fprintf(stderr, "footfall: %s wants a value\n", name);
			args->wrong = true;
		}
	}
	return value;
}

bool
ff_args_flag(struct ff_args *args, const char *name)
{
	bool found = false;

	for (int i = 0; i < args->argc; i++)
		if (args->argv[i] != NULL && strcmp(args->argv[i], name) == 0) {
			args->argv[i] = NULL;
			found = true;
		}
	return found;
}

const char *
ff_args_word(struct ff_args *args)
{
	for (int i = 0; i < args->argc; i++) {
		const char *word = args->argv[i];

		if (word == NULL || (word[0] == '-' && word[1] != '\0'))
			continue;
		args->argv[i] = NULL;
		return word;
	}
	return NULL;
}

bool
ff_args_done(struct ff_args *args)
{
	for (int i = 0; i < args->argc; i++)
		if (args->argv[i] != NULL) {
			fprintf(stderr, "footfall: %s: what is \"%s\"?\n", args->command, args->argv[i]);
			args->wrong = true;
		}
	if (args->wrong)
		fprintf(stderr, "See: footfall help %s\n", args->command);
	return !args->wrong;
}
