#!/bin/bash
# Figures of collections are dated: by views alone, an item's first collection holds for all its days, also for those that come
# late or are imported; later ones since they were said; and what the backend says, since then.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/run" "$work/state/spool"
touch "$work/run/salts"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1" || :
	[ "$2" = "$3" ] || diff <(echo "$3") <(echo "$2") | head -n 12 | sed 's/^/# /'
}
asked() { # METHOD PATH BODY -> the answer's JSON
	printf '%s' "$3" | env -i FOOTFALL_STATS_CACHE=0 REQUEST_METHOD="$1" "REQUEST_URI=$2" "CONTENT_LENGTH=${#3}" \
		"HTTP_AUTHORIZATION=Bearer $key" "$FF_BUILDDIR/footfall-stats.fcgi" --conf "$work/conf" 2>> "$work/err" | sed '1,/^\r$/d'
}
# "day collection views" by the answer, of these filters.
shelves() { # FILTERS
	asked POST /api/v2/query '{"site_id":"a.test","metrics":["views"],"date_range":["2026-09-01","2026-10-31"],
		"dimensions":["time:day","content:collection"],"filters":['"$1"']}' |
		jq -r '.results[] | select(.metrics[0] > 0) | "\(.dimensions[0]) \(.dimensions[1]) \(.metrics[0])"' | LC_ALL=C sort
}
# The views of items by the rows, all of them in one collection.
rows() { # COLLECTION CONDITION
	sql "SELECT (ts AT TIME ZONE 'Europe/Berlin')::date, '$1', count(*) FROM event JOIN content USING (site_id, content_id)
	     WHERE site_id = 1 AND robot = 0 AND footfall_kind_shows(event.kind) AND NOT footfall_type_listing(view_type) AND $2
	     GROUP BY 1" | tr '|' ' ' | LC_ALL=C sort
}

make_sites
sql "SELECT footfall_partition_make(d::date) FROM generate_series('2026-09-10'::date, '2026-10-02', '1 day') d" > /dev/null
key=$("$FF_BUILDDIR/footfall" --conf "$work/conf" key add all --scopes stats:read,content:write)
spool seed=5 events=4000 span=250000 visitors=150 late=10
drain batch=300 > "$work/out"
ok "$(same 300 > "$work/same"; echo $?)" "memberships are what the views say, in the order in which they came"
# The ledger's items that only ever said one collection (or none, after the first view).
always() {
	python3 - "$work"/ledger* <<'PY'
import collections, json, sys
said = collections.defaultdict(set)
for name in sys.argv[1:]:
    for line in open(name):
        e = json.loads(line)
        if "bad" not in e and e.get("site") == 1 and e.get("collection"):
            said[e["item_kind"], e["item_key"]].add(e["collection"])
print(",".join(json.dumps("%s/%s" % k) for k, v in sorted(said.items()) if v == {"shelf"}))
PY
}
items=$(always)
listed="content.kind || '/' || key IN ($(tr '"' "'" <<< "$items"))"
is "there are such items" "$([ "$(tr ',' '\n' <<< "$items" | wc -l)" -gt 20 ] && echo yes)" yes
is "an item's only collection has all its days" "$(shelves "[\"is\",\"content:item\",[$items]]")" "$(rows shelf "$listed")"
# Ten days older than all the rest.
rm -rf "$work/spool"
"$lib/mkspool" "$work/spool" "$work/ledger2" sites=1 start=$((start - 10 * 86400)) seed=6 events=400 span=80000 visitors=30
drain > "$work/out"
items=$(always)
listed="content.kind || '/' || key IN ($(tr '"' "'" <<< "$items"))"
is "days before it was known too" "$(shelves "[\"is\",\"content:item\",[$items]]")" "$(rows shelf "$listed")"

first=$(sql "SELECT content.kind || '/' || key FROM content WHERE site_id = 1 AND collection = 'shelf' AND $listed ORDER BY content_id LIMIT 1")
is "the API says that it holds since ever" "$(asked GET "/api/content/$first?site=a.test" '' | jq -c '.collections | map([.collection, .since, .until])')" '[["shelf",null,null]]'
asked PUT "/api/content/$first?site=a.test" '{"collection":"show","since":"2026-09-23T00:00:00+02:00"}' > /dev/null
one="site_id = 1 AND content.kind || '/' || key = '$first'"
is "since the backend's word it is in another" "$(shelves "[\"is\",\"content:item\",[\"$first\"]]")" "$( (rows shelf "$one AND ts < '2026-09-23 00:00+02'"
	rows show "$one AND ts >= '2026-09-23 00:00+02'") | LC_ALL=C sort)"
asked PUT "/api/content/video/brand-new?site=a.test" '{"collection":"cellar"}' > /dev/null
is "a new item's first collection holds for what comes late" "$(sql "SELECT m.collection, since, until FROM content_membership m
	JOIN content USING (site_id, content_id) WHERE key = 'brand-new'")" 'cellar|-infinity|'
asked PUT "/api/content/video/brand-new?site=a.test" '{"collection":"attic"}' > /dev/null
is "its next one since now" "$(sql "SELECT m.collection, since > now() - interval '1 hour', until > now() - interval '1 hour' FROM content_membership m
	JOIN content USING (site_id, content_id) WHERE key = 'brand-new' ORDER BY since")" 'cellar|f|t
attic|t|'
plan
