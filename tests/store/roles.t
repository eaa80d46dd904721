#!/bin/bash
# Each program under its own database role, on a cluster of its own: everything works, and nobody writes what is not theirs.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
. "${FF_SRCDIR:-.}/tests/lib/stats.sh"
unset FF_TEST_CLUSTER # roles belong to a cluster, and this one must be ours
trap stats_clean EXIT
stats_setup
socket=$PGHOST

# As installed: an owner of its own, who is no superuser.
pg_psql -d postgres -c 'CREATE ROLE keeper LOGIN' -c 'CREATE DATABASE counted OWNER keeper' >/dev/null
pg_psql -d counted -c 'CREATE EXTENSION hll' >/dev/null 2>&1
as() { # ROLE PROGRAM ARGS: a program of ours under that role
	local role=$1 program=$2
	shift 2
	FOOTFALL_DATABASE="host=$socket dbname=counted user=$role" "$build/$program" "$@"
}
on() { psql -X -q -At -v ON_ERROR_STOP=1 "host=$socket dbname=counted user=$1" -c "$2" 2>&1; }
refused() { # NAME ROLE SQL
	like "$1" "$(on "$2" "$3")" 'permission denied|must be owner'
}

as keeper footfall init --roles >"$dir/o" 2>"$dir/e"; is "whoever may not make roles is told" "$?" 1
like "how somebody else does" "$(cat "$dir/e")" 'init --roles --print \| sudo -u postgres psql'
is "the tables are there all the same" "$(as keeper footfall migrate status | grep -c pending)" 0
as keeper footfall init --roles --print | pg_psql -d counted >"$dir/o" 2>&1; is "the SQL runs as it is printed" "$?$(cat "$dir/o")" 0
as keeper footfall init --roles --print | pg_psql -d counted >"$dir/o" 2>&1; is "and again" "$?$(cat "$dir/o")" 0
is "an upgrade tells the roles of new tables" "$(as keeper footfall migrate up)" 'The schema is up to date.'
as footfall footfall init --roles >/dev/null 2>"$dir/e"; is "a superuser does it in one step" "$?" 0
pg_psql -d postgres -c 'CREATE DATABASE grand' >/dev/null; pg_psql -d grand -c 'CREATE EXTENSION hll' >/dev/null 2>&1
FOOTFALL_DATABASE="host=$socket dbname=grand user=footfall" "$build/footfall" init --roles >/dev/null 2>"$dir/e"
like "but not for tables of a superuser's" "$(cat "$dir/e")" 'belong to the superuser'
FOOTFALL_DATABASE="host=$socket dbname=grand user=footfall" "$build/footfall" migrate up >/dev/null 2>&1; is "which go on working" "$?" 0

# ---- cron is the owner: tables of days, the drain, every task
as keeper footfall site add example.com --zone Europe/Berlin >/dev/null
is "cron acts as the owner" "$(on footfall_cron 'SELECT current_user || session_user')" keeperfootfall_cron
"$build/tests/room/spool_put" "$dir/state/spool" 1 30 >/dev/null
rm "$dir/run/salts"
as footfall_cron footfall-cron --conf "$dir/conf" run >>"$dir/log" 2>&1; is "all of cron's tasks run" "$?" 0
is "events are drained" "$(on keeper 'SELECT count(*) > 0 FROM event')" t
is "no task failed" "$(on keeper 'SELECT string_agg(DISTINCT task, chr(44)) FROM task WHERE failures > 0')" ''
is "tables of days are the owner's" "$(on keeper "SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname = 'public'")" keeper

# ---- stats
key=$(as keeper footfall key add all --scopes stats:read,content:write,sites:write,jobs:run)
export FOOTFALL_DATABASE="host=$socket dbname=counted user=footfall_stats"
sed -i "s|^database = .*|database = $FOOTFALL_DATABASE|" "$dir/conf"
KEY=$key
for path in /api/health '/api/content/item/1/counts?site=example.com' '/api/v1/sites' '/api/v1/sites/example.com' /api/jobs \
	'/api/v1/sites/goals?site_id=example.com' '/api/v1/sites/guests?site_id=example.com' '/api/v1/sites/shared-links?site_id=example.com' \
	'/api/v1/stats/aggregate?site_id=example.com&period=7d&metrics=visitors,pageviews'; do
	get "$path"; like "stats answers ${path%%\?*}" "$(code)" "^200|$([ "$path" = /api/health ] && echo 503)$" # no collector runs here
	unlike "with what it may read" "$(body)" INTERNAL
done
while IFS=$'\t' read -r method path sent; do
	json "$method" "$path" "$sent"; like "stats does $method $path" "$(code) $(body)" '^20[0-4]'
