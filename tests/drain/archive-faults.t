#!/bin/bash
# What retention deletes is in whole archives, whenever it is killed and wherever the disk is full; and what is half written is
# not taken for an archive.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/drain/lib.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
export PGTZ=UTC
small=
trap '[ -z "$small" ] || umount "$small"; rm -rf "$cron_dir" "$work"' EXIT
files=$cron_dir/archive
mkdir -p "$files"
now=$(date +%s)
echo "retention.archive = $files" >> "$FOOTFALL_CONF"
make_sites
q "UPDATE site SET archive = site_id < 3"
"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=9 events="${FF_LONG:+4}8000" visitors=200 start=$((now - 12 * 86400)) span=$((12 * 86400))
drain raw=0 now=$now > "$work/out"
q "CREATE TABLE all_event AS TABLE event"
q "COPY (SELECT s.domain, e.event_id, (ts AT TIME ZONE 'UTC')::date FROM event e JOIN site s USING (site_id) WHERE site_id < 3) TO STDOUT (FORMAT csv)" > "$work/all"
# Rows that are neither in the tables nor in a part with a right manifest; parts that have the name and are not whole.
lost() {
	q "COPY (SELECT s.domain, e.event_id, (ts AT TIME ZONE 'UTC')::date FROM event e JOIN site s USING (site_id) WHERE site_id < 3) TO STDOUT (FORMAT csv)" > "$work/left"
	python3 - "$work/all" "$work/left" "$@" <<'P'
import csv, glob, gzip, hashlib, json, os, sys
every = {tuple(r) for r in csv.reader(open(sys.argv[1]))}
here = {tuple(r) for r in csv.reader(open(sys.argv[2]))}
half = 0
for root in sys.argv[3:]:
    for part in glob.glob(root + "/*/*"):
        if os.path.basename(part).startswith("new-"):
            continue
        try:
            m = json.load(open(part + "/manifest.json"))
            for table, f in m["files"].items():
                raw = open(f"{part}/{table}.csv.gz", "rb").read()
                assert len(raw) == f["bytes"] and hashlib.sha256(raw).hexdigest() == f["sha256"]
                rows = list(csv.DictReader(gzip.open(f"{part}/{table}.csv.gz", "rt", encoding="utf-8", newline="")))
                assert len(rows) == f["rows"]
                if table == "event":
                    here |= {(m["site"], r["event_id"], m["day"]) for r in rows}
        except (OSError, AssertionError, ValueError):
            half += 1
print(len(every - here), half)
P
}
parts() { find "$files" -name manifest.json -not -path '*/new-*' | wc -l; }
rows() { q "SELECT count(*) FROM event"; }

# Full: no file may grow beyond some KiB (SIGXFSZ left out, a write beyond says so).
before=$(rows)
for blocks in 1 6; do
	rm -rf "${files:?}"/*
	is "no file beyond $blocks KiB: the task fails" "$(trap '' XFSZ; ulimit -f $blocks; "$FF_BUILDDIR/footfall-cron" run retention > /dev/null 2>&1; echo $?)" 1
	is "no row that is not archived went" "$(lost "$files")" "0 0"
done
is "rows of whole days may have gone, the others are there" "$([ "$(rows)" -le "$before" ] && [ "$(rows)" -gt 0 ] && echo yes)" yes
rm -rf "${files:?}"/*
before=$(rows)
small=$cron_dir/small
mkdir "$small"
if mount -t tmpfs -o size=48k,mode=755 footfall-test "$small" 2> /dev/null; then
	sed -i "s#^retention.archive = .*#retention.archive = $small#" "$FOOTFALL_CONF"
	is "a full disk fails the task" "$(cron_code run retention)" 1
	is "no row that is not archived went" "$(lost "$small")" "0 0"
	like "the history says whose rows stay" "$(q "SELECT detail FROM task_run WHERE task = 'retention' ORDER BY run_id DESC LIMIT 1")" 'rows of [ab].test of .* could not be archived, and stay'
	is "nothing half is left over" "$(find "$small" -name 'new-*' | wc -l)" 0
	sed -i "s#^retention.archive = .*#retention.archive = $files#" "$FOOTFALL_CONF"
	cp -a "$small/." "$files/"
	umount "$small"
else
	ok "no tmpfs may be mounted here # SKIP" true
fi
small=

# Killed, anywhere: in the first file, between a part and its booking, between that and the rows' end.
RANDOM=7 rounds=0 halves=0 broken= reach=120
while [ $rounds -lt "${FF_LONG:+3}20" ]; do
	rounds=$((rounds + 1))
	"$FF_BUILDDIR/footfall-cron" run retention > /dev/null 2>> "$log" &
	task=$!
	sleep "$(printf '0.%03d' $((RANDOM % reach + 10)))"
	kill -KILL $task 2> /dev/null && [ $reach -lt 600 ] && reach=$((reach + 30))
	wait $task 2> /dev/null
	halves=$((halves + $(find "$files" -maxdepth 2 -name 'new-*' | wc -l)))
	verdict=$(lost "$files")
	[ "$verdict" = "0 0" ] || broken="$broken $rounds:$verdict"
	find "$files" -name 'new-*' | grep -q . && "$FF_BUILDDIR/footfall" archive list | grep -q new- && broken="$broken $rounds:listed"
done
is "killed $rounds times, no row is lost and no half part has the name" "$broken" ""
ok "some were killed in the middle of a part" test $halves -gt 0
ok "then it goes through" cron run retention
is "all is in its place" "$(lost "$files") $(find "$files" -name 'new-*' | wc -l)" "0 0 0"
like "verify finds all parts whole" "$("$FF_BUILDDIR/footfall" archive verify 2>&1)" "^$(parts) parts are as they were written, 0 are not"
is "old rows are gone" "$(q "SELECT count(*) FROM event WHERE site_id < 3 AND ts < now() - interval '8 days'")" 0
finish
