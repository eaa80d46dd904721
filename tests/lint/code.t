#!/bin/bash
# Rules about the text of the source: poisoned functions, SQL out of src, unfinished words, unescaped output.
. "${FF_SRCDIR:-.}/tests/lint/lint.sh"

code() { sources | xargs awk '
	# Comments and strings away, so that words in them are no offence. keep=1 keeps strings.
	FNR == 1 { inside = 0 }
	{ line = $0; if (!keep) gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
	  if (inside) { if (sub(/.*\*\//, "", line)) inside = 0; else next }
	  gsub(/\/\*([^*]|\*[^\/])*\*\//, "", line)
	  if (sub(/\/\*.*/, "", line)) inside = 1
	  print FILENAME ":" FNR ": " line }' keep="${1:-0}"; }

rule "poisoned functions are not called" "$(code | grep -E \
	'[^_a-z](strcpy|strcat|strncpy|strncat|sprintf|vsprintf|gets|strtok|strtok_r|gmtime|localtime|ctime|asctime|atoi|atol|atof|rand|srand|system|popen|tmpnam|mktemp|alloca|setjmp|longjmp) ?\(')"
rule "goto is not used" "$(code | grep -E '(^|[^_a-z])goto[^_a-z]')"
rule "SQL stands in sql/, not in src/" "$(code 1 | grep -E \
	'"[^"]*(SELECT [^"]* FROM |INSERT INTO |UPDATE [a-z_]+ SET |DELETE FROM |CREATE TABLE|DROP TABLE|ALTER TABLE)' |
	grep -v -E '^src/(fact/query[a-z_]*|store/[a-z_]+)\.c:')"
rule "composed SQL is asked for by the query engine and the store alone" "$(code | grep -E 'ff_db_(query_text|simple) ?\(' |
	grep -v -E '^src/(fact/query[a-z_]*\.c|store/)')"
rule "nothing is left for later" "$(grep -n -H -E '\b(TODO|FIXME|XXX|HACK)\b|not implemented' $(sources) sql -r templates tests/*/*.c tests/*/*.t 2>/dev/null |
	grep -v '^tests/lint/')"
rule "each statement file says its meaning first" "$(for f in sql/queries/*.sql; do head -1 "$f" | grep -q '^-- .' || echo "$f"; done)"
rule "each source file fits 500 lines" "$(sources | xargs wc -l | awk '$2 != "total" && $1 > 500 { print $2 ": " $1 " lines" }')"
rule "lines fit 132 columns" "$(sources | xargs awk '{ l = $0; gsub(/\t/, "        ", l); if (length(l) > 132) print FILENAME ":" FNR ": " length(l) }' |
	head -20)"
rule "every statement is used" "$(for f in sql/queries/*.sql; do n=$(basename "$f" .sql | tr a-z A-Z); grep -rqw "FF_STMT_$n" src || echo "$f"; done)"
rule "docs/architecture.md has a line on every file of the collector" "$(for f in src/room/collect/*.c; do
	grep -q "\`$(basename "$f")\`" docs/architecture.md || echo "$f"; done)"
rule "unescaped output in templates gives its reason" "$(grep -n -H '{{ *unsafe ' templates/* 2>/dev/null | grep -v '{# safe:')"

# The numbers of the house: a report, not a bar.
sources | xargs awk '
	FNR == 1 { start = 0 }
	/^\{/ { start = FNR }
	/^\}/ { if (start) n[++c] = FNR - start - 1; start = 0 }
	END {
		for (i = 2; i <= c; i++) { v = n[i]; for (j = i - 1; j > 0 && n[j] > v; j--) n[j + 1] = n[j]; n[j + 1] = v }
		if (c) printf "# %d functions: median %d lines, ninetieth percentile %d, longest %d\n", c, n[int(c / 2) + 1], n[int(c * 0.9)], n[c]
	}'
lint_done
