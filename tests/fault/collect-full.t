#!/bin/bash
# R8: the disk is full at any moment: only 503, nothing acknowledged is lost, and it recovers without a restart.
# Short form: 3 cycles on a file system of 24 MB; FF_LONG=1: 100.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
mounted=
load=
clean() {
	[ -z "$load" ] || kill $load 2>/dev/null
	web_stop
	collect_stop KILL
	[ -z "$mounted" ] || umount "$mounted"
	collect_clean
}
. "$FF_SRCDIR/tests/lib/web.sh"
trap clean EXIT

cycles=$([ -n "$FF_LONG" ] && echo 100 || echo 3)
web_program nginx >/dev/null || skip_all "nginx is not here"
[ "$(id -u)" = 0 ] || skip_all "mounting a small file system needs root"
collect_setup "example.com" || exit 1
mkdir "$DIR/small"
mount -t tmpfs -o size=24m tmpfs "$DIR/small" 2>/dev/null || skip_all "tmpfs cannot be mounted here"
mounted=$DIR/small
mkdir "$DIR/small/spool"
ln -s "$DIR/small/spool" "$DIR/state/spool"
collect_start && WEB_EDIT='/limit_conn /d' web_start nginx "$DIR/run" || exit 1
first=$COLLECT_PID

statuses() { sed -n 's/.*refused \([0-9]*\) (503: \([0-9]*\)) failed \([0-9]*\).*/\1 \2 \3/p' "$DIR/load.out"; }
others=0 busy=0 lost=0 acked=0 recovered=0
: >"$DIR/all"
for ((cycle = 1; cycle <= cycles; cycle++)); do
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks.$cycle" --clients 16 --seconds 2 >"$DIR/load.out" &
	load=$!
	sleep "0.$((RANDOM % 6 + 2))"
	head -c 100M /dev/zero >"$DIR/small/ballast" 2>/dev/null # until the disk is full
	wait $load
	load=
	read -r refused b failed <<<"$(statuses)"
	busy=$((busy + b)) others=$((others + refused - b + failed))
	acked=$((acked + $(wc -l <"$DIR/acks.$cycle")))
	rm "$DIR/small/ballast"
	recovered=0
	for _ in $(seq 40); do
		[ "$(web_status /api/event -d '{"n":"pageview","u":"https://example.com/"}')" = 202 ] && recovered=1 && break
		sleep 0.25
	done
	[ $recovered = 1 ] || break
	lost=$((lost + $(sort "$DIR/acks.$cycle" | comm -23 - <(spool_ids | sort) | wc -l)))
	# What a drain would do.
	find "$DIR/small/spool" -name '*.seg' -delete
done
echo "# $acked acknowledged, $busy times 503, $others other failures"
ok "the disk was full at times" test "$busy" -gt 0
is "only 503 was answered" "$others" 0
is "nothing acknowledged is lost" "$lost" 0
is "it takes events again when there is room, $cycles times" "$recovered" 1
ok "without a restart" kill -0 "$first"
finish
