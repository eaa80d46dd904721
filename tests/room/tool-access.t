#!/bin/bash
# `footfall` on who may see what: users of some sites, keys, share links; goals and segments; sites renamed and removed.
. "${FF_SRCDIR:-.}/tests/lib/tap.sh"
. "${FF_SRCDIR:-.}/tests/lib/pg.sh"
. "${FF_SRCDIR:-.}/tests/lib/stats.sh"
trap stats_clean EXIT
stats_setup
says_no() { # NAME CODE PATTERN COMMAND...
	local name=$1 code=$2 pattern=$3
	shift 3
	footfall "$@" >"$dir/o" 2>"$dir/e"; is "$name: exit $code" "$?" "$code"
	like "and says what to do" "$(cat "$dir/e")" "$pattern"
}
for group in goal segment share user key site init; do
	footfall help $group >"$dir/o" 2>&1; is "there is help for $group" "$?" 0
done
for command in 'goal add' 'segment add' 'share add' 'user grant' 'site remove'; do
	like "$command --help shows how it goes" "$(footfall $command --help)" 'usage: footfall '
done
like "init makes the tables or finds them" "$(footfall init)" 'The schema is up to date'
footfall site add example.com --zone Europe/Berlin >/dev/null
footfall site add two.example >/dev/null

# ---- goals
is "a goal of an event" "$(footfall goal add example.com --event Purchase --currency EUR)" '1 Purchase'
is "the same again" "$(footfall goal add example.com --event Purchase)" '1 Purchase (it was there already)'
is "of a page" "$(footfall goal add example.com --page '/blog/**' --name 'The blog')" '2 The blog'
is "of a page read half" "$(footfall goal add example.com --page /long --scroll 50)" '3 Scroll 50% on /long'
is "are listed" "$(footfall goal list example.com | tr -s ' ' | tr '\n' ';')" \
	'1 Purchase event Purchase EUR;2 The blog page /blog/**;3 Scroll 50% on /long scroll /long 50%;'
says_no "neither event nor page" 2 'wants --event NAME or --page PATH' goal add example.com
says_no "a path without its slash" 1 'path must begin with /' goal add example.com --page blog
says_no "a goal of another site" 1 'goal list two.example' goal remove two.example 1
footfall goal remove example.com 1; is "a goal is taken away" "$?" 0

# ---- segments
is "a segment" "$(footfall segment add example.com Phones '[["is","visit:device",["Mobile"]]]')" '1 Phones'
like "is listed" "$(footfall segment list example.com)" '^1 +Phones +\[\["is", "visit:device", \["Mobile"\]\]\]$'
says_no "filters that are no list" 1 'must be a JSON list' segment add example.com Bad '{"a":1}'
says_no "a name twice" 1 'that of another segment' segment add example.com Phones '[]'
footfall segment remove example.com 1; is "a segment is taken away" "$?" 0

# ---- share links
link=$(footfall share add example.com board --days 7 2>"$dir/e")
like "a share link is printed" "$link" '^ffs_[A-Za-z0-9_-]{43}$'
like "with where it opens" "$(cat "$dir/e")" '/api/share/example.com\?auth='
KEY=$link; get /api/share/example.com; is "it opens" "$(code)" 200
says_no "a name twice" 1 'that of another link' share add example.com board
is "with a password, from a pipe" "$(printf 'a long password\n' | footfall share add example.com locked --password-file - 2>/dev/null | cut -c1-4)" ffs_
like "links are listed" "$(footfall share list example.com | tr '\n' ' ')" '^1 +board +example.com +since [0-9-]+, until [0-9-]+ 3 +locked +example.com +password, since'
is "by site" "$(footfall share list two.example)" 'There is no share link yet. See: footfall help share add'
is "one is revoked" "$(footfall share revoke 1)" '1: revoked'
get /api/share/example.com; is "at once" "$(code)" 401
says_no "once" 1 'footfall share list' share revoke 1

# ---- users
printf 'correct horse 7\n' | footfall user add ada --password-file - 2>/dev/null
printf 'correct horse 8\n' | footfall user add ben --site two.example --password-file - 2>/dev/null
like "a user of one site is told from one of all" "$(footfall user list | tr '\n' ' ')" \
	'ada +admin +since [0-9-]+, 0 sessions ben +- +since [0-9-]+, 0 sessions, sees two.example:viewer'
is "gets another one" "$(footfall user grant ben example.com --role moderator)" 'ben: moderator of example.com'
is "loses one" "$(footfall user revoke ben two.example)" 'ben: no longer of two.example'
like "what is granted to who sees all is said to be without effect" "$(footfall user grant ada example.com 2>&1)" 'footfall user limit ada'
footfall user limit ada >/dev/null; like "until they are limited" "$(footfall user list)" 'ada +- .*sees example.com:viewer'
is "and back" "$(footfall user limit ada --off)" 'ada: sees every site'
says_no "a role that there is not" 1 'is not one of viewer' user grant ben example.com --role root
says_no "a user that there is not" 1 'footfall user list' user grant nobody example.com
says_no "a site that there is not" 1 'footfall site list' user grant ben nowhere.example

# ---- keys, sites
key=$(footfall key add exporter --site example.com --scopes stats:read,export:read)
like "a key" "$key" '^ffk_'
says_no "of a word that there is not" 1 'unknown word' key add x --scopes stats:everything
like "a site gets another domain" "$(footfall site rename two.example zwei.example)" 'now zwei.example'
says_no "not a taken one" 1 'is a site already' site rename zwei.example example.com
says_no "removal without --yes" 2 'wants a site, and --yes' site remove zwei.example
like "with it" "$(footfall site remove zwei.example --yes)" 'removed'
is "every change is in the audit" "$(sql "SELECT string_agg(DISTINCT action, ' ' ORDER BY action) FROM audit WHERE actor = 'operator'")" \
	'goal.add goal.remove key.add segment.add segment.remove share.add share.revoke site.add site.remove site.rename user.add user.grant user.limit user.revoke user.unlimit'
is "without anybody's secret" "$(sql "SELECT count(*) FROM audit WHERE detail LIKE '%ff_\_%' OR detail LIKE '%correct%' OR detail LIKE '%password%'")" 0
finish
