#include "base/num.h"
#include "fact/segments.h"
#include "fact/sites.h"
#include "room/tool/args.h"
#include "room/tool/tool.h"
#include "wire/json.h"

static enum ff_err
add(struct ff_tool *tool, int32_t site_id, struct ff_segment *segment, struct ff_fault *fault)
{
	const struct ff_json *filters;
	enum ff_err           err;

	if (ff_json_parse(tool->arena, segment->filters, &filters, NULL) != FF_OK || ff_json_type(filters) != FF_JSON_ARRAY)
		return ff_fault_set(fault, FF_INVALID, "filters", "must be a JSON list, as POST /api/v2/query takes it");
	FF_TRY(ff_tx_begin(tool->db));
	err = ff_segments_add(tool->db, tool->arena, site_id, segment, fault);
	return ff_tool_record(tool, err, "segment.add", site_id, segment->name);
}

int
ff_cmd_segment_add(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args    args;
	struct ff_fault   fault = { 0 };
	struct ff_segment segment;
	struct ff_site    site;
	const char       *site_name, *name, *filters;
	enum ff_err       err;

	ff_args_init(&args, "segment add", argc, argv);
	site_name = ff_args_word(&args);
	name = ff_args_word(&args);
	filters = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (filters == NULL) {
		fprintf(stderr, "footfall: segment add wants SITE NAME FILTERS\nSee: footfall help segment add\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(site_name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, site_name, err);
	segment = (struct ff_segment){ .name = ff_str_from(name), .filters = ff_str_from(filters) };
	if ((err = add(tool, site.site_id, &segment, &fault)) != FF_OK)
		return ff_tool_fail(tool, "segment add", err, &fault);
	printf("%d %.*s\n", (int)segment.segment_id, FF_STR_ARG(segment.name));
	return 0;
}

int
ff_cmd_segment_list(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args     args;
	struct ff_segment *v;
	struct ff_site     site;
	const char        *name;
	size_t             n;
	enum ff_err        err;

	ff_args_init(&args, "segment list", argc, argv);
	name = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (name == NULL) {
		fprintf(stderr, "footfall: segment list wants a site\nSee: footfall site list\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_segments_list(tool->db, tool->arena, site.site_id, &v, &n)) != FF_OK)
		return ff_tool_fail(tool, "segment list", err, NULL);
	for (size_t i = 0; i < n; i++)
		printf("%-4d %-28.*s %.*s\n", (int)v[i].segment_id, FF_STR_ARG(v[i].name), FF_STR_ARG(v[i].filters));
	return 0;
}

int
ff_cmd_segment_remove(struct ff_tool *tool, int argc, char **argv)
{
	struct ff_args args;
	struct ff_site site;
	struct ff_str  title = FF_STR_NONE;
	const char    *name, *text;
	int64_t        id;
	enum ff_err    err;

	ff_args_init(&args, "segment remove", argc, argv);
	name = ff_args_word(&args);
	text = ff_args_word(&args);
	if (!ff_args_done(&args))
		return 2;
	if (text == NULL || !ff_num_range(ff_str_from(text), 1, INT32_MAX, &id)) {
		fprintf(stderr, "footfall: segment remove wants a site and the number of a segment;"
				" see: footfall segment list SITE\n");
		return 2;
	}
	if ((err = ff_sites_find(tool->db, tool->arena, ff_str_from(name), &site)) != FF_OK)
		return ff_tool_fail_site(tool, name, err);
	if ((err = ff_tx_begin(tool->db)) == FF_OK) {
		err = ff_segments_remove(tool->db, tool->arena, site.site_id, id, &title);
		err = ff_tool_record(tool, err, "segment.remove", site.site_id, title);
	}
	if (err == FF_NOT_FOUND) {
		fprintf(stderr, "footfall: %s has no segment %s; see: footfall segment list %s\n", name, text, name);
		return 1;
	}
	return err == FF_OK ? 0 : ff_tool_fail(tool, "segment remove", err, NULL);
}
