#include "fact/audit.h"
#include "room/tool/tool.h"

#include <stdio.h>
#include <string.h>

static void
print_commands(FILE *out)
{
	fprintf(out, "footfall - view analytics: the operator's tool\n\nusage: footfall [--conf FILE] COMMAND ...\n\n");
	for (size_t i = 0; i < ff_commands_n; i++)
		fprintf(out, "  %-18s %s\n", ff_commands[i].name, ff_commands[i].about);
	fprintf(out, "\nfootfall help COMMAND says more. Settings: footfall.conf(5).\n");
}

/* Words of argv that spell the command's name ("site add": 2), or 0. */
static int
matches(const struct ff_command *command, int argc, char **argv)
{
	struct ff_str rest = ff_str_from(command->name);
	int           n = 0;

	while (rest.p != NULL) {
		if (n == argc || argv[n] == NULL || !ff_str_eqz(ff_str_split(&rest, ' '), argv[n]))
			return 0;
		n++;
	}
	return n;
}

static const struct ff_command *
find(int argc, char **argv, int *words)
{
	for (size_t i = 0; i < ff_commands_n; i++)
		if ((*words = matches(&ff_commands[i], argc, argv)) > 0)
			return &ff_commands[i];
	return NULL;
}

static void
print_help(const struct ff_command *c)
{
	printf("footfall %s - %s\n\nusage: footfall %s%s%s\n%s%s", c->name, c->about, c->name,
	    c->usage[0] ? " " : "", c->usage, c->help[0] ? "\n" : "", c->help);
}

/* "site" alone or misspelt: the commands that go on from there. Who asked for help gets what they wanted. */
static int
unknown(const char *word, bool help)
{
	size_t len = strlen(word);
	int    alike = 0;

	for (size_t i = 0; i < ff_commands_n; i++)
		alike += strncmp(ff_commands[i].name, word, len) == 0 && ff_commands[i].name[len] == ' ';
	help = help && alike > 0;
	if (!help)
		fprintf(stderr, "footfall: there is no command \"%s\"%s\n", word, alike > 0 ? " alone; it goes on:" : "");
	for (size_t i = 0; i < ff_commands_n; i++)
		if (strncmp(ff_commands[i].name, word, len) == 0 && ff_commands[i].name[len] == ' ')
			fprintf(help ? stdout : stderr, "  %-18s %s\n", ff_commands[i].name, ff_commands[i].about);
	fprintf(help ? stdout : stderr, help ? "\nfootfall help COMMAND says more.\n" : "See: footfall help\n");
	return help ? 0 : 2;
}

int
ff_tool_run(struct ff_tool *tool, int argc, char **argv)
{
	const struct ff_command *command;
	bool                     help = argc > 0 && strcmp(argv[0], "help") == 0;
	int                      words;

	argc -= help;
	argv += help;
	if (argc == 0 || strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "-h") == 0) {
		print_commands(argc == 0 && !help ? stderr : stdout);
		return argc == 0 && !help ? 2 : 0;
	}
	command = find(argc, argv, &words);
	if (command == NULL)
		return unknown(argv[0], help);
	for (int i = words; i < argc; i++)
		help = help || strcmp(argv[i], "--help") == 0;
	if (help) {
		print_help(command);
		return 0;
	}
	return command->run(tool, argc - words, argv + words);
}

int
ff_tool_fail(struct ff_tool *tool, const char *what, enum ff_err err, const struct ff_fault *fault)
{
	fprintf(stderr, "footfall: %s: ", what);
	if (fault != NULL && fault->why[0] != '\0')
		fprintf(stderr, "%s %s\n", fault->field, fault->why);
	else if (err == FF_DATABASE)
		fprintf(stderr,
		    "the database is not reachable (%s)\n%s\nIs it running, and is \"database\" in the settings right?\n",
		    ff_conf_database_shown(tool->conf), ff_db_message(tool->db));
	else
		fprintf(stderr, "%s\n", ff_err_sentence(err));
	return 1;
}

int
ff_tool_fail_site(struct ff_tool *tool, const char *site, enum ff_err err)
{
	if (err != FF_NOT_FOUND)
		return ff_tool_fail(tool, site, err, NULL);
	fprintf(stderr, "footfall: there is no site %s; see: footfall site list\n", site);
	return 1;
}

enum ff_err
ff_tool_record(struct ff_tool *tool, enum ff_err err, const char *action, int32_t site_id, struct ff_str detail)
{
	if (err == FF_OK)
		err = ff_audit_add(tool->db, tool->arena, FF_STR("operator"), action, site_id, detail);
	return ff_tx_end(tool->db, err);
}
