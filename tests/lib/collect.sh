# collect.sh - a collector of a test's own; source it after tap.sh.
#
#   collect_setup SITE...     makes $DIR with state, run and configuration; SITE as in tests/lib/mkstate.c
#   collect_conf LINE...      further settings, before the start
#   collect_whole             everything on, as installed: uap-core's rules, Debian's country data where it can be had,
#                             large segments; visitors' addresses come in X-Forwarded-For
#   collect_start             starts it on $DIR/run/collect.sock, waits until it listens; COLLECT_PID
#                             COLLECT_WITH=(env NAME=VALUE...): with these words before it; they must exec
#   collect_stop [SIGNAL]     ends it, waits; COLLECT_RC
#   collect_small             it takes less than 16 MB (a sanitizer may take what it wants); collect_resident: KB
#   collect_cgi METHOD URI [NAME=VALUE...] <BODY    the program as plain CGI; head and body on standard output
#   spool_dump                one line of JSON a record;  spool_ids: event ids;  spool_count
#   ledger REASON             its counter
#   collect_clean             for the EXIT trap

COLLECT=${FF_BUILDDIR:-.}/footfall-collect.fcgi
TOOLS=${FF_BUILDDIR:-.}/tests/lib
COLLECT_PID=
COLLECT_WITH=()

collect_setup() {
	DIR=$(mktemp -d "${COLLECT_TMP:-${TMPDIR:-/tmp}}/ffcollect.XXXXXX")
	mkdir -p "$DIR/run"
	SITES=("$@")
	"$TOOLS/mkstate" "$DIR/state" "$DIR/run" "$@" || return 1
	printf '%s\n' "state_dir = $DIR/state" "run_dir = $DIR/run" "agent.regexes =" "spool.segment_size = 1M" \
		"limit.address = 1000000/s" "limit.site = 1000000/s" "robots.pace = 1000000/s" >"$DIR/footfall.conf"
	chmod 600 "$DIR/footfall.conf"
}

collect_conf() {
	local line
	for line in "$@"; do
		sed -i "/^${line%% *} *=/d" "$DIR/footfall.conf" # in place of what collect_setup says
		printf '%s\n' "$line" >>"$DIR/footfall.conf"
	done
}

collect_whole() {
	local data=$FF_BUILDDIR/geodata
	sed -i -e '/agent.regexes/d' -e '/segment_size/d' "$DIR/footfall.conf"
	[ -r /usr/share/uap-core/regexes.yaml ] || collect_conf "agent.regexes ="
	collect_conf "trusted_proxies = 127.0.0.1"
	mkdir -p "$data"
	if (flock 9 && "$FF_SRCDIR/tools/geodata" "$data" >&2) 9>"$data/lock" 2>>"$DIR/collect.log" &&
	    "$FF_BUILDDIR/footfall" geo build "$DIR/countries.mmdb" "$data/geoip" "$data/geoip6" >>"$DIR/collect.log" 2>&1; then
		collect_conf "geo.database = $DIR/countries.mmdb"
	else
		echo "# no country data: without it" >&2
	fi
}

collect_start() {
	local _
	"${COLLECT_WITH[@]}" "$COLLECT" --conf "$DIR/footfall.conf" --listen "$DIR/run/collect.sock" 2>>"$DIR/collect.log" &
	COLLECT_PID=$!
	for _ in $(seq 200); do
		[ -S "$DIR/run/collect.sock" ] && return 0
		kill -0 "$COLLECT_PID" 2>/dev/null || break
		sleep 0.02
	done
	echo "# the collector does not start:" >&2
	sed 's/^/# /' "$DIR/collect.log" >&2
	return 1
}

collect_stop() {
	[ -n "$COLLECT_PID" ] || return 0
	kill "-${1:-TERM}" "$COLLECT_PID" 2>/dev/null
	COLLECT_RC=0
	wait "$COLLECT_PID" 2>/dev/null || COLLECT_RC=$?
	COLLECT_PID=
}

collect_resident() { awk '/^VmRSS/ { print $2 }' "/proc/$COLLECT_PID/status"; }
collect_small() { grep -q __asan_init "$COLLECT" || [ "$(collect_resident)" -lt $((16 * 1024)) ]; }

collect_cgi() { # METHOD URI [NAME=VALUE...]
	local method=$1 uri=$2 body=$DIR/body.$BASHPID
	shift 2
	cat >"$body"
	env -i PATH="$PATH" REQUEST_METHOD="$method" REQUEST_URI="$uri" QUERY_STRING="$(case $uri in *\?*) echo "${uri#*\?}" ;; esac)" \
		CONTENT_LENGTH="$(stat -c %s "$body")" REMOTE_ADDR=192.0.2.1 SERVER_PROTOCOL=HTTP/1.1 SCRIPT_NAME= \
		HTTP_USER_AGENT="Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0" "$@" \
		"$COLLECT" --conf "$DIR/footfall.conf" <"$body" 2>>"$DIR/collect.log"
}

spool_dump() { "$TOOLS/spooldump" "$DIR/state/spool"; }
spool_ids() { "$TOOLS/spooldump" "$DIR/state/spool" --ids; }
spool_count() { if [ -d "$DIR/state/spool" ]; then spool_ids | wc -l; else echo 0; fi; }
ledger() { "$TOOLS/ledgerdump" "$DIR/state/ledger" "$1"; }

collect_clean() {
	collect_stop KILL
	[ -z "$DIR" ] || rm -rf "${DIR:?}"
}
