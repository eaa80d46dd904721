#!/bin/bash
# npm.sh - the npm packages of tests/npm, for script tests.
#
#   tests/lib/npm.sh          installs them into $FF_BUILDDIR/npm unless they are there, prints its node_modules
#
# Without node, npm or a registry it says why on stderr and exits 77: the test skips. A lock file that does not fit, or a
# package with another hash, is an error: 1. No script of a package runs. Tests of one build directory share what is there.
set -u
from=$(cd "$(dirname "$0")/../npm" && pwd) || exit 1
to=${FF_BUILDDIR:-.}/npm
log=$to/install.log

no() { echo "npm packages: $*" >&2; exit 77; }

mkdir -p "$to" && to=$(cd "$to" && pwd) || exit 1
want=$(cat "$from/package.json" "$from/package-lock.json" | cksum)
exec 9> "$to/lock"
flock 9
if [ "$(cat "$to/installed" 2>/dev/null)" != "$want" ]; then
	command -v node > /dev/null || no "there is no node"
	command -v npm > /dev/null || no "there is no npm"
	# Where there is no registry, one test finds out; those behind it skip at once.
	[ -z "$(find "$to/refused" -mmin -10 2>/dev/null)" ] || no "$(cat "$to/refused")"
	rm -f "$to/installed"
	cp "$from/package.json" "$from/package-lock.json" "$to/" || exit 1
	if ! (cd "$to" && timeout 300 npm ci --no-audit --no-fund --ignore-scripts --fetch-retries=1 --fetch-timeout=60000) > "$log" 2>&1; then
		why="npm ci failed: $(grep -m 1 -i -E 'error|reason' "$log" || echo "see $log")"
		! grep -q 'EUSAGE\|EINTEGRITY' "$log" || { echo "$why" >&2; exit 1; }
		echo "$why" > "$to/refused"
		no "$why"
	fi
	rm -f "$to/refused"
	printf '%s\n' "$want" > "$to/installed"
fi
echo "$to/node_modules"
