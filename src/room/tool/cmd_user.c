#include "base/day.h"
#include "base/io.h"
#include "fact/account.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "safe/rand.h"

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

/* The password by whichever way was asked for; *shown: it was made here and must be printed. */
static bool
read_password(struct ff_arena *arena, const char *file, bool random, struct ff_str *out)
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

static int
set_user(struct ff_tool *tool, const char *command, int argc, char **argv, bool adding)
{
	struct ff_args  args;
	struct ff_fault fault = { 0 };
	const char     *file, *role = NULL, *login;
	struct ff_str   password;
	bool            random;
	enum ff_err     err;

	ff_args_init(&args, command, argc, argv);
	file = ff_args_option(&args, "--password-file");
	random = ff_args_flag(&args, "--random");
	if (adding)
		role = ff_args_option(&args, "--role");
	login = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (login == NULL) {
		fprintf(stderr, "footfall: %s wants a login name\nSee: footfall help %s\n", command, command);
		return 2;
	}
	if (!read_password(tool->arena, file, random, &password))
		return 1;
	err = adding ? ff_account_add(tool->db, tool->arena, ff_str_from(login), password, ff_str_from(role ? role : "admin"),
			   &fault)
		     : ff_account_password(tool->db, tool->arena, ff_str_from(login), password, &fault);
	if (err == FF_CONFLICT) {
		fprintf(stderr, "footfall: there is a user %s already; a new password: footfall user passwd %s\n", login, login);
		return 1;
	}
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: there is no user %s; see: footfall help user add\n", login);
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, command, err, err == FF_INVALID ? &fault : NULL);
	if (random)
		printf("%.*s\n", FF_STR_ARG(password));
	else
		fprintf(stderr, "%s: done\n", login);
	return 0;
}

int
ff_cmd_user_add(struct ff_tool *tool, int argc, char **argv)
{
	return set_user(tool, "user add", argc, argv, true);
}

int
ff_cmd_user_passwd(struct ff_tool *tool, int argc, char **argv)
{
	return set_user(tool, "user passwd", argc, argv, false);
}

int
ff_cmd_user_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args     args;
	struct ff_account *v;
	size_t             n;
	enum ff_err        err;

	ff_args_init(&args, "user list", argc, argv);
	if (!ff_args_done(&args))
		return 2;
	if ((err = ff_account_list(tool->db, tool->arena, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "user list", err, NULL);
	if (n == 0)
		printf("There is no user yet. See: footfall help user add\n");
	for (size_t i = 0; i < n; i++) {
		char since[11];

		ff_day_print(ff_day_of_us(v[i].created_us), since);
		printf("%-24.*s %-9.*s since %s, %lld sessions\n", FF_STR_ARG(v[i].login), FF_STR_ARG(v[i].role), since,
		    (long long)v[i].sessions);
	}
	return 0;
}

int
ff_cmd_user_remove(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	const char    *login;
	enum ff_err    err;

	ff_args_init(&args, "user remove", argc, argv);
	login = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (login == NULL) {
		fprintf(stderr, "footfall: user remove wants a login name; see: footfall user list\n");
		return 2;
	}
	if ((err = ff_tx_begin(tool->db)) == FF_OK)
		err = ff_tool_record(tool, ff_account_remove(tool->db, tool->arena, ff_str_from(login)), "user.remove", 0,
		    ff_str_from(login));
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: there is no user %s; see: footfall user list\n", login);
		return 1;
	}
	if (err != FF_OK)
		return ff_tool_fail(tool, "user remove", err, NULL);
	printf("%s: removed, and signed out everywhere\n", login);
	return 0;
}
