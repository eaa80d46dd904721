#!/bin/bash
# Every header is complete in itself, has a guard named after its path, and begins with its contract.
. "${FF_SRCDIR:-.}/tests/lint/lint.sh"

build=${FF_BUILDDIR:-.}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
headers=$(find src -name '*.h' | sort)

alone=$(for h in $headers; do
	echo "#include \"${h#src/}\"" > "$scratch/alone.c"
	${CC:-cc} -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only -Isrc -I"$build/src" -I"$build" \
		-DFF_SYSCONFDIR='"/"' -DFF_STATEDIR='"/"' -DFF_DATADIR='"/"' -DFF_LIBEXECDIR='"/"' \
		"$scratch/alone.c" 2> "$scratch/err" || { echo "$h"; head -3 "$scratch/err"; }
done)
rule "each header compiles alone" "$alone"

rule "each header begins with its contract" \
	"$(for h in $headers; do head -1 "$h" | grep -q "^/\* $(basename "$h") - " || echo "$h"; done)"
rule "each header has a guard named after its path" \
	"$(for h in $headers; do g=$(echo "${h#src/}" | tr 'a-z/.-' 'A-Z___'); grep -q "#ifndef FF_$g\$" "$h" || echo "$h: FF_$g"; done)"
lint_done
