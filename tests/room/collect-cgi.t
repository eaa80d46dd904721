#!/bin/bash
# The collector as plain CGI: one request, one synced record, one answer; and its command line.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
trap collect_clean EXIT
collect_setup "example.com" "strict.example;strict;gpc=drop;item=video:v1" || exit 1

event='{"n":"pageview","u":"https://www.example.com/a?utm_source=nl","d":"example.com","r":"https://t.co/x","p":"{\"k\":\"v\"}"}'
reply=$(collect_cgi POST /api/event <<<"$event")
like "an event is accepted" "$reply" '^Status: 202 Accepted'
is "with Plausible's text" "$(tail -n 1 <<<"$reply")" "ok"
is "and stands in the spool" "$(spool_dump | jq -r '[.site_id,.name,.hostname,.path,.utm_source,.props]|join(" ")')" \
	'1 pageview example.com /a nl {"k":"v"}'
is "the ledger counts it" "$(ledger stored)" 1
like "a content item's view answers 202 with JSON" "$(collect_cgi POST '/api/view/video/42?site=example.com' </dev/null)" '"status":"recorded"'
like "a page view answers 204" "$(collect_cgi POST '/api/track/page-view' <<<'{"path":"/b","site":"example.com"}')" '^Status: 204'
like "a pixel is a GIF" "$(collect_cgi GET '/pixel.gif?site=example.com&path=/c' </dev/null | head -c 300 | tr -d '\0')" 'GIF89a'
is "each is one record" "$(spool_dump | jq -r .path | sort | xargs)" "/a /b /c"
like "a wrong field is named" "$(collect_cgi POST /api/event <<<'{"n":"x"}')" '\{"errors":\{"url":\["is required"\]\}\}'
like "a wrong Content-Length is refused" "$(collect_cgi POST /api/event CONTENT_LENGTH=999 <<<"$event")" '^Status: 400.*'
like "a compressed body is refused" "$(collect_cgi POST /api/event HTTP_CONTENT_ENCODING=gzip <<<"$event")" '^Status: 415'
like "an oversized body is refused" "$(head -c 9000 /dev/zero | tr '\0' x | collect_cgi POST /api/event)" '^Status: 413'
like "an unknown site is dropped in Plausible's way" "$(collect_cgi POST /api/event <<<'{"n":"x","u":"https://nobody.example/"}')" 'x-plausible-dropped: 1'
like "an unknown item of a strict site is 404" "$(collect_cgi POST '/api/view/video/v9?site=strict.example' </dev/null)" '^Status: 404'
is "nothing of that was recorded" "$(spool_count)" 4
is "received = stored + dropped by reason" "$(ledger received)" \
	"$("$TOOLS/ledgerdump" "$DIR/state/ledger" | awk '$1 != "received" && $1 != "robots" { n += $2 } END { print n }')"
is "each has its reason" "$(for r in bad_field bad_encoding too_large unknown_site unknown_item; do ledger $r; done | xargs)" "1 2 1 1 1"

batch='{"events":[{"n":"x","u":"https://example.com/","event_id":"0198c0de-0000-7000-8000-000000000001"},{"n":"y"}]}'
is "a batch has one result each" "$(collect_cgi POST /api/events <<<"$batch" | tail -n 1 | jq -r '[.results[].status] | join(" ")')" "accepted invalid"
is "another process knows it again" "$(collect_cgi POST /api/events <<<"$batch" | tail -n 1 | jq -r '[.results[].status] | join(" ")')" "duplicate invalid"
is "and stores it all the same: the drain decides" "$(spool_count)" 6

rm "$DIR/state/sites.snapshot"
like "without a list of sites: 503" "$(collect_cgi POST /api/event <<<"$event")" '^Status: 503'
like "--help teaches" "$("$COLLECT" --help)" '--listen'
like "--version says one" "$("$COLLECT" --version)" '[0-9]+\.[0-9]+'
echo 'spool.segment_size = many' >>"$DIR/footfall.conf"
like "a wrong setting stops the start with file and line" "$(collect_cgi POST /api/event <<<"$event"; cat "$DIR/collect.log")" \
	"footfall.conf:[0-9]+: spool.segment_size"
finish
