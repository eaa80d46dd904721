#!/bin/bash
# The files of public/ that browsers load are what tracker/ gives, and the core is as small as it is said to be.
. "$FF_SRCDIR/tests/lib/tap.sh"
size() { gzip -9 -n -c "$FF_SRCDIR/public/$1" | wc -c; }

for file in footfall.js footfall.all.js footfall.full.js script.js; do
	echo "# $file: $(wc -c < "$FF_SRCDIR/public/$file") bytes, $(size $file) compressed"
done
ok "the core has less than 1,024 bytes compressed" test "$(size footfall.js)" -lt 1024
is "no name of a server or path but the documented default is in it" "$(grep -o '"/[^"]*"' "$FF_SRCDIR/public/footfall.js")" '"/api/event"'

modules=$("$FF_SRCDIR/tests/lib/npm.sh" 2>&1) || { skip "what is in public/ was built from tracker/" "$modules"; finish; }
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
"$FF_SRCDIR/tools/tracker" "$modules/.bin/terser" "$dir"
for file in "$dir"/*; do ok "${file##*/} was built from tracker/" cmp "$file" "$FF_SRCDIR/public/${file##*/}"; done
is "and nothing else is there" "$(ls "$dir")" "$(cd "$FF_SRCDIR/public" && ls ./*.js | sed 's|^\./||')"
finish
