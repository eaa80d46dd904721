#!/bin/bash
# The collector behind nginx and lighttpd with the shipped files: each endpoint, bad input, and many connections.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
trap 'web_stop; collect_clean' EXIT

agent='Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
post() { # PATH BODY OPTIONS... -> "status body"
	local path=$1 body=$2
	shift 2
	web_curl "$path" -A "$agent" -X POST --data-binary "$body" -w ' %{http_code}' "$@"
}
sees_new_site() { ! post /api/event '{"n":"pageview","u":"https://new.example/"}' -i | grep -q dropped; }
last() { spool_dump | tail -n 1 | jq -r "$1"; }

# 500 events of 2 KB: one request, 500 records; sent again after a restart it is known, and stored all the same.
batch() { # NAME
	local before
	before=$(spool_count)
	jq -nc '[range(500) | {n: "b", u: "https://example.com/b\(.)", p: {k: ("v" * 1900)},
		event_id: "0198c0de-0000-7000-8000-\("000000000000\(.)"[-12:])"}] | {events: .}' >"$DIR/batch"
	results() { post /api/events "@$DIR/batch" | jq -r '.results[]?.status' 2>/dev/null | sort | uniq -c | xargs; }
	is "$1: a batch of $(wc -c <"$DIR/batch") bytes" "$(results)" "500 accepted"
	is "$1: its records" "$(($(spool_count) - before))" 500
	collect_stop && collect_start
	is "$1: sent again after a restart" "$(results)" "500 duplicate"
	is "$1: in their order" "$(spool_dump | tail -n 500 | jq -r .path | tail -n 1)" "/b499"
	like "$1: a batch of 501" "$(jq -c '.events += [{}]' "$DIR/batch" | post /api/events @- | xargs)" 'field:events.* 413$'
	like "$1: a batch of more than a megabyte" "$(jq -c '.x = ("x" * 100000)' "$DIR/batch" | post /api/events @- | tail -n 1)" ' 413$'
}

