"""Who may see what, over every route that asks for a key. argv: program, settings, file of routes, log."""
import base64, hashlib, hmac, json, os, subprocess, sys, time

PROGRAM, CONF, ROUTES, LOG = sys.argv[1:]
NOW = int(time.time())
SECRETS = {"example.com": bytes(32), "other.example": b"\x11" * 32}
total = failed = 0


def ok(name, good, why=""):
    global total, failed
    total += 1
    failed += not good
    print(f"{'ok' if good else 'not ok'} {total} - {name}")
    if not good:
        print(f"# {why}")


def b64(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def mint(role, site="example.com", secret=None, header=None, **more):
    claims = {"sub": "ada", "aud": site, "exp": NOW + 600, "role": role, **more}
    signed = b64(json.dumps(header or {"alg": "HS256"}).encode()) + "." + b64(json.dumps(claims).encode())
    return signed + "." + b64(hmac.new(secret or SECRETS[site], signed.encode(), hashlib.sha256).digest())


def ask(method, path, bearer=None, body=None):
    data = json.dumps(body).encode() if body is not None else b""
    env = {"REQUEST_METHOD": method, "REQUEST_URI": path, "QUERY_STRING": path.partition("?")[2], "CONTENT_LENGTH": str(len(data)),
           "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": "stats.example", "HTTPS": "on", "CONTENT_TYPE": "application/json" if data else ""}
    if bearer is not None:
        env["HTTP_AUTHORIZATION"] = "Bearer " + bearer
    with open(LOG, "ab") as log:
        out = subprocess.run([PROGRAM, "--conf", CONF], input=data, env=env, stdout=subprocess.PIPE, stderr=log, check=False).stdout
    head, _, text = out.partition(b"\r\n\r\n")
    code = int(head.split(b" ", 2)[1]) if head.startswith(b"Status:") else 0
    return code, text.decode("utf-8", "replace")


# ---- a request for each route ----

FILL = {"{kind}": "video", "{id}": "i1", "{site}": "example.com", "{task}": "retention", "{goal}": "1", "{segment}": "1", "{link}": "1",
        "{email}": "a@b.example", "{property}": "x"}
SITE = {"/api/v1/": "site_id", "/api/": "site"}
RANGE = ["2026-10-19", "2026-10-31"]
BODIES = {
    "/api/content/counts": {"site": "example.com", "items": [{"kind": "video", "id": "i1"}, {"kind": "video", "id": "i2"}]},
    "/api/export/query": {"site_id": "example.com", "metrics": ["views"], "date_range": RANGE, "dimensions": ["content:item"]},
    "/api/v2/query": {"site_id": "example.com", "metrics": ["views"], "date_range": RANGE, "dimensions": ["content:item"]},
}
MORE = {"/api/v1/stats/breakdown": "&period=custom&date=2026-10-19,2026-10-31&property=event:page",
        "/api/v1/stats/aggregate": "&period=custom&date=2026-10-19,2026-10-31",
        "/api/v1/stats/timeseries": "&period=custom&date=2026-10-19,2026-10-31"}


def request(pattern, site="example.com"):
    path = pattern
    for name, value in FILL.items():
        path = path.replace(name, site if name == "{site}" else value)
    word = next(w for start, w in SITE.items() if path.startswith(start))
    body = BODIES.get(pattern)
    if body is not None:
        body = dict(body, **{("site_id" if "site_id" in body else "site"): site})
    return path + f"?{word}={site}" + MORE.get(pattern, ""), body


routes = [line.split() for line in open(ROUTES)]
ok("there are routes", len(routes) > 20, routes)

# Without parameters of its own a changing route is refused by the guard, before its body is looked at.
for method, pattern, scope, narrows in routes:
    path, body = request(pattern)
    name = f"{method} {pattern}"
    narrows = narrows == "narrows"
    reads = scope == "stats:read"

    def code(bearer, p=path):
        return ask(method, p, bearer, body)[0]

    def passes(c):
        return c not in (401, 403) and c < 500 and c != 0

    refused = {"nobody": None, "a made-up key": "ffk_" + "A" * 43, "a made-up link": "ffs_" + "A" * 43, "garbage": "x.y.z",
               "a forged token": mint("moderator", secret=b"x" * 32), "alg none": mint("moderator", header={"alg": "none"}),
               "an expired token": mint("moderator", exp=NOW - 120), "a token for recording": mint("author")}
    for who, bearer in refused.items():
        c = code(bearer)
        ok(f"{name}: {who} is unknown", c == 401, c)
    expected = {"a viewer's token": (mint("viewer"), reads), "a moderator's token": (mint("moderator"), scope.endswith(":read")),
                "an owner's token": (mint("owner"), reads and narrows),
                "a narrowed moderator's token": (mint("moderator", scope={"kind": "video"}), reads and narrows),
                "a share link": (os.environ["SHARE"], reads)}
    for who, (bearer, may) in expected.items():
        c = code(bearer)
        ok(f"{name}: {who} {'passes' if may else 'does not'}", passes(c) if may else c == 403, c)
    c = code(mint("moderator", site="other.example"))
    ok(f"{name}: another site's moderator does not", c in (401, 403), c)
    c = code(None, path + "&auth=" + os.environ["SHARE"])
    ok(f"{name}: a link in the address {'passes' if reads and method == 'GET' else 'does not'}",
       passes(c) if reads and method == "GET" else c == 401, c)

# ---- what an owner sees: theirs, and nothing else ----

owner, key = mint("owner"), os.environ["READER"]
blog = mint("viewer", scope={"collection": "blog"})


def counts(bearer):
    return json.loads(ask("POST", "/api/content/counts", bearer, {"site": "example.com", "items": [
        {"kind": k, "id": i} for k in ("video", "post") for i in ("i1", "i2", "i3")]})[1])["items"]


def question(bearer, **more):
    body = {"site_id": "example.com", "metrics": ["views"], "date_range": RANGE, **more}
    code, text = ask("POST", "/api/v2/query", bearer, body)
    return json.loads(text).get("results", (code, text))


def same_as_filtered(name, **more):
    mine = [["is", "content:owner", ["ada"]]]
    got = question(owner, **more)
    want = question(key, **dict(more, filters=mine + more.get("filters", [])))
    ok(f"an owner's {name} is the one about their items", got == want and isinstance(got, list), f"{got} / {want}")


def check_item():
    ok("an owner's item by path", ask("GET", "/api/analytics/stats/i1?site=example.com", owner) ==
       ask("GET", "/api/analytics/stats/i1?site=example.com", key))
    got, none = (ask("GET", f"/api/analytics/stats/{i}?site=example.com", owner) for i in ("i2", "nothing"))
    ok("another's is an unknown one", got == none, got)


def check_counts():
    ok("an owner's counters", ask("GET", "/api/content/post/i1/counts?site=example.com", owner) ==
       ask("GET", "/api/content/post/i1/counts?site=example.com", key))
    got = ask("GET", "/api/content/post/i2/counts?site=example.com", owner)
    none = ask("GET", "/api/content/post/nothing/counts?site=example.com", owner)
    ok("another's are those of an unknown one", (got[0], got[1].replace("i2", "nothing")) == none, got)


def check_many():
    full, mine, in_blog = counts(key), counts(owner), counts(blog)
    ok("of many, an owner sees theirs", all(m == f for m, f in zip(mine, full) if m["id"] == "i1"), mine)
    ok("and the others as unknown", all(not m["known"] and m["viewsTotal"] == 0 for m in mine if m["id"] != "i1"), mine)
    ok("who is narrowed to a collection sees that", [m["known"] for m in in_blog] == [False, True, False] * 2, in_blog)


def check_stats():
    code, text = ask("GET", "/api/content/video/i1/stats?site=example.com", owner)
    ok("all of an owner's item", code == 200 and "mine" in text, (code, text[:200]))
    got = ask("GET", "/api/content/video/i2/stats?site=example.com", owner)
    ok("nothing of another's", got[0] == 404 and "SECRET" not in got[1], got)


def check_list(which):
    def check():
        code, text = ask("GET", f"/api/lists/{which}?site=example.com", owner)
        ok(f"the {which} of an owner's items", code == 200 and "SECRET" not in text and '"i2"' not in text, (code, text[:300]))
        code, text = ask("GET", f"/api/lists/{which}?site=example.com&owner=bob", owner)
        ok(f"the {which} of another's", code != 200 or ("SECRET" not in text and '"i2"' not in text), (code, text[:300]))
    return check


def check_query():
    same_as_filtered("question by item", dimensions=["content:item"])
    whole, theirs = question(key, dimensions=["content:item"]), question(owner, dimensions=["content:item"])
    ok("which are fewer, and some", len(whole) == 6 and len(theirs) == 2 and theirs[0]["metrics"][0] > 0, (whole, theirs))
    same_as_filtered("total")
    same_as_filtered("question by day", dimensions=["time:day"])
    same_as_filtered("question with a filter", dimensions=["content:item"], filters=[["is", "content:kind", ["video"]]])
    labels = [row["dimensions"] for row in question(owner, dimensions=["content:owner"])]
    ok("by owner there is one", labels == [["ada"]], labels)
    empty = question(owner, filters=[["is", "content:owner", ["bob"]]])
    ok("asked for another's there is nothing", empty == [{"metrics": [0], "dimensions": []}], empty)
    either = question(owner, filters=[["or", [["is", "content:owner", ["bob"]], ["is", "content:owner", ["ada"]]]]])
    ok("nor by an or", either == question(owner), either)
    for name, more in {"entry pages": {"dimensions": ["visit:entry_page"], "metrics": ["visitors"]},
                       "exit pages": {"dimensions": ["visit:exit_page"], "metrics": ["visitors"]},
                       "a filter on entry pages": {"filters": [["contains", "visit:entry_page", ["/"]]], "metrics": ["visitors"]},
                       "bounces by page": {"dimensions": ["event:page"], "metrics": ["bounce_rate"]}}.items():
        code, text = ask("POST", "/api/v2/query", owner, {"site_id": "example.com", "date_range": RANGE, **{"metrics": ["views"], **more}})
        ok(f"no {name} for an owner", code in (400, 403) and "results" not in text, (code, text[:200]))
    code, text = ask("POST", "/api/v2/query", owner, {"site_id": "other.example", "metrics": ["views"], "date_range": RANGE})
    ok("no other site, whoever is called ada there", code in (401, 403), (code, text[:200]))


def check_v1(which):
    def check():
        word = "&property=event:page" if which == "breakdown" else ""
        path = f"/api/v1/stats/{which}?site_id=example.com&metrics=pageviews&period=custom&date=2026-10-19,2026-10-31{word}"
        mine, filtered = ask("GET", path, owner), ask("GET", path + "&filters=content:owner==ada", key)
        if filtered[0] != 200:      # v1 has no such filter: ask in the other dialect
            dims = {"aggregate": [], "timeseries": ["time:day"], "breakdown": ["event:page"]}[which]
            rows = question(key, metrics=["pageviews"], dimensions=dims, filters=[["is", "content:owner", ["ada"]]])
            total = sum(row["metrics"][0] for row in rows)
            answer = json.loads(mine[1])
            found = answer["results"]["pageviews"]["value"] if which == "aggregate" else \
                sum(row["pageviews"] or 0 for row in answer["results"])
            ok(f"v1 {which} of an owner", mine[0] == 200 and found == total, (mine, total))
        else:
            ok(f"v1 {which} of an owner", mine == filtered and mine[0] == 200, (mine, filtered))
    return check


def check_realtime():
    code, text = ask("GET", "/api/v1/stats/realtime/visitors?site_id=example.com", owner)
    ok("visitors of this moment on an owner's items", (code, text.strip()) == (200, "0"), (code, text))


CASES = {"/api/analytics/stats/{id}": check_item, "/api/content/{kind}/{id}/counts": check_counts, "/api/content/counts": check_many,
         "/api/content/{kind}/{id}/stats": check_stats, "/api/v2/query": check_query,
         "/api/lists/popular": check_list("popular"), "/api/lists/trending": check_list("trending"),
         "/api/lists/rising": check_list("rising"), "/api/v1/stats/realtime/visitors": check_realtime,
         "/api/v1/stats/aggregate": check_v1("aggregate"), "/api/v1/stats/timeseries": check_v1("timeseries"),
         "/api/v1/stats/breakdown": check_v1("breakdown")}
for method, pattern, scope, narrows in routes:
    if narrows == "narrows":
        ok(f"{pattern} says it narrows, and there is a test for it", pattern in CASES)
        CASES.get(pattern, lambda: None)()

# ---- tricks with paths ----

for path in ("/api/v1/sites/..%2Fsites", "/api/v1/sites/example.com%00", "/api//v1/sites", "/api/v1/sites/", "/api/v1/./sites",
             "/API/v1/sites", "/api/v1/sites/example.com/../goals", "/api/content/video%2Fi1/counts", "/api/content/video/i1/stats/"):
    c = ask("GET", path, os.environ["SHARE"])[0]
    ok(f"{path} opens nothing for a link", c in (400, 401, 403, 404), c)
huge = "ey" + "A" * 60000 + "." + "A" * 100 + ".x"
c = ask("GET", "/api/content/video/i1/counts?site=example.com", huge)[0]
ok("a huge token is refused", c in (400, 401, 413), c)
print(f"1..{total}")
sys.exit(1 if failed else 0)
