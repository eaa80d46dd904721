#!/bin/bash
# What each task does, seen from outside: footfall-cron run against a real database.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
trap 'rm -rf "$cron_dir"' EXIT
clear_of_midnight
daily="relname ~ '^(event|visit)_[0-9]{8}$'"

ok "run with everything due succeeds" cron run
all=$(cron list | awk '/^[a-z]/ { print $1 }' | sort -u | tr '\n' ' ')
is "each task is known to have gone well" \
	"$(q "SELECT string_agg(task, ' ' ORDER BY task) || ' ' FROM task WHERE last_ok_at IS NOT NULL AND failures = 0")" "$all"
is "events and visits have tables from yesterday to 14 days ahead" \
	"$(q "SELECT count(*) FROM pg_class WHERE $daily AND to_date(right(relname, 8), 'YYYYMMDD')
		BETWEEN (now() AT TIME ZONE 'UTC')::date - 1 AND (now() AT TIME ZONE 'UTC')::date + 14")" 32
seen=$(q "SELECT last_ok_at FROM task WHERE task = 'partitions'")
cron run
is "what was done is not due again at once" "$(q "SELECT last_ok_at FROM task WHERE task = 'partitions'")" "$seen"

# salts
is "salts are for their owner alone" "$(stat -c %a "$run/salts")" 600
is "there are salts for today and three days ahead" \
	"$(grep -c -E '^[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9a-f]{64}$' "$run/salts")" 4
before=$(sha256sum < "$run/salts")
cron run salts
is "salts stay as they are through the day" "$(sha256sum < "$run/salts")" "$before"

# snapshot
inode() { stat -c %i "$state/sites.snapshot"; }
old=$(inode)
q "INSERT INTO site (domain, name, secret) VALUES ('example.org', 'Example', sha256('x'))"
cron run snapshot
ok "a new site is in the snapshot" grep -q example.org "$state/sites.snapshot"
ok "a changed snapshot is a new file" [ "$(inode)" != "$old" ]
old=$(inode)
cron run snapshot
is "an equal snapshot is not put in place of the old one" "$(inode) $(ls "$state" | tr '\n' ' ')" "$old sites.snapshot spool "
q "UPDATE site SET strict = true; INSERT INTO content (site_id, kind, key) VALUES (1, 'book', 'isbn-1')"
cron run snapshot
ok "items of strict sites are in the snapshot" grep -q isbn-1 "$state/sites.snapshot"
old=$(inode)
q "INSERT INTO api_key (token_hash, name, scopes) VALUES (sha256('k'), 'k', 'events:write')"
cron run snapshot
ok "API keys are in the snapshot" grep -q events:write "$state/sites.snapshot"
q "UPDATE api_key SET revoked_at = now()"
cron run snapshot
not_ok_in() { ! grep -q "$1" "$2"; }
ok "revoked ones are not" not_ok_in events:write "$state/sites.snapshot"
is "nobody else reads the secrets in it" "$(stat -c %a "$state/sites.snapshot")" 600

# partitions
day() { q "SELECT to_char((now() AT TIME ZONE 'UTC')::date - $1, '${2:-YYYYMMDD}')"; }
stray="INSERT INTO event SELECT ts::timestamptz, gen_random_uuid(), 0, 0, NULL, NULL, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, NULL, NULL
	FROM unnest(ARRAY"
q "$stray['$(day 4 YYYY-MM-DD) 23:59:59.999999+00', '$(day 4 YYYY-MM-DD) 00:00+00', '$(day 3 YYYY-MM-DD) 00:00+00',
	'2020-02-29 12:00+00']) ts"
is "events of a day without a table go to DEFAULT" "$(q 'SELECT count(*) FROM event_default')" 4
ok "doctor sees rows where none should be" grep -q 'default partitions' <("$FF_BUILDDIR/footfall" doctor)
cron run partitions
is "they are moved to tables of their UTC day, but for those that are too old to be kept" \
	"$(q "SELECT string_agg(t || ' ' || n, ', ' ORDER BY t)
		FROM (SELECT tableoid::regclass::text AS t, count(*) AS n FROM event GROUP BY 1) x")" \
	"event_$(day 4) 2, event_$(day 3) 1, event_default 1"
