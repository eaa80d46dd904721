#!/bin/bash
# Every kind of fact from the wire to its row, and batches that are sent again: the rows count each event once.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
command -v jq >/dev/null || skip_all "jq is not here"
cron_setup
collect=
trap '[ -z "$collect" ] || kill -9 "$collect" 2>/dev/null; rm -rf "$cron_dir"' EXIT

tool() { "$FF_BUILDDIR/footfall" "$@" 2>>"$log"; }
post() { # PATH BODY [NAME=VALUE...] -> the body of the answer
	local path=$1 body=$2
	shift 2
	printf '%s' "$body" | env -i REQUEST_METHOD=POST "REQUEST_URI=$path" "CONTENT_LENGTH=$(printf '%s' "$body" | wc -c)" \
		REMOTE_ADDR=192.0.2.7 HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0" "$@" \
		"$FF_BUILDDIR/footfall-collect.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log" | tr -d '\r' | sed '1,/^$/d'
}
statuses() { jq -r '[.results[].status] | group_by(.) | map("\(length) \(.[0])") | join(", ")'; }
rows() { # SQL of the columns -> a line an event, by time of arrival
	q "SELECT $1 FROM event e LEFT JOIN label n ON (n.site_id, n.label_id) = (e.site_id, e.name)
		LEFT JOIN label t ON (t.site_id, t.label_id) = (e.site_id, e.target) LEFT JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.list)
		LEFT JOIN content c ON (c.site_id, c.content_id) = (e.site_id, e.content_id) ORDER BY e.event_id"
}

tool site add example.com >/dev/null
cron run >/dev/null
page='"url":"https://example.com/p"' item='"domain":"example.com","item":{"kind":"video","id":"v1","title":"One"}'
n=0
event() { printf '%s{"event_id":"0198c0de-0000-7000-8000-%012d",%s}' "$([ $n -eq 0 ] || echo ,)" $((++n)) "$1"; }
kinds() {
	n=0
	printf '{"events":['
	for fields in "\"name\":\"pageview\",$page,\"title\":\"P\"" "\"name\":\"Signup\",$page,\"props\":{\"plan\":\"pro\"},\"\$\":{\"currency\":\"EUR\",\"amount\":\"9.99\"}" \
		"\"kind\":\"engagement\",$page,\"e\":4200,\"sd\":70" "\"kind\":\"view\",$item,\"view_type\":\"listing\",\"list\":\"related\",\"position\":3" \
		"\"kind\":\"reaction\",\"name\":\"like\",$item" "\"kind\":\"comment\",$item,\"value\":-1" \
		"\"kind\":\"follow\",\"domain\":\"example.com\",\"target\":\"ann\"" "\"kind\":\"share\",$item,\"target\":\"mastodon\"" \
		"\"kind\":\"media\",\"name\":\"pause\",$item,\"e\":900,\"media\":{\"length\":60000,\"position\":30000,\"watched\":\"0-7,99\"}" \
		"\"kind\":\"interaction\",\"name\":\"click\",$page,\"target\":\"buy\",\"value\":2" \
		"\"kind\":\"configuration\",\"name\":\"colour\",$page,\"props\":{\"seat\":\"red\"},\"\$\":{\"currency\":\"EUR\",\"amount\":\"31990\"}" \
		"\"kind\":\"performance\",\"name\":\"CLS\",$page,\"value\":0.013" "\"kind\":\"error\",\"name\":\"TypeError\",$page,\"target\":\"x is undefined\"" \
		"\"kind\":\"search\",$page,\"target\":\"shoes\",\"value\":12"; do
		event "$fields"
	done
	printf ']}'
}
all=$(kinds)
is "a batch of all kinds" "$(post /api/events "$all" | statuses)" "14 accepted"
is "sent again before the drain" "$(post /api/events "$all" | statuses)" "14 duplicate"
cron run drain >/dev/null
is "each is one row" "$(q 'SELECT count(*), count(DISTINCT event_id) FROM event')" "14|14"
is "and what it should be" "$(rows "e.kind, n.value, coalesce(c.key, ''), coalesce(t.value, ''), coalesce(l.value, '') || coalesce(e.position::text, ''), e.measure_micros")" \
"1|pageview||||
2|Signup||||
3|engagement||||
4|view|v1||related3|
5|like|v1|||1000000
6|comment|v1|||-1000000
7|follow||ann||1000000
8|share|v1|mastodon||
9|pause|v1|||
10|click||buy||2000000
11|colour||||
12|CLS||||13000
13|TypeError||x is undefined||
14|search||shoes||12000000"
is "the medium" "$(q "SELECT media_length_ms, media_position_ms, engaged_ms, encode(watched, 'hex') FROM event WHERE kind = 9")" \
	"60000|30000|900|ff000000000000000000000008"
