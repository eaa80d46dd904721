#!/bin/bash
# /api/v1/sites: sites, goals, segments, share links and guests managed by programs, and what keys may not.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
. "${FF_SRCDIR:-.}/tests/lib/stats.sh"
trap stats_clean EXIT
stats_setup

all=$("$build/tests/room/make_key" 0 sites:write)
reader=$("$build/tests/room/make_key" 0 stats:read)
KEY=$all

# ---- sites
get /api/v1/sites; is "no site yet" "$(body)" '{"sites":[],"meta":{"after":null,"before":null,"limit":100}}'
form POST /api/v1/sites 'domain=WWW.First.example&timezone=Europe%2FBerlin'
is "a site is made of a form" "$(code) $(says domain timezone settings.time_zone custom_properties)" '200 first.example Europe/Berlin Europe/Berlin []'
json POST /api/v1/sites '{"domain":"second.example","strict":true,"default_kind":"video","items_max":7}'
is "and of JSON, with our own settings" "$(code) $(says timezone settings.strict settings.default_kind settings.items_max)" '200 UTC on video 7'
printf -- '--xyz\r\nContent-Disposition: form-data; name="domain"\r\n\r\nthird.example\r\n--xyz\r\nContent-Disposition: form-data; name="timezone"\r\n\r\nAsia/Kathmandu\r\n--xyz--\r\n' |
	ask POST /api/v1/sites 'CONTENT_TYPE=multipart/form-data; boundary=xyz'
is "and of what curl -F sends" "$(code) $(says domain timezone)" '200 third.example Asia/Kathmandu'
is "each change is in the audit, by its key" "$(sql "SELECT DISTINCT actor || ' ' || action FROM audit")" 'key 1 site.add'
json POST /api/v1/sites '{"domain":"first.example"}'; is "a domain that is taken" "$(code) $(says field)" '409 domain'
json POST /api/v1/sites '{}'; is "none" "$(code) $(says field)" '400 domain'
json POST /api/v1/sites '{"domain":"x.example","timezone":"Mars/Base"}'; is "a zone that there is not" "$(code) $(says field)" '400 time_zone'
is "leaves no half-made site" "$(sql "SELECT count(*) FROM site")" 3
for bad in '[]' '{' '"x"'; do json POST /api/v1/sites "$bad"; is "no form: $bad" "$(code)" 400; done
printf -- '--xyz\r\nContent-Disposition: form-data; name="domain"\r\n\r\nfourth.example' |
	ask POST /api/v1/sites 'CONTENT_TYPE=multipart/form-data; boundary=xyz'
is "a form cut off" "$(code)" 400

get /api/v1/sites/first.example; is "one site" "$(code) $(says domain timezone)" '200 first.example Europe/Berlin'
json PUT /api/v1/sites/first.example '{"domain":"renamed.example","gpc":"drop","exclude":"192.0.2.0/24"}'
is "gets another domain and other settings" "$(code) $(says domain settings.gpc settings.exclude)" '200 renamed.example drop 192.0.2.0/24'
get /api/v1/sites/first.example; is "the old one is gone" "$(code)" 404
json PUT /api/v1/sites/renamed.example '{"domain":"second.example"}'; is "another site's domain" "$(code) $(says field)" '409 domain'
json PUT /api/v1/sites/renamed.example '{"dnt":"drop","gpc":"maybe"}'; is "a bad setting" "$(code) $(says field)" '400 gpc'
get /api/v1/sites/renamed.example; is "changes none of them" "$(says settings.dnt)" anonymous

# ---- what is kept, and how much
json PUT /api/v1/sites/renamed.example '{"retention_raw":"30d","retention_hours":"0d","retention_days":"4000d","archive":true,"paths_max":900,"values_max":50,"public_counters":"on"}'
is "retention and caps are settings as others" "$(code) $(says settings.retention_raw settings.retention_hours settings.retention_days settings.archive settings.paths_max \
	settings.values_max settings.public_counters)" '200 30d 0d 4000d on 900 50 on'
is "and reach their columns" "$(sql "SELECT retention_raw, retention_hours, retention_days, archive, paths_max, values_max, public_counters FROM site WHERE domain = 'renamed.example'")" \
	'30|0|4000|t|900|50|t'
