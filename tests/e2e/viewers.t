#!/bin/bash
# Keys and viewers' tokens all the way: made by `footfall`, brought to the collector by cron, honoured there, found in the
# tables; and gone again when they are revoked or renewed.
[ -n "${FF_TEST_DB:-}" ] || exec "${FF_SRCDIR:?}/tests/lib/pg.sh" run "$0"
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
. "$FF_SRCDIR/tests/lib/cron.sh"
trap '[ -z "${cron_dir:-}" ] || rm -rf "$cron_dir"' EXIT
footfall() { "$FF_BUILDDIR/footfall" "$@"; }

cron_setup
DIR=$cron_dir
printf '%s\n' "agent.regexes =" >>"$FOOTFALL_CONF"
footfall site add example.com >/dev/null
for task in partitions salts snapshot; do cron run $task >/dev/null; done
secret=$(footfall site secret example.com)
mint() { # SUB [CLAIMS]: a token as a backend would make it
	python3 - "$secret" "$1" "${2:-}" <<'END'
import base64, hashlib, hmac, json, sys, time
part = lambda b: base64.urlsafe_b64encode(b).rstrip(b"=").decode()
claims = {"sub": sys.argv[2], "aud": "example.com", "exp": int(time.time()) + 300} | json.loads(sys.argv[3] or "{}")
text = part(b'{"alg":"HS256","typ":"JWT"}') + "." + part(json.dumps(claims).encode())
print(text + "." + part(hmac.new(bytes.fromhex(sys.argv[1]), text.encode(), hashlib.sha256).digest()))
END
}
view() { # PATH CREDENTIAL [NAME=VALUE...]
	collect_cgi POST /api/event ${2:+"HTTP_AUTHORIZATION=Bearer $2"} "${@:3}" \
		<<<"{\"n\":\"pageview\",\"u\":\"https://example.com$1\"}"
}
told() { # PATH KEY ADDRESS
	collect_cgi POST /api/event ${2:+"HTTP_AUTHORIZATION=Bearer $2"} <<<"{\"n\":\"pageview\",\"u\":\"https://example.com$1\",
		\"client_ip\":\"$3\",\"timestamp\":\"$(date -u -d '1 hour ago' +%FT%TZ)\"}"
}
snapshot() { cron run snapshot >/dev/null; }

# ---- keys
key=$(footfall key add backend --site example.com --scopes events:write)
like "a key is unknown before the next snapshot" "$(told /told "$key" 203.0.113.1)" '^Status: 401'
snapshot
like "then its caller tells for others" "$(told /told "$key" 203.0.113.1)" '^Status: 202'
like "of several" "$(told /told "$key" 203.0.113.2)" '^Status: 202'
like "nobody else does" "$(told /told "" 203.0.113.3)" '^Status: 400'
footfall key revoke 1 >/dev/null
snapshot
like "a revoked key is worth nothing" "$(told /told "$key" 203.0.113.4)" '^Status: 401'

# ---- viewers
for _ in 1 2; do view /signed "$(mint ada.lovelace)" >/dev/null; done
view /signed "$(mint ada.lovelace)" REMOTE_ADDR=203.0.113.77 HTTP_USER_AGENT="Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Mobile/15E148 Safari/604.1" >/dev/null
view /signed "$(mint bob.kahn)" >/dev/null
view /signed "$(mint ed '{"role":"author"}')" >/dev/null
like "an expired token is named" "$(view /late "$(mint ada.lovelace '{"exp":1700000000}')")" 'x-footfall-token: expired'
view /hidden "$(mint ada.lovelace)" HTTP_SEC_GPC=1 >/dev/null
old=$secret
secret=$(footfall site secret example.com --new 2>/dev/null)
snapshot
view /renewed "$(mint ada.lovelace)" >/dev/null
like "under a new secret the old tokens are worth nothing" "$(secret=$old view /old "$(secret=$old mint ada.lovelace)")" 'x-footfall-token: signature'
cron run drain >/dev/null

rows() { # PATH EXPRESSION
	q "SELECT coalesce(string_agg(x, ' ' ORDER BY x), '') FROM (SELECT ($2)::text AS x FROM event e
		JOIN label l ON (l.site_id, l.label_id) = (e.site_id, e.path) WHERE l.value = '$1') r"
}
pseudonym() { # SECRET SUB: as src/safe/hash.h writes it down
	python3 - "$@" <<'END'
import hashlib, sys
sub = sys.argv[2].encode()
data = bytes([16]) + len(sub).to_bytes(8, "little") + sub
print(hashlib.blake2b(data, digest_size=16, key=bytes.fromhex(sys.argv[1])).hexdigest())
END
}
ada=$(pseudonym "$old" ada.lovelace) bob=$(pseudonym "$old" bob.kahn) ed=$(pseudonym "$old" ed)
is "told visitors are two, of an hour ago, and no viewers" \
	"$(rows /told "count(*) OVER () || '/' || (ts < now() - interval '50 minutes') || '/' || (viewer IS NULL)")" "2/true/true 2/true/true"
is "a viewer is one on every device, by a pseudonym that the secret gives" "$(rows /signed "replace(viewer::text, '-', '')")" \
	"$(printf '%s\n' "$ada" "$ada" "$ada" "$bob" "$ed" | sort | xargs)"
is "with one visit" "$(q "SELECT count(DISTINCT visit_id) FROM event WHERE replace(viewer::text, '-', '') = '$ada'")" 1
is "which is known as signed in" "$(q "SELECT bool_and(v.auth) FROM visit v JOIN event e USING (visit_id) WHERE e.viewer IS NOT NULL")" t
is "an author is kept apart" "$(rows /signed "CASE robot WHEN 0 THEN '' ELSE robot::text END" | xargs)" 10
is "and in no figure" "$(q "SELECT sum(pageviews) FROM visit v WHERE EXISTS (SELECT FROM event e WHERE e.visit_id = v.visit_id
	AND e.viewer IS NOT NULL AND replace(e.viewer::text, '-', '') IN ('$ada', '$bob'))")" 4
is "a late token is an anonymous visitor" "$(rows /late "(viewer IS NULL) || '/' || (visitor > 0) || '/' || (flags & 4)")" "true/true/0"
is "who sends GPC is nobody, though signed in" "$(rows /hidden "(viewer IS NULL) || '/' || visitor || '/' || (flags & 4)")" "true/0/4"
is "under a new secret one is somebody new" "$(rows /renewed "replace(viewer::text, '-', '')")" "$(pseudonym "$secret" ada.lovelace)"
is "the old token counts as anonymous" "$(rows /old "viewer IS NULL")" true
ok "the books agree with the rows" test -z "$(psql -X -q -At -f "$FF_SRCDIR/tests/lib/invariants.sql")"
is "no name, token or key is anywhere in the state" "$(grep -rlaE "ada\\.lovelace|bob\\.kahn|$key|$(mint ada.lovelace | cut -d. -f1)" "$state" "$log" "$DIR/collect.log" | wc -l)" 0
finish
