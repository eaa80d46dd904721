#!/bin/bash
# Every endpoint of the route table that asks for a key, asked by every kind of guest: access.py holds what each may see.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
. "${FF_SRCDIR:-.}/tests/lib/stats.sh"
trap stats_clean EXIT
stats_setup
pg_psql -f "$top/tests/fact/query-data.sql" >/dev/null || exit 99
# Ada owns one video and one post, Bob the rest; another site has an item of an Ada as well.
sql "UPDATE content SET owner = CASE WHEN key = 'i1' THEN 'ada' ELSE 'bob' END, collection = CASE WHEN key = 'i2' THEN 'blog' ELSE '' END,
       title = CASE WHEN key = 'i1' THEN 'mine' ELSE 'SECRET' END;
     INSERT INTO content (site_id, kind, key, owner, title) VALUES (2, 'video', 'foreign', 'ada', 'SECRET')" >/dev/null || exit 99
share=$(footfall share add example.com test 2>/dev/null)
reader=$("$build/tests/room/make_key" 0 stats:read)
writer=$("$build/tests/room/make_key" 0 content:write,sites:write 2>/dev/null || "$build/tests/room/make_key" 0 content:write)
"$build/tests/room/print_routes" --scopes >"$dir/routes"
SHARE=$share READER=$reader WRITER=$writer python3 "$top/tests/room/access.py" "$build/footfall-stats.fcgi" "$dir/conf" "$dir/routes" "$dir/log"
code=$?
if grep -qE "ffs_[A-Za-z0-9_-]{20}|ffk_|eyJ" "$dir/log"; then echo "# secrets in the log"; code=1; fi
exit $code
