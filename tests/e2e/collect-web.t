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
	is "$server: REMOTE_ADDR counts, what clients claim does not" "$(
		post /api/event '{"n":"a","u":"https://example.com/"}' -H 'X-Forwarded-For: 203.0.113.5' -H 'X_Forwarded_For: 203.0.113.6' >/dev/null
		post /api/event '{"n":"b","u":"https://example.com/"}' -H 'X-Real-IP: 203.0.113.7' -H 'Forwarded: for=203.0.113.8' >/dev/null
		spool_dump | tail -n 2 | jq -r .visitor | uniq | wc -l)" 1
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
	ok "$server: and the collector stays below 16 MB" test "$(awk '/^VmRSS/ { print $2 }' "/proc/$COLLECT_PID/status")" -lt 16384
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
