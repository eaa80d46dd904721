#!/bin/bash
# `footfall import access-log` on a real log, to the unit against a second count that shares no code: pageviews a day, paths,
# referrer hosts, visits, and what was left out. Importing again changes nothing.
# The log (Combined Log Format, 10,000 lines of a real site) is not part of the project: without it the test skips.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
log=${FOOTFALL_TEST_DATA:-$src/../shared/data}/apache_logs
site=semicomplete.com
[ -r "$log" ] || skip_all "no log at $log (set FOOTFALL_TEST_DATA)"

dir=$(mktemp -d)
trap 'pg_stop; rm -rf "$dir"' EXIT
pg_start || skip_all "no PostgreSQL"
mkdir -p "$dir/state" "$dir/run"
cat > "$dir/footfall.conf" <<END
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
data_dir = $src/sql
END
footfall() { "$build/footfall" --conf "$dir/footfall.conf" "$@"; }
sql() { pg_psql -At -c "$1"; }

imports() { # OUTPUT ARGS...: ok's own line must not go where the output goes
	local out=$1
	shift
	footfall import access-log "$@" --site $site > "$out"
}

footfall robots > "$dir/words"
footfall robots --assets > "$dir/assets"
python3 "$src/tests/e2e/log_model.py" expect "$log" "$dir/words" "$dir/assets" $site > "$dir/expected" || exit 1
expected() { jq -r "$1" "$dir/expected"; }

footfall site add $site > /dev/null
ok "the log is imported" imports "$dir/out" "$log"
cat "$dir/out" | sed 's/^/# /'

left_out() { sed -n "s/^ *\([0-9]*\) left out: $1\$/\1/p" "$dir/out"; }
for class in malformed method status asset; do
	is "left out: $class" "$(left_out $class)" "$(expected ".left_out.$class // 0")"
done
is "robots" "$(sed -n 's/^ *\([0-9]*\) by robots.*/\1/p' "$dir/out")" "$(expected .left_out.robot)"
is "robots, as stored" "$(sql 'SELECT count(*) FROM event WHERE robot <> 0')" "$(expected .left_out.robot)"

figures() {
	sql "SELECT bucket || ' ' || pageviews FROM rollup_day WHERE dim = 0 ORDER BY 1" > "$dir/days"
	sql "SELECT sum(pageviews) || ' ' || l.value FROM rollup_day r JOIN label l ON (l.site_id, l.label_id) = (r.site_id, r.value)
	     WHERE dim = 1 GROUP BY l.value" | LC_ALL=C sort -k1,1nr -k2 > "$dir/paths"
	sql "SELECT sum(visits) || ' ' || split_part(l.value, '/', 1) FROM rollup_day r
	     JOIN label l ON (l.site_id, l.label_id) = (r.site_id, r.value)
	     WHERE dim = 5 GROUP BY split_part(l.value, '/', 1) HAVING sum(visits) > 0" | LC_ALL=C sort -k1,1nr -k2 > "$dir/hosts"
	sql "SELECT sum(visits) FROM rollup_day WHERE dim = 0" > "$dir/visits"
	cat "$dir/days" "$dir/paths" "$dir/hosts" "$dir/visits"
}
model() { expected ".$1 | to_entries[] | \"\(.value) \(.key)\"" | LC_ALL=C sort -k1,1nr -k2; }

figures > "$dir/first"
is "pageviews of each day" "$(cat "$dir/days")" "$(expected '.days | to_entries[] | "\(.key) \(.value)"' | sort)"
is "top 50 paths" "$(head -50 "$dir/paths")" "$(model paths | head -50)"
is "all paths" "$(md5sum < "$dir/paths")" "$(model paths | md5sum)"
is "visits" "$(cat "$dir/visits")" "$(expected .visits)"
is "top 20 referrer hosts" "$(head -21 "$dir/hosts")" "$(model referrers | head -21)"
is "pageviews in raw rows" "$(sql 'SELECT count(*) FROM event WHERE robot = 0')" "$(expected '[.days[]] | add')"

ok "the same file again is taken" imports "$dir/out2" "$log"
like "and said to be known" "$(cat "$dir/out2")" "$(expected '.left_out.page') of them were counted before"
is "nothing changed" "$(figures | md5sum)" "$(md5sum < "$dir/first")"
gzip -c "$log" > "$dir/log.gz"
ok "a compressed copy is the same file" imports /dev/null "$dir/log.gz"
ok "standard input too" imports /dev/null - < "$log"
is "still nothing changed" "$(figures | md5sum)" "$(md5sum < "$dir/first")"
is "nothing was quarantined" "$(sql 'SELECT count(*) FROM bad_record')" 0

# Bad input: clear words, exit codes, nothing counted.
head -c 3000 "$dir/log.gz" > "$dir/cut.gz"
footfall import access-log "$dir/cut.gz" --site $site > "$dir/o" 2> "$dir/e"; is "a damaged archive: exit 1" $? 1
like "a damaged archive is said to be damaged" "$(cat "$dir/e")" "damaged"
printf 'no log line\n\n%0100000d\n' 7 > "$dir/garbage"
footfall import access-log "$dir/garbage" --site $site > "$dir/out"
is "garbage is counted as malformed" "$(left_out malformed)" 2
footfall import access-log "$dir/nothing" --site $site 2> "$dir/e"; is "a missing file: exit 1" $? 1
footfall import access-log "$log" --site nowhere.example 2> "$dir/e"; is "an unknown site: exit 1" $? 1
footfall import access-log "$log" 2> "$dir/e"; is "no site: exit 2" $? 2
is "still nothing changed by all that" "$(figures | md5sum)" "$(md5sum < "$dir/first")"
finish
