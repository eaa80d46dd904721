#include "fact/exclude.h"

#include "base/buf.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/utf8.h"
#include "wire/url.h"

#define GLOBS_MAX      100
#define LIST_MAX_BYTES 4000

/* ---- reading ---- */

void
ff_globs_read(struct ff_arena *arena, struct ff_str list, struct ff_globs *out)
{
	size_t most = 1;

	for (size_t i = 0; i < list.len; i++)
		most += list.p[i] == ',';
	*out = (struct ff_globs){ .v = FF_NEW_N(arena, most, struct ff_str) };
	while (list.p != NULL) {
		struct ff_str part = ff_str_trim(ff_str_split(&list, ','));

		if (part.len > 0)
			out->v[out->n++] = part;
	}
}

void
ff_exclude_read(struct ff_arena *arena, const struct ff_site *site, struct ff_exclude *out)
{
	struct ff_fault fault = { 0 };

	*out = (struct ff_exclude){ .countries = site->exclude_countries };
	if (ff_cidrs_parse(arena, site->exclude, &out->cidrs, &fault) != FF_OK) {
		ff_error("exclude", "site %d: its list of addresses does not count: %s", site->site_id, fault.why);
		out->cidrs = (struct ff_cidrs){ 0 };
	}
	ff_globs_read(arena, site->exclude_paths, &out->paths);
	ff_globs_read(arena, site->exclude_hosts, &out->hosts);
}

/* ---- judging ---- */

/* Goes back to the last star only: what an earlier one swallowed more would change nothing. */
bool
ff_glob_match(struct ff_str glob, struct ff_str text)
{
	size_t g = 0, t = 0, star = SIZE_MAX, resume = 0;

	while (t < text.len) {
		if (g < glob.len && glob.p[g] == '*') {
			star = g++;
			resume = t;
		} else if (g < glob.len && glob.p[g] == text.p[t]) {
			g++;
			t++;
		} else if (star != SIZE_MAX) {
			g = star + 1;
			t = ++resume;
		} else
			return false;
	}
	while (g < glob.len && glob.p[g] == '*')
		g++;
	return g == glob.len;
}

static bool
any_match(const struct ff_globs *globs, struct ff_str text)
{
	for (size_t i = 0; i < globs->n; i++)
		if (ff_glob_match(globs->v[i], text))
			return true;
	return false;
}

bool
ff_exclude_addr(const struct ff_exclude *exclude, const struct ff_addr *addr)
{
	return exclude->cidrs.n > 0 && ff_cidrs_match(&exclude->cidrs, addr);
}

bool
ff_exclude_page(const struct ff_exclude *exclude, struct ff_str hostname, struct ff_str path)
{
	return (path.len > 0 && any_match(&exclude->paths, path)) || (hostname.len > 0 && any_match(&exclude->hosts, hostname));
}

bool
ff_exclude_country(const struct ff_exclude *exclude, const char country[2])
{
	for (size_t i = 0; i + 2 <= exclude->countries.len; i += 3)
		if (exclude->countries.p[i] == country[0] && exclude->countries.p[i + 1] == country[1])
			return true;
	return false;
}

/* ---- checking ---- */

static enum ff_err
check_list(struct ff_str *value, const char *field, struct ff_fault *fault)
{
	*value = value->p == NULL ? FF_STR("") : ff_str_trim(*value);
	if (value->len > LIST_MAX_BYTES || !ff_utf8_valid(*value))
		return ff_fault_set(fault, FF_INVALID, field, "must be text of at most %d bytes", LIST_MAX_BYTES);
	for (size_t i = 0; i < value->len; i++)
		if ((unsigned char)value->p[i] < 0x20 || value->p[i] == 0x7f)
			return ff_fault_set(fault, FF_INVALID, field, "holds a control character");
	return FF_OK;
}

static struct ff_str
join(struct ff_arena *arena, const struct ff_globs *globs)
{
	struct ff_str text = FF_STR("");

	for (size_t i = 0; i < globs->n; i++)
		text = ff_str_printf(arena, "%.*s%s%.*s", FF_STR_ARG(text), i > 0 ? "," : "", FF_STR_ARG(globs->v[i]));
	return text;
}

enum ff_err
ff_exclude_paths_check(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault)
{
	struct ff_globs globs;

	FF_TRY(check_list(value, "exclude_paths", fault));
	ff_globs_read(arena, *value, &globs);
	if (globs.n > GLOBS_MAX)
		return ff_fault_set(fault, FF_INVALID, "exclude_paths", "has more than %d parts", GLOBS_MAX);
	for (size_t i = 0; i < globs.n; i++)
		if (globs.v[i].p[0] != '/' && globs.v[i].p[0] != '*')
			return ff_fault_set(fault, FF_INVALID, "exclude_paths", "is a list of paths: they begin with / or *");
	*value = join(arena, &globs);
	return FF_OK;
}

static bool
is_host_glob(struct ff_str host)
{
	for (size_t i = 0; i < host.len; i++) {
		char c = host.p[i];

		if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '*' && c != '_')
			return false;
	}
	return host.len > 0 && host.len <= FF_HOST_MAX && host.p[host.len - 1] != '.'; /* one was taken off */
}

enum ff_err
ff_exclude_hosts_check(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault)
{
	struct ff_globs globs;

	FF_TRY(check_list(value, "exclude_hosts", fault));
	ff_globs_read(arena, *value, &globs);
	if (globs.n > GLOBS_MAX)
		return ff_fault_set(fault, FF_INVALID, "exclude_hosts", "has more than %d parts", GLOBS_MAX);
	for (size_t i = 0; i < globs.n; i++) {
		bool has_port = ff_str_find_char(globs.v[i], ':') < globs.v[i].len;

		globs.v[i] = ff_url_host_bare(arena, globs.v[i]);
		if (has_port || !is_host_glob(globs.v[i]))
			return ff_fault_set(fault, FF_INVALID, "exclude_hosts", "is a list of host names, * for any characters");
	}
	*value = join(arena, &globs);
	return FF_OK;
}

enum ff_err
ff_exclude_countries_check(struct ff_arena *arena, struct ff_str *value, struct ff_fault *fault)
{
	struct ff_globs codes;
	char           *upper;

	FF_TRY(check_list(value, "exclude_countries", fault));
	ff_globs_read(arena, *value, &codes);
	upper = ff_alloc(arena, 2 * codes.n + 1);
	for (size_t i = 0; i < codes.n; i++, upper += 2) {
		if (!ff_str_letters(codes.v[i], upper, 2))
			return ff_fault_set(fault, FF_INVALID, "exclude_countries", "is a list of two-letter codes: DE, AT");
		codes.v[i] = ff_str_of(upper, 2);
	}
	*value = join(arena, &codes);
	return FF_OK;
}
