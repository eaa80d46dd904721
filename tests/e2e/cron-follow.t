#!/bin/bash
# footfall-cron follow lives through a database that is away, comes back, and goes again.
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
follower= living=
cleanup() {
	trap - EXIT
	[ -z "$follower" ] || kill -KILL "$follower" 2> /dev/null
	[ -z "$living" ] || kill -KILL "$living" 2> /dev/null
	pg_stop
	[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"
}
trap cleanup EXIT
trap 'exit 1' INT TERM HUP
pg_start || { echo "Bail out! no cluster"; exit 1; }
cron_setup
well="SELECT last_ok_at IS NOT NULL FROM task WHERE task = 'drain'"
forget() { q "UPDATE task SET last_ok_at = NULL WHERE task = 'drain'"; }

pg_immediate_stop
"$FF_BUILDDIR/footfall-cron" follow 2>> "$log" &
follower=$!
ok "it starts without a database, and makes salts all the same" wait_for 10 test -s "$run/salts"
pg_restart
ok "when the database comes, the tasks run" \
	wait_for 10 says "SELECT count(*) >= 5 AND min(failures) = 0 FROM task WHERE task <> 'salts' AND failures = 0" t

q "INSERT INTO site (domain, name, secret) VALUES ('drained.example', 'Drained', sha256('x'))"
put() { "$FF_BUILDDIR/tests/room/spool_put" "$state/spool" 1 "$1"; }
put 1 && wait_for 10 says 'SELECT count(*) FROM event' 1
late=0
for n in 2 3 4; do
	begun=$(date +%s%N)
	put 1 && wait_for 10 says 'SELECT count(*) FROM event' $n
	ms=$((($(date +%s%N) - begun) / 1000000))
	[ $ms -lt 2500 ] || late=1
	echo "# in the database after $ms ms"
done
is "what arrives in the spool is in the database within seconds" $late 0
put 500
ok "many are as well" wait_for 10 says 'SELECT count(*), count(DISTINCT event_id) FROM event' "504|504"
is "and they are in the figures" "$(q 'SELECT pageviews FROM rollup_day WHERE dim = 0')" 504

pg_immediate_stop
put 100
sleep 2.2
ok "it survives a crash of the database" kill -0 $follower
is "that it is away is said once, not at each round" "$(grep -c 'cannot connect' "$log")" 2
pg_restart
forget
ok "it goes on by itself when the database is back" wait_for 15 says "$well" t
ok "what was spooled meanwhile is drained, once" wait_for 10 says 'SELECT count(*), count(DISTINCT event_id) FROM event' "604|604"

q "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'footfall-cron'" > /dev/null
q "INSERT INTO site (domain, name, secret) VALUES ('example.org', 'Example', sha256('x'))"
ok "it goes on when its connection was cut, and sees a new site within seconds" \
	wait_for 10 grep -q example.org "$state/sites.snapshot"

q "ALTER TABLE site RENAME TO hidden"
ok "a task that fails is noted" wait_for 15 says "SELECT failures > 0 FROM task WHERE task = 'snapshot'" t
forget
ok "the others go on meanwhile" wait_for 15 says "$well" t
q "ALTER TABLE hidden RENAME TO site"
ok "it recovers when the cause is gone" wait_for 30 says "SELECT failures FROM task WHERE task = 'snapshot'" 0

# An import whose writer lives on, with an open segment that holds records drained long ago: as a collector has.
lines() { # FROM N
	awk -v from="$1" -v n="$2" -v day="$(LC_ALL=C date -u +%d/%b/%Y)" 'BEGIN { for (i = 0; i < n; i++)
		printf "192.0.2.7 - - [%s:00:00:00 +0000] \"GET /p%d HTTP/1.1\" 200 9 \"-\" \"Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0\"\n", day, from + i }'
}
mkfifo "$cron_dir/pipe"
"$FF_BUILDDIR/footfall" import access-log - --site example.org --no-wait < "$cron_dir/pipe" > /dev/null 2>> "$log" &
living=$!
exec 9> "$cron_dir/pipe"
lines 0 10000 >&9
wait_for 20 says "SELECT count(*) > 1000 FROM event JOIN site USING (site_id) WHERE domain = 'example.org'" t
begun=$(date +%s)
lines 20000 3 | "$FF_BUILDDIR/footfall" import access-log - --site example.org > "$cron_dir/out" 2>> "$log"
is "an import beside the follower and a living writer ends well" $? 0
ok "and soon" test $(($(date +%s) - begun)) -lt 15
is "its lines are in the database by then" "$(q "SELECT count(*) FROM event JOIN label l ON l.site_id = event.site_id AND l.label_id = event.path
	WHERE l.value LIKE '/p2000_'")" 3
like "the doctor knows that nothing is left to drain" "$("$FF_BUILDDIR/footfall" doctor)" "spool +[0-9]+ segments, 0 kB to drain"
exec 9>&-
wait $living
living=

kill -TERM $follower
wait $follower
is "SIGTERM ends it with 0" $? 0
follower=
is "no connection is left" "$(q "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'footfall-cron'")" 0
finish
