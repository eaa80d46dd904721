#!/bin/bash
# Killed at each of its fault points, the drain leaves nothing lost and nothing twice. FF_LONG=1: fifty times each.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
if ! grep -q '^#define FF_FAULTS 1' "$FF_BUILDDIR/config.h"; then
	echo "1..0 # SKIP built without --enable-faults"
	exit 0
fi
points="read mid_copy before_position before_commit after_commit before_unlink after_unlink partition"
times=3
[ -z "${FF_LONG:-}" ] || times=50

died() { # POINT NTH ACTION: 0 if the point was reached
	FOOTFALL_FAULT="drain.$1:$2:$3" drain batch=200 >"$work/out" 2>&1
	case $3:$? in kill:137 | error:75 | error:0) return 0 ;; esac
	return 1
}
for action in kill error; do
	for point in $points; do
		empty
		rm -rf "$work"/*
		sql "SELECT footfall_partition_drop(d) FROM (SELECT DISTINCT substr(relname, 7)::date d FROM pg_class
		     WHERE relname ~ '^event_[0-9]+$' AND relkind = 'r') x" >/dev/null 2>&1
		make_sites
		spool seed=$((RANDOM)) events=1500 span=100000 visitors=75 pause=300 segment=131072 repeats=3 late=0
		reached=0
		for i in $(seq "$times"); do
			died "$point" $((i % 3 + 1)) $action && reached=$((reached + 1))
		done
		drain batch=200 >"$work/out" 2>&1
		done=$?
		[ $done = 0 ] && [ $reached -gt 0 ] && same 200 >"$work/verdict" && [ "$(segments)" = 0 ]
		ok $? "$action at drain.$point, $reached of $times times: all is exact in the end"
		[ $failed = 0 ] || { tail -n 3 "$work/out"; cat "$work/verdict"; } | sed 's/^/# /'
	done
done
plan
