#!/bin/bash
# `footfall` as operators and scripts call it: exit codes, what it prints and what it does not, input from pipes, and
# demo traffic that grows with time instead of coming twice.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/clock.sh"

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
export FOOTFALL_CONF=$dir/footfall.conf
footfall() { "$build/footfall" "$@"; }
sql() { pg_psql -At -c "$1"; }
site=example.com
footfall site add $site --zone Europe/Berlin > /dev/null

# ---- help, exit codes
like "help lists the commands" "$(footfall help)" 'import access-log'
like "without readable settings too" "$(FOOTFALL_CONF=/nonexistent footfall help site add)" 'usage: footfall site add DOMAIN'
footfall > "$dir/o" 2>&1; is "no command: exit 2" $? 2
footfall site ad 2> "$dir/e"; is "a misspelt one: exit 2" $? 2
like "with those that begin alike" "$(cat "$dir/e")" 'no command "site"'
footfall help user > "$dir/o" 2> "$dir/e"; is "help of a group of commands" "$?$(cat "$dir/e")" 0
like "lists them" "$(cat "$dir/o")" 'user passwd '
unlike "and no other group's" "$(cat "$dir/o")" user-data
footfall site list extra 2> "$dir/e"; is "a word too many: exit 2" $? 2
like "which is named" "$(cat "$dir/e")" 'what is "extra"'
footfall robots 2> "$dir/e" > /dev/full; is "output that nobody got is no success" $? 1

# ---- secrets
is "a password comes through a pipe" "$(printf 'correct horse 7\n' | footfall user add ada --password-file - 2>&1)" 'ada: done'
footfall user add bob --password-file "$dir/nothing" 2> "$dir/e"; is "no such file: exit 1" $? 1
like "a new one is printed once" "$(footfall user passwd ada --random)" '^[A-Za-z0-9]{20}$'
unlike "the doctor keeps the database's password to itself" \
	"$(FOOTFALL_DATABASE='host=/nonexistent password=tell-nobody' footfall doctor 2>&1)" tell-nobody
unlike "so does a failure" \
	"$(FOOTFALL_DATABASE='host=/nonexistent password=tell-nobody' footfall site list 2>&1)" tell-nobody

# ---- lists of robots
printf '192.0.2.0/24\n\n# more\n192.0.2.999\n' > "$dir/networks"
like "the doctor names a bad line of a list" "$(FOOTFALL_ROBOTS_NETWORKS=$dir/networks footfall doctor 2>&1 | tr '\n' ' ')" \
	"$dir/networks:4: is no address or CIDR block: 192.0.2.999.*BAD  robots"
sed -i '$d' "$dir/networks"
like "and counts what is there" "$(FOOTFALL_ROBOTS_NETWORKS=$dir/networks footfall doctor 2>&1)" 'robots +1 networks and 0 referrers'
like "and that nothing ever ran" "$(footfall doctor 2>&1)" 'BAD +tasks +footfall-cron: has never run$'
sql "INSERT INTO task (task, due_at, last_ok_at) VALUES ('drain', now(), now() - interval '11 minutes')"
like "and a drain that stands still" "$(footfall doctor 2>&1)" 'BAD +tasks +drain: is late, last went well 20.*Z$'
sql "UPDATE task SET last_ok_at = now()"
like "but not one at work" "$(footfall doctor 2>&1)" 'ok +tasks +all on time'
sql "DELETE FROM task"
like "known referrer spam can be listed" "$(footfall robots --referrers)" 'semalt.com'

# ---- users and keys
like "users are listed" "$(footfall user list)" '^ada +admin +since [0-9-]+, 0 sessions$'
is "a user is removed" "$(footfall user remove Ada)" 'Ada: removed, and signed out everywhere'
footfall user remove ada 2> "$dir/e"; is "once" "$?|$(cat "$dir/e")" '1|footfall: there is no user ada; see: footfall user list'
like "then there is none" "$(footfall user list)" 'no user yet'
like "nor a key" "$(footfall key list)" 'no key yet'
key=$(footfall key add backend --site $site --scopes events:write,stats:read 2> /dev/null) # commas part them as spaces do
footfall key add other --days 30 > /dev/null
is "a key may end by itself" "$(sql "SELECT round(extract(epoch FROM expires_at - now()) / 86400) FROM api_key WHERE name = 'other'")" 30
footfall key add never --days 0 2> "$dir/e"; is "but not before it begins" $? 2
sql "UPDATE api_key SET expires_at = '2020-01-01 12:00Z' WHERE name = 'other'"
like "keys are listed" "$(footfall key list)" '^1 +backend +example.com +events:write stats:read, since [0-9-]+$'
like "expired ones too" "$(footfall key list)" '^2 +other +\(all sites\) +stats:read, since [0-9-]+, expired 2020-01-01$'
unlike "but never their texts" "$(footfall key list)" "${key#ffk_}"
like "a key is revoked" "$(footfall key revoke 1)" '^1: revoked'
footfall key revoke 1 2> "$dir/e"; is "once" $? 1
footfall key revoke backend 2> "$dir/e"; is "by its number" $? 2
like "which the list shows" "$(footfall key list)" '^1 .*, revoked [0-9-]+$'

