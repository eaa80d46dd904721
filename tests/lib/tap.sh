# tap.sh - TAP for script tests; source it. Each check prints one line; done prints the plan and ends the script.
#
#   ok NAME COMMAND...          the command succeeds
#   is NAME GOT EXPECTED        equal text
#   like NAME GOT PATTERN       an extended regular expression
#   unlike NAME GOT PATTERN
#   skip NAME WHY               one check that cannot run here
#   skip_all WHY                the whole script; exits
#   finish                      plan and exit code; the last line of a script
#   wait_for SECONDS COMMAND... until it succeeds

# Tests change the figures and ask again at once: answers are computed anew, but where sharing them is the point.
# And they ask much.
export FOOTFALL_STATS_CACHE=${FOOTFALL_STATS_CACHE:-0} FOOTFALL_LIMIT_CALLER=${FOOTFALL_LIMIT_CALLER:-off}

tap_n=0
tap_failed=0

tap_line() { # OK NAME
	tap_n=$((tap_n + 1))
	if [ "$1" = 0 ]; then
		echo "ok $tap_n - $2"
	else
		tap_failed=$((tap_failed + 1))
		echo "not ok $tap_n - $2"
	fi
	return "$1"
}

tap_show() { # LABEL TEXT
	printf '%s\n' "$2" | head -c 4000 | sed "s/^/# $1 /"
}

ok() { # NAME COMMAND...
	local name=$1 rc=0
	shift
	"$@" || rc=1
	tap_line $rc "$name" || echo "# failed: $*"
}

is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	tap_line $? "$1" && return
	case $2$3 in
	*$'\n'*) diff -u --label expected --label got <(printf '%s\n' "$3") <(printf '%s\n' "$2") | head -n 24 | sed 's/^/# /' ;;
	*) tap_show got: "$2"; tap_show expected: "$3" ;;
	esac
	return 1
}

like() { # NAME GOT PATTERN
	printf '%s' "$2" | grep -Eq -- "$3"
	tap_line $((PIPESTATUS[1] != 0)) "$1" || { tap_show got: "$2"; tap_show pattern: "$3"; }
}

unlike() { # NAME GOT PATTERN
	! printf '%s' "$2" | grep -Eq -- "$3"
	tap_line $? "$1" || { tap_show got: "$2"; tap_show unwanted: "$3"; }
}

skip() { # NAME WHY
	tap_n=$((tap_n + 1))
	echo "ok $tap_n - $1 # SKIP $2"
}

skip_all() { # WHY
	echo "1..0 # SKIP $1"
	exit 0
}

finish() {
	echo "1..$tap_n"
	[ $tap_failed = 0 ]
	exit
}

wait_for() { # SECONDS COMMAND...
	local end=$(($(date +%s) + $1))
	shift
	until "$@" 2>/dev/null; do
		[ "$(date +%s)" -lt $end ] || return 1
		sleep 0.05
	done
}
