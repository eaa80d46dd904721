# lint.sh - what the lint scripts share: TAP with one test a rule; every offence is printed with file and line.
cd "${FF_SRCDIR:-$(dirname "$0")/../..}" || exit 99
lint_n=0
lint_failed=0

# rule NAME OFFENCES: passes when OFFENCES is empty.
rule() {
	lint_n=$((lint_n + 1))
	if [ -z "$2" ]; then
		echo "ok $lint_n - $1"
	else
		echo "not ok $lint_n - $1"
		printf '%s\n' "$2" | sed 's/^/# /'
		lint_failed=1
	fi
}

lint_done() {
	echo "1..$lint_n"
	exit "$lint_failed"
}

sources() { find src -name '*.[ch]' | sort; }
