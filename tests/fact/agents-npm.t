#!/bin/bash
# Robots, people and devices of the npm packages crawler-user-agents, user-agents and isbot, judged by ours.
. "$FF_SRCDIR/tests/lib/tap.sh"

NODE_PATH=$("$FF_SRCDIR/tests/lib/npm.sh" 2>&1) || { [ $? = 77 ] || { echo "Bail out! $NODE_PATH"; exit 1; }; skip_all "$NODE_PATH"; }
export NODE_PATH
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

compare() { node "$FF_SRCDIR/tests/fact/agents-npm.cjs" "$1" "$scratch"; }
judge() { "$FF_BUILDDIR/tests/fact/judge" agents < "$scratch/$1.txt" > "$scratch/$1.out"; }
value() { sed -n "s/^$1=//p" "$scratch/report"; }
at_least() { awk -v got="$(value "$1")" -v bar="$2" 'BEGIN { exit !(got != "" && got >= bar) }'; }

ok "the packages give their user agents" compare lines
ok "every robot is judged" judge robots
ok "every person is judged" judge people
compare report > "$scratch/report" || tap_failed=1
sed 's/^[a-z]/# &/' "$scratch/report"

ok "crawler-user-agents has its two thousand robots" at_least robots 2000
ok "user-agents has its ten thousand people" at_least people 10000
ok "at least 99.5 % of the robots are known as robots" at_least recall 99.5
is "nobody of the people is taken for a robot" "$(value accused)" 0
ok "the device class is right for at least 99.9 % of the people" at_least devices 99.9
ok "at least 99.9 % of the people have a browser" at_least browsers 99.9
ok "at least 99.9 % of the people have a system" at_least systems 99.9
finish
