#!/bin/bash
# Privacy: after three simulated days no address, no user agent, no viewer's token or name in it, no API key and no salt is
# on disk anywhere: spool, state, logs, database files, write-ahead log, dump, snapshot, ledger. The search finds what was planted, so it can fail.
. "${FF_SRCDIR:?}/tests/lib/pg.sh"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
. "$FF_SRCDIR/tests/lib/clock.sh"
. "$FF_SRCDIR/tests/lib/web.sh"
secret=
clean() {
	web_stop
	collect_clean
	pg_stop
	[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"
	[ -z "$secret" ] || rm -rf "$secret"
}
trap clean EXIT
pg_start || skip_all "no PostgreSQL"
web_program nginx >/dev/null || skip_all "nginx is not here"
pg_psql -c "ALTER SYSTEM SET log_statement = 'all'" -c "ALTER SYSTEM SET log_min_error_statement = 'debug1'" -c "SELECT pg_reload_conf()" >/dev/null

cron_setup
DIR=$cron_dir
secret=$(mktemp -d) # what this test knows, beside the places that are searched
run=$secret/run     # salts that live stand here, on a tmpfs in a real house
mkdir "$run" "$DIR/run"
sed -i "s|^run_dir = .*|run_dir = $run|" "$FOOTFALL_CONF"
printf '%s\n' "trusted_proxies = 127.0.0.0/8" "log.level = debug" "spool.segment_size = 1M" >>"$FOOTFALL_CONF"
"$FF_BUILDDIR/footfall" site add example.com >/dev/null
q "UPDATE site SET public_id = '01010101-0101-0101-0101-010101010101', default_kind = 'video'"
"$FF_BUILDDIR/footfall" routes >"$DIR/routes"

clock_begin "$secret"
COLLECT_WITH=("${CLOCKED[@]}")
tick() { "${CLOCKED[@]}" "$FF_BUILDDIR/footfall-cron" run "$1" >/dev/null 2>>"$log"; }
keep_house() { for task in partitions salts snapshot; do tick $task; done; }
salts_now() { sed -n 's/^[0-9-]* \([0-9a-f]\{64\}\)$/salt \1/p' "$run/salts"; }
begin() { # the collector under its socket's real name
	collect_start || return 1
	ln -sf "$DIR/run/collect.sock" "$run/collect.sock"
}

# Visitors: addresses and agents that are nobody else's. Their browser and system may be known, but not the whole text.
addresses=(198.18.77.201 203.0.113.239 2001:db8:dead:beef:1234:5678:9abc:def0 2001:db8:77:abcd::4242)
agents=("Mozilla/5.0 (X11; Linux x86_64; rv:128.0; qzx-device-7731) Gecko/20100101 Firefox/128.0 Extra-Kwfp/9.73.1"
	"Mozilla/5.0 (Linux; Android 14; PXQ-9981-ZZ) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.7390.55 Mobile Safari/537.36 Vwt/3"
	"qjbot-kk81/4.7 (+http://robots.example/qjbot-kk81)"
	"Zzyx-$(head -c 600 /dev/zero | tr '\0' y)-agent")
printf 'address %s\n' "${addresses[@]}" >"$secret/needles"
printf 'agent %s\n' "${agents[@]}" qzx-device-7731 Extra-Kwfp PXQ-9981-ZZ qjbot-kk81 Zzyx-yyyyyyyy >>"$secret/needles"
# Signed-in viewers, and a backend with a key.
secret_hex=$(q "SELECT encode(secret, 'hex') FROM site")
for subject in subject-qz77-visitor@mail.example user-9913-kkzy; do
	echo "subject $subject"
	python3 -c 'import base64, hashlib, hmac, json, sys, time
part = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=")
text = part(b"{\"alg\":\"HS256\",\"typ\":\"JWT\"}") + b"." + part(json.dumps(
    {"sub": sys.argv[1], "aud": "example.com", "exp": int(time.time()) + 30 * 86400}).encode())
print("token", (text + b"." + part(hmac.new(bytes.fromhex(sys.argv[2]), text, hashlib.sha256).digest())).decode())' "$subject" "$secret_hex"
done >>"$secret/needles"
echo "token $("$FF_BUILDDIR/footfall" key add backend --scopes events:write)" >>"$secret/needles"
visit() { # to every endpoint, well and badly
	"$FF_SRCDIR/tests/lib/visits.py" "$WEB_PORT" "$DIR/routes" "$secret/needles" "$1" >"$secret/sent" || sed 's/^/# /' "$secret/sent"
}

clock_at 'tomorrow 12:00'
keep_house
salts_now >"$secret/salts.1"
begin && web_start nginx "$DIR/run" || exit 1
visit planted-on-day-one
collect_stop KILL # leaves an open segment
rm -f "$DIR/run/collect.sock"
begin
visit planted-again
tick drain
for day in 2 3 4; do
	clock_set $((clock_off + 86400))
	sleep 1.1
	keep_house
	visit "planted-on-day-$day"
	[ $day = 3 ] || tick drain
	"${CLOCKED[@]}" "$FF_BUILDDIR/footfall" doctor >>"$log" 2>&1
done
"${CLOCKED[@]}" "$FF_BUILDDIR/footfall" ledger >>"$log" 2>&1
salts_now >"$secret/salts.now"
sort "$secret/salts.1" >"$secret/a"
sort "$secret/salts.now" >"$secret/b"
dead=$(comm -23 "$secret/a" "$secret/b")
ok "salts died meanwhile" test "$(wc -l <<<"$dead")" -ge 2
unlike "and are not in the file of the living" "$(cat "$run/salts")" "$(sed 's/^salt //' <<<"$dead" | paste -sd'|')"
sort -u "$secret/a" "$secret/b" >>"$secret/needles"
is "what was acknowledged is in the database" "$(q 'SELECT count(*) > 0, count(*) FROM event')" "t|$(ledger stored)"
is "identities are there, one a person and day" "$(q "SELECT count(DISTINCT visitor) > 8 FROM event WHERE visitor <> 0")" t

# As a backup and an image of the disk would have it.
q "CHECKPOINT; SELECT pg_switch_wal(); CHECKPOINT" >/dev/null
mkdir "$DIR/backup"
pg_dump >"$DIR/backup/dump.sql"
pg_dump -Fc --compress=0 >"$DIR/backup/dump.custom"
cp "$state/sites.snapshot" "$DIR/backup/"
printf 'planted planted-on-day-4\n' >>"$secret/needles"
search() { python3 "$FF_SRCDIR/tests/lib/traces.py" "$secret/needles" "$@"; }
search "$DIR" "$PG_DIR" "$WEB_DIR" >"$secret/found"
tail -n 1 "$secret/found" | sed 's/^/# /'
ok "viewers were signed in, under a pseudonym" test "$(q "SELECT count(DISTINCT viewer) FROM event WHERE flags & 4 <> 0")" = 2
is "no address, agent, token, name, key or salt is anywhere on disk" "$(grep '^found' "$secret/found" | grep -v '^found planted' | sort | uniq -c | head -n 20)" ""
for place in "$PG_DIR/data/base" "$PG_DIR/data/pg_wal" "$DIR/backup/dump.sql" "$DIR/backup/dump.custom"; do
	ok "what was planted in a path is found in ${place##*/}" grep -q "^found planted .* $place" "$secret/found"
done
collect_stop KILL
ok "and in the spool" grep -q "^found planted .* $state/spool" "$secret/found"

# The search itself: each form of each kind, planted into files of their own.
mkdir "$secret/control"
python3 - "$secret" <<'END'
import base64, ipaddress, sys
top = sys.argv[1]
salt = bytes.fromhex(open(top + "/salts.1").readline().split()[1])
v4, v6 = ipaddress.ip_address("198.18.77.201"), ipaddress.ip_address("2001:db8:dead:beef:1234:5678:9abc:def0")
for name, data in {"salt-raw": salt, "salt-hex": salt.hex().upper().encode(), "salt-b64": base64.b64encode(b"x" + salt), "v4-text": str(v4).encode(),
        "v4-mapped": bytes(10) + b"\xff\xff" + v4.packed, "v6-text": str(v6).upper().encode(), "v6-raw": v6.packed,
        "agent": b"... qzx-device-7731) gecko", "subject": base64.urlsafe_b64encode(b'{"sub":"subject-qz77-visitor@mail.example"}'),
        "subject-text": b'sub=subject-qz77-visitor@mail.example'}.items():
    open(f"{top}/control/{name}", "wb").write(b"noise " + data + b" noise")
END
is "the search finds each kind where it was planted" "$(search "$secret/control" | sed -n 's|^found.*control/||p' | sort -u | wc -l)" 10
[ $tap_failed = 0 ] || tail -n 5 "$log" | sed 's/^/# /'
finish
