#!/bin/bash
# R6: PostgreSQL is stopped at once, or cuts the drain's connection, at random moments and in the middle of COPY and
# COMMIT: 0 lost, 0 twice. FF_LONG=1: 300 stops and 200 cuts.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'kill $(jobs -p) 2>/dev/null; pg_stop; rm -rf "$work"' EXIT
stops=4 cuts=16
[ -z "${FF_LONG:-}" ] || { stops=300 cuts=200; }
seed=${FF_SEED:-$RANDOM}
RANDOM=$seed
pg_start --fsync || exit 99
make_sites

now=$((start + 10000000)) part=0
more() {
	part=$((part + 1))
	"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=$((seed + part)) events=6000 visitors=200 pause=100 \
	    repeats=3 start=$((start + part * 9000)) span=9000 segment=300000
}
drain_in_background() {
	[ -d "$work/spool" ] && [ "$(segments)" -gt 0 ] || more
	drain batch=$((RANDOM % 2000 + 300)) quiet=1 >"$work/out" 2>&1 &
	victim=$!
}
# Waits until the drain's session is where the blow shall fall, at most for a second.
await() { # PATTERN of its query
	local i
	for i in $(seq 100); do
		[ -z "$(sql "SELECT 1 FROM pg_stat_activity WHERE application_name = 'drainer' AND state = 'active' AND query ~* '$1'" 2>/dev/null)" ] ||
		    return 0
		kill -0 $victim 2>/dev/null || return 1
	done
}

laters=0
for i in $(seq $cuts); do
	drain_in_background
	case $((i % 4)) in
	0) await '^COPY event' ;;
	1) await '^COMMIT' ;;
	2) await 'rollup' ;;
	*) sleep "0.$(printf %03d $((RANDOM % 300)))" ;;
	esac
	sql "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'drainer'" >/dev/null
	wait $victim
	code=$?
	[ $code = 75 ] && laters=$((laters + 1))
	[ $code = 75 ] || [ $code = 0 ] || { ok 1 "cut $i: the drain ended with $code"; sed 's/^/# /' "$work/out"; }
done
[ $laters -gt 0 ]
ok $? "$cuts connections cut (seed $seed): $laters times the drain said to try later, never anything worse"

laters=0
# At random moments few of them may fall into its work: then more, until one does.
for ((i = 1; i <= stops || (laters == 0 && i <= 10 * stops); i++)); do
	drain_in_background
	case $((i % 3)) in
	0) await '^COPY event' ;;
	1) await '^COMMIT' ;;
	*) sleep "0.$(printf %03d $((RANDOM % 500)))" ;;
	esac
	pg_immediate_stop
	wait $victim
	code=$?
	[ $code = 75 ] && laters=$((laters + 1))
	[ $code = 75 ] || [ $code = 0 ] || { ok 1 "stop $i: the drain ended with $code"; sed 's/^/# /' "$work/out"; }
	pg_restart || exit 99
done
[ $laters -gt 0 ]
ok $? "$((i - 1)) times PostgreSQL stopped at once: $laters times the drain said to try later"

[ "$(sql "SELECT count(*) FROM bad_record")" = 0 ]
ok $? "nothing was quarantined for it"
drain >"$work/out" 2>&1
ok $? "then all drains: $(tail -n 1 "$work/out")"
same 1000000
ok $? "0 lost, 0 twice, all figures exact"
plan
