#include "wire/json.h"
#include "base/limits.h"
#include "wire/json_check.h"

#include <cJSON.h>
#include <inttypes.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* cJSON's hooks take no context: the arena of the parse that this thread is in. */
static _Thread_local struct ff_arena *current;

static void *
take_from_arena(size_t size)
{
	return ff_alloc(current, size);
}

static void
leave_to_arena(void *p)
{
	(void)p;
}

static void
set_hooks(void)
{
	cJSON_Hooks hooks = { .malloc_fn = take_from_arena, .free_fn = leave_to_arena };

	cJSON_InitHooks(&hooks);
}

static const cJSON *
item_of(const struct ff_json *node)
{
	return (const cJSON *)node;
}

static const struct ff_json *
node_of(const cJSON *item)
{
	return (const struct ff_json *)item;
}

static cJSON *
parse_checked(struct ff_arena *arena, struct ff_str text)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	cJSON                *root;

	pthread_once(&once, set_hooks);
	current = arena;
	root = cJSON_ParseWithLength(text.p, text.len);
	current = NULL;
	return root;
}

/* No deeper than the check allowed. */
static bool
all_finite(const cJSON *item)
{
	if (cJSON_IsNumber(item))
		return isfinite(item->valuedouble);
	for (const cJSON *child = item->child; child != NULL; child = child->next)
		if (!all_finite(child))
			return false;
	return true;
}

enum ff_err
ff_json_parse(struct ff_arena *arena, struct ff_str text, const struct ff_json **out, struct ff_fault *fault)
{
	return ff_json_parse_deep(arena, text, FF_JSON_DEPTH_MAX, out, fault);
}

enum ff_err
ff_json_parse_deep(struct ff_arena *arena, struct ff_str text, int depth_max, const struct ff_json **out,
    struct ff_fault *fault)
{
	cJSON *root;

	*out = NULL;
	FF_TRY(ff_json_check(text, depth_max, fault));
	root = parse_checked(arena, text);
	if (root == NULL)
		return ff_fault_set(fault, FF_INVALID, "request", "is not valid JSON");
	if (!all_finite(root))
		return ff_fault_set(fault, FF_INVALID, "request", "holds a number beyond the range of a double");
	*out = node_of(root);
	return FF_OK;
}

enum ff_json_type
ff_json_type(const struct ff_json *node)
{
	switch (node == NULL ? cJSON_NULL : item_of(node)->type & 0xff) {
	case cJSON_False:
	case cJSON_True:
		return FF_JSON_BOOL;
	case cJSON_Number:
		return FF_JSON_NUMBER;
	case cJSON_String:
		return FF_JSON_STRING;
	case cJSON_Array:
		return FF_JSON_ARRAY;
	case cJSON_Object:
		return FF_JSON_OBJECT;
	default:
		return FF_JSON_NULL;
	}
}

const struct ff_json *
ff_json_get(const struct ff_json *object, const char *key)
{
	if (ff_json_type(object) != FF_JSON_OBJECT)
		return NULL;
	for (const cJSON *member = item_of(object)->child; member != NULL; member = member->next)
		if (member->string[0] == key[0] && strcmp(member->string, key) == 0)
			return node_of(member);
	return NULL;
}

struct ff_str
ff_json_str(const struct ff_json *node)
{
	return ff_json_type(node) == FF_JSON_STRING ? ff_str_from(item_of(node)->valuestring) : FF_STR_NONE;
}

bool
ff_json_bool(const struct ff_json *node)
{
	return node != NULL && cJSON_IsTrue(item_of(node));
}

double
ff_json_double(const struct ff_json *node)
{
	return ff_json_type(node) == FF_JSON_NUMBER ? item_of(node)->valuedouble : 0;
}

bool
ff_json_i64(const struct ff_json *node, int64_t *out)
{
	double number = ff_json_double(node);

	if (ff_json_type(node) != FF_JSON_NUMBER || fabs(number) >= 0x1p53 || number != (double)(int64_t)number)
		return false;
	*out = (int64_t)number;
	return true;
}

struct ff_str
ff_json_text(struct ff_arena *arena, const struct ff_json *node)
{
	int64_t whole;

	switch (ff_json_type(node)) {
	case FF_JSON_STRING:
		return ff_json_str(node);
	case FF_JSON_BOOL:
		return ff_json_bool(node) ? FF_STR("true") : FF_STR("false");
	case FF_JSON_NUMBER:
		if (ff_json_i64(node, &whole))
			return ff_str_printf(arena, "%" PRId64, whole);
		return ff_str_printf(arena, "%.15g", ff_json_double(node));
	case FF_JSON_NULL:
	case FF_JSON_ARRAY:
	case FF_JSON_OBJECT:
		break;
	}
	return FF_STR_NONE;
}

size_t
ff_json_count(const struct ff_json *node)
{
	size_t n = 0;

	for (node = ff_json_first(node); node != NULL; node = ff_json_next(node))
		n++;
	return n;
}

const struct ff_json *
ff_json_first(const struct ff_json *node)
{
	return node == NULL ? NULL : node_of(item_of(node)->child);
}

const struct ff_json *
ff_json_next(const struct ff_json *node)
{
	return node == NULL ? NULL : node_of(item_of(node)->next);
}

struct ff_str
ff_json_key(const struct ff_json *member)
{
	return member == NULL ? FF_STR_NONE : ff_str_from(item_of(member)->string);
}
