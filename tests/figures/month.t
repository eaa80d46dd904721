#!/bin/bash
# A made-up month on seven sites in seven zones: a matrix of questions to the statistics program against an independent count.
# FF_EVENTS=N: so many events. FF_LONG: a million, and the whole matrix.
. "${FF_SRCDIR:=.}/tests/figures/house.sh"
trap house_close EXIT
seed=${FF_SEED:-4}
house_open "$seed" "${FF_EVENTS:-$([ -n "${FF_LONG:-}" ] && echo 1000000 || echo 20000)}" || exit 99
[ -z "${FF_LONG:-}" ] || export FF_SAMPLE="${FF_SAMPLE:-0}"
FF_SEED=$seed python3 "$figures/matrix.py" "$house/run/stats.sock" "$key" "$house"
