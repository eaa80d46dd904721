#!/bin/bash
# R5: the drain is killed -9 at random moments while records keep coming: 0 lost, 0 twice, every figure exact.
# FF_LONG=1: a thousand kills.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"; kill $(jobs -p) 2>/dev/null' EXIT
kills=20 events=3000 parts=8
[ -z "${FF_LONG:-}" ] || { kills=1000 events=2000 parts=250; }
seed=${FF_SEED:-$RANDOM}
RANDOM=$seed

now=$((start + 3000000))
make_sites
# Events of one visitor come in order, so that the result does not depend on the batches.
for part in $(seq "$parts"); do
	"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=$((seed + part)) events=$events visitors=200 pause=100 \
	    repeats=3 start=$((start + part * 9000)) span=9000 segment=300000 || exit 1
	sleep 0.2
done &
writer=$!
killed=0
while [ $killed -lt "$kills" ]; do
	mkdir -p "$work/spool"
	"$lib/drainer" "$work/spool" batch=$((RANDOM % 1500 + 50)) bad_max=1000000 now=$now quiet=1 >/dev/null 2>&1 &
	victim=$!
	sleep "0.$(printf %03d $((RANDOM % 400)))"
	kill -9 $victim 2>/dev/null && killed=$((killed + 1))
	wait $victim 2>/dev/null
	# Nothing left and the writer done: more of the same.
	if ! kill -0 $writer 2>/dev/null && [ "$(segments)" = 0 ]; then
		parts=$((parts + 1))
		"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=$((seed + parts)) events=$events visitors=200 \
		    pause=100 repeats=3 start=$((start + parts * 9000)) span=9000 segment=300000
	fi
done
wait $writer
drain >"$work/out" 2>&1
ok $? "after $killed kills the rest drains (seed $seed): $(tail -n 1 "$work/out")"
same 1000000
ok $? "0 lost, 0 twice, all figures exact"
[ "$(segments)" = 0 ]
ok $? "no segment is left"
plan
