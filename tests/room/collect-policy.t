#!/bin/bash
# What a site does not want, over the program itself: countries, and limits that every process shares.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
trap collect_clean EXIT
collect_setup "example.com" "picky.example;exclude_countries=DE,AT" "busy.example" || exit 1
python3 "$FF_SRCDIR/tests/lib/mmdb.py" "$DIR/geo.mmdb" 203.0.113.0/24=DE 198.51.100.0/24=US
collect_conf "geo.database = $DIR/geo.mmdb"

from() { # ADDRESS SITE [NAME=VALUE...]
	local addr=$1 site=$2
	shift 2
	collect_cgi POST /api/event "REMOTE_ADDR=$addr" "$@" <<<"{\"n\":\"pageview\",\"u\":\"https://$site/\"}"
}

# ---- countries, which only enrichment knows
like "a country that a site excludes is dropped" "$(from 203.0.113.9 picky.example)" 'x-plausible-dropped: 1'
unlike "another is not" "$(from 198.51.100.9 picky.example)" dropped
unlike "nor one that nobody knows" "$(from 192.0.2.9 picky.example)" dropped
unlike "nor the same one of another site" "$(from 203.0.113.9 example.com)" dropped
is "and the ledger says why" "$(ledger excluded) $(ledger stored) $(spool_count)" "1 3 3"

# ---- limits: plain CGI is a process for each request
busy() { from "$1" busy.example FOOTFALL_LIMIT_ADDRESS="1/h burst 3" "${@:2}"; }
for _ in 1 2 3 4 5; do busy 192.0.2.50; done >"$DIR/replies"
is "an address that sends too much is dropped" "$(grep -o 'dropped: 1' "$DIR/replies" | wc -l) $(ledger rate_limited)" "2 2"
is "without a word about it" "$(grep -o 'Status: 202' "$DIR/replies" | wc -l)" 5
unlike "its neighbour is not" "$(busy 192.0.2.51)" dropped
is "the buckets are private" "$(stat -c %a "$DIR/run/limits")" 600
is "and hold no address" "$(LC_ALL=C grep -c -a -P '\xc0\x00\x02[\x32\x33]|[\x32\x33]\x02\x00\xc0|192\.0' "$DIR/run/limits")" 0
rm "$DIR/run/limits"
unlike "without the file buckets begin full" "$(busy 192.0.2.50)" dropped
rm "$DIR/run/limits" && mkdir "$DIR/run/limits"
unlike "where there can be none, nobody is limited" "$(for _ in 1 2 3 4 5; do busy 192.0.2.52; done)" dropped
like "and the log says so" "$(cat "$DIR/collect.log")" 'limits, so nobody is limited'
is "received = stored + dropped by reason" "$(ledger received)" \
	"$("$TOOLS/ledgerdump" "$DIR/state/ledger" | awk '$1 != "received" && $1 != "robots" { n += $2 } END { print n }')"
finish
