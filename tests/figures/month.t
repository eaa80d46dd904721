#!/bin/bash
# A made-up month on seven sites in seven zones: a matrix of questions to the statistics program against an independent count,
# asked before the sums of weeks and months are to be seen and after, sums between answers, and the same question asked in every
# way there is.
# FF_EVENTS=N: so many events. FF_LONG: a million, and the whole matrix.
. "${FF_SRCDIR:=.}/tests/figures/house.sh"
trap house_close EXIT
seed=${FF_SEED:-4}
house_open "$seed" "${FF_EVENTS:-$([ -n "${FF_LONG:-}" ] && echo 1000000 || echo 20000)}" || exit 99
[ -z "${FF_LONG:-}" ] || export FF_SAMPLE="${FF_SAMPLE:-0}"
exports=$(tool key add exports --scopes export:read)
password=$(tool user add ada --random) && house_serve footfall-admin.fcgi admin.sock || exit 99

part() { # NAME COMMAND...: its lines, as notes, and one verdict
	local name=$1 code
	shift
	"$@" >"$house/said"
	code=$?
	sed 's/^\(ok\|not ok\|1\.\.\)/# \1/' "$house/said"
	ok "$name" [ $code = 0 ]
}
# On a busy machine a million events take their time; only hostile questions are held to the clock.
house_serve footfall-stats.fcgi patient.sock "stats.statement_timeout = 60s" "limit.caller = off" &&
    house_serve footfall-stats.fcgi again.sock "stats.statement_timeout = 60s" "limit.caller = off" "stats.cache = 0" || exit 99
house_hide || exit 99
part "every answer is what an independent count says" env FF_SEED="$seed" python3 "$figures/matrix.py" "$house/run/patient.sock" "$key" "$house"
house_show || exit 99
part "the same, of weeks and months" python3 "$figures/again.py" "$house/run/again.sock" "$key" "$house/asked.jsonl"
sleep 1 # what a backend has looked into is known a moment later
ok "which were looked into" [ "$(house_looks rollup_month)" -gt 0 -a "$(house_looks rollup_week)" -gt 0 ]
part "hours sum to days, days to months, breakdowns to the whole" python3 "$figures/sums.py" "$house/run/patient.sock" "$key"
part "JSON, page, counters and exports of one question agree" \
    python3 "$figures/same.py" "$house/run/patient.sock" "$house/run/admin.sock" "$key" "$password" "$exports"
part "hostile questions are refused or answered, in time" python3 "$figures/hostile.py" "$house/run/stats.sock" "$key"
finish
