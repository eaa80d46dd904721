/* yamljson FILE - a YAML document as JSON on standard output: tests read docs/openapi.yaml without a YAML reader of their own
 * language. Plain scalars are null, booleans, integers and decimals as in YAML's core schema, else texts; keys are texts. */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

static void
put_text(const char *p, size_t n)
{
	putchar('"');
	for (size_t i = 0; i < n; i++) {
		unsigned char c = (unsigned char)p[i];

		if (c == '"' || c == '\\')
			printf("\\%c", c);
		else if (c < 0x20)
			printf("\\u%04x", c);
		else
			putchar(c);
	}
	putchar('"');
}

/* A number as JSON writes them: 1, -2.5, 0.1, 1e3. */
static bool
is_number(const char *s)
{
	static const char digits[] = "0123456789";
	size_t            whole;

	s += *s == '-';
	whole = strspn(s, digits);
	if (whole == 0 || (whole > 1 && s[0] == '0'))
		return false;
	s += whole;
	if (*s == '.') {
		if (strspn(++s, digits) == 0)
			return false;
		s += strspn(s, digits);
	}
	if (*s == 'e' || *s == 'E') {
		s += 1 + (s[1] == '-' || s[1] == '+');
		if (strspn(s, digits) == 0)
			return false;
		s += strspn(s, digits);
	}
	return *s == '\0';
}

static void
put_scalar(const yaml_node_t *node)
{
	const char *s = (const char *)node->data.scalar.value;

	if (node->data.scalar.style != YAML_PLAIN_SCALAR_STYLE)
		put_text(s, node->data.scalar.length);
	else if (*s == '\0' || strcmp(s, "~") == 0)
		printf("null");
	else if (strcmp(s, "null") == 0 || strcmp(s, "true") == 0 || strcmp(s, "false") == 0 || is_number(s))
		printf("%s", s);
	else
		put_text(s, node->data.scalar.length);
}

static void put(yaml_document_t *document, int index);

static void
put_sequence(yaml_document_t *document, const yaml_node_t *node)
{
	putchar('[');
	for (yaml_node_item_t *i = node->data.sequence.items.start; i < node->data.sequence.items.top; i++) {
		if (i != node->data.sequence.items.start)
			putchar(',');
		put(document, *i);
	}
	putchar(']');
}

static void
put_mapping(yaml_document_t *document, const yaml_node_t *node)
{
	putchar('{');
	for (yaml_node_pair_t *p = node->data.mapping.pairs.start; p < node->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = yaml_document_get_node(document, p->key);

		if (p != node->data.mapping.pairs.start)
			putchar(',');
		put_text((const char *)key->data.scalar.value, key->data.scalar.length);
		putchar(':');
		put(document, p->value);
	}
	putchar('}');
}

static void
put(yaml_document_t *document, int index)
{
	const yaml_node_t *node = yaml_document_get_node(document, index);

	if (node->type == YAML_SCALAR_NODE)
		put_scalar(node);
	else if (node->type == YAML_SEQUENCE_NODE)
		put_sequence(document, node);
	else
		put_mapping(document, node);
}

int
main(int argc, char **argv)
{
	FILE           *file = argc == 2 ? fopen(argv[1], "r") : NULL;
	yaml_parser_t   parser;
	yaml_document_t document;

	if (file == NULL || !yaml_parser_initialize(&parser)) {
		fprintf(stderr, "usage: yamljson FILE\n");
		return 2;
	}
	yaml_parser_set_input_file(&parser, file);
	if (!yaml_parser_load(&parser, &document) || yaml_document_get_root_node(&document) == NULL) {
		fprintf(stderr, "%s:%zu: %s\n", argv[1], parser.problem_mark.line + 1, parser.problem != NULL ? parser.problem : "empty");
		return 1;
	}
	put(&document, 1);
	putchar('\n');
	yaml_document_delete(&document);
	yaml_parser_delete(&parser);
	fclose(file);
	return 0;
}
