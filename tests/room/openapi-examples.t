#!/bin/bash
# The requests that docs/openapi.yaml shows for the collector are taken as they stand there.
. "$FF_SRCDIR/tests/lib/tap.sh"
. "$FF_SRCDIR/tests/lib/collect.sh"
trap collect_clean EXIT
collect_setup "example.com" || exit 1

# A line an example: path, tab, body. They are written as JSON, which is YAML too, so that nobody needs a reader of YAML.
examples() {
	python3 - "$FF_SRCDIR/docs/openapi.yaml" <<'END'
import json, re, sys

text = open(sys.argv[1]).read()
path, asked, ours = None, False, False
for m in re.finditer(r"^  (/\S+):$|^      (requestBody|responses):|^      tags: \[(\w+)\]|^ +(?:example|value):\s*(?=\{\")", text, re.M):
    if m[1]:
        path, asked = m[1], False
    elif m[2]:
        asked = m[2] == "requestBody"
    elif m[3]:
        ours = m[3] == "record"
    elif asked and ours:
        body, _ = json.JSONDecoder().raw_decode(text, m.end())
        print(path, json.dumps(body), sep="\t")
END
}

examples >"$DIR/examples"
ok "there are examples" test "$(wc -l <"$DIR/examples")" -ge 13
before=0
while IFS=$'\t' read -r path body; do
	path=${path//\{kind\}/video} path=${path//\{id\}/42}
	like "$path takes ${body:0:60}..." "$(collect_cgi POST "$path" <<<"$body" | head -n 1)" '^Status: 20[24]'
	now=$(ledger stored)
	ok "and stores it" test "$now" -gt "$before"
	before=$now
done <"$DIR/examples"
is "nothing was dropped or refused" "$(ledger received)" "$(ledger stored)"
finish
