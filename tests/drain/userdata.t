#!/bin/bash
# What is kept of a signed-in viewer is given to them whole, and erased: no figure changes, and no trace is left.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/drain/lib.sh"
trap 'rm -rf "$work"' EXIT
printf 'database = %s\nstate_dir = %s/state\nrun_dir = %s/run\n' "$FF_TEST_DB" "$work" "$work" > "$work/conf"
chmod 640 "$work/conf"
tool() { "$FF_BUILDDIR/footfall" --conf "$work/conf" user-data "$@" 2> "$work/err"; }
is() { # NAME GOT EXPECTED
	[ "$2" = "$3" ]
	ok $? "$1"
	[ "$2" = "$3" ] || printf '# got: %s\n# expected: %s\n' "$2" "$3"
}
figures() { psql -X -q -At -v ON_ERROR_STOP=1 -f "$top/tests/lib/figures.sql" | md5sum; }
# The pseudonym by other means: BLAKE2b-128, keyed by the site's secret, of the byte 16, the name's length and the name.
pseudonym() {
	python3 -c 'import hashlib, struct, sys, uuid
name = sys.argv[1].encode()
print(uuid.UUID(bytes=hashlib.blake2b(b"\x10" + struct.pack("<Q", len(name)) + name, digest_size=16, key=bytes(32)).digest()))' "$1"
}

make_sites
spool seed=9 events=2500 span=200000 visitors=60
drain > "$work/out"
viewer=$(sql "SELECT viewer FROM event WHERE site_id = 1 AND viewer IS NOT NULL AND robot = 0 GROUP BY 1 ORDER BY count(*) DESC LIMIT 1")
for n in $(seq 0 80); do [ "$(pseudonym "user-$n")" != "$viewer" ] || sub=user-$n; done
[ -n "${sub:-}" ]
ok $? "the pseudonym is the keyed hash of the name ($sub)"
events=$(sql "SELECT count(*) FROM event WHERE site_id = 1 AND viewer = '$viewer'")
visits=$(sql "SELECT count(DISTINCT visit_id) FROM event WHERE site_id = 1 AND viewer = '$viewer' AND visit_id <> 0")
tool export a.test "$sub" > "$work/export"
is "all events are given" "$(jq -r 'select(.type == "event") | .event_id' "$work/export" | sort)" \
	"$(sql "SELECT event_id FROM event WHERE site_id = 1 AND viewer = '$viewer'" | sort)"
is "and all visits" "$(jq -c 'select(.type == "visit")' "$work/export" | wc -l)" "$visits"
is "with what is stored of them" "$(jq -r 'select(.type == "event") | .path // ""' "$work/export" | sort)" \
	"$(sql "SELECT value FROM event JOIN label ON (label.site_id, label_id) = (event.site_id, path) WHERE event.site_id = 1 AND viewer = '$viewer'" | LC_ALL=C.UTF-8 sort)"
is "nothing of others" "$(tool export b.test nobody | wc -l) $(grep -c 'nothing is kept of nobody' "$work/err")" "0 1"
sql "INSERT INTO bad_record (segment, off, received_at, reason, payload) VALUES (gen_random_uuid(), 1, now(), 'test',
	'\\x0011' || decode(replace('$viewer', '-', ''), 'hex') || '\\x22'), (gen_random_uuid(), 1, now(), 'other', '\\x0011')"

before=$(figures)
like=$(tool erase a.test "$sub")
is "erasing says how much" "${like%% are*}" "$visits visits, $events events and 1 quarantined records"
is "no figure changes" "$(figures)" "$before"
is "other quarantined records stay" "$(sql "DELETE FROM bad_record RETURNING reason")" other
is "the tables still agree" "$(psql -X -q -At -f "$top/tests/lib/invariants.sql")" ""
is "nothing is left to give" "$(tool export a.test "$sub" | wc -l)" 0
is "no row has the pseudonym" "$(sql "SELECT count(*) FROM event WHERE viewer = '$viewer'")" 0
is "nor its number" "$(sql "SELECT count(*) FROM visit v WHERE site_id = 1 AND visitor = ('x' || left(replace('$viewer', '-', ''), 16))::bit(64)::bigint >> 1 & 9223372036854775807")" 0
is "the audit knows how much, not whose" "$(sql "SELECT action || ': ' || detail FROM audit")" "user-data.erase: $visits visits, $events events"
is "the wish is kept for what comes later" "$(sql "SELECT count(*) FROM erasure WHERE viewer = '$viewer'")" 1
is "an unknown site is named" "$(tool erase nowhere.test x; echo $?) $(grep -c nowhere.test "$work/err")" "1 1"
plan
