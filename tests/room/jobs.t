#!/bin/bash
# Tasks over HTTP: signed requests and keys, replays, asking for a run and hearing how it went; and that two hosts never run
# one task at once, whatever dies.
if [ -z "${FF_TEST_DB:-}" ]; then exec "$FF_SRCDIR/tests/lib/pg.sh" run "$0"; fi
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
cron_setup
pids=()
cleanup() {
	local p
	for p in "${pids[@]}"; do kill -KILL "$p" 2>/dev/null; done
	rm -rf "${cron_dir:?}"
}
trap cleanup EXIT
other=$cron_dir/other.conf
sed "s|^state_dir = .*|state_dir = $cron_dir/other|" "$cron_dir/footfall.conf" >"$other"
chmod 640 "$other"

cgi() { # METHOD TARGET BODY [NAME=VALUE...]
	local method=$1 target=$2 body=$3
	shift 3
	printf '%s' "$body" | env -i FOOTFALL_STATS_CACHE=0 "REQUEST_METHOD=$method" "REQUEST_URI=$target" "CONTENT_LENGTH=${#body}" "$@" \
		"$FF_BUILDDIR/footfall-stats.fcgi" --conf "$FOOTFALL_CONF" 2>>"$log"
}
signed() { # METHOD TARGET BODY [sign.py's options]
	local headers
	mapfile -t headers < <(python3 "$FF_SRCDIR/tests/lib/sign.py" "${SECRET:-$secret}" "$1" "$2" "$3" "${@:4}")
	cgi "$1" "$2" "$3" "${headers[@]}"
}
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
body() { sed '1,/^\r$/d'; }
field() { body | python3 -c 'import json, sys
v = json.load(sys.stdin)
for k in sys.argv[1].split("."): v = v[int(k)] if isinstance(v, list) else v[k]
print(json.dumps(v) if isinstance(v, (bool, dict, list)) or v is None else v)' "$1"; }
ask() { # TASK: signed, never a repetition
	signed POST "/api/jobs/$1" "" --nonce "n$BASHPID.$(date +%N)"
}

# ---- who may ----
SECRET=x
is "without a secret on the server nothing can be signed" "$(signed POST /api/jobs/counters '' | code)" 401
SECRET=
secret=$("$FF_BUILDDIR/footfall" job secret)
like "footfall job secret makes one" "$secret" '^[0-9a-f]{64}$'
is "for its owner alone" "$(stat -c %a "$state/jobs.secret")" 600
is "and keeps it" "$("$FF_BUILDDIR/footfall" job secret)" "$secret"
is "before footfall-cron has run no task is known" "$(ask counters | code)" 404
cron run
is "a signed request is taken" "$(signed POST /api/jobs/counters '' | code)" 202
now=$(date +%s)
is "with another second, or a nonce, once more" "$(signed POST /api/jobs/counters '' --nonce a --at "$now" | code) $(signed POST /api/jobs/counters '' --nonce b --at "$now" | code)" "202 202"
is "the same one is not taken twice" "$(signed POST /api/jobs/counters '' --nonce a --at "$now" | code)" 409
is "a body is signed with it" "$(signed POST /api/jobs/counters '{"why":"deploy"}' --at "$now" | code)" 202
changed() { # the signature of another METHOD TARGET BODY
	local headers
	mapfile -t headers < <(python3 "$FF_SRCDIR/tests/lib/sign.py" "$secret" "$4" "$5" "$6" --nonce "c$RANDOM$RANDOM")
	cgi "$1" "$2" "$3" "${headers[@]}" | code
}
is "changed bodies, paths, queries and methods are refused" "$(changed POST /api/jobs/counters x POST /api/jobs/counters y) $(
	changed POST /api/jobs/counters '' POST /api/jobs/retention '') $(changed POST '/api/jobs/counters?a' '' POST /api/jobs/counters '') $(
	changed GET /api/jobs/counters '' POST /api/jobs/counters '')" "401 401 401 401"
is "a clock more than five minutes off is refused, less is not" "$(signed POST /api/jobs/counters '' --at $((now - 310)) | code) $(
	signed POST /api/jobs/counters '' --at $((now + 310)) | code) $(signed POST /api/jobs/counters '' --at $((now - 280)) | code) $(
	signed POST /api/jobs/counters '' --at $((now + 280)) | code)" "401 401 202 202"
is "nonsense is refused" "$(cgi POST /api/jobs/counters '' HTTP_X_FOOTFALL_SIGNATURE=v1=00 HTTP_X_FOOTFALL_TIMESTAMP=x | code) $(
	cgi POST /api/jobs/counters '' HTTP_X_FOOTFALL_SIGNATURE=sha256=00 "HTTP_X_FOOTFALL_TIMESTAMP=$now" | code) $(
	signed POST /api/jobs/counters '' --nonce "$(printf '%065d' 0)" | code) $(cgi POST /api/jobs/counters '' | code)" "401 401 401 401"