behind() { # NAME
	local server=$1 before n
	web_program "$server" >/dev/null || { skip "behind $server" "$server is not here"; return; }
	collect_setup "example.com" "other.example;gpc=drop" || return 1
	collect_start && WEB_EDIT='/limit_conn /d' web_start "$server" "$DIR/run" || { tap_line 1 "$server and collector start"; return; }

	is "$server: event" "$(post /api/event '{"n":"pageview","u":"https://example.com/p%20q","d":"example.com"}' -H 'Content-Type: text/plain')" "ok 202"
	is "$server: its path" "$(last .path)" "/p q"
	is "$server: JSON content type" "$(post /api/event '{"name":"x","url":"https://example.com/"}' -H 'Content-Type: application/json')" "ok 202"
	like "$server: view of an item" "$(post '/api/view/video/a%2Fb?site=example.com' '{"title":"T"}')" '"recorded".* 202$'
	is "$server: its key" "$(last .item_key)" "a/b"
	is "$server: page view" "$(post /api/track/page-view '{"path":"/x"}' -H 'Origin: https://example.com')" " 204"
	is "$server: pixel" "$(web_curl '/pixel.gif?site=example.com&path=/px' -A "$agent" -o "$DIR/px" -w '%{http_code} %{content_type} %{size_download}'
		head -c 6 "$DIR/px")" "200 image/gif 43GIF89a"
	like "$server: preflight" "$(web_curl /api/event -X OPTIONS -i)" 'Access-Control-Allow-Origin: \*'
	is "$server: five records" "$(spool_count)" 5
	is "$server: interaction" "$(post /api/sessions/track-interaction '{"action":"click","element":"buy","path":"/s","site":"example.com"}')" " 204"
	is "$server: configuration" "$(post /api/sessions/save-config '{"options":{"a":1},"site":"example.com"}')" " 204"
	is "$server: search" "$(post /api/track/search '{"q":"shoes","hits":3,"site":"example.com"}')" " 204"
	is "$server: report" "$(post /api/performance/track '{"vitals":{"LCP":1,"CLS":0.1},"errors":[{"message":"m"}],"site":"example.com"}')" " 204"
	like "$server: view by id" "$(post /api/analytics/view/7 '{"site":"example.com"}')" '"recorded".* 202$'
	is "$server: seven more, each of its kind" "$(spool_dump | tail -n 7 | jq -r '"\(.kind) \(.name)"' | xargs -d '\n')" \
		"10 click 11 configuration 14 search 12 LCP 12 CLS 13 error 4 view"
	is "$server: REMOTE_ADDR counts, what clients claim does not" "$(
		post /api/event '{"n":"a","u":"https://example.com/"}' -H 'X-Forwarded-For: 203.0.113.5' -H 'X_Forwarded_For: 203.0.113.6' >/dev/null
		post /api/event '{"n":"b","u":"https://example.com/"}' -H 'X-Real-IP: 203.0.113.7' -H 'Forwarded: for=203.0.113.8' >/dev/null
		spool_dump | tail -n 2 | jq -r .visitor | uniq | wc -l)" 1
	n=$(spool_count)
	opting() { web_curl /api/opt-out -b "$DIR/jar" -c "$DIR/jar" -A "$agent" -w ' %{http_code} %{redirect_url}' "$@" | xargs; }
	like "$server: the opt-out page" "$(web_curl /opt-out -A "$agent")" 'This browser is counted'
	like "$server: its form" "$(opting -d choice=out -H 'Sec-Fetch-Site: same-origin')" '303 http://.*/opt-out$'
	like "$server: after which it says so" "$(web_curl /opt-out -A "$agent" -b "$DIR/jar")" 'This browser is not counted'
	like "$server: and the browser is not counted" "$(post /api/event '{"n":"x","u":"https://example.com/"}' -i -b "$DIR/jar")" 'dropped: 1'
	like "$server: another site's page cannot change it" "$(opting -X DELETE -H 'Origin: https://evil.test')" ' 403 *$'
	like "$server: its own can" "$(opting -X DELETE -H 'Sec-Fetch-Site: same-origin')" 'opted_out:false. 200 *$'
	is "$server: nothing of that was recorded either" "$(spool_count)" "$n"
	is "$server: now it counts again" "$(post /api/event '{"n":"x","u":"https://example.com/"}' -b "$DIR/jar")" "ok 202"
	n=$(spool_count)

	like "$server: not JSON" "$(post /api/event '{')" '^\{"errors":\{"request":\[.* 400$'
	like "$server: not UTF-8" "$(post /api/event $'{"n":"\xff"}')" '"request".* 400$'
	like "$server: gzip" "$(post /api/event x -H 'Content-Encoding: gzip')" '"Content-Encoding".* 415$'
	like "$server: too large" "$(post /api/event "$(head -c 8193 /dev/zero | tr '\0' x)")" '"request".* 413$'
	like "$server: far too large" "$(post /api/event "@$(head -c 600000 /dev/zero >"$DIR/big"; echo "$DIR/big")")" ' 413$'
	unlike "$server: truncated (Content-Length beyond the body)" "$(timeout 2 bash -c "exec 3<>/dev/tcp/127.0.0.1/$WEB_PORT
		printf 'POST /api/event HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{}' >&3; head -c 12 <&3" 2>/dev/null)" ' 20[0-9]'
	like "$server: chunked" "$(post /api/event '{"n":"x"}' -H 'Transfer-Encoding: chunked')" '"url".* 400$'
	like "$server: wrong method" "$(web_curl /api/event -w ' %{http_code}')" ' 405$'
	is "$server: nothing of that was recorded" "$(spool_count)" "$n"
	is "$server: the same connection serves on" "$(post /api/event '{"n":"z","u":"https://example.com/"}')" "ok 202"

	"$TOOLS/mkstate" "$DIR/state" - "example.com" "new.example;id=9"
	ok "$server: a new list of sites is seen" wait_for 5 sees_new_site
	before=$(spool_count)
	ulimit -n 8192 2>/dev/null
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks" --clients 1000 --requests 4000 --seconds 30 >"$DIR/load.out"
	like "$server: 1,000 open connections: no error but 503" "$(cat "$DIR/load.out")" '^sent 4000 acked [0-9]+ refused ([0-9]+) \(503: \1\) failed 0 '
	ok "$server: and the collector stays below 16 MB" collect_small
	is "$server: every acknowledged event is there once" "$(spool_ids | sort | uniq -c | awk '$1 > 1' | wc -l) $(
		sort "$DIR/acks" | comm -23 - <(spool_ids | sort) | wc -l)" "0 0"
	ok "$server: the spool grew by what was acknowledged" test "$(($(spool_count) - before))" -ge "$(wc -l <"$DIR/acks")"

	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks2" --clients 64 --seconds 3 >"$DIR/load.out" &
	load=$!
	sleep 1
	collect_stop TERM
	is "$server: SIGTERM under load: ends well" "$COLLECT_RC" 0
	collect_start
	wait $load
	sed 's/^/# /' "$DIR/load.out"
	is "$server: and no acknowledged event is lost or doubled" "$(sort "$DIR/acks2" | comm -23 - <(spool_ids | sort) | wc -l) $(
		spool_ids | sort | uniq -d | wc -l)" "0 0"
	batch "$server"
	collect_stop
	web_stop
	rm -rf "${DIR:?}"
}

# durability = interval: acknowledged before it is synced, synced within a second; a plain stop loses nothing.
interval() {
	collect_setup "example.com" || return 1
	collect_conf "collect.durability = interval"
	collect_start && WEB_EDIT='/limit_conn /d' web_start nginx "$DIR/run" || return 1
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks" --clients 8 --requests 500 >"$DIR/load.out"
	collect_stop
	is "interval: every acknowledged event is there once" "$(spool_ids | sort -u | wc -l) $(sort "$DIR/acks" | comm -23 - <(spool_ids | sort) | wc -l)" "500 0"
	web_stop
	rm -rf "${DIR:?}"
}

command -v jq >/dev/null || skip_all "jq is not here"
behind nginx
behind lighttpd
if web_program nginx >/dev/null; then interval; fi
finish
