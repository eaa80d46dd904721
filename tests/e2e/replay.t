#!/bin/bash
# A real log sent again as beacons through nginx, address and user agent kept, time now: the same paths, the same referrer
# hosts, the same robots as an independent count, and as many visits as visitors (all within minutes).
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/web.sh"
log=${FOOTFALL_TEST_DATA:-$src/../shared/data}/apache_logs
site=semicomplete.com
[ -r "$log" ] || skip_all "no log at $log (set FOOTFALL_TEST_DATA)"

dir=$(mktemp -d)
collect=
finish_all() {
	web_stop
	[ -z "$collect" ] || { kill "$collect" 2>/dev/null; wait "$collect" 2>/dev/null; }
	pg_stop
	rm -rf "$dir"
}
trap finish_all EXIT
pg_start || skip_all "no PostgreSQL"
mkdir -p "$dir/state" "$dir/run"
cat > "$dir/footfall.conf" <<END
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
data_dir = $src/sql
trusted_proxies = 127.0.0.0/8
END
export FOOTFALL_CONF=$dir/footfall.conf
sql() { pg_psql -At -c "$1"; }
cron() { "$build/footfall-cron" run "$1" 2>> "$dir/cron.log" || sed 's/^/# /' "$dir/cron.log"; }

"$build/footfall" site add $site > /dev/null
for task in partitions salts snapshot; do cron $task; done
"$build/footfall-collect.fcgi" --listen "$dir/run/collect.sock" 2> "$dir/collect.log" &
collect=$!
wait_for 5 test -S "$dir/run/collect.sock"
web_start nginx "$dir/run" || exit 1

"$build/footfall" robots > "$dir/words"
"$build/footfall" robots --assets > "$dir/assets"
model() { python3 "$src/tests/e2e/log_model.py" "$@"; }
model expect "$log" "$dir/words" "$dir/assets" $site > "$dir/expected" || exit 1
expected() { jq -r "$1" "$dir/expected"; }
model replay "$log" "$dir/assets" $site "$(web_url /)" > "$dir/answers" || exit 1
# Plausible's way to say it: a robot's beacon is accepted, and called dropped.
is "every beacon was accepted" "$(jq -c -S . "$dir/answers")" \
	"{\"202\":$(expected '.left_out.page - .left_out.robot'),\"202 dropped\":$(expected .left_out.robot)}"
cron drain

is "all of them are stored" "$(sql 'SELECT count(*) FROM event')" "$(expected .left_out.page)"
is "robots" "$(sql 'SELECT count(*) FROM event WHERE robot <> 0')" "$(expected .left_out.robot)"
sql "SELECT sum(pageviews) || ' ' || l.value FROM rollup_day r JOIN label l ON (l.site_id, l.label_id) = (r.site_id, r.value)
     WHERE dim = 1 GROUP BY l.value" | LC_ALL=C sort -k1,1nr -k2 > "$dir/paths"
list() { expected ".$1 | to_entries[] | \"\(.value) \(.key)\"" | LC_ALL=C sort -k1,1nr -k2; }
is "paths" "$(cat "$dir/paths")" "$(list paths)"
sql "SELECT sum(visits) || ' ' || split_part(l.value, '/', 1) FROM rollup_day r
     JOIN label l ON (l.site_id, l.label_id) = (r.site_id, r.value)
     WHERE dim = 5 GROUP BY split_part(l.value, '/', 1) HAVING sum(visits) > 0" | LC_ALL=C sort -k1,1nr -k2 > "$dir/hosts"
# In one go a visitor's first line alone names the referrer of the one visit.
is "referrer hosts of first lines" "$(cat "$dir/hosts")" "$(list referrers_in_one_go)"
is "visits: one a visitor" "$(sql 'SELECT sum(visits) FROM rollup_day WHERE dim = 0')" "$(expected .visitors)"
is "no address and no user agent was stored" "$(pg_psql -At -c "SELECT value FROM label" | grep -c -F -f <(head -200 "$log" | cut -d' ' -f1 | sort -u))" 0
is "nothing was dropped" "$(sql 'SELECT count(*) FROM bad_record')" 0
finish