SECRET=0000000000000000000000000000000000000000000000000000000000000000
is "another secret is refused" "$(signed POST /api/jobs/counters '' | code)" 401
SECRET=
is "an unknown task is 404" "$(ask nonsense | code)" 404
chmod 644 "$state/jobs.secret"
is "a secret that others can read is none" "$(ask counters | code)" 401
chmod 600 "$state/jobs.secret"
is "a signature is no key for other endpoints" "$(signed GET /api/content/item/1 '' | code)" 401
q "INSERT INTO signature_seen VALUES (sha256('old'), now() - interval '11 minutes'), (sha256('new'), now() - interval '9 minutes')"
ask counters >/dev/null
is "signatures are forgotten when their time is over" "$(q "SELECT count(*) FROM signature_seen WHERE signature IN (sha256('old'), sha256('new'))")" 1
q "INSERT INTO site (domain, name, secret) VALUES ('example.org', 'Example', sha256('x'))"
key=$("$FF_BUILDDIR/footfall" key add deploy --scopes jobs:run)
of_site=$("$FF_BUILDDIR/footfall" key add deploy --scopes jobs:run --site example.org)
reader=$("$FF_BUILDDIR/footfall" key add reader)
is "a key with jobs:run may ask, one without or of one site may not" "$(for k in $key $reader $of_site; do
	cgi POST /api/jobs/counters '' "HTTP_AUTHORIZATION=Bearer $k" | code; done | tr '\n' ' ')" "202 403 403 "
# Replays at several workers at once: one of them is the first.
"$FF_BUILDDIR/footfall-stats.fcgi" --listen "$cron_dir/stats.sock" 2>>"$log" &
pids+=($!)
wait_for 10 test -S "$cron_dir/stats.sock"
is "of twenty equal requests at once, over two workers, one is taken" "$(python3 - "$FF_SRCDIR" "$cron_dir/stats.sock" "$secret" <<'END'
import collections, subprocess, sys, threading
sys.path.insert(0, sys.argv[1] + "/tests/lib")
import fcgi
lines = subprocess.run([sys.executable, sys.argv[1] + "/tests/lib/sign.py", sys.argv[3], "POST", "/api/jobs/salts", "", "--nonce", "crowd"],
                       check=True, stdout=subprocess.PIPE).stdout.decode().split("\n")[:-1]
env = dict(l.split("=", 1) for l in lines)
env.update(REQUEST_METHOD="POST", REQUEST_URI="/api/jobs/salts", CONTENT_LENGTH="0")
got = collections.Counter()
def one():
    got[fcgi.Program(sys.argv[2], keep=False).ask(env)[0]] += 1
threads = [threading.Thread(target=one) for _ in range(20)]
[t.start() for t in threads], [t.join() for t in threads]
print(dict(sorted(got.items())))
END
)" "{202: 1, 409: 19}"

# ---- what comes of it ----
cron run
q "DELETE FROM task_ask; DELETE FROM task_run"
answer=$(ask counters)
run_id=$(field run.run <<<"$answer")
is "an ask waits" "$(field run.state <<<"$answer") $(field joined <<<"$answer") $(field state < <(signed GET /api/jobs/counters ''))" "waiting false waiting"
is "and says where to look" "$(field poll <<<"$answer") $(grep -i '^location' <<<"$answer" | tr -d '\r')" \
	"/api/jobs/counters?run=$run_id Location: /api/jobs/counters?run=$run_id"
answer=$(ask counters)
is "who asks meanwhile joins" "$(field run.run <<<"$answer") $(field joined <<<"$answer")" "$run_id true"
is "a task that is not due is due when asked for" "$(q "SELECT due_at > now() FROM task WHERE task = 'counters'") $(cron_code run)" "t 0"
answer=$(cgi GET "/api/jobs/counters?run=$run_id" '' "HTTP_AUTHORIZATION=Bearer $key")
is "how it went can be asked" "$(field run.state <<<"$answer") $(field state <<<"$answer") $(field runs.0.ok <<<"$answer")" "ok idle true"
like "with what was done" "$(field run.detail <<<"$answer")" 'counters were moved'
is "an ask that is nobody's is 404" "$(cgi GET "/api/jobs/counters?run=999999" '' "HTTP_AUTHORIZATION=Bearer $key" | code)" 404
is "all tasks can be listed" "$(signed GET /api/jobs '' --nonce list | body | python3 -c 'import json, sys
print(" ".join(j["task"] for j in json.load(sys.stdin)["jobs"]))')" "$("$FF_BUILDDIR/footfall-cron" list | awk '/^[a-z]/ { print $1 }' | sort | tr '\n' ' ' | sed 's/ $//')"
is "who asked is in the audit" "$(q "SELECT DISTINCT actor FROM audit WHERE action = 'job.ask' AND actor = 'signed request'")" "signed request"
"$FF_BUILDDIR/footfall-cron" follow 2>>"$log" &
follower=$!
pids+=($follower)
wait_for 10 says "SELECT count(*) > 0 FROM task WHERE task = 'drain' AND last_ok_at > now() - interval '5 seconds'" t
begun=$(date +%s%N)
run_id=$(ask retention | field run.run)
done_with() { [ "$(cgi GET "/api/jobs/$1?run=$2" '' "HTTP_AUTHORIZATION=Bearer $key" | field run.state)" = "$3" ]; }
ok "a follower takes it up" wait_for 10 done_with retention "$run_id" ok
ok "soon" test $((($(date +%s%N) - begun) / 1000000)) -lt 5000

