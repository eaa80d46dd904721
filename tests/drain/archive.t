#!/bin/bash
# Single rows are in files before they go, as Python reads them; damaged files are told from whole ones; and what is brought back
# is what was there, without a figure changing.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/drain/lib.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
export PGTZ=UTC
trap 'rm -rf "$cron_dir" "$work"' EXIT
files=$cron_dir/archive
tool() { "$FF_BUILDDIR/footfall" "$@" 2>&1; }
q_copy() { for t in "$@"; do q "DROP TABLE IF EXISTS all_$t; CREATE TABLE all_$t AS TABLE $t"; done; }
differ() { # TABLE WHERE: rows that differ from those of its copy
	q "SELECT count(*) FROM ((SELECT b::text FROM $1 b WHERE $2 EXCEPT ALL SELECT b::text FROM all_$1 b WHERE $2)
		UNION ALL (SELECT b::text FROM all_$1 b WHERE $2 EXCEPT ALL SELECT b::text FROM $1 b WHERE $2)) x"
}
detail() { q "SELECT detail FROM task_run WHERE task = 'retention' ORDER BY run_id DESC LIMIT 1"; }

now=$(date +%s)
utc() { python3 -c "import datetime as d; print(d.datetime.fromtimestamp($now - $1 * 86400, d.timezone.utc).date())"; }
make_sites
q "UPDATE site SET archive = site_id < 3; UPDATE site SET retention_raw = 3 WHERE site_id = 2"
"$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 seed=9 events=6000 visitors=200 start=$((now - 12 * 86400)) span=$((12 * 86400))
drain raw=0 now=$now > "$work/out"
q_copy event visit content_window rollup_hour rollup_day content_day content_counter

# Nothing goes that is not in a file.
is "without a directory the task fails" "$(cron_code run retention)" 1
like "and says why" "$(detail)" 'a.test wants its rows archived, but retention.archive says no directory'
like "doctor says so too" "$(tool doctor)" 'retention: .*retention.archive says no directory'
echo "retention.archive = $files" >> "$FOOTFALL_CONF"
mkdir -p "$files" && touch "$files/a.test"
is "a directory that cannot be written fails it" "$(cron_code run retention)" 1
like "and says whose rows stay" "$(detail)" 'rows of a.test of .* could not be archived, and stay'
mine="b.site_id < 3" # site 3 wants no archive
is "all rows are there" "$(differ event "$mine") $(differ visit "$mine") $(differ content_window "$mine")" "0 0 0"
rm "$files/a.test"
FOOTFALL_FAULT=archive.write:2 cron_code run retention > /dev/null
ok "with a directory it succeeds" cron run retention
is "no part is left half written" "$(find "$files" -name 'new-*' | wc -l)" 0
is "rows are gone as they should be" "$(q "SELECT count(*) FROM event WHERE (ts AT TIME ZONE 'UTC')::date < ('{$(utc 7),$(utc 3),$(utc 7)}'::date[])[site_id]")" 0

# The files, by other means.
old="(b.site_id = 1 AND b.day < '$(utc 7)' OR b.site_id = 2 AND b.day < '$(utc 3)')"
q "COPY (SELECT s.domain, b.* FROM (
	SELECT e.site_id, (ts AT TIME ZONE 'UTC')::date AS day, e.ts, e.event_id, e.visit_id, e.visitor, n.value AS name, p.value AS path,
		c.kind, c.key, e.engaged_ms, e.flags, e.props, e.viewer, e.watched
	FROM all_event e JOIN label n ON n.site_id = e.site_id AND n.label_id = e.name
	JOIN label p ON p.site_id = e.site_id AND p.label_id = e.path LEFT JOIN content c ON c.content_id = e.content_id) b
	JOIN site s USING (site_id) WHERE $old) TO STDOUT (FORMAT csv)" > "$work/want.csv"
q "COPY (SELECT s.domain, b.day, b.visit_id, b.pageviews, l.value FROM all_visit b JOIN site s USING (site_id)
	JOIN label l ON l.site_id = b.site_id AND l.label_id = b.entry_page WHERE $old) TO STDOUT (FORMAT csv)" > "$work/visits.csv"
