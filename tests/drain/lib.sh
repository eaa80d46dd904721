# lib.sh - for the drain's tests: sites, spools, and one verdict over all tables. Sourced by scripts that pg.sh runs, or
# that source pg.sh themselves.
top=${FF_SRCDIR:?} lib=${FF_BUILDDIR:?}/tests/lib
start=1790000000 # 2026-09-21 13:33 UTC
work=$(mktemp -d "${TMPDIR:-/tmp}/ffdrain.XXXXXX")
tap=0 failed=0
now=$((start + 400000)) # the drain's clock
export PGOPTIONS='-c client_min_messages=warning'

ok() { # CODE NAME
	tap=$((tap + 1))
	if [ "$1" = 0 ]; then echo "ok $tap - $2"; else echo "not ok $tap - $2"; failed=1; fi
}
plan() { echo "1..$tap"; exit $failed; }
sql() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }

# 1 open in Berlin, 2 strict in Newfoundland (half-hour offset), 3 open in Kathmandu (45 minutes).
make_sites() {
	sql "INSERT INTO site (domain, name, time_zone, strict, secret)
	     SELECT d || '.test', d, z, s, decode(repeat('00', 32), 'hex')
	     FROM (VALUES ('a', 'Europe/Berlin', false), ('b', 'America/St_Johns', true), ('c', 'Asia/Kathmandu', false)) v(d, z, s)"
	sql "INSERT INTO content (site_id, kind, key)
	     SELECT 2, (ARRAY['video', 'article', 'image'])[i % 3 + 1], 'item-' || i FROM generate_series(0, 60) i"
}
empty() {
	sql 'TRUNCATE event, visit, rollup_hour, rollup_day, label, site, content, content_counter, import_seen, spool_position,
	     drain_count, bad_record, content_window, content_hour, content_day,
	     content_day_by, rollup_month, content_month, rollup_month_made, rollup_week, content_week, rollup_week_made,
	     rollup_unsettled, page_title, label_day, erasure, event_told, day_told, site_kept, archived, raw_restored
	     RESTART IDENTITY CASCADE'
}
spool() { "$lib/mkspool" "$work/spool" "$work/ledger" sites=1,2,3 start=$start "$@" || echo "# mkspool: $?"; } # key=value...
drain() { "$lib/drainer" "$work/spool" bad_max=1000000 now=$now "$@"; }
# All that the tables hold is what the ledger says, and the rules between them are kept.
same() { # BATCH
	local broken
	mkdir -p "$work/spool"
	"$lib/drainer" "$work/spool" batches=-1 settle=1 >/dev/null || return 1
	broken=$(psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/invariants.sql" 2>&1) && [ -z "$broken" ] ||
	    { echo "$broken" | head -n 20 | sed 's/^/# /'; return 1; }
	"$top/tests/drain/model.py" batch="$1" "$work"/ledger*
}
segments() { find "$work/spool" -name '*.seg' -o -name '*.open' | wc -l; }
