# cron.sh - for scripts that run footfall-cron: a place of its own, and short words for questions. Source it behind
# tap.sh; cron_setup (FF_TEST_DB is set) makes the place and its footfall.conf.

cron_setup() {
	cron_dir=$(mktemp -d /tmp/ff-cron.XXXXXX)
	state=$cron_dir/state run=$cron_dir/run log=$cron_dir/log
	printf 'database = %s\nstate_dir = %s\nrun_dir = %s\n' "$FF_TEST_DB" "$state" "$run" > "$cron_dir/footfall.conf"
	chmod 640 "$cron_dir/footfall.conf"
	export FOOTFALL_CONF=$cron_dir/footfall.conf
}
cron() { "$FF_BUILDDIR/footfall-cron" "$@" 2>> "$log"; }
cron_code() { # prints the exit code
	cron "$@" > /dev/null
	echo $?
}
# A test that compares dates must not see two of them: waits where a day of UTC+HOURS ends within a minute.
clear_of_midnight() { # [HOURS]
	local left=$((86400 - ($(date +%s) + ${1:-0} * 3600) % 86400))
	[ $left -gt 60 ] || sleep $((left + 1))
}
q() { psql -X -q -At -v ON_ERROR_STOP=1 -c "$1"; }
says() { [ "$(q "$1" 2> /dev/null)" = "$2" ]; } # SQL ANSWER