json PUT /api/v1/sites/renamed.example '{"retention_raw":"default","values_max":5000}'
is "a default is one again" "$(says settings.retention_raw settings.values_max settings.retention_days)" 'default 5000 4000d'
for bad in '{"retention_raw":"0d"}:retention_raw' '{"retention_hours":"36h"}:retention_hours' '{"archive":"yes"}:archive' '{"values_max":0}:values_max'; do
	json PUT /api/v1/sites/renamed.example "${bad%:*}"; is "refused: $bad" "$(code) $(says field)" "400 ${bad##*:}"
done
is "the tool shows and sets the same" "$(footfall site set renamed.example values_max 70 >/dev/null && footfall site show renamed.example |
	sed -n 's/^\(values_max\|retention_days\|archive\) */\1 /p' | tr '\n' ' ')" 'values_max 70 retention_days 4000d archive on '

# ---- pages
get "/api/v1/sites?limit=2"; is "a page" "$(body | jq ".sites | length")" 2
is "with a cursor behind it" "$(says meta.after meta.before meta.limit)" '2 null 2'
get '/api/v1/sites?limit=2&after=2'; is "the next one" "$(says sites.0.domain meta.after meta.before)" 'third.example null 3'
get '/api/v1/sites?limit=2&before=3'; is "and back" "$(says sites.0.domain sites.1.domain meta.after meta.before)" 'renamed.example second.example 2 null'
get '/api/v1/sites?limit=0'; is "no page of none" "$(code)" 400
get '/api/v1/sites?limit=1001'; is "nor of all the world" "$(code)" 400
get '/api/v1/sites?after=x'; is "nor a made-up cursor" "$(code)" 400
get /api/v1/sites/teams; is "there are no teams" "$(code) $(says teams)" '200 []'

# ---- goals
form PUT /api/v1/sites/goals 'site_id=second.example&goal_type=event&event_name=Signup'
is "a goal" "$(code) $(says domain id display_name goal_type event_name page_path)" '200 second.example 1 Signup event Signup null'
form PUT /api/v1/sites/goals 'site_id=second.example&goal_type=event&event_name=Signup'
is "again: the same" "$(code) $(says id)" '200 1'
json PUT /api/v1/sites/goals '{"site_id":"second.example","goal_type":"page","page_path":"/register"}'
is "of a page" "$(says display_name event_name page_path)" 'Visit /register null /register'
json PUT /api/v1/sites/goals '{"site_id":"second.example","goal_type":"page","page_path":"/long","scroll_threshold":50}'
is "of a page read half" "$(says goal_type scroll_threshold)" 'scroll 50'
json PUT /api/v1/sites/goals '{"site_id":"second.example","goal_type":"event","event_name":"Buy","currency":"EUR","display_name":"Bought"}'
is "with a name and revenue" "$(says display_name currency)" 'Bought EUR'
for bad in '{"goal_type":"event","event_name":"x"}:site_id' '{"site_id":"second.example","event_name":"x"}:goal_type' \
	'{"site_id":"second.example","goal_type":"event"}:event_name' '{"site_id":"second.example","goal_type":"page","page_path":"x"}:page_path' \
	'{"site_id":"second.example","goal_type":"scroll","page_path":"/x","scroll_threshold":101}:scroll_threshold'; do
	json PUT /api/v1/sites/goals "${bad%:*}"; is "refused by field: ${bad##*:}" "$(code) $(says field)" "400 ${bad##*:}"
done
get '/api/v1/sites/goals?site_id=second.example'; is "goals are listed" "$(says goals.0.id goals.3.display_name meta.after)" '1 Bought null'
get '/api/v1/sites/goals?site_id=third.example'; is "by site" "$(says goals)" '[]'
form DELETE /api/v1/sites/goals/1 'site_id=third.example'; is "another site's goal is none" "$(code)" 404
form DELETE /api/v1/sites/goals/1 'site_id=second.example'; is "a goal is taken away" "$(code) $(says deleted)" '200 true'
ask DELETE '/api/v1/sites/goals/1?site_id=second.example' </dev/null; is "once" "$(code)" 404
ask DELETE '/api/v1/sites/goals/1%20OR%201=1?site_id=second.example' </dev/null; is "by number" "$(code)" 404

