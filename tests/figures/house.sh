# house.sh - a house in which the made-up month has just happened; source it, then `house_open`, and `house_close` on EXIT.
#
# Sets $house (its directory: conf, portions), $stats (socket) and $key, all programs on the month's clock.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
figures=$FF_SRCDIR/tests/figures
house=$(mktemp -d "${TMPDIR:-/tmp}/fffig.XXXXXX") || exit 99
started=()

house_close() {
	local pid
	for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; done
	pg_stop
	rm -rf "${house:?}"
}

tool() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall" --conf "$house/conf" "$@" 2>>"$house/log"; }
cron() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall-cron" --conf "$house/conf" run "$@" 2>>"$house/log"; }

house_make() {
	pg_start || return 1
	mkdir -p "$house/state/spool" "$house/run"
	cat >"$house/conf" <<-CONF
		database = $FF_TEST_DB
		state_dir = $house/state
		run_dir = $house/run
		retention.raw = 365d
	CONF
	chmod 640 "$house/conf"
	clock_begin "$house"
}

# Each portion is drained when its last record has come; tasks run in between, as on a house that was there all the time.
house_fill() { # SEED EVENTS
	local portion tasks
	tasks=$("$FF_BUILDDIR/footfall-cron" --conf "$house/conf" tasks 2>/dev/null | awk '{ print $1 }' | grep -xE 'partitions|rollups|weeks|months|counters|watched')
	python3 "$figures/month.py" "$1" "$2" "$house" || return 1
	pg_psql -f "$house/sites.sql" || return 1
	for portion in "$house"/portion.*; do
		clock_at "$(cat "${portion/portion/time}")"
		"$FF_BUILDDIR/tests/figures/spool_list" "$house/state/spool" <"$portion" && cron drain || return 1
		house_tasks || return 1
	done
	clock_at "$(cat "$house/now")"
	cron drain && house_tasks
}

# What a house does at night: whatever tasks there are that make or tidy up figures.
house_tasks() {
	local task
	for task in $tasks; do
		cron "$task" || return 1
	done
}

# Weeks and months that are made, out of sight of who asks; and back again.
house_hide() {
	local of
	for of in week month; do
		pg_psql -c "CREATE TABLE hidden_$of AS TABLE rollup_${of}_made" -c "DELETE FROM rollup_${of}_made" || return 1
	done
}
house_show() {
	local of
	for of in week month; do
		pg_psql -c "INSERT INTO rollup_${of}_made TABLE hidden_$of" -c "DROP TABLE hidden_$of" || return 1
	done
}
house_looks() { # TABLE: how often it was looked into
	pg_psql -At -c "SELECT seq_scan + idx_scan FROM pg_stat_user_tables WHERE relname = '$1'"
}

house_serve() { # PROGRAM SOCKET [SETTING...]: these instead of what it has unless set
	local conf=$house/conf.$2
	{ cat "$house/conf"; printf '%s\n' "${@:3}"; } >"$conf"
	chmod 640 "$conf"
	"${CLOCKED[@]}" "$FF_BUILDDIR/$1" --conf "$conf" --listen "$house/run/$2" 2>>"$house/log" &
	started+=($!)
	wait_for 10 test -S "$house/run/$2"
}

house_open() { # SEED EVENTS
	house_make && house_fill "$1" "$2" && house_serve footfall-stats.fcgi stats.sock &&
	    key=$(tool key add figures --scopes stats:read,sites:write) && [ -n "$key" ] && return
	sed 's/^/# /' "$house/log" | tail -n 20
	return 1
}
