#!/bin/bash
# The books: what collectors received, what they stored or dropped, what the drain made of it, and a loss that they show.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
trap 'rm -rf "$cron_dir"' EXIT
tool() { "$FF_BUILDDIR/footfall" "$@" 2>&1; }
beacon() { # BODY
	printf '%s' "$1" | env -i REQUEST_METHOD=POST REQUEST_URI=/api/event "CONTENT_LENGTH=${#1}" REMOTE_ADDR=192.0.2.7 \
		HTTP_USER_AGENT="${UA-Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0}" \
		"$FF_BUILDDIR/footfall-collect.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log" >/dev/null
}
count() { tool ledger | awk -v part="$1" -v name="$2" '/^[A-Z]/ { in_part = index($0, part) == 1 } in_part && $1 == name { print $2 }'; }

tool site add example.com >/dev/null
cron run
like "before anything happened" "$(tool ledger)" 'none has run yet'
id=11111111-2222-4333-8444-555555555555
for i in 1 2 3; do beacon '{"n":"pageview","u":"https://example.com/'$i'"}'; done
UA='Googlebot/2.1 (+http://www.google.com/bot.html)' beacon '{"n":"pageview","u":"https://example.com/r"}'
beacon '{"n":"pageview","u":"https://example.com/a","event_id":"'$id'"}'
beacon '{"n":"pageview","u":"https://example.com/a","event_id":"'$id'"}'
beacon '{"n":"pageview","u":"https://other.example/"}'
beacon '{"n":"pageview"}'
beacon 'no json'
is "received" "$(count Collectors received)" 9
is "stored" "$(count Collectors stored)" 6
is "robots among them" "$(count Collectors robots)" 1
is "an unknown site" "$(count Collectors unknown_site)" 1
is "a bad field" "$(count Collectors bad_field)" 1
is "no JSON" "$(count Collectors not_json)" 1
is "all waits" "$(count Collectors waiting)" 6
is "nothing was taken" "$(count 'The drain' taken)" 0
is "which is well" "$(tool ledger > /dev/null; echo $?)" 0
cron run drain
is "the drain took all" "$(count 'The drain' taken) $(count Collectors waiting)" "6 0"
is "stored all but the repetition" "$(count 'The drain' stored) $(count 'The drain' duplicate)" "5 1"
is "as the table of events says" "$(q 'SELECT count(*) FROM event')" 5
like "of one site" "$(tool ledger --site example.com)" 'taken +6 '
beacon '{"n":"pageview","u":"https://example.com/lost"}'
rm -f "$state"/spool/*.seg "$state"/spool/*.open
like "a segment that somebody deleted is missed" "$(tool ledger)" '1 stored events were neither taken nor wait'
is "and is an error" "$(tool ledger > /dev/null; echo $?)" 1
yes | head -c 4096 > "$state/ledger"
like "books that cannot be read are not taken for none" "$(tool ledger)" 'cannot use .*another file'
is "and are an error" "$(tool ledger > /dev/null; echo $?)" 1
finish
