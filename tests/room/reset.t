#!/bin/bash
# Counters of items by the calendar of their site, and reset by hand.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
cron_setup
stats=
trap '[ -z "$stats" ] || kill $stats; rm -rf "${cron_dir:?}"' EXIT
clock_begin "$cron_dir"
mkdir -p "$state/spool"
key=$("$FF_BUILDDIR/footfall" key add all --scopes stats:read,content:write)
"${CLOCKED[@]}" "$FF_BUILDDIR/footfall-stats.fcgi" --listen "$cron_dir/stats.sock" 2>>"$log" &
stats=$!
wait_for 10 test -S "$cron_dir/stats.sock"
PYTHONPATH=$FF_SRCDIR/tests/lib ok "counters follow the site's calendar, and begin at 0 after a reset" \
	python3 "$FF_SRCDIR/tests/lib/midnights.py" "$FF_BUILDDIR" "$state/spool" "$CLOCK" "$cron_dir/stats.sock" "$key"
midnights() { [ -n "${FF_LONG:-}" ] && echo 17 || echo 8; }
is "each reset is in the audit" "$(q "SELECT action, count(*), bool_and(actor = 'key 1' AND detail <> '') FROM audit WHERE action LIKE 'counters.%' GROUP BY 1 ORDER BY 1")" \
	"counters.reset-day|$((3 * $(midnights)))|t
counters.reset-month|$(q 'SELECT count(*) FROM site')|t"

post() { # WHAT BODY KEY -> status
	printf '%s' "$2" | env -i REQUEST_METHOD=POST "REQUEST_URI=/api/analytics/reset/$1" "CONTENT_LENGTH=${#2}" "HTTP_AUTHORIZATION=Bearer $3" \
		"$FF_BUILDDIR/footfall-stats.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log" | sed -n '1s/^Status: \([0-9]*\) .*/\1/p'
}
reader=$("$FF_BUILDDIR/footfall" key add reader)
mine=$("$FF_BUILDDIR/footfall" key add mine --site z1.test --scopes content:write)
is "who may only read may not" "$(post daily '{"site":"1"}' "$reader") $(post daily '{"site":"1"}' nobody)" "403 401"
is "a key of one site resets that one, without naming it" "$(post daily '' "$mine") $(post monthly '{}' "$mine") $(post daily '{"site":"2"}' "$mine")" \
	"200 200 403"
is "all sites at once are nobody's" "$(post daily '' "$key")" 400
is "an unknown item is 404, nonsense is 400" "$(post daily '{"id":"none"}' "$mine") $(post daily '{"kind":"video"}' "$mine") $(post daily '[]' "$mine") $(
	post daily '{"id":7}' "$mine")" "404 400 400 400"
q "UPDATE content_counter SET day = (now() AT TIME ZONE 'Europe/Berlin')::date, views_day = 9000000000000000000, views_month = 1 WHERE site_id = 1"
is "counters have 64 bits" "$(env -i REQUEST_METHOD=GET "REQUEST_URI=/api/content/video/$(q "SELECT key FROM content JOIN content_counter USING (site_id, content_id)
	WHERE site_id = 1 AND kind = 'video' LIMIT 1")/counts?site=1" "HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" \
	--conf "$FOOTFALL_CONF" 2>>"$log" | grep -o '"viewsToday":[0-9]*')" '"viewsToday":9000000000000000000'
finish