like "rows in DEFAULT are an alarm in the log" "$(cat "$log")" "error .*2 rows of $(day 4 YYYY-MM-DD) stood in event_default"
like "and in the history" "$(q "SELECT detail FROM task_run WHERE task = 'partitions' ORDER BY run_id DESC LIMIT 1")" \
	"2 rows of $(day 4 YYYY-MM-DD) stood in event_default"
unlike "but not those that are too old" "$(cat "$log")" '2020-02-29 stood'
unlike "nor does doctor mind them" "$("$FF_BUILDDIR/footfall" doctor)" 'default partitions'
q "SELECT footfall_partition_make('2020-02-28'), footfall_partition_make('2020-02-27')" > /dev/null

# retention
q "INSERT INTO login_failure SELECT 'x', now() - n * interval '13 hours' FROM generate_series(0, 3) n;
	INSERT INTO spool_position (segment, off, finished, updated_at) VALUES
		(gen_random_uuid(), 1, true, now() - interval '100 days'), (gen_random_uuid(), 2, true, now() - interval '80 days'),
		(gen_random_uuid(), 3, false, now() - interval '100 days');
	INSERT INTO bad_record (segment, off, received_at, reason, payload, created_at)
		SELECT gen_random_uuid(), 1, now(), 'r', 'p', now() - n * interval '10 days' FROM generate_series(0, 2) n;
	INSERT INTO account (login, password_hash, role) VALUES ('a', 'h', 'admin');
	INSERT INTO admin_session (token_hash, account_id, csrf, seen_at, expires_at)
		SELECT sha256(n::text::bytea), account_id, 'c', now() - n * interval '5 hours', now() + (n - 1) * interval '1 hour'
		FROM account, generate_series(0, 3) n;
	INSERT INTO task_run (task, started_at, finished_at, ok) SELECT 'old', now(), now(), true FROM generate_series(1, 1200)"
ok "retention succeeds" cron run retention
is "raw tables older than retention.raw are dropped" "$(q "SELECT count(*) FROM pg_class WHERE $daily AND relname LIKE '%2020____'
	AND to_date(right(relname, 8), 'YYYYMMDD') < '2021-01-01'")" 0
like "the log says what was dropped" "$(cat "$log")" 'dropped event_20200228 .*visit_20200228'
is "rows in DEFAULT that are older than it are deleted" "$(q 'SELECT count(*) FROM event_default')" 0
like "the history says how many" "$(q "SELECT detail FROM task_run WHERE task = 'retention' ORDER BY run_id DESC LIMIT 1")" \
	'deleted 1 events, 0 visits and 0 windows'
is "old sign-ins, positions, quarantine, sessions and history are forgotten, unfinished segments never" \
	"$(q "SELECT (SELECT count(*) FROM login_failure), (SELECT string_agg(off::text, ' ' ORDER BY off) FROM spool_position),
		(SELECT count(*) FROM bad_record), (SELECT count(*) FROM admin_session),
		(SELECT count(*) FROM task_run WHERE task = 'old')")" \
	"2|2 3|2|1|1000"
is "the tables of these days stay" "$(q "SELECT count(*) FROM pg_class WHERE $daily")" 36
q "$stray['2020-02-29 12:00+00', '2020-03-01 12:00+00']) ts; INSERT INTO day_told VALUES (1, '2020-02-29', now()),
	(1, '2020-03-01', now() - interval '25 hours'), (1, '2020-03-02', now() - interval '50 hours');
	INSERT INTO event_told SELECT 1, gen_random_uuid(), now() - n * interval '20 hours' FROM generate_series(1, 3) n"
