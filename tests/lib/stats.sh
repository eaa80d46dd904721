# stats.sh - footfall-stats.fcgi as plain CGI against a database of its own. Sourced, after tap.sh and pg.sh:
#   stats_setup            a database, settings, $dir; the caller's EXIT trap calls stats_clean
#   ask METHOD URI [NAME=VALUE...]   body on standard input, KEY the bearer ("" = none); answers are kept in $dir/answer
#   code, body, says FIELD...        of the last answer; says: values by path ("sites.0.domain") out of its JSON
top=$(cd "${FF_SRCDIR:-.}" && pwd)
build=$(cd "${FF_BUILDDIR:-.}" && pwd)

stats_setup() {
	dir=$(mktemp -d) || exit 99
	pg_start || exit 99
	mkdir -p "$dir/state/spool" "$dir/run"
	touch "$dir/run/salts"
	printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\ndata_dir = %s/sql\n' "$FF_TEST_DB" "$dir" "$dir" "$top" >"$dir/conf"
	chmod 640 "$dir/conf"
	export FOOTFALL_CONF=$dir/conf
}
stats_clean() {
	pg_stop
	rm -rf "${dir:?}"
}
footfall() { "$build/footfall" "$@"; }
sql() { pg_psql -At -c "$1"; }
ask() {
	local method=$1 uri=$2 bytes
	shift 2
	cat >"$dir/sent"
	bytes=$(wc -c <"$dir/sent")
	env -i FOOTFALL_STATS_CACHE=0 "REQUEST_METHOD=$method" "REQUEST_URI=$uri" "QUERY_STRING=$(sed -n 's/^[^?]*?//p' <<<"$uri")" "CONTENT_LENGTH=$bytes" \
	    REMOTE_ADDR=127.0.0.1 HTTP_HOST=stats.example HTTPS=on ${KEY:+"HTTP_AUTHORIZATION=Bearer $KEY"} "$@" \
	    "$build/footfall-stats.fcgi" --conf "$dir/conf" <"$dir/sent" >"$dir/answer" 2>>"$dir/log"
}
get() { ask GET "$@" </dev/null; }
json() { ask "$1" "$2" CONTENT_TYPE=application/json < <(printf %s "$3"); }
form() { ask "$1" "$2" CONTENT_TYPE=application/x-www-form-urlencoded < <(printf %s "$3"); }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p' "$dir/answer"; }
body() { sed '1,/^\r$/d' "$dir/answer"; }
says() {
	body | python3 -c '
import json, sys
answer = json.load(sys.stdin)
for path in sys.argv[1:]:
    at = answer
    for step in path.split("."):
        at = at[int(step)] if isinstance(at, list) else at.get(step, "(absent)") if isinstance(at, dict) else "(absent)"
    print(at if isinstance(at, str) else json.dumps(at), end=" " if path != sys.argv[-1] else "\n")
' "$@" 2>&1
}