# ---- two hosts ----
# A table that is locked makes the task slow: it waits up to ten seconds.
hold() {
	psql -X -q -c "BEGIN; LOCK TABLE content_counter IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep($1)" >/dev/null 2>&1 &
	holder=$!
	pids+=($holder)
	wait_for 10 says "SELECT count(*) FROM pg_locks WHERE relation = 'content_counter'::regclass AND mode = 'AccessExclusiveLock'" 1
}
let_go() { q "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE relation = 'content_counter'::regclass AND mode = 'AccessExclusiveLock'
	AND pid <> pg_backend_pid()" >/dev/null; }
running() { q "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database
	WHERE datname = current_database()) AND (classid::bigint << 32 | objid::bigint) = hashtextextended('footfall task counters ', 0)"; }
is_running() { [ "$(running)" = "$1" ]; }
kill -TERM $follower
wait $follower
hold 60
cron run counters &
first=$!
ok "a host runs a slow task" wait_for 10 is_running 1
is "another host does not run it beside, by hand" "$(cron_code --conf "$other" run counters)" 1
q "UPDATE task SET due_at = now() - interval '1 minute' WHERE task = 'counters'"
is "nor as its turn comes" "$(cron_code --conf "$other" run)|$(running)" "0|1"
answer=$(cgi GET /api/jobs/counters '' "HTTP_AUTHORIZATION=Bearer $key")
is "that it runs is seen" "$(field state <<<"$answer")" running
like "and where" "$(field places.0.holder <<<"$answer")" "$state pid [0-9]+"
like "list says so too" "$(cron list)" "counters .*running"
run_id=$(ask counters | field run.run)
is "an ask while it runs waits for the next run" "$(cgi GET "/api/jobs/counters?run=$run_id" '' "HTTP_AUTHORIZATION=Bearer $key" | field run.state)" waiting
let_go
wait $first
is "the slow one ends well" $? 0
is "and has not answered the later ask" "$(q "SELECT count(*) FROM task_ask WHERE ask_id = $run_id AND run_id IS NULL")" 1

# A host dies in the middle of an asked run.
hold 60
cron run &
first=$!
wait_for 10 is_running 1
is "the next round takes it up" "$(q "SELECT started_at IS NOT NULL FROM task_ask WHERE ask_id = $run_id")" t
victim=$(q "SELECT holder FROM task WHERE task = 'counters'")
kill -KILL "${victim##* }"
ok "kill -9 frees the task, though its statement still waits" wait_for 8 is_running 0
wait $first 2>/dev/null
let_go
is "another host takes up the run that was asked for" "$(cron_code --conf "$other" run)" 0
is "and answers it" "$(cgi GET "/api/jobs/counters?run=$run_id" '' "HTTP_AUTHORIZATION=Bearer $key" | field run.state)" ok

# A run that takes too long.
hold 60
begun=$(date +%s)
is "--timeout ends a run" "$(cron_code run counters --timeout 1s)" 1
ok "in time" test $(($(date +%s) - begun)) -lt 5
like "and says why" "$(q "SELECT last_error FROM task WHERE task = 'counters'")" '57014 canceling statement due to statement timeout'
let_go
like "history has it" "$(cron history counters --failed --limit 1)" 'counters .* failed .*57014'
is "history takes no nonsense" "$(cron_code history nonsense) $(cron_code history --limit 0) $(cron_code run --timeout 0)" "2 2 2"
q "UPDATE task_ask SET run_id = NULL, started_at = NULL, asked_at = now() - interval '2 hours' WHERE ask_id = $run_id;
	UPDATE task SET due_at = now() + interval '10 minutes', failures = 0 WHERE task = 'counters'; DELETE FROM task_run"
cron run
is "an ask that nobody took up for an hour has expired" "$(q "SELECT count(*) FROM task_run WHERE task = 'counters'") $(
	cgi GET "/api/jobs/counters?run=$run_id" '' "HTTP_AUTHORIZATION=Bearer $key" | field run.state)" "0 expired"
is "a jittered run waits and succeeds" "$(cron_code run salts --jitter 1s)" 0
finish