check=$(python3 - "$files" "$work/want.csv" "$work/visits.csv" <<'P'
import csv, glob, gzip, hashlib, json, os, sys
root, want, visits = sys.argv[1:]
got, seen, bad = [], [], 0
for manifest in glob.glob(root + "/*/*/manifest.json"):
    m = json.load(open(manifest))
    where = os.path.dirname(manifest)
    bad += os.path.basename(where) != m["day"] or os.path.basename(os.path.dirname(where)) != m["site"] or m["version"] != 1
    for table, f in m["files"].items():
        path = f"{where}/{table}.csv.gz"
        raw = open(path, "rb").read()
        rows = list(csv.DictReader(gzip.open(path, "rt", encoding="utf-8", newline="")))
        bad += len(raw) != f["bytes"] or hashlib.sha256(raw).hexdigest() != f["sha256"] or len(rows) != f["rows"]
        if table == "event":
            got += [(m["site"], "", m["day"], r["ts"], r["event_id"], r["visit_id"],
                     r["visitor"], r["name"], r["path"], r["item_kind"], r["item_key"], r["engaged_ms"], r["flags"], r["props"],
                     r["viewer"], r["watched"]) for r in rows]
        if table == "visit":
            seen += [(m["site"], m["day"], r["visit_id"], r["pageviews"], r["entry_page"]) for r in rows]
        os.stat(path).st_mode & 0o007 and sys.exit("others may read " + path)
need = [tuple(r[:1] + [""] + r[2:]) for r in csv.reader(open(want, encoding="utf-8", newline=""))]
had = [tuple(r) for r in csv.reader(open(visits, encoding="utf-8", newline=""))]
for row in (sorted(set(need) ^ set(got))[:4] if sorted(got) != sorted(need) else []):
    print("#", row, file=sys.stderr)
print(bad, len(need) > 1000, sorted(got) == sorted(need), len(had) > 500, sorted(seen) == sorted(had))
P
)
is "Python reads in them what was in the tables, and their checksums are right" "$check" "0 True True True True"
parts=$(find "$files" -name manifest.json | wc -l)
is "list has all of them" "$(tool archive list | grep -c ' events ')" "$parts"
like "verify finds them whole" "$(tool archive verify)" "^$parts parts are as they were written, 0 are not"

# Damage.
victim=$(find "$files/a.test" -name event.csv.gz | sort | head -n 1)
cp "$victim" "$work/whole"
printf 'x' | dd of="$victim" bs=1 seek=40 conv=notrunc 2> "$work/dd"
like "verify finds a changed byte" "$(tool archive verify)" "$victim is not as it was written"
like "and import leaves that part out" "$(tool archive import "$(dirname "$victim")")" '^0 parts are back .* 1 cannot be read'
head -c 100 "$work/whole" > "$victim"
like "verify finds a file cut short" "$(tool archive verify "$(dirname "$victim")")" 'is not as it was written: 100 bytes of'
cp "$work/whole" "$victim"
like "a directory that is none is said" "$(tool archive verify /nowhere)" 'there is no directory /nowhere'

