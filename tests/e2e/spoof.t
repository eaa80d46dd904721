#!/bin/bash
# S6: whatever a client writes into headers has no effect on who and where it is: behind nginx and lighttpd with the shipped
# files, with and without a trusted proxy, at every collecting endpoint.
. "${FF_SRCDIR:?}/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
trap 'web_stop; collect_clean' EXIT

spoof() { "$FF_SRCDIR/tests/lib/spoof.py" "$WEB_PORT" --routes "$DIR/routes" "$@" >"$DIR/out"; }
rows() { spool_dump | jq -r "$1" | sort -u; }

behind() { # SERVER
	local peer client
	web_program "$1" >/dev/null || { skip "behind $1" "$1 is not here"; return; }
	collect_setup "example.com;kind=video" || return 1
	python3 "$FF_SRCDIR/tests/lib/mmdb.py" "$DIR/geo.mmdb" 127.0.0.0/8=DE 198.51.100.0/24=US 203.0.113.0/24=FR 2001:db8::/32=FR
	collect_conf "geo.database = $DIR/geo.mmdb" "limit.address = off" "limit.viewer = off" "limit.site = off"
	"$FF_BUILDDIR/footfall" routes >"$DIR/routes"
	collect_start && WEB_EDIT='/limit_conn /d' web_start "$1" "$DIR/run" || { tap_line 1 "$1 and the collector start"; return; }

	ok "$1, nobody trusted: every request is answered" spoof
	head -n 20 "$DIR/out" | sed "s/^/# /"
	peer=$(rows 'select(.language != "fr") | .visitor')
	is "$1, nobody trusted: one visitor, the peer" "$(wc -w <<<"$peer")" 1
	is "$1, nobody trusted: from one country, the peer's" "$(rows .country)" DE
	unlike "$1: another user agent is another visitor, so the comparison could fail" "$(rows 'select(.language == "fr") | .visitor')" "^$peer\$"
	collect_stop
	rm -rf "$DIR/state/spool" "$DIR/run/collect.sock"

	collect_conf "trusted_proxies = 127.0.0.0/8"
	collect_start || return
	ok "$1, a trusted balancer: every request is answered" spoof --forwarded 198.51.100.7
	client=$(rows 'select(.language == "de") | .visitor' | grep -vx "$peer")
	is "$1, a trusted balancer: one visitor, the one it names" "$(wc -w <<<"$client")" 1
	# Where the header came twice nobody can say which line is the balancer's: then it is the balancer itself.
	is "$1, a trusted balancer: nobody else, but the balancer where the header is there twice" \
		"$(rows 'select(.language != "fr") | .visitor' | grep -vx -e "$client" -e "$peer")" ""
	is "$1, a trusted balancer: no country but those of the two" "$(rows .country | tr '\n' ' ')" "DE US "
	echo "# $(spool_dump | jq -c "select(.language != \"fr\" and .visitor == $peer)" | wc -l) of $(spool_count) were the balancer"
	web_stop
	collect_clean
}
behind nginx
behind lighttpd
finish