cron run retention
is "rows of an old day that came today wait a day for more of it" \
	"$(q "SELECT string_agg((ts AT TIME ZONE 'UTC')::date::text, ' ') FROM event_default")" 2020-02-29
is "what is remembered of old events is forgotten after two days" \
	"$(q "SELECT (SELECT count(*) FROM day_told), (SELECT count(*) FROM event_told)")" "2|2"

# counters: of yesterday, today, 40 days ago, and ahead of their time
clear_of_midnight 14
today="(now() AT TIME ZONE 'Pacific/Kiritimati')::date"
q "UPDATE site SET time_zone = 'Pacific/Kiritimati'; INSERT INTO content_counter
	SELECT 1, n, $today + d, 5, 6, 7 FROM (VALUES (1, -1), (2, 0), (3, -40), (4, 1)) v (n, d)"
cron run counters
is "counters of past local days move to today, others stay" \
	"$(q "SELECT string_agg(content_id || ':' || day - $today || ':' || views_day || ':' || views_total, ' ' ORDER BY content_id)
		FROM content_counter")" \
	"1:0:0:7 2:0:5:7 3:0:0:7 4:1:5:7"
is "a month that is over counts as nothing, this one goes on" \
	"$(q "SELECT string_agg((views_month = CASE WHEN content_id = 3 OR (content_id = 1 AND extract(day FROM $today) = 1)
		THEN 0 ELSE 6 END)::text, ' ') FROM content_counter")" "true true true true"

# failure
rm "$state/sites.snapshot"
mkdir -p "$state/sites.snapshot/in-the-way"
q "UPDATE task SET due_at = now() - interval '1 second'; DELETE FROM task_run"
is "run with a failing task exits with 1" "$(cron_code run)" 1
is "the failed task holds back and says why" \
	"$(q "SELECT failures, due_at > now(), last_error <> '' FROM task WHERE task = 'snapshot'")" "1|t|t"
is "the others went on" \
	"$(q "SELECT count(*) FROM task WHERE last_ok_at > now() - interval '60 seconds' AND failures = 0")" $(($(wc -w <<<"$all") - 1))
is "the failure is in the history" "$(q "SELECT count(*) FROM task_run WHERE task = 'snapshot' AND NOT ok")" 1
like "tasks shows the failure" "$(cron tasks)" 'snapshot .*failed 1 x'
cron run snapshot
is "it waits twice as long the next time" \
	"$(q "SELECT failures, extract(epoch FROM due_at - now())::int IN (3, 4) FROM task WHERE task = 'snapshot'")" "2|t"
rm -r "$state/sites.snapshot"
cron run snapshot
is "success clears the failure" "$(q "SELECT failures, last_error FROM task WHERE task = 'snapshot'")" "0|"

# use
is "an unknown task is a wrong use" "$(cron_code run nonsense)" 2
is "no verb is a wrong use" "$(cron_code)" 2
is "an interval of nothing is a wrong use" "$(cron_code follow --interval 0)" 2
like "--version says which" "$(cron --version)" '^footfall-cron [0-9]'
like "--help names the verbs" "$(cron --help)" follow
printf 'database = host=/nowhere dbname=none\nstate_dir = %s\nrun_dir = %s\n' "$state" "$cron_dir/away" > "$cron_dir/away.conf"
is "run without a database exits with 1" "$(cron_code --conf "$cron_dir/away.conf" run)" 1
ok "but makes salts" [ -s "$cron_dir/away/salts" ]
# A batch that is mostly bad stops the drain until an operator allows it.
q "TRUNCATE bad_record"
"$FF_BUILDDIR/tests/room/spool_put" "$state/spool" 999 30
is "records of no site stop the drain" "$(cron_code run drain)|$(q 'SELECT count(*) FROM bad_record')" "1|0"
ok "which says what would let it go on" grep -q 'drain\.bad' "$log"
is "allowed, they are in quarantine" "$(FOOTFALL_DRAIN_BAD=30 cron_code run drain)|$(q 'SELECT count(*) FROM bad_record')" "0|30"
finish
