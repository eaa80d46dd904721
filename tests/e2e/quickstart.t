#!/bin/bash
# ./quickstart as a user runs it, in a folder of its own: it starts, DIR/env can be sourced, a view becomes a figure, the
# admin can sign in, a second start keeps the data, --stop leaves no process behind; with lighttpd, then with nginx.
src=${FF_SRCDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/web.sh"
[ -x "$src/quickstart" ] || skip_all "no quickstart here"

dir=$(mktemp -d /tmp/ff-quickstart.XXXXXX)
chmod 755 "$dir"
leave() {
	"$src/quickstart" --dir "$dir/q" --stop > /dev/null 2>&1
	case "${FOOTFALL_DATABASE:-}" in host=/*/footfall-*) run=${FOOTFALL_DATABASE#host=}; rm -rf "${run%% *}" ;; esac
	rm -rf "$dir"
}
trap leave EXIT
# With a user's PATH: without sbin. Compiled fast, as how fast the programs are is not the question here.
start() { PATH=/usr/local/bin:/usr/bin:/bin CFLAGS=-O0 "$src/quickstart" --dir "$dir/q" --no-install --detach "$@" > "$dir/out" 2>&1 || { sed 's/^/# /' "$dir/out"; return 1; }; }
agent='Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0'
view() { curl -s -o /dev/null -w '%{http_code}' -A "$agent" -H "X-Forwarded-For: 203.0.113.$1" -d "{\"n\":\"pageview\",\"u\":\"https://$FOOTFALL_SITE/first\",\"d\":\"$FOOTFALL_SITE\",\"item\":{\"kind\":\"video\",\"id\":\"quick\"}}" "$FOOTFALL_URL/api/event"; }
counts() { curl -s -H "Authorization: Bearer $FOOTFALL_API_KEY" "$FOOTFALL_URL/api/content/video/quick/counts?site=$FOOTFALL_SITE"; }
total() { counts | jq -r .viewsTotal; }
has() { [ "$(total)" = "$1" ]; }

# Country data as `tools/geodata` would have brought it: the views below come from there.
mkdir -p "$dir/q/geodata"
echo 3405803776,3405804031,NZ > "$dir/q/geodata/geoip"
echo 2001:db8::,2001:db8::ffff,NZ > "$dir/q/geodata/geoip6"
ok "it starts" start --port "$(web_free_port)"
[ $tap_failed = 0 ] || finish
. "$dir/q/env"
for name in URL SITE ADMIN_USER ADMIN_PASSWORD API_KEY DATABASE CONF BIN; do
	value=FOOTFALL_$name
	like "env says $value" "${!value:-}" .
done
is "env is for its owner alone" "$(stat -c %a "$dir/q/env")" 600
is "a view is accepted" "$(view 1)" 202
ok "and counted within seconds" wait_for 10 has 1
country() { curl -s -H "Authorization: Bearer $FOOTFALL_API_KEY" -H 'Content-Type: application/json' -d "{\"site_id\":\"$FOOTFALL_SITE\",\"metrics\":[\"events\"],\"date_range\":\"day\",\"dimensions\":[\"visit:country\"],\"filters\":[[\"is\",\"event:page\",[\"/first\"]]]}" "$FOOTFALL_URL/api/v2/query"; }
is "with its country" "$(country | jq -c '[.results[].dimensions[0]]')" '["NZ"]'
is "the admin signs in" "$(curl -s -o /dev/null -w '%{http_code}' -c "$dir/jar" -d "login=$FOOTFALL_ADMIN_USER" --data-urlencode "password=$FOOTFALL_ADMIN_PASSWORD" "$FOOTFALL_URL/admin/login")" 303
like "and sees demo figures" "$(curl -s -b "$dir/jar" "$FOOTFALL_URL/admin/sites/$FOOTFALL_SITE")" 'What lives in a tide pool'
is "styles are served" "$(curl -s -o /dev/null -w '%{http_code}' "$FOOTFALL_URL/footfall/admin.css")" 200
is "health" "$(curl -s "$FOOTFALL_URL/api/health" | jq -r .status)" ok
doctor() { FOOTFALL_CONF=$FOOTFALL_CONF "$FOOTFALL_BIN/footfall" doctor > "$dir/doctor" || { sed 's/^/# /' "$dir/doctor"; return 1; }; }
ok "the doctor finds nothing bad" doctor
seen() { psql -X -At "${FOOTFALL_DATABASE/user=footfall/user=postgres}" -c "$1"; }
is "programs sign in as roles of their own" "$(seen "SELECT string_agg(DISTINCT usename || ' ' || application_name, ', ' ORDER BY usename || ' ' || application_name) FROM pg_stat_activity
	WHERE usename LIKE 'footfall%' AND application_name IN ('footfall-stats', 'footfall-admin', 'footfall-cron')")" \
	"footfall_admin footfall-admin, footfall_cron footfall-cron, footfall_stats footfall-stats"
is "which may not write figures" "$(psql -X -At "${FOOTFALL_DATABASE/user=footfall/user=footfall_stats}" -c 'DELETE FROM event' 2>&1 | grep -o 'permission denied.*')" \
	"permission denied for table event"
is "and the owner of the tables is no superuser" "$(seen "SELECT rolsuper FROM pg_roles WHERE rolname = (SELECT tableowner FROM pg_tables WHERE tablename = 'site')")" f
like "and knows the country database" "$(cat "$dir/doctor")" 'places +/.*/country.mmdb: Footfall-Country'
"$src/quickstart" --dir "$dir/q" --no-install --detach > "$dir/again" 2>&1
like "a second one beside it is refused with advice" "$(cat "$dir/again")" 'runs already'

pids=$(cut -d' ' -f2 "$dir/q/pids")
ok "it stops" "$src/quickstart" --dir "$dir/q" --stop
left=0
for pid in $pids; do grep -qs '^State:.[^ZX]' "/proc/$pid/status" && left=$((left + 1)); done
is "no process is left" $left 0

url=$FOOTFALL_URL key=$FOOTFALL_API_KEY
ok "it starts again, with nginx" start --server nginx
. "$dir/q/env"
is "at the same place" "$FOOTFALL_URL" "$url"
is "with the same key" "$FOOTFALL_API_KEY" "$key"
is "and the same data" "$(total)" 1
is "by the same roles" "$(seen "SELECT count(DISTINCT usename) FROM pg_stat_activity WHERE usename IN ('footfall_stats', 'footfall_cron')")" 2
is "a view through nginx" "$(view 2)" 202
ok "is counted too" wait_for 10 has 2
"$src/quickstart" --dir "$dir/q" --stop > /dev/null

# What is left of a start that was cut off before it had written down what it made; then the foreground.
rm "$dir/q/env"
FOOTFALL_API_KEY=of-another "$src/quickstart" --dir "$dir/q" --no-install --no-demo > "$dir/out" 2>&1 &
front=$!
ok "a start takes up where one was cut off" wait_for 120 grep -q 'Stop with Ctrl-C' "$dir/out"
. "$dir/q/env"
is "with a key that works" "$(total)" 2
kill -TERM $front
wait $front; is "a signal ends it" $? 143
unlike "which is no failure" "$(cat "$dir/out")" failed
is "nothing is left" "$("$src/quickstart" --dir "$dir/q" --stop)" "Nothing runs in $dir/q."
ok "--help teaches" sh -c "'$src/quickstart' --help | grep -q -- --no-demo"
"$src/quickstart" --port x 2> "$dir/e"; is "a wrong port: refused" $? 1
"$src/quickstart" --port 70000 2> "$dir/e"; is "one that is none: refused" $? 1
for name in "a b" "it's" 'a$b' 'a"b'; do
	"$src/quickstart" --dir "$dir/$name" --no-install > /dev/null 2> "$dir/e"
	is "a folder named $name: refused" "$?|$(grep -c 'special character' "$dir/e")|$(ls -d "$dir/$name" 2> /dev/null)" "1|1|"
done
"$src/quickstart" --nonsense 2> "$dir/e"; is "a wrong option: refused" $? 1
finish
