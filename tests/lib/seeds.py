"""seeds.py - one valid request or more for every endpoint that the route tables name; garbage and spoofing start from them.

    routes(text, program) -> [(method, pattern, guard)] from the output of `footfall routes`
    seeds(method, pattern, site) -> [(target, content type, body)], never empty

An endpoint that is not in the list gets every body there is: what is new is tested before anybody thinks of it.
"""
import json, re

SITE = {"domain": "example.com", "uuid": "01010101-0101-0101-0101-010101010101", "number": "1"}
EVENT = {"n": "signup", "u": "https://@SITE@/a?utm_source=x", "d": "@SITE@", "r": "https://www.google.com/",
         "p": {"plan": "pro"}, "$": {"currency": "EUR", "amount": "9.99"}, "i": True,
         "event_id": "6f4c1a52-0f3a-4c55-9d0c-3c1c6a1b2d01", "item": {"kind": "video", "id": "v1", "title": "One"},
         "view_type": "intentional", "view_source": "web"}
PAGE = {"n": "pageview", "u": "https://@SITE@/b", "d": "@SITE@"}
LEFT = {"n": "engagement", "u": "https://@SITE@/b", "d": "@SITE@", "sd": 50, "e": 1200}
UMAMI = {"type": "event", "payload": {"website": "@UUID@", "url": "/home", "title": "Home", "hostname": "@SITE@",
         "referrer": "https://google.com/", "language": "de", "screen": "1920x1080", "name": "signup", "data": {"n": 3}}}
MATOMO = "?idsite=@NUMBER@&rec=1&url=https%3A%2F%2F@SITE@%2Fa&action_name=A&urlref=https%3A%2F%2Fgoogle.com%2F&_id=0123456789abcdef"
HIT = {"site": "@SITE@", "no_sessions": True, "hits": [{"path": "/g", "title": "G", "event": False, "ref": "https://x.example/"}]}
COUNT = "site=@SITE@&p=/g&t=G&r=https%3A%2F%2Fx.example%2F&s=1920,1080,2&rnd=ab"
VIEW = {"site": "@SITE@", "url": "https://@SITE@/v", "title": "T", "referrer": "https://x.example/", "owner": "o", "collection": "c"}
TRACK = {"path": "/t", "site": "@SITE@", "title": "T", "referrer": "https://x.example/"}
TOUCH = {"site": "@SITE@", "path": "/t", "session_id": "s1", "action": "click", "element": "#buy", "value": 1}
CONFIG = {"site": "@SITE@", "path": "/t", "session_id": "s1", "options": {"colour": "red"}, "price": 9.5, "currency": "EUR", "step": 2}
SPEED = {"site": "@SITE@", "path": "/t", "vitals": {"lcp": 1200, "cls": 0.1}, "api": [{"route": "GET /x", "ms": 3, "status": 200}],
         "errors": [{"message": "x", "type": "TypeError", "source": "a.js", "line": 3}]}
SOUGHT = {"site": "@SITE@", "path": "/t", "q": "shoes", "hits": 3}
KINDS = [{"kind": "media", "n": "pause", "d": "@SITE@", "item": {"kind": "video", "id": "v1"}, "e": 4000,
          "media": {"length": 60000, "position": 30000, "watched": "0-12,30,55-99"}},
         {"kind": "reaction", "n": "like", "u": "https://@SITE@/a", "value": 1, "list": "related", "position": 3},
         {"kind": "performance", "n": "LCP", "u": "https://@SITE@/a", "value": 12.5, "target": "GET /x", "title": "T", "token": "x"}]
ITEM = {"site": "@SITE@", "title": "T", "url": "https://@SITE@/v", "owner": "o", "collection": "c", "published": "2026-01-01"}
QUERY = {"site_id": "@SITE@", "metrics": ["visitors", "pageviews"], "date_range": "7d", "dimensions": ["event:page"],
         "filters": [["is", "event:page", ["/a"]]], "order_by": [["visitors", "desc"]], "include": {"total_rows": True},
         "pagination": {"limit": 10, "offset": 0}}
TREE = {"site_id": "@SITE@", "metrics": ["visitors", "conversion_rate", "total_revenue"], "date_range": ["2026-10-01T00:00:00Z", "2026-10-02T00:00:00+02:00"],
        "dimensions": ["time:hour", "event:props:plan", "visit:country_name"],
        "filters": [["and", [["or", [["contains", "event:page", ["a"], {"case_sensitive": False}], ["not", ["matches", "visit:source", ["^G"]]]]],
                             ["is_not", "visit:country", ["FR"]]]], ["has_done", ["contains_not", "event:name", ["x"]]], ["contains", "event:goal", ["up"]]],
        "order_by": [["time", "asc"], ["visitors", "desc"]], "include": {"time_labels": True, "comparisons": {"mode": "previous_period"}}}
