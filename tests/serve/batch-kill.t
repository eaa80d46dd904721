#!/bin/bash
# kill -9 the collector while it takes batches that fill its segments again and again: each event of an acknowledged batch
# is in the spool, once. FF_LONG=1 or FF_KILLS=N: more than 8. The seed is printed; FF_SEED repeats it.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/collect.sh"
. "${FF_SRCDIR:-.}/tests/lib/web.sh"
load=
trap '[ -z "$load" ] || kill $load 2>/dev/null; web_stop; collect_clean' EXIT

kills=${FF_KILLS:-$([ -n "$FF_LONG" ] && echo 500 || echo 8)}
seed=${FF_SEED:-$RANDOM}
RANDOM=$seed
echo "# seed $seed, $kills kills"
web_program nginx >/dev/null || skip_all "nginx is not here"
collect_setup "example.com" && collect_start && WEB_EDIT='/limit_conn /d' web_start nginx "$DIR/run" || exit 1

: >"$DIR/acks"
python3 "$FF_SRCDIR/tests/serve/batches.py" "$WEB_PORT" "$DIR/acks" 6 300 &
load=$!
for ((k = 0; k < kills; k++)); do
	sleep "0.$(printf '%03d' $((RANDOM % 400 + 100)))"
	collect_stop KILL
	rm -f "$DIR/run/collect.sock"
	collect_start || break
done
sleep 0.3
kill $load
wait $load
load=
collect_stop KILL
spool_ids | sort >"$DIR/stored"
sort "$DIR/acks" >"$DIR/acked"
acked=$(wc -l <"$DIR/acked")
echo "# $acked events acknowledged, $(find "$DIR/state/spool" -name '*.seg' -o -name '*.open' -o -name '*.cut' | wc -l) segments"
ok "batches were acknowledged between the kills" test "$acked" -ge 300
is "no event of an acknowledged batch is lost" "$(comm -23 "$DIR/acked" "$DIR/stored" | wc -l)" 0
is "none is there twice" "$(uniq -d "$DIR/stored" | wc -l)" 0
finish
