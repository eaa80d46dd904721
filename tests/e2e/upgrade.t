#!/bin/bash
# R14: an upgrade with a full spool of the previous tuple version: a frozen segment that the last program of version 1 wrote,
# segments of an independent writer of version 1 before and behind those of today, the last one never sealed. 0 lost, and
# every figure exact.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
seed=${FF_SEED:-$RANDOM} events=$([ -n "${FF_LONG:-}" ] && echo 50000 || echo 1500)
now=$((start + 3000000))
make_sites
old() { # NUMBER key=value...: events of version 1
	local n=$1
	shift
	"$lib/mkspool" "$work/away" "$work/away.$n" sites=1,2,3 seed=$((seed + n)) events=$events visitors=200 pause=100 repeats=3 \
		start=$((start + n * 100000)) span=90000 >/dev/null && rm -rf "$work/away" &&
		python3 "$top/tests/lib/tuple1.py" "$work/spool" "$work/away.$n" "$work/ledger.$n" "$@" && rm "$work/away.$n"
}
versions() { for f in "$work"/spool/*.seg "$work"/spool/*.open; do od -An -j 6 -N 2 -t u2 "$f"; done | tr -d ' ' | sort | uniq -c | tr -s ' \n' ' '; }

tar xzf "$top/tests/e2e/upgrade-v1.tar.gz" -C "$work" && python3 "$top/tests/lib/tuple1.py" - "$work/ledger" "$work/ledger.0" && rm "$work/ledger"
chown -R "$(id -u):$(id -g)" "$work/spool"
ok $? "the frozen segment is there"
n=$(old 1 age=60)
ok $? "version 1 before the upgrade: $n"
"$lib/mkspool" "$work/spool" "$work/ledger.2" sites=1,2,3 seed=$((seed + 2)) events=$events visitors=200 pause=100 repeats=3 \
	start=$((start + 200000)) span=90000 segment=262144
ok $? "today's version behind it"
n=$(old 3 age=-60 open=1)
ok $? "version 1 of a collector that ran on, and was killed: $n"
sleep 0.1
echo "# segments by version:$(versions)(seed $seed)"
[ "$(versions | wc -w)" -ge 4 ]
ok $? "both versions wait in the spool"
drain batch=700 >"$work/out" 2>&1
ok $? "all of it drains: $(tail -n 1 "$work/out")"
same 700
ok $? "0 lost, 0 twice, all figures exact"
[ "$(sql 'SELECT count(*) FROM bad_record')" = 0 ]
ok $? "nothing was set aside"
[ "$(find "$work/spool" -name '*.seg' -o -name '*.open' -o -name '*.cut' | wc -l)" = 0 ]
ok $? "no segment is left"
plan