# ---- segments
json POST /api/v1/sites/segments '{"site_id":"second.example","name":"Germans","filters":[["is","visit:country",["DE"]]]}'
is "a segment" "$(code) $(says id name filters)" '201 1 Germans [["is", "visit:country", ["DE"]]]'
json POST /api/v1/sites/segments '{"site_id":"second.example","name":"Nested","filters":[["not",["is","segment",[1]]]]}'
is "a segment holds no others: no question could use it" "$(code) $(says field)" "400 filters"
json POST /api/v1/sites/segments '{"site_id":"second.example","name":"Bad","filters":[["is","visit:planet",["Mars"]]]}'
is "of filters that no question takes" "$(code)" 400
like "says why" "$(body)" 'Invalid (dimension|filter).*visit:planet'
json PUT /api/v1/sites/segments/1 '{"site_id":"second.example","name":"From Germany"}'
is "gets another name" "$(code) $(says name filters)" '200 From Germany [["is", "visit:country", ["DE"]]]'
get '/api/v1/sites/segments?site_id=second.example'; is "segments are listed" "$(says segments.0.name)" 'From Germany'
KEY=$reader
today=$(date -u +%F)
json POST /api/v2/query "{\"site_id\":\"second.example\",\"metrics\":[\"visitors\"],\"date_range\":[\"$today\",\"$today\"],\"filters\":[[\"is\",\"segment\",[1]]]}"
is "a question uses it" "$(code) $(says query.filters)" '200 [["is", "visit:country", ["DE"]]]'
KEY=$all
ask DELETE '/api/v1/sites/segments/1?site_id=second.example' </dev/null; is "and it is taken away" "$(code)" 200

