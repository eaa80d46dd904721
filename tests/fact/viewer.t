#!/bin/bash
# Viewers' tokens that others minted, judged by ours: by Python's hmac (tests/fact/tokens.py), and by node's crypto.
. "$FF_SRCDIR/tests/lib/tap.sh"

judge() { "$FF_BUILDDIR/tests/fact/judge_token"; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 "$FF_SRCDIR/tests/fact/tokens.py" > "$scratch/cases"
cut -f 3 "$scratch/cases" | judge > "$scratch/out"
is "every token is judged" "$(wc -l < "$scratch/out")" "$(wc -l < "$scratch/cases")"
while IFS=$'\t' read -r name expected line <&3 && read -r got <&4; do
	is "$name" "$got" "$expected"
done 3< "$scratch/cases" 4< "$scratch/out"

# ---- as a backend would
cat > "$scratch/mint.cjs" <<'END'
const { createHmac } = require("node:crypto");
const secret = Buffer.from(process.argv[2], "hex");
const part = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const claims = { sub: "42", aud: "example.com", exp: 1800000600, iat: 1800000000, role: "author" };
const text = part({ alg: "HS256", typ: "JWT" }) + "." + part(claims);
console.log(text + "." + createHmac("sha256", secret).update(text).digest("base64url"));
END
secret=$(printf 'a5%.0s' {1..32})
if command -v node > /dev/null; then
	like "a token by node's crypto is a viewer" \
		"$(echo "$secret example.com 1800000000 $(node "$scratch/mint.cjs" "$secret")" | judge)" '^ok [0-9a-f-]{36} team$'
	{ echo "const secret = '$secret', user = { id: 42 };"
	  sed -n '/^```js$/,/^```$/{/^```/d;p}' "$FF_SRCDIR/docs/viewers.md"
	  echo 'console.log(token);'; } > "$scratch/example.cjs"
	like "so is one by the example of docs/viewers.md" \
		"$(echo "$secret example.com $(date +%s) $(node "$scratch/example.cjs")" | judge)" '^ok [0-9a-f-]{36}$'
else
	skip "tokens by node's crypto are viewers" "no node"
fi
finish
