#!/bin/bash
# Log import: lines a second and peak memory, into the durable spool alone and with the drain; medians of 3 runs.
# The log is made here: 500,000 lines in the shape of a real one (share of assets, robots, referrers, repeated agents).
# For comparison, measured elsewhere on 2 cores: GoAccess, which only reads, 72 k lines/s and 313 MB; GoatCounter, which stores, 10 k.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
lines=${FF_BENCH_LINES:-500000}
. "$src/tests/lib/pg.sh"
dir=$(mktemp -d)
trap 'pg_stop; rm -rf "$dir"' EXIT
awk -v n="$lines" 'BEGIN {
	srand(7)
	split("Chrome/142.0.0.0 Safari/537.36|Chrome/141.0.0.0 Mobile Safari/537.36|Version/26.0 Safari/605.1.15", browser, "|")
	split("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec", month, " ")
	for (i = 0; i < n; i++) {
		s = int(i * 86400 * 3 / n)
		path = rand() < 0.55 ? "/static/file" int(rand() * 300) ".png" : "/posts/" int(2000 ^ rand())
		agent = rand() < 0.3 ? "Mozilla/5.0 (compatible; Examplebot/" int(rand() * 40) ".1; +http://bot.example/)" : \
			"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/" 500 + int(rand() * 200) ".36 (KHTML, like Gecko) " browser[1 + int(rand() * 3)]
		ref = rand() < 0.4 ? "https://www.google.com/" : rand() < 0.3 ? "https://site" int(rand() * 200) ".example/x" : "-"
		printf "10.%d.%d.%d - - [%02d/Nov/2026:%02d:%02d:%02d +0000] \"GET %s HTTP/1.1\" 200 %d \"%s\" \"%s\"\n", rand() * 4, rand() * 256,
			rand() * 256, 17 + s / 86400, s % 86400 / 3600, s % 3600 / 60, s % 60, path, rand() * 50000, ref, agent
	}
}' > "$dir/log"
run() { # WHAT OPTIONS...: lines/s of the whole command and its peak memory
	local what=$1
	shift
	for _ in 1 2 3; do
		pg_start --fsync > /dev/null || exit 1
		rm -rf "$dir/state"
		mkdir -p "$dir/state"
		printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s\ndata_dir = %s/sql\n' "$FF_TEST_DB" "$dir" "$dir" "$src" > "$dir/conf"
		"$build/footfall" --conf "$dir/conf" site add bench.example > /dev/null
		/usr/bin/env time -f '%e %M' -o "$dir/time" "$build/footfall" --conf "$dir/conf" import access-log "$dir/log" --site bench.example "$@" > /dev/null
		cat "$dir/time"
		pg_stop
	done | sort -n | awk -v n="$lines" -v what="$what" 'NR == 2 { printf "%-28s %8.0f lines/s, peak %5.1f MB\n", what, n / $1, $2 / 1024 }'
}
echo "import of $lines lines, $(nproc) cores"
run "into the spool, synced" --no-wait
run "drained into the tables" --quiet
