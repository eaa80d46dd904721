#!/bin/bash
# The admin pages behind a real web server: signing in and out, who gets where, the figures of the dashboard against SQL,
# garbled parameters, and the database going away and coming back.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/web.sh"

dir=$(mktemp -d)
admin=
finish_all() {
	web_stop
	[ -z "$admin" ] || { kill "$admin" 2>/dev/null; wait "$admin" 2>/dev/null; }
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
END
export FOOTFALL_CONF=$dir/footfall.conf
footfall() { "$build/footfall" "$@"; }
sql() { pg_psql -At -c "$1"; }

footfall site add example.com --name 'Ex & <b>ample</b>' --zone Europe/Berlin > /dev/null
password=$(footfall user add ada --random)
footfall demo --site example.com --days 12 --visitors 60 > "$dir/demo.log" || { sed 's/^/# /' "$dir/demo.log"; exit 1; }

"$build/footfall-admin.fcgi" --listen "$dir/run/admin.sock" 2> "$dir/admin.log" &
admin=$!
wait_for 5 test -S "$dir/run/admin.sock"
web_start "${FF_TEST_WEB:-lighttpd}" "$dir/run" || exit 1
jar=$dir/jar
get() { web_curl "$1" -b "$jar" -c "$jar" "${@:2}"; }
status() { web_status "$1" -b "$jar" -c "$jar" "${@:2}"; }
text() { sed 's/<[^>]*>/ /g; s/&nbsp;/ /g' | tr -s ' \n' ' '; }

# ---- signing in
is "without a session: to the login page" "$(status /admin/)" 303
like "which is named, with the way back" "$(web_curl /admin/sites/example.com -D - -o /dev/null)" 'Location: /admin/login\?next=%2Fadmin%2Fsites%2Fexample.com'
is "the login page" "$(status /admin/login)" 200
is "a wrong password" "$(status /admin/login -d login=ada -d password=wrong-password)" 401
unlike "no cookie for it" "$(cat "$jar")" footfall
wrong=$(web_curl /admin/login -d login=ada -d password=wrong-password | sed 's/value="[^"]*"//')
unknown=$(web_curl /admin/login -d login=nobody -d password=wrong-password | sed 's/value="[^"]*"//')
is "an unknown user gets the same page" "$unknown" "$wrong"
is "a missing password: 400" "$(status /admin/login -d login=ada)" 400
is "a foreign origin may not sign anybody in" "$(status /admin/login -H 'Origin: https://evil.example' -d login=ada --data-urlencode "password=$password")" 403
like "the right one: on to the page asked for" "$(get /admin/login -D - -o /dev/null -d login=ada --data-urlencode "password=$password" -d next=/admin/sites/example.com)" 'Location: /admin/sites/example.com'
like "the cookie is HttpOnly and strict" "$(web_curl /admin/login -D - -o /dev/null -d login=ada --data-urlencode "password=$password")" 'Set-Cookie: footfall=ffs_[^;]*;.*HttpOnly.*SameSite=Strict'
for evil in 'https://evil.example/' '//evil.example' '/\evil.example' '/admin/../../x' '/admin/%2e%2E/%2e./evil' '/admin/\..\evil' 'javascript:alert(1)'; do
	location=$(web_curl /admin/login -D - -o /dev/null -d login=ada --data-urlencode "password=$password" --data-urlencode "next=$evil" | tr -d '\r' | sed -n 's/^Location: //p')
	unlike "no redirect to $evil" "$location" 'evil|javascript|\.\.'
done

# ---- pages
page=$(get /admin/)
like "the list of sites" "$page" 'example\.com'
like "names are escaped" "$page" 'Ex &amp; &lt;b&gt;ample'
unlike "and never raw" "$page" '<b>ample'
is "an unknown site: 404" "$(status /admin/sites/unknown.example)" 404
first=$(sql "SELECT min(bucket) FROM rollup_day") last=$(sql "SELECT max(bucket) FROM rollup_day")
dash=$(get "/admin/sites/example.com?from=$first&to=$last")
shown() { printf '%s' "$dash" | tr -d '\n' | sed -n "s|.*<span class=\"name\">$1</span> <strong>\([^<]*\)</strong>.*|\1|p" | tr -d ,; }
is "page views as in the raw rows" "$(shown 'Page views')" "$(sql "SELECT count(*) FROM event WHERE kind = 1 AND robot = 0")"
is "visits as in the raw rows" "$(shown Visits)" "$(sql "SELECT count(*) FROM visit")"
is "item views as in the raw rows" "$(shown 'Item views')" "$(sql "SELECT count(*) FROM event WHERE robot = 0 AND content_id IS NOT NULL AND kind IN (1, 4)")"
is "bounce rate as in the raw rows" "$(shown 'Bounce rate')" "$(sql "SELECT round(100.0 * count(*) FILTER (WHERE interactive <= 1) / count(*)) || ' %' FROM visit")"
visitors=$(sql "SELECT count(DISTINCT visitor) FROM event WHERE robot = 0 AND visitor <> 0 AND kind <> 3")
is "visitors within two standard errors of the raw rows" "$(awk -v a="$(shown Visitors)" -v b="$visitors" 'BEGIN { d = a - b; print (d < 0 ? -d : d) <= b * 0.0115 ? "yes" : a " for " b }')" yes
top=$(sql "SELECT l.value FROM event e JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE kind = 1 AND robot = 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
like "the most read page leads its table" "$(printf '%s' "$dash" | tr -d '\n' | sed 's/.*<h2>Pages<.h2>//')" "^[^!]*<tbody><tr><th scope=\"row\">[^!]{0,300}>$top</a>"
like "a chart with its numbers" "$dash" '<svg viewBox="0 0 1000 260" role="img"'
is "bars: one a day" "$(printf '%s' "$dash" | grep -c '<g class="bar">')" "$(( ($(date -d "$last" +%s) - $(date -d "$first" +%s)) / 86400 + 1 ))"

# ---- bad input: a page that says so, never a 5xx
for query in 'range=nonsense' 'from=2026-02-31&to=2026-03-01' 'from=x&to=y' 'from=2026-03-02&to=2026-03-01' 'range=99999d' 'range=%00' 'range=%ff' \
    'from=0000-00-00&to=9999-12-31' "range=$(printf %0500d 1)" 'range=7d&range=30d' 'from=1970-01-01&to=9999-12-31' "range='%3b--"; do
	code=$(status "/admin/sites/example.com?$query")
	like "?$(printf %.40s "$query") is no 5xx (is $code)" "$code" '^(200|400)$'
done
like "eight thousand years are no period" "$(get '/admin/sites/example.com?from=1970-01-01&to=9999-12-31')" 'could not be read'
is "a strange method: 405" "$(status /admin/ -X DELETE)" 405
is "a path beside the room" "$(status /administer)" 404
like "styles come from a file" "$(web_curl /footfall/admin.css -D - -o /dev/null | tr -d '\r')" '200 OK'
like "no inline anything" "$(get /admin/ -D - -o /dev/null)" "default-src 'none'"
is "and none is used" "$(printf '%s' "$dash" | grep -c -E '<script|<style| style=| on[a-z]+=')" 0

# ---- without the database, and with it again
pg_immediate_stop
is "database away: 503" "$(status /admin/)" 503
like "a plain page that says so" "$(get /admin/ | text)" 'database is not reachable'
is "the login page needs none" "$(status /admin/login)" 200
pg_restart
sleep 1.2
is "it is back: so are the pages" "$(status /admin/)" 200

# ---- slow questions: a page is a dozen of them, and has the time of one (stats.statement_timeout, two seconds)
sql 'ALTER TABLE rollup_day RENAME TO fast_day; CREATE VIEW rollup_day AS SELECT r.* FROM fast_day r, (SELECT pg_sleep(0.6) IS NULL) s' >/dev/null
read -r slow_code slow_time <<<"$(get '/admin/sites/example.com?period=28d' -o /dev/null -w '%{http_code} %{time_total}')"
echo "# $slow_code after $slow_time s"
ok "a page whose questions are slow ends in time" test "${slow_time%.*}" -lt 4
ok "and says that it could not be made" test "$slow_code" -ge 400
sql 'DROP VIEW rollup_day; ALTER TABLE fast_day RENAME TO rollup_day' >/dev/null
is "then it comes again" "$(status '/admin/sites/example.com?period=28d')" 200

# ---- signing out
csrf=$(get /admin/ | sed -n 's/.*name="csrf" value="\([^"]*\)".*/\1/p')
is "signing out wants the token" "$(status /admin/logout -d csrf=wrong)" 403
is "signing out" "$(status /admin/logout --data-urlencode "csrf=$csrf")" 303
is "and out it is" "$(status /admin/)" 303
is "nothing was logged as a fault of ours" "$(grep -c ' error .*INTERNAL' "$dir/admin.log")" 0
[ $tap_failed = 0 ] || sed 's/^/# /' "$dir/admin.log" | tail -20
finish