is "money and properties" "$(q "SELECT kind, value_micros, props->>'plan', props->>'seat' FROM event WHERE value_micros <> 0 ORDER BY kind" | xargs)" \
	"2|9990000|pro| 11|31990000000||red"

is "sent again after the drain" "$(post /api/events "$all" | statuses)" "14 duplicate"
rm "$state/recent"
is "sent again, and the collectors have forgotten" "$(post /api/events "$all" | statuses)" "14 accepted"
cron run drain >/dev/null
is "still one row each" "$(q 'SELECT count(*), count(DISTINCT event_id) FROM event')" "14|14"
is "the books tell the repetitions" "$(tool ledger | awk '$1 == "stored" || $1 == "duplicate" { print $1, $2 }' | sort -u | xargs)" "duplicate 42 stored 14 stored 56"
ok "and balance" "$FF_BUILDDIR/footfall" ledger

# A collector that is killed in the middle of it: whatever was answered is there once.
"$FF_BUILDDIR/footfall-collect.fcgi" --conf "$FOOTFALL_CONF" --listen "$run/collect.sock" 2>>"$log" &
collect=$!
wait_for 5 test -S "$run/collect.sock"
big() { jq -nc '[range(500) | {name: "big", url: "https://example.com/big", event_id: "0198c0de-1111-7000-8000-\("000000000000\(.)"[-12:])"}] | {events: .}'; }
big >"$cron_dir/big"
send() { python3 - "$FF_SRCDIR/tests/lib" "$run/collect.sock" "$cron_dir/big" <<'END'
import sys
sys.path.insert(0, sys.argv[1])
import fcgi
body = open(sys.argv[3], "rb").read()
try:
    print(fcgi.Program(sys.argv[2]).ask({"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/events", "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "192.0.2.7", "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"}, body))
except OSError:
    pass
END
}
for _ in 1 2 3; do send >/dev/null & done
kill -9 $collect
wait
collect=
is "after a kill it is sent again" "$(post /api/events "$(cat "$cron_dir/big")" | jq '.results | length')" 500
cron run drain >/dev/null
is "each of the 500 is there once" "$(q "SELECT count(*), count(DISTINCT event_id) FROM event WHERE event_id::text LIKE '0198c0de-1111%'")" "500|500"

# With a key a server speaks for its visitors.
key=$("$FF_BUILDDIR/tests/room/make_key" 0 events:write)
cron run snapshot >/dev/null
then=$(date -u -d '-2 hours' +%Y-%m-%dT%H:%M:%SZ)
told='{"events":[{"name":"told","url":"https://example.com/t","timestamp":"'$then'","client_ip":"198.51.100.9","user_agent":"Googlebot/2.1 (+http://www.google.com/bot.html)"},
	{"name":"told","url":"https://example.com/t","client_ip":"nowhere"}]}'
is "a server may tell when and for whom" "$(post /api/events "$told" "HTTP_AUTHORIZATION=Bearer $key" | statuses)" "1 accepted, 1 invalid"
is "nobody else may" "$(post /api/events "$told" | jq -r '[.results[].field] | join(" ")')" "timestamp client_ip"
cron run drain >/dev/null
is "and it is taken so" "$(q "SELECT e.ts = '$then', e.robot FROM event e JOIN label n ON (n.site_id, n.label_id) = (e.site_id, e.name) WHERE n.value = 'told'")" "t|1"
finish
