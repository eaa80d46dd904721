#!/bin/bash
# Every example of docs/openapi.yaml, asked as it stands there in a small world of four days: question and answer are what their
# schemas describe, and no field more; answers that are shown are those that come. A route without an example fails.
# Events go through collector, spool and drain, tasks run, under a clock of their own, which is the database's too.
. "${FF_SRCDIR:?}/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
build=$(cd "${FF_BUILDDIR:?}" && pwd)
world=$FF_SRCDIR/tests/room/examples.py
dir=$(mktemp -d /tmp/ff-examples.XXXXXX) && chmod 755 "$dir" || exit 99
trap 'pg_stop; rm -rf "${dir:?}"' EXIT
fail() {
	echo "# set-up: $1" >&2
	tail -n 20 "$dir/log" >&2
	exit 99
}

clock_begin "$dir" && chmod 644 "$CLOCK"
days=$(python3 "$world" days)
clock_at "${days%% *} 00:10"
export LD_PRELOAD=${CLOCKED[1]#*=} FF_CLOCK=$CLOCK # the database's clock is that of the programs
pg_start || { unset LD_PRELOAD; exit 99; }
unset LD_PRELOAD
mkdir -p "$dir/state/spool" "$dir/run"
python3 "$FF_SRCDIR/tests/lib/mmdb.py" "$dir/geo.mmdb" $(python3 "$world" places) || exit 99
printf '%s\n' "database = $FF_TEST_DB" "state_dir = $dir/state" "run_dir = $dir/run" "data_dir = $FF_SRCDIR/sql" "agent.regexes =" \
	"geo.database = $dir/geo.mmdb" "spool.segment_size = 1M" "limit.address = off" "limit.site = off" "robots.pace = off" >"$dir/conf"
chmod 600 "$dir/conf"
tool() { "${CLOCKED[@]}" "$build/$1" --conf "$dir/conf" "${@:2}" 2>>"$dir/log"; }
quiet() { tool "$@" >>"$dir/out"; }
q() { pg_psql -At -c "$1"; }

# A public id of our own, for examples that name it.
quiet footfall site add example.com --zone Europe/Berlin --kind video --name Example || fail "site"
q "UPDATE site SET public_id = '0198c0de-0000-7000-8000-00000000000a'"
quiet footfall site set example.com public_counters on || fail "site"
for tag in ask:stats:read manage:content:write export:export:read jobs:jobs:run sites:sites:write record:events:write; do
	keys+="${tag%%:*}=$(tool footfall key add "${tag%%:*}" --scopes "${tag#*:}") "
done
link=$(tool footfall share add example.com "for the board" --days 90)
echo 'correct horse' >"$dir/password" && chmod 600 "$dir/password"
locked=$(tool footfall share add example.com "for the press" --password-file "$dir/password")
write=${keys##*record=}
for day in $days; do
	clock_at "$day 00:20"
	quiet footfall-cron run || fail "tasks of $day"
	clock_at "$day $([ "$day" = "${days##* }" ] && echo 15:20 || echo 23:00)"
	python3 "$world" events "$day" >"$dir/body"
	"${CLOCKED[@]}" REQUEST_METHOD=POST REQUEST_URI=/api/events CONTENT_TYPE=application/json "CONTENT_LENGTH=$(stat -c %s "$dir/body")" \
	    REMOTE_ADDR=127.0.0.1 "HTTP_AUTHORIZATION=Bearer ${write% }" "$build/footfall-collect.fcgi" --conf "$dir/conf" <"$dir/body" \
	    >"$dir/answer" 2>>"$dir/log"
	grep -q '"accepted"' "$dir/answer" && ! grep -Eq '"(dropped|invalid)"' "$dir/answer" || { cat "$dir/answer" >&2; fail "events of $day"; }
done
for task in drain counters trending together watched; do quiet footfall-cron run $task || fail "$task"; done

"$build/tests/room/print_routes" >"$dir/routes"
export FF_EXAMPLES_CONF=$dir/conf FF_EXAMPLES_LOG=$dir/log FF_EXAMPLES_KEYS="$keys share=$link" FF_EXAMPLES_WORDS="ffs_your-link=$link ffs_your-locked-link=$locked"
FF_EXAMPLES_CLOCK=${CLOCKED[1]#*=} python3 "$world" run "$build/tests/lib/yamljson" "$FF_SRCDIR/docs/openapi.yaml" "$dir/routes" ${FF_SHOW:+--show}
rc=$?
ledger() { "$build/tests/lib/ledgerdump" "$dir/state/ledger" "$1"; }
[ "$(ledger received)" = "$(ledger stored)" ] || { echo "# the collector did not store all examples" >&2; rc=1; }
quiet footfall-cron run drain || rc=1
[ "$(q 'SELECT count(*) FROM bad_record')" = 0 ] || { echo "# what the collector took is bad" >&2; rc=1; }
grep -E 'Sanitizer|runtime error|ERROR|INTERNAL' "$dir/log" && rc=1
exit $rc
