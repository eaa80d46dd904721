#!/bin/bash
# Items as the host's backend manages them: one by one and in bulk, with dated memberships; what views say is less.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
build=$(cd "${FF_BUILDDIR:-.}" && pwd)

dir=$(mktemp -d) || exit 99
cleanup() {
	pg_stop
	rm -rf "${dir:?}"
}
trap cleanup EXIT
pg_start || exit 99
pg_psql -c "INSERT INTO site (domain, name, secret, default_kind) VALUES ('a.example', 'A', decode(repeat('00', 32), 'hex'), 'video'),
    ('b.example', 'B', decode(repeat('00', 32), 'hex'), 'item')"
mkdir -p "$dir/state/spool" "$dir/run"
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$dir" "$dir" >"$dir/conf"
chmod 640 "$dir/conf"
mine=$("$build/tests/room/make_key" 1 content:write)
reader=$("$build/tests/room/make_key" 1 stats:read)

cgi() { # METHOD URI, body on standard input
	local body
	body=$(cat)
	printf '%s' "$body" | env -i FOOTFALL_STATS_CACHE=0 "REQUEST_METHOD=$1" "REQUEST_URI=$2" "QUERY_STRING=${2#*\?}" "CONTENT_LENGTH=${#body}" \
	    "CONTENT_TYPE=application/json" "HTTP_AUTHORIZATION=Bearer ${KEY-$mine}" "$build/footfall-stats.fcgi" --conf "$dir/conf" 2>>"$dir/log"
}
body() { sed '1,/^\r$/d'; }
code() { sed -n '1s/^Status: \([0-9]*\) .*/\1/p'; }
put() { cgi PUT "/api/content/$1"; }
ask() { cgi "$1" "/api/content/$2" </dev/null; }
error() { body | sed -n 's/^{"error":"\(.*\)","code":.*/\1/p' | sed 's/\\"/"/g'; }

# ---- one ----
answer=$(put video/v1 <<<'{"title":"Rain","url":"https://a.example/v/1","owner":"anna","collection":"spring","since":"2026-03-01T00:00:00Z","published":"2026-02-03T04:05:06+01:00"}')
is "a new item is added" "$(code <<<"$answer")" 201
is "and shown" "$(body <<<"$answer")" \
	'{"kind":"video","id":"v1","title":"Rain","url":"https://a.example/v/1","owner":"anna","collection":"spring","private":false,"published":"2026-02-03T03:05:06Z"}'
answer=$(put video/v1 <<<'{"collection":"summer","since":"2026-06-01T00:00:00Z","private":true}')
is "a known one is changed" "$(code <<<"$answer")" 200
is "what was left out stays" "$(body <<<"$answer")" \
	'{"kind":"video","id":"v1","title":"Rain","url":"https://a.example/v/1","owner":"anna","collection":"summer","private":true,"published":"2026-02-03T03:05:06Z"}'
is "its collections are dated" "$(ask GET video/v1 | body | jq -c '[.managed, (.collections[] | [.collection, .since, .until])]')" \
	'[true,["spring","2026-03-01T00:00:00+00:00","2026-06-01T00:00:00+00:00"],["summer","2026-06-01T00:00:00+00:00",null]]'
put video/v1 <<<'{"collection":"june","since":"2026-05-01T00:00:00Z"}' >/dev/null
is "a change dated before the last one replaces it" "$(ask GET video/v1 | body | jq -c '[.collections[] | [.collection, .until]]')" \
	'[["spring","2026-05-01T00:00:00+00:00"],["june",null]]'
put video/v1 <<<'{"collection":null,"title":null,"published":null}' >/dev/null
is "null empties" "$(ask GET video/v1 | body | jq -c '[.title, .collection, .published, (.collections | length), .collections[-1].until != null]')" \
	'["","",null,2,true]'
is "an id may hold anything" "$(put "post/%2Fa%20b%3B'" <<<'{"title":"T"}' | body | jq -r .id)" "/a b;'"

# ---- removal ----
is "an item is removed" "$(ask DELETE video/v1 | code)" 204
is "then it is not there" "$(ask GET video/v1 | code)" 404
is "and cannot be removed again" "$(ask DELETE video/v1 | code)" 404
is "the audit knows who" "$(pg_psql -At -c "SELECT actor ~ '^key [0-9]+\$', action, site_id, detail FROM audit")" "t|content.remove|1|video v1"
is "its row stays" "$(pg_psql -At -c "SELECT count(*) FROM content WHERE key = 'v1' AND removed_at IS NOT NULL")" 1
is "putting it again brings it back" "$(put video/v1 <<<'{}' | code) $(ask GET video/v1 | code)" "200 200"

# ---- many ----
answer=$(cgi PUT /api/content <<<'{"items":[{"id":"w1","title":"One"},{"kind":"post","id":2,"title":"Two"},{"id":"w1","title":"Uno"},{"id":"w3","title":7},{"kind":"post","id":"2","removed":true},{"id":"no","removed":true},{"title":"x"},5]}')
is "a bulk is answered one by one" "$(code <<<"$answer") $(body <<<"$answer" | jq -c '[.results[] | [.status, .field // empty]]')" \
	'200 [["added"],["added"],["changed"],["invalid","title"],["removed"],["unknown"],["invalid","id"],["invalid","items"]]'
is "and done" "$(pg_psql -At -c "SELECT string_agg(kind || ' ' || key || ' ' || title || ' ' || (removed_at IS NULL), ', ' ORDER BY content_id) FROM content WHERE key IN ('w1', 'w3', '2')")" \
	"video w1 Uno true, post 2 Two false"
items() { printf '{"items":['; for i in $(seq "$1"); do printf '%s{"id":"n%s","title":"T"}' "${sep-}" "$i"; sep=,; done; printf ']}'; }
is "500 are taken" "$(items 500 | cgi PUT /api/content | body | grep -o '"added"' | wc -l)" 500
is "501 are not" "$(items 501 | cgi PUT /api/content | error)" "items must be a list of 1 to 500 items"

# ---- refusals ----
while IFS='|' read -r sent want; do
	answer=$(put video/v9 <<<"$sent")
	is "refused: $sent" "$(code <<<"$answer") $(error <<<"$answer")" "400 $want"
done <<'CASES'
[]|request must be a JSON object
{"title":7}|title must be a string or null
{"url":"javascript:alert(1)"}|url must be an http or https URL
{"private":"yes"}|private must be true or false
{"published":"yesterday"}|published must be a time after 1970, like 2026-11-21T16:12:42Z, or null
{"since":"2999-01-01T00:00:00Z"}|since lies in the future
CASES
is "a title beyond its limit is refused" "$(printf '{"title":"%0501d"}' 0 | put video/v9 | error)" "title is longer than 500 bytes"
is "nothing of it was stored" "$(ask GET video/v9 | code)" 404
is "another site is not for this key" "$(cgi PUT '/api/content/video/v1?site=b.example' <<<'{}' | code)" 403
is "a key that reads may not write" "$(KEY=$reader cgi PUT /api/content/video/v1 <<<'{}' | code)" 403
is "nobody may without one" "$(KEY='' cgi DELETE /api/content/video/v1 </dev/null | code)" 401
ok "no complaint in the log" test ! -s "$dir/log"
finish
