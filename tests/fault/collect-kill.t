#!/bin/bash
# R1: kill -9 the collector at random times under load. Every event id that was answered 2xx is in the spool, once.
# Short form: 20 kills; FF_LONG=1 or FF_KILLS=N: more (2,000). The seed is printed; FF_SEED repeats it.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
load=
trap '[ -z "$load" ] || kill $load 2>/dev/null; web_stop; collect_clean' EXIT

kills=${FF_KILLS:-$([ -n "$FF_LONG" ] && echo 2000 || echo 20)}
seed=${FF_SEED:-$RANDOM}
RANDOM=$seed
echo "# seed $seed, $kills kills"
web_program nginx >/dev/null || skip_all "nginx is not here"
collect_setup "example.com" && collect_start && WEB_EDIT='/limit_conn /d' web_start nginx "$DIR/run" || exit 1

acked=0 lost=0 twice=0
check_round() { # the ledger of this round against the spool; then both begin anew
	spool_ids | sort >"$DIR/stored"
	sort "$DIR/acks" >"$DIR/acked"
	acked=$((acked + $(wc -l <"$DIR/acked")))
	lost=$((lost + $(comm -23 "$DIR/acked" "$DIR/stored" | wc -l)))
	twice=$((twice + $(uniq -d "$DIR/stored" | wc -l)))
}

per_round=20
for ((done = 0; done < kills; done += per_round)); do
	: >"$DIR/acks"
	"$TOOLS/load" --to "127.0.0.1:$WEB_PORT" --ledger "$DIR/acks" --clients 48 --seconds 3600 >"$DIR/load.out" &
	load=$!
	for ((k = 0; k < per_round && done + k < kills; k++)); do
		sleep "0.$(printf '%03d' $((RANDOM % 250 + 30)))"
		collect_stop KILL
		rm -f "$DIR/run/collect.sock"
		collect_start || break 2
	done
	sleep 0.1
	kill $load
	wait $load
	load=
	collect_stop KILL
	check_round
	rm -rf "${DIR:?}/state/spool" "$DIR/run/collect.sock"
	collect_start || break
done
echo "# $acked acknowledged, $lost lost, $twice twice"
ok "something was acknowledged between the kills" test "$acked" -gt $((kills * 10))
is "no acknowledged event is lost" "$lost" 0
is "none is there twice" "$twice" 0
finish
