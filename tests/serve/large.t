#!/bin/bash
# Bodies of all lengths on their way to the collector, behind nginx and lighttpd with the shipped files and as plain CGI:
# batches up to the limit are taken, everything beyond is refused, and no memory stays behind.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/collect.sh"
. "${FF_SRCDIR:-.}/tests/lib/web.sh"
trap 'web_stop; collect_clean' EXIT

agent='Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0'
mib=1048576

# BYTES: a batch of 500 events in so many bytes; white space fills it up.
batch() {
	python3 - "$1" <<-'PY'
	import sys
	size, events = int(sys.argv[1]), []
	for i in range(500):
	    events.append('{"n":"pageview","u":"https://example.com/p%d","d":"example.com","p":{"text":"%s"}}' % (i, "x" * 1500))
	body = '{"events":[' + ",\n".join(events) + "]}"
	sys.stdout.write(body + " " * (size - len(body)))
	PY
}

# BYTES: an event in so many bytes.
event() {
	local text='{"n":"pageview","u":"https://example.com/","d":"example.com"}'
	printf '%s%*s' "$text" $(($1 - ${#text})) ''
}

post() { # PATH FILE OPTIONS... -> status
	local path=$1 file=$2
	shift 2
	web_curl "$path" -A "$agent" -H 'Expect:' --data-binary "@$file" "$@" -o /dev/null -w '%{http_code} %{time_total}\n' |
		tee -a "$DIR/times" | cut -d' ' -f1
}
slowest_refusal() { awk '$1 >= 400 && $1 < 500 && $2 > most { most = $2 } END { print int(most * 1000) }' "$DIR/times"; }
accepted() { jq -r '[.results[] | select(.status == "accepted")] | length' 2>/dev/null; }

# Speaks HTTP itself, where curl would not: the answer's status.
raw() { # REQUEST [SECONDS]
	timeout "${2:-5}" bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0"; printf "%b" "$1" >&3; head -n 1 <&3' "$WEB_PORT" "$1" 2>/dev/null | cut -d' ' -f2
}

make_bodies() {
	event 61 >"$DIR/least"
	event 8192 >"$DIR/limit"
	event 8193 >"$DIR/above"
	batch $mib >"$DIR/batch"
	batch $((mib + 1)) >"$DIR/batch.above"
	head -c 1 /dev/zero | tr '\0' x >"$DIR/one"
	head -c 1000000 /dev/zero | tr '\0' x >"$DIR/megabyte"
	: >"$DIR/empty"
}

# Every class of endpoint against every length.
check_lengths() { # NAME
	local as=$1 path want file kept
	kept=$(spool_count)
	while read -r path file want; do
		like "$as $path: $file is $want" "$(post "$path" "$DIR/$file")" "^($want)$"
	done <<-'TABLE'
		/api/event            empty        400
		/api/event            one          400
		/api/event            above        413
		/api/event            megabyte     413
		/api/event            batch.above  413
		/api/track/page-view  empty        400
		/api/track/page-view  one          400
		/api/track/page-view  above        413
		/api/track/page-view  megabyte     413
		/api/view/video/1     one          400
		/api/view/video/1     above        413
		/api/view/video/1     megabyte     413
		/api/events           empty        400
		/api/events           one          400
		/api/events           megabyte     400
		/api/events           batch.above  413
		/pixel.gif            megabyte     405
		/api/health/nothing   megabyte     404|502|503
	TABLE
	for path in /api/event /api/events /api/view/video/1 /api/track/page-view; do
		is "$as $path: gzip" "$(post "$path" "$DIR/one" -H 'Content-Encoding: gzip')" 415
		is "$as $path: a megabyte in chunks" "$(post "$path" "$DIR/megabyte" -H 'Transfer-Encoding: chunked')" \
			"$([ $path = /api/events ] && echo 400 || echo 413)"
		is "$as $path: a length that is no number" "$(raw "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: 5x\r\n\r\nhello")" 400
		is "$as $path: less is said than comes" "$(raw "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\n{\"n\":1}")" 400
		unlike "$as $path: more is said than comes" \
			"$(raw "POST $path HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\nConnection: close\r\n\r\n{}" 0.5)" '^[23]'
	done
	echo "# $as the slowest refusal took $(slowest_refusal) ms"
	is "$as nothing of all that was recorded" "$(spool_count)" "$kept"
	is "$as the least event" "$(post /api/event "$DIR/least")" 202
	is "$as the longest event" "$(post /api/event "$DIR/limit")" 202
	is "$as the longest event in chunks" "$(post /api/event "$DIR/limit" -H 'Transfer-Encoding: chunked')" 202
	is "$as they were recorded" "$(spool_count)" $((kept + 3))
	ok "$as memory stayed flat ($(collect_resident) KB)" collect_small
}

check_batches() { # NAME
	local as=$1 kept n i pids=()
	kept=$(spool_count)
	is "$as a batch of exactly a MiB is accepted whole" \
		"$(web_curl /api/events -A "$agent" --data-binary "@$DIR/batch" | accepted)" 500
	is "$as and in chunks" \
		"$(web_curl /api/events -A "$agent" -H 'Transfer-Encoding: chunked' --data-binary "@$DIR/batch" | accepted)" 500
	is "$as and dripping in over seconds" \
		"$(web_curl /api/events -A "$agent" --limit-rate 500k --data-binary "@$DIR/batch" | accepted)" 500
	is "$as all of their records are there" "$(spool_count)" $((kept + 1500))
	is "$as one byte more is refused" "$(post /api/events "$DIR/batch.above")" 413
	kept=$(spool_count)

	for i in $(seq 40); do
		post /api/events "$DIR/batch" >"$DIR/status.$i" &
		pids+=($!)
	done
	for i in $(seq 10); do # who goes away half-way
		web_curl /api/events -A "$agent" --limit-rate 300k --max-time 1 --data-binary "@$DIR/batch" >/dev/null &
		pids+=($!)
	done
	wait "${pids[@]}"
	n=$(cat "$DIR"/status.* | grep -o 202 | wc -l)
	is "$as of 40 batches at once, each is taken or told to come again" \
		"$(for i in $(seq 40); do cat "$DIR/status.$i"; done | grep -c '^202$\|^503$')" 40
	ok "$as most are taken ($n)" test "$n" -ge 20
	is "$as and just their records are there" "$(spool_count)" $((kept + n * 500))
	ok "$as all memory is given back ($(collect_resident) KB)" wait_for 5 collect_small
	is "$as single events go on" "$(post /api/event "$DIR/least")" 202
}

behind() { # NAME
	local server=$1
	web_program "$server" >/dev/null || { skip "behind $server" "$server is not here"; return; }
	collect_setup "example.com" || return 1
	sed -i '/segment_size/d' "$DIR/footfall.conf"
	collect_start && WEB_EDIT='/limit_conn /d' web_start "$server" "$DIR/run" || { tap_line 1 "$server and collector start"; return; }
	make_bodies
	check_lengths "$server:"
	check_batches "$server:"
	web_stop
	collect_stop
	is "$server: the collector ends well" "$COLLECT_RC" 0
	collect_clean
}

plain_cgi() {
	collect_setup "example.com" || return 1
	make_bodies
	is "CGI: a batch of exactly a MiB is accepted whole" \
		"$(collect_cgi POST /api/events <"$DIR/batch" | sed '1,/^\r*$/d' | accepted)" 500
	is "CGI: all of its records are there" "$(spool_count)" 500
	is "CGI: in one segment" "$(find "$DIR/state/spool" -name '*.seg' | wc -l)" 1
	like "CGI: one byte more is refused" "$(collect_cgi POST /api/events <"$DIR/batch.above")" '^Status: 413'
	like "CGI: the longest event" "$(collect_cgi POST /api/event <"$DIR/limit")" '^Status: 202'
	like "CGI: one byte more is refused, too" "$(collect_cgi POST /api/event <"$DIR/above")" '^Status: 413'
	collect_clean
}

behind nginx
behind lighttpd
plain_cgi
finish
