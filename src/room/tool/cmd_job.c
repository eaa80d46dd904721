/* footfall job: the secret that requests to /api/jobs are signed with. */
#include "base/str.h"
#include "fact/jobs.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"

int
ff_cmd_job_secret(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_str  secret;
	bool           renew;
	enum ff_err    err;

	ff_args_init(&args, "job secret", argc, argv);
	renew = ff_args_flag(&args, "--new");
	if (!ff_args_done(&args))
		return 2;
	err = ff_jobs_secret_make(tool->arena, tool->conf, renew);
	if (err == FF_OK)
		err = ff_jobs_secret_read(tool->arena, tool->conf, &secret);
	if (err != FF_OK)
		return ff_tool_fail(tool, "job secret", err, NULL);
	printf("%.*s\n", FF_STR_ARG(secret));
	return 0;
}
