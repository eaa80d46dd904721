#!/bin/bash
# The units as installed: systemd takes them, and its own audit finds them shut.
units=${FF_BUILDDIR:-.}/units
src=${FF_SRCDIR:-.}
command -v systemd-analyze > /dev/null || { echo "1..0 # SKIP systemd-analyze is not installed"; exit 0; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n=0 failed=0
result() { # OK NAME
	n=$((n + 1))
	[ "$1" = 0 ] && echo "ok $n - $2" || { echo "not ok $n - $2"; failed=1; sed 's/^/# /' "$scratch/out"; }
}

cp "$units"/*.service "$src"/etc/systemd/*.socket "$scratch/"
# The programs need not be installed for the check.
sed -i 's|^ExecStart=[^ ]*|ExecStart=/bin/true|' "$scratch"/*.service
for unit in "$scratch"/*.service; do
	systemd-analyze verify --man=no --recursive-errors=no "$unit" > "$scratch/out" 2>&1 && ! grep -q -i -E 'unknown|invalid|failed to parse' "$scratch/out"
	result $? "systemd takes $(basename "$unit")"
	level=$(systemd-analyze security --offline=true --no-pager "$unit" 2>> "$scratch/out" | sed -n 's/.*Overall exposure level for .*: \([0-9.]*\) .*/\1/p')
	echo "exposure: $level" > "$scratch/out"
	awk -v l="$level" 'BEGIN { exit !(l != "" && l <= 2.0) }'
	result $? "$(basename "$unit") is exposed by 2.0 at most (is $level)"
done
grep -q '@[a-z]*dir@' "$units"/*.service && r=1 || r=0
result $r "no placeholder is left in the installed units"
echo "1..$n"
exit $failed
