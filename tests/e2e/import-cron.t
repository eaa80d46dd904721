#!/bin/bash
# An import while footfall-cron drains and a collector keeps its segment open: it waits for its own lines alone.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"

finish_off() {
	exec 8>&-
	[ -z "${other:-}" ] || wait "$other" 2> /dev/null
	[ -z "${follow:-}" ] || { kill "$follow" 2> /dev/null; wait "$follow" 2> /dev/null; }
	pg_stop
	[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"
}
trap finish_off EXIT
pg_start || skip_all "no PostgreSQL"
cron_setup
footfall() { "$FF_BUILDDIR/footfall" "$@"; }
lines() { # FROM TO
	seq "$1" "$2" | awk '{ print $1 % 1000 }' | sed 's|.*|192.0.2.1 - - [10/Oct/2025:13:55:36 +0000] "GET /p& HTTP/1.1" 200 23 "-" "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Firefox/145.0"|'
}

footfall site add example.com > /dev/null
"$FF_BUILDDIR/footfall-cron" follow 2>> "$log" &
follow=$!

# A writer that lives on: another import whose input does not end has written some groups.
mkfifo "$cron_dir/fifo"
footfall import access-log - --site example.com --no-wait < "$cron_dir/fifo" > /dev/null 2>> "$log" &
other=$!
exec 8> "$cron_dir/fifo"
lines 1 20000 >&8
ok "the living writer's first lines are counted" \
	wait_for 30 says "SELECT sum(pageviews) > 0 FROM rollup_day WHERE dim = 0" t

printf '%s\n' "$(lines 1 3)" | sed 's|/p|/late|' > "$cron_dir/log"
import() { timeout 50 "$FF_BUILDDIR/footfall" import access-log "$cron_dir/log" --site example.com > "$cron_dir/out"; }
ok "an import ends when its lines are counted" import
is "they are" "$(q "SELECT sum(pageviews) FROM rollup_day r JOIN label l ON (l.site_id, l.label_id) = (r.site_id, r.value)
	WHERE dim = 1 AND l.value LIKE '/late_'")" 3
finish
