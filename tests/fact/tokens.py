"""Viewers' tokens minted with nothing but hmac and hashlib: prints "NAME<TAB>EXPECTED<TAB>line for judge_token"."""
import base64, hashlib, hmac, json

SECRET = bytes(range(1, 33))
NOW = 1800000000
SITE = "example.com"


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def pseudonym(sub, secret=SECRET):
    """As safe/hash.h writes it down: BLAKE2b of the length's byte, then each part behind its length."""
    text = sub.encode()
    h = hashlib.blake2b(bytes([16]) + len(text).to_bytes(8, "little") + text, digest_size=16, key=secret).hexdigest()
    return "-".join((h[:8], h[8:12], h[12:16], h[16:20], h[20:]))


def mint(claims, header=None, secret=SECRET, digest=hashlib.sha256):
    header = json.dumps(header or {"alg": "HS256", "typ": "JWT"}).encode() if not isinstance(header, bytes) else header
    claims = claims if isinstance(claims, bytes) else json.dumps(claims).encode()
    signed = b64(header) + "." + b64(claims)
    return signed + "." + b64(hmac.new(secret, signed.encode(), digest).digest())


def case(name, expected, token, now=NOW, site=SITE):
    print(name, expected, f"{SECRET.hex()} {site} {now} {token}", sep="\t")


def with_(**more):
    claims = {"sub": "u-1", "aud": SITE, "exp": NOW + 600, **more}
    return {k: v for k, v in claims.items() if v is not None}


known = "ok " + pseudonym("u-1")
good = mint(with_())
head, body, mac = good.split(".")

case("a good token is a viewer", known, good)
case("the same on another day", known, mint(with_(exp=NOW + 9e5)), now=NOW + 86400 * 9)
case("another sub is somebody else", "ok " + pseudonym("ü 2"), mint(with_(sub="ü 2")))
case("sub may have 200 bytes", "ok " + pseudonym("x" * 200), mint(with_(sub="x" * 200)))
case("and not more", "claims", mint(with_(sub="x" * 201)))
for bad in ("", 7, None, True, ["u-1"], {"id": "u-1"}):
    case(f"sub {bad!r} is nobody", "claims", mint(with_(sub=bad)))

case("aud may be a list", known, mint(with_(aud=["other.example", SITE])))
for bad in ("other.example", ["other.example"], [], "example.com.evil.test", "www.example.com", 1, [1], {"a": SITE}):
    case(f"aud {bad!r} is another audience", "audience", mint(with_(aud=bad)))
case("aud is required", "claims", mint(with_(aud=None)))

case("exp is required", "claims", mint(with_(exp=None)))
for bad in ("soon", str(NOW + 600), None, [NOW + 600], True):
    case(f"exp {bad!r} is no time", "claims", mint(with_(exp=bad)))
case("a minute late is in time", known, mint(with_(exp=NOW - 59)))
case("more is expired", "expired", mint(with_(exp=NOW - 60)))
case("exp may have a fraction", known, mint(with_(exp=NOW - 59.5)))
case("exp 0 is expired", "expired", mint(with_(exp=0)))
case("exp -1 is expired", "expired", mint(with_(exp=-1)))
case("exp 1e300 is far away", known, mint(with_(exp=1e300)))
case("nbf a minute ahead is in time", known, mint(with_(nbf=NOW + 60)))
case("nbf further ahead is early", "early", mint(with_(nbf=NOW + 61)))
case("nbf must be a number", "claims", mint(with_(nbf="now")))
case("iat in the future is early", "early", mint(with_(iat=NOW + 3600)))
case("iat must be a number", "claims", mint(with_(iat=[])))

case("an author is the team", known + " team", mint(with_(role="author")))
case("so is the team", known + " team", mint(with_(role="team")))
case("in a list of roles too", known + " team", mint(with_(roles=["reader", "author"])))
case("a reader is the audience", known, mint(with_(role="reader", roles=["subscriber"])))
case("roles of other types say nothing", known, mint(with_(role=1, roles={"author": True})))

case("alg none is refused", "algorithm", mint(with_(), {"alg": "none"}))
case("alg none without a signature is no token", "malformed", b64(b'{"alg":"none"}') + "." + body + ".")
for alg in ("None", "hs256", "HS256 ", "HS384", "HS512", "RS256", "ES256", "", 256, None, ["HS256"]):
    case(f"alg {alg!r} is refused", "algorithm", mint(with_(), {"alg": alg}))
case("HS384 is refused by its length", "malformed", mint(with_(), {"alg": "HS384"}, digest=hashlib.sha384))
case("no alg is refused", "algorithm", mint(with_(), {"typ": "JWT"}))
case("crit is refused", "algorithm", mint(with_(), {"alg": "HS256", "crit": ["exp"]}))
case("b64=false is refused", "algorithm", mint(with_(), {"alg": "HS256", "b64": False, "crit": ["b64"]}))
case("kid and jku are not followed", known, mint(with_(), {"alg": "HS256", "kid": "../../dev/null", "jku": "https://x"}))
case("an empty key does not open", "signature", mint(with_(), secret=b""))
case("the secret in hex is another key", "signature", mint(with_(), secret=SECRET.hex().encode()))
case("another site's secret is refused", "signature", mint(with_(), secret=bytes(32)))
case("claims of one under the signature of another", "signature",
     head + "." + b64(json.dumps(with_(sub="admin")).encode()) + "." + mac)

case("a header that is no JSON", "malformed", mint(with_(), b"HS256"))
case("a header that is a list", "malformed", mint(with_(), b'["HS256"]'))
case("claims that are no JSON", "malformed", mint(b"sub=u-1"))
case("claims that are a list", "malformed", mint(b"[]"))
case("claims that are not UTF-8", "malformed", mint(b'{"sub":"\xff","aud":"example.com","exp":1900000000}'))
case("a NUL in sub", "malformed", mint(b'{"sub":"a\\u0000","aud":"example.com","exp":1900000000}'))
case("claims nested like a nest", "malformed", mint(b'{"sub":' + b"[" * 500 + b"]" * 500 + b"}"))
case("no token at all", "malformed", "")
case("a word", "malformed", "token")
case("padding", "malformed", head + "=." + body + "." + mac)
case("five parts are another kind", "malformed", good + "." + mac + "." + mac)
case("over 4 KiB", "malformed", mint(with_(pad="x" * 4096)))
