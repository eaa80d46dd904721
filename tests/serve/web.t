#!/bin/bash
# The same program behind nginx and behind lighttpd, with the shipped examples.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/web.sh"
server=${FF_BUILDDIR:-.}/tests/serve/server

dir=$(mktemp -d) || exit 99
pids=()
cleanup() {
	web_stop
	[ ${#pids[@]} = 0 ] || { kill "${pids[@]}"; wait "${pids[@]}"; } 2>/dev/null
	rm -rf "${dir:?}"
}
trap cleanup EXIT

mkdir "$dir/public" "$dir/named"
for name in collect stats admin; do
	"$server" --listen "$dir/$name.sock" --workers 2 2>>"$dir/log" &
	pids+=($!)
	"$server" --listen "$dir/named/$name.sock" --name $name 2>>"$dir/log" &
	pids+=($!)
done
echo 'p{}' >"$dir/public/admin.css"
echo 'footfall();' >"$dir/public/footfall.js"
echo 'plausible();' >"$dir/public/script.js"
export WEB_PUBLIC=$dir/public/
for name in collect stats admin; do
	wait_for 5 test -S "$dir/$name.sock"
	wait_for 5 test -S "$dir/named/$name.sock"
done
is "the socket is for owner and group alone" "$(stat -c %a "$dir/stats.sock")" 660
ok "a second server does not take a live socket" test "$("$server" --listen "$dir/stats.sock" 2>/dev/null; echo $?)" = 1

bytes() { head -c "$1" /dev/zero | tr '\0' x; }

# Speaks HTTP itself, where curl would not. The rest of the request comes on standard input.
raw() { # SECONDS
	(exec 3<>"/dev/tcp/127.0.0.1/$WEB_PORT" && cat >&3 && timeout "$1" cat <&3)
}

# 100 clients that never end their head and 80 that never end their body: do the others notice?
slow_clients() { # NAME
	local fds=() fd i took
	for ((i = 0; i < 180; i++)); do
		exec {fd}<>"/dev/tcp/127.0.0.1/$WEB_PORT" || break
		fds+=("$fd")
		if ((i < 100)); then
			printf 'GET /api/hello HTTP/1.1\r\nHost: x\r\nX-Slow' >&"$fd"
		else
			printf 'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n\r\nx' >&"$fd"
		fi
	done
	is "$1 180 slow clients are let in" ${#fds[@]} 180
	took=$(web_curl /api/hello -o /dev/null -w '%{http_code} %{time_total}')
	like "$1 and keep nobody waiting ($took s)" "$took" '^200 0\.[0-4]'
	for fd in "${fds[@]}"; do exec {fd}>&-; done
}

# Whoever embeds the tracker under any of the names that pages may have of it gets the same bytes.
check_scripts() { # NAME
	local as=$1 head path
	for path in /script.js /js/script.js /js/plausible.js /js/script.hash.outbound-links.js /js/script.pageview-props.js \
	    /js/plausible.file-downloads.js '/js/script.js?v=3' /js/pa-AbC_12-x.js; do
		is "$as $path" "$(web_curl "$path")" 'plausible();'
	done
	is "$as the tracker" "$(web_curl /footfall/footfall.js)" 'footfall();'
	is "$as other scripts are not here" "$(web_status /js/other.js)" 404
	is "$as nor anything beside them" "$(web_status /js/script..%2Fadmin.css)" 404
	for path in /footfall/footfall.js /js/script.js; do
		head=$(web_curl $path -I | tr -d '\r')
		like "$as $path may be loaded by any page" "$head" '^Access-Control-Allow-Origin: \*'
		like "$as $path is a script" "$head" '^Content-Type: text/javascript; charset=utf-8'
		like "$as $path is kept for a day" "$head" '^Cache-Control: public, max-age=86400'
		is "$as $path is not sent again" \
			"$(web_status $path -H "If-None-Match: $(sed -n 's/^ETag: //p' <<<"$head")")" 304
	done
	like "$as styles are kept for an hour" "$(web_curl /footfall/admin.css -I)" '^Cache-Control: public, max-age=3600'
}

# Which program gets which path.
check_paths() { # NAME
	local as="$1:" path
	for path in api/event api/events api/view/video/1 api/track/page-view api/analytics/view/1 api/sessions/track-interaction \
	    api/performance/track api/opt-out api/send api/batch api/v0/count count matomo.php piwik.php pixel.gif opt-out; do
		is "$as /$path is the collector's" "$(web_curl "/$path?x=/admin")" collect
	done
	for path in api/health api/eventful api/v2/query api/content/counts public/a/total.svg public/a/video/%2Fx.json \
	    counter/TOTAL.json counter/%2Fa%2Fb.html counter//a/b.json; do
		is "$as /$path is of the figures" "$(web_curl "/$path")" stats
	done
	is "$as /admin is the pages'" "$(web_curl /admin/x)" admin
	is "$as nobody gets anything else" "$(web_status /counter)$(web_status /js/x.php)" 404404
}

check_server() { # NAME
	local as="$1:" head
	is "$as GET" "$(web_curl /api/hello)" '{"hello":"world"}'
	head=$(web_curl /api/hello -I | tr -d '\r')
	like "$as HEAD has the length" "$head" '^Content-Length: 17'
	like "$as nosniff" "$head" '^X-Content-Type-Options: nosniff'
	like "$as nothing may be loaded" "$head" "^Content-Security-Policy: default-src 'none'"
	is "$as a known ETag is 304" \
		"$(web_status /api/hello -H "If-None-Match: $(sed -n 's/^ETag: //p' <<<"$head")")" 304
	is "$as 204" "$(web_status /api/nothing)" 204
	is "$as 404 of an unknown path" "$(web_status /api/unknown)" 404
	is "$as 405" "$(web_status /api/hello -X DELETE)" 405
	like "$as Allow" "$(web_curl /api/hello -X DELETE -i)" '^Allow: GET, HEAD'
	like "$as errors are JSON with the request's id" "$(web_curl /api/unknown)" '"code":"NOT_FOUND","request_id":"[0-9a-f]{16}"'
	for n in 0 1 1000; do
		is "$as a body of $n bytes comes back" "$(bytes $n | web_curl /api/echo --data-binary @- | wc -c)" $n
		is "$as a body of $n bytes comes back over a kept connection" \
			"$(bytes $n | web_curl /api/event --data-binary @- | wc -c)" $n
	done
	is "$as one byte more is 413" "$(bytes 1001 | web_status /api/echo --data-binary @-)" 413
	is "$as one byte more is 413 over a kept connection" "$(bytes 1001 | web_status /api/event --data-binary @-)" 413
	is "$as 900 KB are 413 of ours" "$(bytes 900000 | web_curl /api/echo --data-binary @- | grep -c TOO_LARGE)" 1
	is "$as over 1 MB the web server says so" "$(bytes 2000000 | web_status /api/echo --data-binary @-)" 413
	is "$as gzip is 415" "$(web_status /api/echo -H 'Content-Encoding: gzip' -d x)" 415
	is "$as chunked is read whole" "$(bytes 700 | web_curl /api/echo -H 'Transfer-Encoding: chunked' --data-binary @- | wc -c)" 700
	like "$as after all that a kept connection is clean" "$(bytes 5 | web_curl /api/event --data-binary @-)" '^xxxxx$'
	unlike "$as a body shorter than it says gets no answer that looks good" \
		"$(printf 'POST /api/echo HTTP/1.1\r\nHost: x\r\nContent-Length: 50\r\n\r\nabc' | raw 2)" '^HTTP/1.1 200'
	is "$as three megabytes arrive whole" "$(web_curl '/api/large?lines=50000' | wc -c)" 3200000
	is "$as too large an answer is a 500" "$(web_status '/api/large?lines=200000')" 500
	like "$as an encoded slash stays inside its segment" "$(web_curl /api/show/a%2Fb/c/d)" '"first":"a/b","rest":"c/d"'
	like "$as the query is not decoded twice" "$(web_curl '/api/show/a/b?x=%2541&y=1+2')" '"query":"x=%2541&y=1\+2"|"query":"x=%2541\\u0026y=1\+2"'
	like "$as UTF-8 in the path" "$(web_curl /api/show/a/%C3%BC)" '"rest":"ü"'
	is "$as a control character in the path is 400" "$(web_status /api/show/a/%01)" 400
	is "$as bytes that are no UTF-8 are 400" "$(web_status /api/show/a/%FF)" 400
	like "$as a forged header line is refused" "$(web_status '/api/forge?x=a%0d%0aSet-Cookie:%20b=c')" '^(400|500)$'
	like "$as the peer is told" "$(web_curl /api/show/a/b)" '"peer":"127.0.0.1"'
	like "$as X-Forwarded-For comes as it was sent" "$(web_curl /api/show/a/b -H 'X-Forwarded-For: 192.0.2.7')" '"forwarded":"192.0.2.7"'
	like "$as its underscore twin is dropped, or makes both untrusted" \
		"$(web_curl /api/show/a/b -H 'X_Forwarded_For: 192.0.2.9' -H 'X-Forwarded-For: 192.0.2.7')" '"forwarded":"(192.0.2.7)?"'
	is "$as static files" "$(web_curl /footfall/admin.css)" 'p{}'
	check_scripts "$as"
	is "$as the admin program answers below /admin" "$(web_status /admin)" 200
	is "$as nothing else is here" "$(web_status /other)" 404
	slow_clients "$as"
	unlike "$as no address in the access log" "$(sleep 0.3; cat "$WEB_DIR"/footfall.log)" '127\.0\.0\.1|192\.0\.2'
}

for name in nginx lighttpd; do
	if ! web_program $name >/dev/null; then
		skip "behind $name" "no $name here"
		continue
	fi
	web_start $name "$dir" || { ok "$name starts" false; continue; }
	check_server $name
	web_stop
	web_start $name "$dir/named" || { ok "$name starts again" false; continue; }
	check_paths $name
	web_stop
done

is "nobody died" "$(grep -c 'was killed\|ended with' "$dir/log")" 0
finish
