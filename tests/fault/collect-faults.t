#!/bin/bash
# R2 and R3 for the collector as a whole: it is killed at each fault point of the spool, and each kind of system call below it
# fails, once or for good: no false 2xx, nothing acknowledged is lost or there twice, and all else is 503 or a good end.
# Short form: a few passes of each; FF_LONG=1: 50 of each point, and every single call.
. "${FF_SRCDIR:?}/tests/lib/tap.sh"
out=$(mktemp)
trap 'rm -f "$out"' EXIT
seed=${FF_SEED:-$RANDOM}
each=$([ -n "${FF_LONG:-}" ] && echo 50 || echo 1)
all=$([ -n "${FF_LONG:-}" ] && echo 1000 || echo 1)
[ -e "$FF_BUILDDIR/tests/fault/preload.so" ] || skip_all "no preload.so"

faulty() { "$FF_SRCDIR/tests/lib/faulty.py" "$FF_BUILDDIR" "$@" --seed "$seed" >"$out" 2>&1; }
if grep -q '^#define FF_FAULTS 1' "$FF_BUILDDIR/config.h"; then
	ok "killed, and told of errors, at each fault point of the spool (seed $seed)" faulty points --each "$each"
	tail -n 12 "$out" | cut -c1-1000 | sed 's/^/# /'
else
	skip "killed at each fault point" "built without --enable-faults"
fi
ok "each kind of system call fails in each way" faulty calls --each "$all"
tail -n 12 "$out" | cut -c1-1000 | sed 's/^/# /'
finish
