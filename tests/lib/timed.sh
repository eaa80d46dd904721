#!/bin/bash
# timed.sh DRIVER ARGS... - automake's test driver, and the seconds of the test at the end of its .trs file:
#
#     :seconds: WALL USER SYSTEM
#
# User and system are those of the test and of what it waited for; what a shared PostgreSQL works for it is not in them.
TIMEFORMAT='%R %U %S'
for ((i = 1; i < $#; i++)); do
	[ "${!i}" != --trs-file ] || { i=$((i + 1)) trs=${!i}; break; }
done
{ time "$@" 2>&3 3>&-; } 3>&2 2> "$trs.time"
rc=$?
echo ":seconds: $(cat "$trs.time")" >> "$trs"
rm -f "$trs.time"
exit $rc
