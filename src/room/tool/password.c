#include "room/tool/password.h"

#include "base/io.h"
#include "safe/rand.h"

#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

/* Without characters that are mistaken for each other; 20 of them are 115 bits. */
static struct ff_str
random_password(struct ff_arena *arena)
{
	static const char alphabet[] = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
	char             *p = ff_alloc(arena, 21);

	for (size_t i = 0; i < 20; i++)
		p[i] = alphabet[ff_random_below(sizeof alphabet - 1)];
	p[20] = '\0';
	return ff_str_of(p, 20);
}

static bool
ask(struct ff_arena *arena, const char *prompt, struct ff_str *out)
{
	struct termios seen, unseen;
	char           line[256];
	bool           ok;

	if (tcgetattr(STDIN_FILENO, &seen) != 0) {
		fprintf(stderr, "footfall: there is no terminal to ask on: use --password-file or --random\n");
		return false;
	}
	unseen = seen;
	unseen.c_lflag &= ~(tcflag_t)ECHO;
	fprintf(stderr, "%s: ", prompt);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &unseen);
	ok = fgets(line, sizeof line, stdin) != NULL;
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &seen);
	fprintf(stderr, "\n");
	*out = ff_str_dup(arena, ff_str_of(line, ok ? strcspn(line, "\n") : 0));
	ff_wipe(line, sizeof line);
	return ok;
}

static bool
ask_twice(struct ff_arena *arena, struct ff_str *out)
{
	struct ff_str again;

	if (!ask(arena, "Password", out) || !ask(arena, "The same again", &again))
		return false;
	if (!ff_str_eq(*out, again)) {
		fprintf(stderr, "footfall: the two differ\n");
		return false;
	}
	return true;
}

bool
ff_tool_password(struct ff_arena *arena, const char *file, bool random, struct ff_str *out)
{
	if (random) {
		*out = random_password(arena);
		return true;
	}
	if (file == NULL)
		return ask_twice(arena, out);
	if (ff_io_read_file(arena, strcmp(file, "-") == 0 ? "/dev/stdin" : file, 4096, out) != FF_OK) {
		fprintf(stderr, "footfall: %s cannot be read\n", file);
		return false;
	}
	*out = ff_str_sub(*out, 0, ff_str_find_char(*out, '\n'));
	return true;
}