done <<'END'
POST	/api/v2/query	{"site_id":"example.com","metrics":["visitors","pageviews"],"date_range":"day","dimensions":["event:page"]}
PUT	/api/content/post/1?site=example.com	{"title":"One","collection":"blog"}
PUT	/api/content/post/1?site=example.com	{"collection":"news"}
DELETE	/api/content/post/1?site=example.com	
POST	/api/v1/sites	{"domain":"two.example"}
PUT	/api/v1/sites/two.example	{"name":"Two","domain":"zwei.example"}
PUT	/api/v1/sites/goals	{"site_id":"zwei.example","goal_type":"event","event_name":"x"}
DELETE	/api/v1/sites/goals/1?site_id=zwei.example	
POST	/api/v1/sites/segments	{"site_id":"zwei.example","name":"s","filters":[]}
PUT	/api/v1/sites/segments/1?site_id=zwei.example	{"name":"t"}
DELETE	/api/v1/sites/segments/1?site_id=zwei.example	
PUT	/api/v1/sites/shared-links	{"site_id":"zwei.example","name":"l","password":"a long password"}
DELETE	/api/v1/sites/shared-links/1?site_id=zwei.example	
PUT	/api/v1/sites/guests	{"site_id":"zwei.example","email":"a@b.example","role":"viewer"}
DELETE	/api/v1/sites/guests/a@b.example?site_id=zwei.example	
POST	/api/jobs/retention	{}
DELETE	/api/v1/sites/zwei.example	
END
json PUT /api/v1/sites/shared-links '{"site_id":"example.com","name":"l","password":"a long password"}'
link=$(says url) KEY=
json POST /api/share "{\"auth\":\"${link##*=}\",\"password\":\"wrong password\"}"; is "stats remembers a wrong password" "$(code)" 401
json POST /api/share "{\"auth\":\"${link##*=}\",\"password\":\"a long password\"}"; is "and takes the right one" "$(code)" 200
for table in event visit rollup_day rollup_hour rollup_month content_day content_hour content_month content_counter; do
	refused "stats puts nothing into $table" footfall_stats "INSERT INTO $table DEFAULT VALUES"
	refused "nor changes $table" footfall_stats "UPDATE $table SET site_id = 1"
	refused "nor deletes from $table" footfall_stats "DELETE FROM $table"
done
refused "stats reads no sessions" footfall_stats 'SELECT * FROM admin_session'
refused "stats makes no keys" footfall_stats "INSERT INTO api_key (token_hash, name, scopes) VALUES ('', '', '')"
refused "stats makes no admins" footfall_stats "INSERT INTO account (login, role) VALUES ('eve', 'admin')"
refused "nor accounts with a password" footfall_stats "INSERT INTO account (login, password_hash) VALUES ('eve', 'x')"
refused "nor such as see every site" footfall_stats "INSERT INTO account (login, every_site) VALUES ('eve', true)"
refused "stats reads no hashes" footfall_stats 'SELECT password_hash FROM account'
refused "stats changes no passwords" footfall_stats "UPDATE account SET password_hash = ''"
refused "stats rewrites no audit" footfall_stats 'DELETE FROM audit'
refused "stats makes no tables" footfall_stats 'CREATE TABLE x (y int)'
refused "stats drops none" footfall_stats 'DROP TABLE event'
refused "stats drops no days" footfall_stats "SELECT footfall_partition_drop((now() AT TIME ZONE 'UTC')::date)"
like "stats becomes nobody else" "$(on footfall_stats 'SET ROLE keeper')" 'permission denied'

# ---- admin
printf 'correct horse 7\n' | as keeper footfall user add ada --password-file - 2>>"$dir/log"
admin() { # METHOD PATH [NAME=VALUE...]
	local method=$1 path=$2
	shift 2
	cat >"$dir/sent"
	env -i "REQUEST_METHOD=$method" "REQUEST_URI=$path" "CONTENT_LENGTH=$(wc -c <"$dir/sent")" REMOTE_ADDR=127.0.0.1 HTTP_HOST=localhost \
	    CONTENT_TYPE=application/x-www-form-urlencoded FOOTFALL_DATABASE="host=$socket dbname=counted user=footfall_admin" "$@" \
	    "$build/footfall-admin.fcgi" --conf "$dir/conf" <"$dir/sent" >"$dir/answer" 2>>"$dir/log"
}
printf 'login=ada&password=wrong+horse+8' | admin POST /admin/login; like "a wrong password is refused" "$(code)" '^4'
printf 'login=ada&password=correct+horse+7' | admin POST /admin/login; is "ada signs in" "$(code)" 303
cookie=$(tr -d '\r' <"$dir/answer" | sed -n 's/^Set-Cookie: \([^;]*\);.*/\1/p')
for path in /admin/ /admin/sites/example.com; do
	admin GET "$path" "HTTP_COOKIE=$cookie" </dev/null; is "ada sees $path" "$(code)" 200
done
for table in event visit rollup_day content_counter site goal content; do
	refused "admin puts nothing into $table" footfall_admin "INSERT INTO $table DEFAULT VALUES"
	refused "nor deletes from $table" footfall_admin "DELETE FROM $table"
done
refused "admin makes no tables" footfall_admin 'CREATE TABLE x (y int)'

# ---- tables to come
on keeper 'CREATE TABLE later (x int)'
is "a table of a later version can be read" "$(on footfall_stats 'SELECT count(*) FROM later')$(on footfall_admin 'SELECT count(*) FROM later')" 00
refused "but not written" footfall_stats 'INSERT INTO later VALUES (1)'
finish
