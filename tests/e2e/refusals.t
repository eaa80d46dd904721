#!/bin/bash
# R7, R11: every endpoint that records, from the route table, hears GPC, DNT and the browser's opt-out, by each site's choice.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
trap collect_clean EXIT
key=ffk_$(head -c 32 /dev/urandom | base64 -w0 | tr '+/' '-_' | tr -d =)
collect_setup "loud.example;gpc=off;dnt=off" "shy.example" "quiet.example;gpc=drop;dnt=drop" || exit 1
"$TOOLS/mkstate" "$DIR/state" - "loud.example;gpc=off;dnt=off;allkey=$key" "shy.example" "quiet.example;gpc=drop;dnt=drop"
collect_start || exit 1
"$FF_BUILDDIR/footfall" routes >"$DIR/routes"
hear() {
	local rc=0
	python3 "$FF_SRCDIR/tests/lib/refusals.py" "$DIR/run/collect.sock" --routes "$DIR/routes" --ledger "$DIR/state/ledger" \
		--ledgerdump "$TOOLS/ledgerdump" --key "$key" >"$DIR/out" 2>&1 || rc=1
	sed 's/^/# /' "$DIR/out"
	return $rc
}
ok "every endpoint hears a no, and counts it by its reason" hear
collect_stop
spool_dump >"$DIR/records"
count() { jq -c "select($1)" "$DIR/records" | wc -l; }
is "the spool holds what the ledger calls stored" "$(wc -l <"$DIR/records")" "$(ledger stored)"
is "where a site counts them without identity, there is none" \
	"$(count '.site_id == 2 and .language == "x-signal" and (.visitor != 0 or .visitor_prev != 0 or .flags / 16 % 2 < 1)')" 0
ok "which could be seen" test "$(count '.site_id == 2 and .language == "x-signal"')" -gt 50
# GoatCounter's API says itself that its hits have no sessions.
is "the others have one" "$(count '.site_id == 1 and .path != "/g" and .visitor == 0')" 0
ok "as can be seen" test "$(count '.site_id == 1 and .path != "/g"')" -gt 100
is "where a site does not count them, nothing is recorded" "$(count '.site_id == 3 and .language == "x-signal"')" 0
finish