# Back again.
key=$("$FF_BUILDDIR/tests/room/make_key" 1 stats:read)
ask() { # a question that single rows alone can answer
	local body='{"site_id":"a.test","metrics":["events"],"date_range":["'$(utc 9)T00:00:00Z'","'$(utc 9)T23:59:59Z'"],
		"dimensions":["event:page"],"filters":[["is","event:name",["pageview"]]],"order_by":[["event:page","asc"]]}'
	printf '%s' "$body" | env -i REQUEST_METHOD=POST REQUEST_URI=/api/v2/query "CONTENT_LENGTH=${#body}" CONTENT_TYPE=application/json \
	    "HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" --conf "$FOOTFALL_CONF" 2>> "$log" | sed '1,/^\r$/d'
}
like "single rows of archived days answer nothing" "$(ask)" 'needs? single events'
like "one site's come back" "$(tool archive import --site a.test --days 2)" '^[1-9][0-9]* parts are back for 2 days'
like "then the other's, and none twice" "$(tool archive import)" ' [1-9][0-9]* were before, 0 are of days that are still kept, 0 cannot'
back="(b.site_id = 1 OR b.site_id = 2 OR"
is "events are as they were" "$(differ event "$back (b.ts AT TIME ZONE 'UTC')::date >= '$(utc 7)')")" 0
is "visits are" "$(differ visit "$back b.day >= '$(utc 7)')")" 0
is "windows are" "$(differ content_window "$back (b.started_at AT TIME ZONE 'UTC')::date >= '$(utc 7)')")" 0
is "no figure changed" "$(differ rollup_hour true) $(differ rollup_day true) $(differ content_day true) $(differ content_counter true)" "0 0 0 0"
like "again: nothing is there twice" "$(tool archive import --days 2)" '^0 parts are back for 2 days \(0 events\)'
is "nothing is" "$(differ event "$back (b.ts AT TIME ZONE 'UTC')::date >= '$(utc 7)')")" 0
want=$(q "SELECT string_agg(format('{\"metrics\":[%s],\"dimensions\":[\"%s\"]}', n, path), ',' ORDER BY path COLLATE \"C\") FROM (
	SELECT p.value AS path, count(*) AS n FROM all_event e JOIN label p ON p.site_id = e.site_id AND p.label_id = e.path
	WHERE e.site_id = 1 AND e.robot = 0 AND e.kind = 1 AND (ts AT TIME ZONE 'UTC')::date = '$(utc 9)' GROUP BY 1) x")
is "questions about archived days are answered" "$(ask | sed 's/^{"results":\[//; s/\],"meta".*//')" "$want"

# They stay for their time, and go without being written again.
cron run retention
is "retention leaves them" "$(differ visit "$back b.day >= '$(utc 7)')")" 0
q "UPDATE raw_restored SET until = now() - interval '1 second'"
cron run retention
is "when the time is over they go" "$(q "SELECT count(*) FROM raw_restored") $(q "SELECT count(*) FROM event WHERE (ts AT TIME ZONE 'UTC')::date < ('{$(utc 7),$(utc 3),$(utc 7)}'::date[])[site_id]")" "0 0"
is "and are not archived twice" "$(find "$files" -name manifest.json | wc -l)" "$parts"

# What comes when its day is archived.
q "INSERT INTO event SELECT v.t, gen_random_uuid(), 0, 0, NULL, NULL, 2, e.name, e.hostname, e.path, 0, 0, 3, 0, 0, 0, 0, NULL, NULL
	FROM (SELECT * FROM all_event WHERE site_id = 2 LIMIT 1) e, (VALUES ('$(utc 9) 12:00+00'::timestamptz), ('$(utc 5) 12:00+00')) v(t);
	INSERT INTO day_told SELECT 2, d::date, now() - interval '25 hours' FROM (VALUES ('$(utc 9)'), ('$(utc 5)')) v(d)"
cron run retention
is "it is a part of its own, before it goes" \
	"$(tool archive list | awk '$1 == "b.test" && $3 == 2 { print $2, $4 }' | sort | tr '\n' ' ')" "$(utc 9) 1 $(utc 5) 1 "

# Who asked for erasure stays erased.
viewer=$(q "SELECT viewer FROM all_event WHERE site_id = 1 AND viewer IS NOT NULL AND (ts AT TIME ZONE 'UTC')::date < '$(utc 7)' LIMIT 1")
visitor=$(q "SELECT DISTINCT visitor FROM all_event WHERE viewer = '$viewer'")
q "INSERT INTO erasure (site_id, viewer) VALUES (1, '$viewer')"
tool archive import --site a.test > "$work/out"
is "who asked for erasure does not come back" \
	"$(q "SELECT (SELECT count(*) FROM event WHERE site_id = 1 AND (viewer = '$viewer' OR visitor = $visitor) AND (ts AT TIME ZONE 'UTC')::date < '$(utc 7)'),
		(SELECT count(*) FROM visit WHERE site_id = 1 AND visitor = $visitor AND day < '$(utc 7)')")" "0|0"
is "but the events do" "$(q "SELECT count(*) FROM event WHERE site_id = 1")" "$(q "SELECT count(*) FROM all_event WHERE site_id = 1")"
finish
