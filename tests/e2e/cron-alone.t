#!/bin/bash
# However many processes run, each task is run by one at a time, and once when it is due.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
holder=
trap '[ -z "$holder" ] || kill $holder; rm -rf "$cron_dir"' EXIT
# Locks are seen for the whole cluster, which other tests may share.
locks="SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted
	AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"

q "INSERT INTO login_failure VALUES ('x', now() - interval '3 days')"
pids=() failed=0
for _ in 1 2 3 4 5; do
	cron run &
	pids+=($!)
done
for p in "${pids[@]}"; do wait "$p" || failed=1; done
is "five at once all succeed" $failed 0
is "what was to be done was done once" \
	"$(q "SELECT max(n), count(*) FILTER (WHERE task IN ('partitions', 'retention', 'salts', 'snapshot'))
		FROM (SELECT task, count(*) AS n FROM task_run GROUP BY task) x")" "1|4"
is "no lock is left" "$(q "$locks")" 0

psql -X -q -c "SELECT pg_advisory_lock(hashtextextended('footfall task retention ', 0)); SELECT pg_sleep(60)" > /dev/null 2>&1 &
holder=$!
ok "somebody holds a task" wait_for 10 says "$locks" 1
is "a task that another process runs is not run beside it" "$(cron_code run retention)" 1
like "and that is said" "$(cat "$log")" 'retention is being run by another process'
q "UPDATE task SET due_at = now(); DELETE FROM task_run; INSERT INTO login_failure VALUES ('x', now() - interval '3 days')"
is "run leaves a task that is taken" "$(cron_code run) $(q "SELECT count(*) FROM task_run WHERE task = 'retention'")" "0 0"
is "and does the others" "$(q "SELECT due_at > now() FROM task WHERE task = 'partitions'")" t

# Another host: its own files, but not the tasks that serve all.
sed "s|$cron_dir|$cron_dir/other|g" "$cron_dir/footfall.conf" > "$cron_dir/other.conf"
chmod 640 "$cron_dir/other.conf"
q "DELETE FROM task_run"
cron --conf "$cron_dir/other.conf" run
is "another place has its own salts and snapshot" \
	"$(q "SELECT string_agg(task, ' ' ORDER BY task) FROM task_run") $(ls "$cron_dir/other/run/salts" "$cron_dir/other/state/sites.snapshot" | wc -l)" \
	"salts snapshot 2"
finish
