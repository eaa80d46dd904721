#!/bin/bash
# docs/openapi.yaml says what the route tables say: paths, methods, who may ask, query parameters.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
yaml=${FF_SRCDIR:-.}/docs/openapi.yaml

# One line an operation, as print_routes has it. The file keeps to one way of writing: two spaces a level.
described() {
	awk '
		/^paths:/ { on = 1; next }
		/^[a-z]/ { on = 0 }
		!on { next }
		/^  \// { flush(); path = $1; sub(/:$/, "", path); next }
		/^    (get|post|put|delete):/ { flush(); method = toupper($1); sub(/:$/, "", method); guard = "key"; params = ""; next }
		/^      security: \[\]/ { guard = "open" }
		/parameters\/Site"/ { params = params " site" }
		/^ +- \{ name: [a-z_]+, in: query/ { word = $4; sub(/,$/, "", word); params = params " " word }
		function flush() { if (method != "") print method, path, guard params; method = "" }
		END { flush() }
	' "$yaml" | sort
}
routes() { "${FF_BUILDDIR:-.}/tests/room/print_routes" | sort; }

ok "there are routes" test "$(routes | wc -l)" -ge 9
is "every route is described, and nothing else" "$(described)" "$(routes)"
missing=$(grep -o '#/components/[A-Za-z/]*' "$yaml" | sort -u | while IFS=/ read -r _ _ group name; do
	awk -v group="$group" -v name="$name" '/^components:/ { on = 1 } on && $0 ~ "^  " group ":" { g = 1; next } /^  [a-z]/ { g = 0 }
		on && g && $0 ~ "^    " name ":" { found = 1 } END { exit !found }' "$yaml" || echo "$group/$name"
done)
is "every reference leads somewhere" "$missing" ""
for word in $(sed -n 's/^\tX([A-Z_]*, *\([0-9]*, *\)\{0,1\}"\([a-z:_]\{1,\}\)".*/\2/p' "${FF_SRCDIR:-.}/src/fact/query.h" "${FF_SRCDIR:-.}/src/fact/dim.h"); do
	like "$word is described" "$(cat "$yaml")" "(^|[^a-z_:])$word([^a-z_]|\$)"
done
# docs/counting.md knows every reason.
for reason in $(sed -n 's/^\tX(\([A-Z_0-9]*\), .*"\(.*\)").*/\1/p' "${FF_SRCDIR:-.}/src/fact/reason.h" | tr 'A-Z' 'a-z'); do
	[ "$reason" = stored ] || like "the reason $reason is explained" "$(cat "${FF_SRCDIR:-.}/docs/counting.md")" "\`$reason\`"
done
finish
