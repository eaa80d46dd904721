#!/bin/bash
# The free country data of Debian as an MMDB: 10,000 addresses, told by the database and straight from the text.
. "$FF_SRCDIR/tests/lib/tap.sh"

data=$FF_BUILDDIR/geodata
mkdir -p "$data"
exec 9> "$data/lock"
flock 9
why=$("$FF_SRCDIR/tools/geodata" "$data" 2>&1) || skip_all "$why"
exec 9>&-
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
n=10000 seed=${FF_SEED:-$RANDOM}

build() { "$FF_BUILDDIR/footfall" geo build "$scratch/c.mmdb" "$@" 2>&1; }
python() { python3 "$FF_SRCDIR/tests/fact/geodata.py" "$@"; }

said=$(build "$data/geoip" "$data/geoip6") || tap_failed=1
echo "# $said"
like "it says what it made" "$said" '^[^ ]*/c.mmdb: 2[0-9]{2} countries, [0-9]{6} ranges, [0-9]+ bytes, data of 20[0-9]{2}-'
like "who gave the data is named in it" "$(strings -n 8 "$scratch/c.mmdb" | tail -n 30)" 'IPFire Project, CC BY-SA'
python pick "$data" $n "$seed" > "$scratch/addresses"
python tell "$data" < "$scratch/addresses" > "$scratch/wanted"
"$FF_BUILDDIR/tests/fact/judge" places "$scratch/c.mmdb" < "$scratch/addresses" > "$scratch/told"
is "addresses picked (seed $seed)" "$(wc -l < "$scratch/addresses")" $n
is "each has the country that the text gives it" \
	"$(paste "$scratch/addresses" "$scratch/wanted" "$scratch/told" | awk '$2 != $3' | head -n 5)" ""
echo "# $(grep -vc '^-' "$scratch/told") of $n addresses have a country, $(sort -u "$scratch/told" | grep -c '[A-Z]') countries"
ok "most of them have one" awk -v n="$(grep -vc '^-' "$scratch/told")" 'BEGIN { exit !(n > 5000) }'

cp "$scratch/c.mmdb" "$scratch/before"
printf '16777216,16777471,AU\n16777000,16777100,DE\nnonsense\n' > "$scratch/bad"
like "a bad line is named by file and number" "$(build "$scratch/bad")" "$scratch/bad:2: begins within or before the range above"
like "... each of them" "$(build "$scratch/bad")" "$scratch/bad:3: is no range of addresses"
ok "and the database stays as it was" cmp "$scratch/c.mmdb" "$scratch/before"
like "a file that is not there is said" "$(build /nonexistent/geoip)" '/nonexistent/geoip: No such file'
build > /dev/null; is "without sources it is a wrong call" $? 2
like "doctor says what it is and how old" \
	"$(env -u FOOTFALL_CONF FOOTFALL_GEO_DATABASE="$scratch/c.mmdb" "$FF_BUILDDIR/footfall" --conf /dev/null doctor 2>&1)" \
	"places +$scratch/c.mmdb: Footfall-Country \(Countries, data of IPFire Project, CC BY-SA 4.0\), [0-9]+ days old"
finish