OLD = "site_id=@SITE@&period=custom&date=2026-10-01,2026-10-31&metrics=visitors,bounce_rate&filters=event:page%3D%3D/a|/b**;visit:country!%3DFR"

BODIES = {
    "/api/event": [EVENT, PAGE, LEFT, *KINDS],
    "/api/events": [{"events": [EVENT, PAGE, LEFT]}, {"events": KINDS}],
    "/api/view/{kind}/{id}": [VIEW],
    "/api/analytics/view/{id}": [VIEW],
    "/api/track/page-view": [TRACK],
    "/api/track/search": [{**TRACK, "query": "shoes", "results": 7}],
    "/api/sessions/track-interaction": [TOUCH],
    "/api/sessions/save-config": [CONFIG],
    "/api/performance/track": [SPEED],
    "/api/track/search": [SOUGHT],
    "/api/send": [UMAMI],
    "/api/batch": [[UMAMI, UMAMI]],
    "/api/v0/count": [HIT],
    "/matomo.php": [{"requests": [MATOMO]}, MATOMO[1:]],
    "/piwik.php": [{"requests": [MATOMO]}, MATOMO[1:]],
    "/api/content/{kind}/{id}": [ITEM],
    "/api/content": [{"site": "@SITE@", "items": [{**ITEM, "kind": "video", "id": "v1"}]}],
    "/api/content/counts": [{"site": "@SITE@", "items": [{"kind": "video", "id": "v1"}]}],
    "/api/v2/query": [QUERY, {"site_id": "@SITE@", "metrics": ["visitors"], "date_range": "7d"},
                      {"site_id": "@SITE@", "metrics": ["pageviews", "events"], "date_range": ["2026-10-01", "2026-10-31"],
                       "dimensions": ["time:day"], "include": {"time_labels": True}}, TREE, [QUERY, TREE]],
}
QUERIES = {
    "/pixel.gif": ["site=@SITE@&path=/p&item=video:v1&title=T&r=https%3A%2F%2Fx.example%2F"],
    "/count": [COUNT],
    "/api/v1/stats/realtime/visitors": ["site_id=@SITE@"],
    "/api/v1/stats/aggregate": [OLD + "&compare=previous_period", "site_id=@SITE@"],
    "/api/v1/stats/timeseries": [OLD + "&interval=month", "site_id=@SITE@&period=day"],
    "/api/v1/stats/breakdown": [OLD + "&property=event:page&limit=10&page=2", "site_id=@SITE@&property=visit:source"],
    "/matomo.php": [MATOMO[1:]],
    "/piwik.php": [MATOMO[1:]],
}
BESIDE = {"/api/v0/count": "?site=@SITE@"} # of a body
# Endpoints whose one request may hold many events: the ledger counts those.
MANY = re.compile(r"/events$|/batch$|/performance/track$|/v0/count$|/(matomo|piwik)\.php$|/content$|/content/\{kind\}$")
# Endpoints that record nothing: only their refusals are counted.
NONE = re.compile(r"/opt-out$")


def routes(text, program):
    out, inside = [], False
    for line in text.splitlines():
        if line.startswith("#"):
            inside = line[1:].strip() == program
            continue
        m = re.match(r"([A-Z]+)\s+(/\S*)\s+(\w+)", line)
        if inside and m and m[1] != "OPTIONS":
            out.append(m.groups())
    return out


def fill(text, site=SITE):
    return text.replace("@SITE@", site["domain"]).replace("@UUID@", site["uuid"]).replace("@NUMBER@", site["number"])


def path_of(pattern):
    names = {"kind": "video", "id": "v1"}
    return re.sub(r"\{(\w+)\*?\}", lambda m: names.get(m[1], "x"), pattern)


def seeds(method, pattern, site=SITE):
    path = path_of(pattern)
    if method in ("GET", "DELETE") or (pattern in QUERIES and pattern not in BODIES):
        found = QUERIES.get(pattern) or ["site=@SITE@"]
        return [(path + "?" + fill(q, site), "", b"") for q in found]
    found = BODIES.get(pattern) or [b for bodies in BODIES.values() for b in bodies]
    out = []
    for body in found:
        form = isinstance(body, str)
        text = body if form else json.dumps(body)
        out.append((path + fill(BESIDE.get(pattern, ""), site), "application/x-www-form-urlencoded" if form else "application/json", fill(text, site).encode()))
    return out
