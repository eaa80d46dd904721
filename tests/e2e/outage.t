#!/bin/bash
# The database goes away under the whole house and comes back: the collector goes on and starts anew without it, statistics
# say 503 in JSON, the pages say it in words, health says what is down; afterwards every view is in the figures, once.
src=${FF_SRCDIR:-.} build=${FF_BUILDDIR:-.}
. "$src/tests/lib/tap.sh"
. "$src/tests/lib/pg.sh"
. "$src/tests/lib/web.sh"

dir=$(mktemp -d)
pids=()
finish_all() {
	web_stop
	for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null; wait "$pid" 2>/dev/null; done
	pg_stop
	rm -rf "$dir"
}
trap finish_all EXIT
pg_start || skip_all "no PostgreSQL"
mkdir -p "$dir/state" "$dir/run"
cat > "$dir/footfall.conf" <<END
database = $FF_TEST_DB
state_dir = $dir/state
run_dir = $dir/run
data_dir = $src/sql
trusted_proxies = 127.0.0.0/8
END
export FOOTFALL_CONF=$dir/footfall.conf
"$build/footfall" site add example.com > /dev/null
key=$("$build/footfall" key add test)
for task in partitions salts snapshot; do "$build/footfall-cron" run $task 2>> "$dir/log" || exit 1; done
serve() { # PROGRAM: pids[-1] is its pid
	"$build/footfall-$1.fcgi" --listen "$dir/run/$1.sock" 2>> "$dir/log" &
	pids+=($!)
	wait_for 5 test -S "$dir/run/$1.sock"
}
for program in stats admin collect; do serve $program; done
collector=${pids[-1]}
"$build/footfall-cron" follow 2>> "$dir/log" &
pids+=($!)
web_start nginx "$dir/run" || exit 1

view() { # N: a view of the N-th visitor; prints the status
	web_status /api/event -H "X-Forwarded-For: 198.51.100.$1" -A 'Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0' \
		-d "{\"n\":\"pageview\",\"u\":\"https://example.com/p\",\"d\":\"example.com\",\"item\":{\"kind\":\"post\",\"id\":\"p\"}}"
}
views() { local all=; for n in $(seq "$1"); do all="$all$(view "$n")"$'\n'; done; printf '%s' "$all" | sort | uniq -c | tr -s ' ' | sed 's/^ //'; }
counts() { web_curl "/api/content/post/p/counts?site=example.com" -H "Authorization: Bearer $key"; }
total_is() { [ "$(counts | jq -r .viewsTotal)" = "$1" ]; }

is "views before" "$(views 20)" "20 202"
ok "are counted" wait_for 10 total_is 20

pg_immediate_stop
is "views while the database is away" "$(views 50)" "50 202"
is "statistics: 503" "$(web_status '/api/content/post/p/counts?site=example.com' -H "Authorization: Bearer $key")" 503
like "as JSON that says why" "$(counts | jq -r .error)" 'database'
is "health: 503" "$(web_status /api/health)" 503
like "and names the part that is down" "$(web_curl /api/health | jq -c .)" '"database":.*false|down|unreachable'
is "the sign-in page is there" "$(web_status /admin/login)" 200
like "signing in says what is wrong" "$(web_curl /admin/login -d login=x -d password=12345678)" 'database is not reachable'
kill -KILL "$collector"
wait "$collector" 2> /dev/null
rm "$dir/run/collect.sock" # so that waiting for it means something
serve collect
is "a collector started anew needs no database" "$(views 30)" "30 202"

pg_restart
ok "afterwards every view is there, once" wait_for 30 total_is 100
is "statistics are back" "$(web_status '/api/content/post/p/counts?site=example.com' -H "Authorization: Bearer $key")" 200
is "health too" "$(web_curl /api/health | jq -r .status)" ok
is "nothing was set aside" "$(pg_psql -At -c 'SELECT count(*) FROM bad_record')" 0
is "the books agree with the rows" "$(pg_psql -At -f "$src/tests/lib/invariants.sql")" ""
[ $tap_failed = 0 ] || tail -n 20 "$dir/log" | sed 's/^/# /'
finish
