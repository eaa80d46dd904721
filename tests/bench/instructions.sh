#!/bin/bash
# Instructions of a beacon inside the collector, everything on and durable, counted by callgrind: the same on a busy
# machine as on a quiet one, so that commits can be compared. The difference of a long and a short run, so that start and
# end do not count. Agents, referrers, pages and properties vary as in beacon.sh.
#   BENCH_PROFILE=FILE: callgrind's annotated list of functions goes there
FF_SRCDIR=${FF_SRCDIR:-.} FF_BUILDDIR=${FF_BUILDDIR:-.}
. "$FF_SRCDIR/tests/lib/collect.sh"

command -v valgrind >/dev/null || { echo "instructions: valgrind is missing: skipped"; exit 0; }
COLLECT_TMP=$(cd "$FF_BUILDDIR" && pwd)
collect_setup "example.com" || exit 1
trap collect_clean EXIT
collect_whole
collect_conf "agent.jit = off" # valgrind would count its compiler, too

count() { # BEACONS
	valgrind --tool=callgrind --callgrind-out-file="$DIR/callgrind.$1" "$FF_BUILDDIR/tests/bench/inside" "$DIR/footfall.conf" "$1" \
		2>"$DIR/count.log" || { cat "$DIR/count.log" >&2; exit 1; }
	sed -n 's/.*Collected : \([0-9]*\).*/\1/p' "$DIR/count.log"
}
short=$(count 2000) || exit 1
long=$(count 6000) || exit 1
[ -z "$BENCH_PROFILE" ] || callgrind_annotate --inclusive=no "$DIR/callgrind.6000" >"$BENCH_PROFILE"
echo "instructions: $(((long - short) / 4000)) a beacon inside the collector (callgrind, groups of 16)"