# ---- share links
form PUT /api/v1/sites/shared-links 'site_id=second.example&name=Wordpress'
is "a share link" "$(code) $(says name)" '200 Wordpress'
url=$(says url)
like "is an address" "$url" '^https://stats\.example/api/share/second\.example\?auth=ffs_[A-Za-z0-9_-]{43}$'
form PUT /api/v1/sites/shared-links 'site_id=second.example&name=Wordpress'; is "the same for the same name" "$(says url)" "$url"
KEY=; get "${url#https://stats.example}"; is "that answers who has it" "$(code) $(says site_id timezone)" '200 second.example UTC'
unlike "its text is in no log" "$(cat "$dir/log")" "${url##*=}"
KEY=$all
get '/api/v1/sites/shared-links?site_id=second.example'; is "links are listed" "$(says shared_links.0.id shared_links.0.name shared_links.0.password)" '1 Wordpress false'
unlike "without their texts" "$(body)" ffs_
ask DELETE '/api/v1/sites/shared-links/1?site_id=third.example' </dev/null; is "another site's link is none" "$(code)" 404
ask DELETE '/api/v1/sites/shared-links/1?site_id=second.example' </dev/null; is "a link is revoked" "$(code)" 200
KEY=; get "${url#https://stats.example}"; is "and opens nothing" "$(code)" 401
KEY=$all
json PUT /api/v1/sites/shared-links '{"site_id":"second.example","name":"board","password":"a long password","days":2}'
url=$(says url) text=${url##*=}
KEY=; get "${url#https://stats.example}"; is "a link with a password" "$(code) $(says field)" '401 password'
json POST /api/share "{\"auth\":\"$text\",\"password\":\"another one\"}"; is "wants the right one" "$(code) $(says field)" '401 password'
json POST /api/share "{\"auth\":\"$text\",\"password\":\"a long password\"}"; is "and gives a pass for it" "$(code) $(says expires_in)" '200 43200'
get "/api/share/second.example?auth=$(says auth)"; is "that opens" "$(code)" 200
json POST /api/share "{\"auth\":\"$text\",\"password\":\"a long password\"}" ; json POST /api/share '{"auth":"ffs_x"}'; is "both are asked for" "$(code)" 400
HTTPS=off; ask POST /api/share HTTPS= REMOTE_ADDR=192.0.2.1 CONTENT_TYPE=application/json <<<"{\"auth\":\"$text\",\"password\":\"a long password\"}"
is "not over plain HTTP" "$(code)" 403
KEY=$all

# ---- guests
form PUT /api/v1/sites/guests 'site_id=second.example&email=Alice%40Example.com&role=viewer'
is "a guest" "$(code) $(says email role accepted)" '200 alice@example.com viewer false'
form PUT /api/v1/sites/guests 'site_id=second.example&email=alice%40example.com&role=editor'
is "keeps the role" "$(code) $(says role)" '200 viewer'
form PUT /api/v1/sites/guests 'site_id=second.example&email=bob%40example.com&role=editor'; is "editors are moderators" \
	"$(says role) $(sql "SELECT s.role FROM account_site s JOIN account USING (account_id) WHERE login = 'bob@example.com'" | tail -1)" 'editor moderator'
form PUT /api/v1/sites/guests 'site_id=second.example&email=eve%40example.com&role=admin'; is "no admins" "$(code) $(says field)" '400 role'
form PUT /api/v1/sites/guests 'site_id=second.example&email=eve&role=viewer'; is "no mail address" "$(code) $(says field)" '400 email'
get '/api/v1/sites/guests?site_id=second.example'; is "guests are listed" "$(says guests.0.email guests.1.email guests.1.role)" \
	'alice@example.com bob@example.com editor'
ask DELETE '/api/v1/sites/guests/alice@example.com?site_id=second.example' </dev/null; is "and shown out" "$(code) $(says deleted)" '200 true'
ask DELETE '/api/v1/sites/guests/alice@example.com?site_id=second.example' </dev/null; is "once" "$(code)" 404

# ---- properties
json PUT /api/v1/sites/custom-props '{"site_id":"second.example","property":"author"}'; is "properties need not be declared" "$(code) $(says created)" '200 true'
get '/api/v1/sites/custom-props?site_id=second.example'; is "none are listed" "$(code) $(says custom_properties)" '200 []'
ask DELETE '/api/v1/sites/custom-props/a%2Fb?site_id=second.example' </dev/null; is "none are missed" "$(code)" 200

# ---- keys
KEY=$reader
for call in 'GET /api/v1/sites' 'POST /api/v1/sites' 'DELETE /api/v1/sites/second.example' 'PUT /api/v1/sites/goals' 'PUT /api/v1/sites/guests'; do
	ask ${call% *} "${call#* }" </dev/null; is "a key for reading: $call" "$(code) $(says field)" '403 Authorization'
done
KEY=; get /api/v1/sites; is "no key" "$(code)" 401
KEY=$("$build/tests/room/make_key" 2 sites:write)
get /api/v1/sites; is "a key of one site sees that one" "$(says sites.0.domain meta.after) $(body | grep -o domain | wc -l)" 'second.example null 1'
get /api/v1/sites/third.example; is "no other" "$(code)" 403
get /api/v1/sites/nowhere.example; is "nor which there are" "$(code)" 403
json POST /api/v1/sites '{"domain":"more.example"}'; is "and makes none" "$(code)" 403
form PUT /api/v1/sites/goals 'site_id=third.example&goal_type=event&event_name=x'; is "nor another site's goals" "$(code)" 403
json PUT /api/v1/sites/second.example '{"name":"Second"}'; is "but manages its own" "$(code) $(says settings.name)" '200 Second'

# ---- a site goes
KEY=$all
sql "INSERT INTO label (site_id, value) VALUES (2, 'x'); INSERT INTO content (site_id, kind, key) VALUES (2, 'video', '1');
     INSERT INTO content_counter VALUES (2, 1, now(), 1, 1, 1)" >/dev/null
ask DELETE /api/v1/sites/second.example </dev/null; is "a site is taken away" "$(code) $(says deleted)" '200 true'
get /api/v1/sites/second.example; is "it is gone" "$(code)" 404
is "with its items, keys and links" "$(sql "SELECT (SELECT count(*) FROM content) + (SELECT count(*) FROM share_link WHERE site_id = 2) + (SELECT count(*) FROM api_key WHERE site_id = 2)")" 0
sql "UPDATE site_removed SET removed_at = now() - interval '1 hour'" >/dev/null
"$build/footfall-cron" --conf "$dir/conf" run sweep >>"$dir/log" 2>&1; is "its figures are swept" "$?" 0
# Every table that knows sites: a new one must be swept as well, or go with its site.
left=$(for table in $(sql "SELECT DISTINCT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
	WHERE a.attname = 'site_id' AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relnamespace = 'public'::regnamespace
	AND c.relname NOT IN ('audit', 'site') AND NOT EXISTS (SELECT FROM pg_constraint k WHERE k.conrelid = c.oid AND k.contype = 'f'
	AND k.confdeltype = 'c')"); do
	grep -q "DELETE FROM $table " "$top/sql/queries/site_sweep.sql" || echo "$table"
done)
is "all tables are swept" "$left" ''
is "also those rows" "$(sql "SELECT (SELECT count(*) FROM label WHERE site_id = 2) + (SELECT count(*) FROM content_counter) + (SELECT count(*) FROM site_removed)")" 0
finish