# ---- settings of a site, its secret
like "a setting is changed" "$(footfall site set $site exclude_paths '/admin/*, */draft')" 'exclude_paths = '
like "and shown" "$(footfall site show $site)" '^exclude_paths +/admin/\*,\*/draft$'
is "with all others" "$(footfall site show $site | wc -l)" 20
footfall site set $site qualified often 2> "$dir/e"; is "a wrong one is not" $? 1
like "and says why" "$(cat "$dir/e")" 'qualified'
secret=$(footfall site secret $site)
like "the secret is 64 digits, for pipes" "$secret" '^[0-9a-f]{64}$'
is "and stays as it is" "$(footfall site secret $site)" "$secret"
new=$(footfall site secret $site --new 2> "$dir/e")
like "a new one says what it means" "$(cat "$dir/e")" 'new pseudonyms'
is "and is another" "$([ "$new" != "$secret" ] && footfall site secret $site)" "$new"
footfall site secret nowhere.example 2> "$dir/e"; is "of a site that is none: exit 1" $? 1
is "what was changed by hand is in the audit, and no secret" "$(sql "SELECT string_agg(concat_ws(' ', actor, action, site_id, detail), ', '
	ORDER BY audit_id) FROM audit")" \
	"operator site.add 1 example.com, operator user.add ada admin, operator user.passwd ada, operator user.remove Ada, operator key.add 1 backend: events:write stats:read, operator key.add other: stats:read, operator key.revoke 1 1 backend, operator site.set 1 exclude_paths = /admin/*, */draft, operator site.secret 1 "

# ---- demo: the same seed gives a day the same events. By a clock that stands at noon of yesterday: no day ends meanwhile.
clock_begin "$dir"
clock_at 'yesterday 12:00'
demo() {
	"${CLOCKED[@]}" "$build/footfall" demo --site $site --visitors 20 "$@" > "$dir/demo.out" || sed 's/^/# /' "$dir/demo.out"
}
midnight="'$(TZ=Europe/Berlin date -d "$(clock_date +%F)" +%FT%T%:z)'::timestamptz"
past() { sql "SELECT count(*), md5(string_agg(ts::text, ' ' ORDER BY ts)) FROM event WHERE ts < $midnight"; }
demo --days 2
yesterday=$(past)
like "a past day was filled" "$yesterday" '^[1-9]'
demo --days 2
is "once, however often" "$(past)" "$yesterday"
like "which it says" "$(cat "$dir/demo.out")" 'were there already'
sql "CREATE TABLE earlier AS SELECT event_id, ts, name, path, visitor FROM event WHERE ts < $midnight"
demo --days 3
like "a longer time adds days" "$(past)" '^[1-9]'
# Who came the evening before may have stayed over midnight.
is "and leaves yesterday as it was" "$(sql "SELECT (SELECT count(*) FROM (SELECT * FROM earlier EXCEPT ALL
	SELECT event_id, ts, name, path, visitor FROM event) gone), (SELECT count(*) FROM event e JOIN visit v USING (site_id, visit_id)
	WHERE e.ts < $midnight AND v.started_at >= $midnight - interval '1 day' AND event_id NOT IN (SELECT event_id FROM earlier))")" "0|0"
demo --days 400 --visitors 3 --seed 2
is "a year back there is traffic too" "$(sql "SELECT count(*) > 0 FROM event WHERE ts < now() - interval '1 year'")" t

# ---- import: salts are made anew for each, on the first day that counts too
line() { printf '192.0.2.1 - - [01/Jan/%s +0000] "GET /first HTTP/1.1" 200 5 "-" "Mozilla/5.0 Firefox/145.0"\n' "$1"; }
for second in 1 2; do line 1990:00:00:0$second | footfall import access-log - --site $site > /dev/null; done
is "two imports know nobody by the same number" "$(sql "SELECT count(*), count(DISTINCT visitor) FROM event
	WHERE ts < '1991-01-01'")" '2|2'
# Enough of them to make the drain stop, if they came that far.
ok "lines of a clock that was never set" eval '{ for second in {10..59}; do line 1970:00:00:$second; done; line 1990:00:00:03; } |
	footfall import access-log - --site $site > "$dir/o"'
like "are left out, and named" "$(cat "$dir/o")" '50 left out: before 1990'
is "and hold up nobody else" "$(sql "SELECT count(*) FROM event WHERE ts < '1991-01-01'")|$(sql 'SELECT count(*) FROM bad_record')" '3|0'

footfall site set $site exclude 198.51.100.0/24 > /dev/null
for from in 198.51.100.7 192.0.2.7; do for path in /seen /admin/x; do
	echo "$from - - [02/Jan/1991:00:00:00 +0000] \"GET $path HTTP/1.1\" 200 5 \"-\" \"Mozilla/5.0 Firefox/145.0\""
done; done | footfall import access-log - --site $site > "$dir/o"
like "what the site excludes is left out of imports too" "$(cat "$dir/o")" '^ +3 left out: excluded'
is "and the rest is not" "$(sql "SELECT count(*) FROM event WHERE ts BETWEEN '1991-01-01' AND '1991-02-01'")" 1

# ---- the doctor sees what the drain could not read
mkdir -p "$dir/state/spool/bad"
unlike "an empty folder is none of it" "$(footfall doctor 2>&1)" damaged
touch "$dir/state/spool/bad/0-00000040.bad"
like "damaged pieces of the spool" "$(footfall doctor 2>&1)" 'damaged pieces in .*/spool/bad: 1'
finish
