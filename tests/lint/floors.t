#!/bin/bash
# The floors of docs/architecture.md: a file includes its own directory and lower floors; foreign headers stand in
# one place each.
. "${FF_SRCDIR:-.}/tests/lint/lint.sh"

up=$(sources | xargs awk '
	BEGIN {
		split("base 0 wire 1 safe 1 conf 1 store 1 fact 2 spool 2 door 3 drain 3 intake 3 room 4 serve 5 bin 6", w)
		for (i = 1; i in w; i += 2) floor[w[i]] = w[i + 1]
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split(FILENAME, at, "/"); inc = $0; gsub(/.*"([^"]*\/)?/, "&", inc)
		match($0, /"[^"]*"/); inc = substr($0, RSTART + 1, RLENGTH - 2)
		if (inc !~ /\//) { if (inc != "config.h") print FILENAME ":" FNR ": include by full path: " inc; next }
		split(inc, to, "/")
		if (!(to[1] in floor)) { print FILENAME ":" FNR ": unknown floor: " inc; next }
		if (to[1] != at[2] && floor[to[1]] >= floor[at[2]]) print FILENAME ":" FNR ": " at[2] " may not include " inc
		if (at[2] == "room" && to[1] == "room" && to[2] != at[3]) print FILENAME ":" FNR ": rooms never include rooms: " inc
	}')
rule "includes go down the floors only" "$up"

foreign() { grep -n -H "#[ 	]*include[ 	]*[<\"]$1" $(sources) | grep -v -E "^($2):" ; }
rule "libpq-fe.h stands only in store/" "$(foreign 'libpq' 'src/store/[^:]*')"
rule "fcgiapp.h stands only in serve/" "$(foreign 'fcgi' 'src/serve/[^:]*')"
rule "sodium.h stands only in safe/" "$(foreign 'sodium' 'src/safe/[^:]*')"
rule "cJSON.h stands only in wire/json.c" "$(foreign '\(cjson/\)\{0,1\}cJSON' 'src/wire/json\.c')"
rule "maxminddb.h stands only in fact/geo.c" "$(foreign 'maxminddb' 'src/fact/geo\.c')"
rule "ini.h stands only in conf/" "$(foreign 'ini\.h' 'src/conf/[^:]*')"
rule "bin/ wires and nothing else: no file over 120 lines" \
	"$(find src/bin -name '*.c' | xargs -r wc -l | awk '$2 != "total" && $1 > 120 { print $2 ": " $1 " lines" }')"
lint_done
