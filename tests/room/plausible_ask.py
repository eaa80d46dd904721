"""The model of plausible.py's events, and the questions of tests/room/plausible.t with what must be answered."""
import datetime as dt
import json
import math
import os
import re
import time
import urllib.parse

import plausible
from fcgi import Program
from plausible import PEOPLE, ZONE

WHOLE = ["2026-03-27", "2026-03-30"]
QUIET = {"engagement"}


# ---- the model ----

class Event:
    def __init__(self, date, clock, who, name, url, more):
        self.t = dt.datetime.fromisoformat(date + "T" + clock + ":00+00:00")
        self.local = self.t.astimezone(ZONE)
        self.day = self.local.date().isoformat()
        self.person, self.who = who, (date, who)
        self.name, self.quiet = name, name in QUIET
        self.path, _, query = url.partition("?")
        self.utm = dict(urllib.parse.parse_qsl(query))
        self.host = more.get("u_host", "example.com")
        self.props, self.money = more.get("p", {}), more.get("$")
        self.referrer, self.active = more.get("r", ""), more.get("i", True)
        self.engaged, self.scroll = more.get("e", 0), more.get("sd")
        self.pageview = name == "pageview"


class Visit:
    def __init__(self, first):
        self.events, self.first, self.who, self.day, self.local = [], first, first.who, first.day, first.local
        self.country, self.region, self.city = PEOPLE[first.person][1]
        self.device = PEOPLE[first.person][3]
        self.source = {"mail": "Email"}.get(first.utm.get("utm_source")) or {"": "Direct / None", plausible.GOOGLE: "Google",
                                                      plausible.HN: "Hacker News"}[first.referrer]
        self.campaign = first.utm.get("utm_campaign", "")

    def close(self):
        pages = [e for e in self.events if e.pageview]
        self.entry, self.exit, self.pages = pages[0].path, pages[-1].path, len(pages)
        self.bounce = sum(not e.quiet and e.active for e in self.events) <= 1
        self.seconds = int((self.events[-1].t - self.first.t).total_seconds())


def visits_of(events):
    last, out = {}, []
    for e in sorted(events, key=lambda e: e.t):
        v = last.get(e.person)
        if v is None or e.t - v.events[-1].t > dt.timedelta(minutes=30):
            v = last[e.person] = Visit(e)
            out.append(v)
        v.events.append(e)
        e.visit = v
    for v in out:
        v.close()
    return out


EVENTS = [Event(*row) for row in plausible.EVENTS]
VISITS = visits_of(EVENTS)


def between(first="2026-03-27", last="2026-03-30"):
    return [e for e in EVENTS if first <= e.day <= last]


def began(first="2026-03-27", last="2026-03-30"):
    return [v for v in VISITS if first <= v.day <= last]


def half_up(x, digits=0):
    return math.floor(x * 10 ** digits + 0.5 + 1e-9) / 10 ** digits


def visitors(events):
    return len({e.who for e in events if not e.quiet})


def visits(events):
    return len({id(e.visit) for e in events if not e.quiet})


def pageviews(events):
    return sum(e.pageview for e in events)


def count(events):
    return sum(not e.quiet for e in events)


def bounce(some):
    return half_up(100 * sum(v.bounce for v in some) / len(some)) if some else 0


def seconds(some):
    return half_up(sum(v.seconds for v in some) / len(some)) if some else 0


def table(things, key, *figures, order=None):
    groups = {}
    for thing in things:
        for k in key(thing) if isinstance(key(thing), list) else [key(thing)]:
            if k is not None:
                groups.setdefault(k if isinstance(k, tuple) else (k,), []).append(thing)
    rows = [(list(k), [f(g) for f in figures]) for k, g in groups.items()]
    rows.sort(key=order or (lambda row: (-row[1][0], row[0])))
    return rows


# ---- asking ----

class Asker:
    def __init__(self, sock, key):
        self.program, self.key, self.n, self.failed = Program(sock), key, 0, 0

    def send(self, method, uri, body=b"", key=None):
        env = {"REQUEST_METHOD": method, "REQUEST_URI": uri, "QUERY_STRING": uri.partition("?")[2], "REMOTE_ADDR": "127.0.0.1",
               "HTTP_AUTHORIZATION": "Bearer " + (key or self.key)}
        if method == "POST":
            env |= {"CONTENT_LENGTH": str(len(body)), "CONTENT_TYPE": "application/json"}
        began_at = time.monotonic()
        status, head, text = self.program.ask(env, body)
        self.took = time.monotonic() - began_at
        return status, json.loads(text)

    def line(self, fine, name, *notes):
        self.n += 1
        self.failed += not fine
        print("ok" if fine else "not ok", self.n, "-", name, flush=True)
        if not fine:
            for note in notes:
                print("#", str(note)[:3000])

    def same(self, name, got, want):
        self.line(got == want, name, "got:      %s" % json.dumps(got), "expected: %s" % json.dumps(want))

    def post(self, body):
        return self.send("POST", "/api/v2/query", body if isinstance(body, bytes) else json.dumps(body).encode())

    def rows(self, name, body, want):
        status, answer = self.post(body)
        got = [[r["dimensions"], r["metrics"]] for r in answer["results"]] if status == 200 else [status, answer]
        self.same(name, got, [[list(d), list(m)] for d, m in want])
        return answer

    def refused(self, body, text, status=400, name=None):
        got, answer = self.post(body)
        shown = name or (body.decode("utf-8", "replace") if isinstance(body, bytes) else json.dumps(body))[:90]
        self.same("refused: " + shown, [got, answer.get("error")], [status, text])


def ask(metrics, dims=None, filters=None, dates=WHOLE, **more):
    body = {"site_id": "example.com", "metrics": metrics.split(), "date_range": dates}
    if dims:
        body["dimensions"] = dims.split()
        if "order_by" not in more:
            body["order_by"] = [[body["metrics"][0], "desc"]] + [[d, "asc"] for d in body["dimensions"]]
    if filters is not None:
        body["filters"] = filters
    return body | {k: v for k, v in more.items() if v is not None}


def run(sock, key):
    t = Asker(sock, key)
    for part in (totals, dimensions, filters, ranges, orders, includes, goals, revenue, pages, several, echo, errors, limits,
                 first_version, first_errors, written):
        part(t)
    print("1..%d" % t.n)
    raise SystemExit(t.failed > 0)


# ---- v2: what is answered ----

def totals(t):
    e, v = between(), began()
    t.rows("totals of four days", ask("visitors visits pageviews events"), [([], [visitors(e), len(v), pageviews(e), count(e)])])
    t.rows("by hand", ask("visitors pageviews events"), [([], [13, 19, 25])])
    t.rows("figures of visits", ask("bounce_rate visit_duration views_per_visit"),
           [([], [bounce(v), seconds(v), half_up(sum(x.pages for x in v) / len(v), 2)])])
    t.rows("one metric", ask("events"), [([], [count(e)])])
    t.rows("rates of nothing are 0", ask("visitors bounce_rate visit_duration views_per_visit percentage", dates=["2020-01-01", "2020-01-31"]),
           [([], [0, 0, 0, 0, 0])])
    t.rows("share of the whole", ask("visitors percentage", "visit:device"),
           table(e, lambda x: x.visit.device, visitors, lambda g: half_up(100 * visitors(g) / visitors(e), 1)))
    t.rows("our own metrics beside", ask("visitors views engaged_time"), [([], [visitors(e), 0, sum(x.engaged for x in e) // 1000])])


def dimensions(t):
    e, v = between(), began()
    t.rows("pages", ask("pageviews visitors", "event:page"), table(has(e, lambda x: True), lambda x: x.path, pageviews, visitors))
    t.rows("names of events", ask("events", "event:name"), table([x for x in e if not x.quiet], lambda x: x.name, count))
    t.rows("hostnames", ask("visitors", "event:hostname"), table([x for x in e if not x.quiet], lambda x: x.host, visitors))
    t.rows("sources", ask("visitors visits", "visit:source"),
           by_visit(e, v, lambda x: x.source))
    t.rows("channels", ask("visits", "visit:channel"), table(v, lambda x: {"Direct / None": "Direct", "Google": "Organic Search", "Email": "Email",
                                                                             "Hacker News": "Organic Social"}[x.source], len))
    t.rows("countries", ask("visits bounce_rate", "visit:country"), table(v, lambda x: x.country or "(not set)", len, bounce))
    t.rows("names of countries", ask("visits", "visit:country_name"),
           table(v, lambda x: {"DE": "Germany", "US": "United States", "FR": "France", "": "(not set)"}[x.country], len))
    t.rows("regions", ask("visits", "visit:region"), table(v, lambda x: x.region or "(not set)", len))
    t.rows("cities", ask("visits", "visit:city_name"), table(v, lambda x: x.city or "(not set)", len))
    t.rows("devices", ask("visits visit_duration", "visit:device"), table(v, lambda x: x.device, len, seconds))
    t.rows("entry pages", ask("visits", "visit:entry_page"), table(v, lambda x: x.entry, len))
    t.rows("exit pages", ask("visits", "visit:exit_page"), table(v, lambda x: x.exit, len))
    t.rows("campaigns", ask("visits", "visit:utm_campaign"), table([x for x in v if x.campaign], lambda x: x.campaign, len))
    t.rows("a property", ask("events", "event:props:plan"), table(has(e, lambda x: True), lambda x: x.props.get("plan", "(none)"), count))
    t.rows("two dimensions", ask("visits", "visit:country visit:device"), table(v, lambda x: (x.country or "(not set)", x.device), len))
    t.rows("three", ask("visits", "visit:country visit:device visit:source"),
           table(v, lambda x: (x.country or "(not set)", x.device, x.source), len))
    t.rows("pages of sources", ask("pageviews", "event:page visit:source"), table(has(e, lambda x: True), lambda x: (x.path, x.visit.source), pageviews))
    t.rows("days", ask("visitors pageviews", "time:day", order_by=None), [([d], [visitors(between(d, d)), pageviews(between(d, d))]) for d in plausible.DAYS[:4]])
    t.rows("weeks", ask("visits", "time:week", order_by=None), [(["2026-03-27"], [len(began("2026-03-27", "2026-03-29"))]), (["2026-03-30"], [len(began("2026-03-30", "2026-03-30"))])])
    t.rows("months", ask("events", "time:month", order_by=None), [(["2026-03-01"], [count(e)])])
    sunday = between("2026-03-29", "2026-03-29")
    t.rows("hours of the day that lacks one", ask("pageviews", "time:hour", dates=["2026-03-29", "2026-03-29"], order_by=None),
           table(sunday, lambda x: x.local.strftime("%Y-%m-%d %H:00:00"), pageviews, order=lambda r: r[0]))
    t.rows("days and devices", ask("visits", "time:day visit:device", order_by=[["time:day", "asc"], ["visits", "desc"], ["visit:device", "asc"]]),
           table(v, lambda x: (x.day, x.device), len, order=lambda r: (r[0][0], -r[1][0], r[0][1])))


def by_visit(e, v, key):
    """Visitors by what their visits are, and the visits that began."""
    people = table([x for x in e if not x.quiet], lambda x: key(x.visit), visitors)
    began_there = {tuple(d): m for d, m in table(v, key, len)}
    return sorted([(d, m + began_there.get(tuple(d), [0])) for d, m in people], key=lambda r: (-r[1][0], r[0]))


def has(e, test):
    return [x for x in e if not x.quiet and test(x)]


def filters(t):
    e, v = between(), began()
    page = lambda *paths: lambda x: x.path in paths
    cases = [
        ("is", [["is", "event:page", ["/"]]], page("/")),
        ("is one of several", [["is", "event:page", ["/", "/pricing"]]], page("/", "/pricing")),
        ("is nothing", [["is", "event:page", []]], lambda x: False),
        ("is_not", [["is_not", "event:page", ["/", "/pricing"]]], lambda x: x.path not in ("/", "/pricing")),
        ("contains", [["contains", "event:page", ["blog"]]], lambda x: "blog" in x.path),
        ("contains one of several", [["contains", "event:page", ["one", "two"]]], lambda x: "one" in x.path or "two" in x.path),
        ("contains_not", [["contains_not", "event:page", ["blog"]]], lambda x: "blog" not in x.path),
        ("contains what LIKE takes for anything", [["contains", "event:page", ["%"]]], lambda x: False),
        ("contains an underscore", [["contains", "event:page", ["_"]]], lambda x: False),
        ("matches", [["matches", "event:page", ["^/blog/(one|two)$"]]], page("/blog/one", "/blog/two")),
        ("matches a part", [["matches", "event:page", ["o[nw]"]]], lambda x: "on" in x.path or "ow" in x.path),
        ("matches any of several", [["matches", "event:page", ["^/$", "docs"]]], page("/", "/docs/a.b")),
        ("matches a point that is meant", [["matches", "event:page", ["a\\.b$"]]], page("/docs/a.b")),
        ("matches_not", [["matches_not", "event:page", ["^/blog"]]], lambda x: not x.path.startswith("/blog")),
        ("letters of any case", [["is", "event:page", ["/PRICING"], {"case_sensitive": False}]], lambda x: x.path.lower() == "/pricing"),
        ("case_sensitive said", [["is", "event:page", ["/Pricing"], {"case_sensitive": True}]], page("/Pricing")),
        ("contains, any case", [["contains", "event:page", ["PRIC"], {"case_sensitive": False}]], lambda x: "pric" in x.path.lower()),
        ("is_not, any case", [["is_not", "event:page", ["/PRICING"], {"case_sensitive": False}]], lambda x: x.path.lower() != "/pricing"),
        ("contains_not, any case", [["contains_not", "event:page", ["PRIC"], {"case_sensitive": False}]], lambda x: "pric" not in x.path.lower()),
        ("no modifiers in braces", [["is", "event:page", ["/"], {}]], page("/")),
        ("and", [["and", [["is", "event:name", ["pageview"]], ["contains", "event:page", ["blog"]]]]], lambda x: x.pageview and "blog" in x.path),
        ("or", [["or", [["is", "event:page", ["/"]], ["is", "visit:country", ["US"]]]]], lambda x: x.path == "/" or x.visit.country == "US"),
        ("not", [["not", ["is", "event:page", ["/"]]]], lambda x: x.path != "/"),
        ("not of or", [["not", ["or", [["is", "event:page", ["/"]], ["is", "visit:country", ["US"]]]]]], lambda x: not (x.path == "/" or x.visit.country == "US")),
        ("deep", [["and", [["or", [["not", ["and", [["is", "visit:country", ["DE"]], ["is", "event:page", ["/"]]]]], ["is", "visit:device", ["Desktop"]]]],
                           ["contains", "event:page", ["/"]]]]],
         lambda x: not (x.visit.country == "DE" and x.path == "/") or x.visit.device == "Desktop"),
        ("two filters", [["is", "visit:country", ["DE"]], ["is", "visit:device", ["Mobile"]]], lambda x: x.visit.country == "DE" and x.visit.device == "Mobile"),
        ("a source", [["is", "visit:source", ["Google"]]], lambda x: x.visit.source == "Google"),
        ("no source", [["is", "visit:source", ["Direct / None"]]], lambda x: x.visit.source == "Direct / None"),
        ("no country", [["is", "visit:country", ["(not set)"]]], lambda x: x.visit.country == ""),
        ("not in Germany", [["is_not", "visit:country", ["DE"]]], lambda x: x.visit.country != "DE"),
        ("a country's name", [["is", "visit:country_name", ["Germany", "France"]]], lambda x: x.visit.country in ("DE", "FR")),
        ("part of a country's name", [["contains", "visit:country_name", ["united"], {"case_sensitive": False}]], lambda x: x.visit.country == "US"),
        ("not a country's name", [["is_not", "visit:country_name", ["Germany"]]], lambda x: x.visit.country != "DE"),
        ("a city", [["is", "visit:city_name", ["Munich"]]], lambda x: x.visit.city == "Munich"),
        ("cities by number find none", [["is", "visit:city", [2950159]]], lambda x: False),
        ("a region", [["contains", "visit:region_name", ["a"]]], lambda x: "a" in x.visit.region),
        ("an entry page", [["is", "visit:entry_page", ["/"]]], lambda x: x.visit.entry == "/"),
        ("an exit page", [["is", "visit:exit_page", ["/pricing"]]], lambda x: x.visit.exit == "/pricing"),
        ("a hostname", [["is", "event:hostname", ["docs.example.com"]]], lambda x: x.host == "docs.example.com"),
        ("a property", [["is", "event:props:plan", ["pro"]]], lambda x: x.props.get("plan") == "pro"),
        ("a property that is not there", [["is", "event:props:plan", ["(none)"]]], lambda x: "plan" not in x.props),
        ("a property that is not this", [["is_not", "event:props:author", ["jane"]]], lambda x: x.props.get("author") != "jane"),
        ("part of a property", [["contains", "event:props:author", ["j"]]], lambda x: "j" in x.props.get("author", "")),
        ("a campaign", [["is", "visit:utm_campaign", ["spring"]]], lambda x: x.visit.campaign == "spring"),
        ("a segment", [["is", "segment", [1]]], lambda x: x.visit.country == "DE"),
        ("either of two segments", [["is", "segment", [1, 2]]], lambda x: x.visit.country == "DE"),
        ("a segment and a filter", [["is", "segment", [2]], ["is", "event:page", ["/"]]], lambda x: x.visit.country == "DE" and x.visit.device == "Mobile" and x.path == "/"),
        ("not a segment", [["not", ["is", "segment", [1]]]], lambda x: x.visit.country != "DE"),
        ("a segment with a goal", [["is", "segment", [3]]], lambda x: x.name == "Signup"),
        ("a quote in a value", [["is", "event:page", ["'; DROP TABLE site; --"]]], lambda x: False),
    ]
    for name, given, test in cases:
        some = has(e, test)
        t.rows("filter: " + name, ask("visitors events", filters=given), [([], [visitors(some), count(some)])])
    for name, given, test in [("a device", [["is", "visit:device", ["Mobile"]]], lambda x: x.device == "Mobile"),
                              ("an entry page", [["is", "visit:entry_page", ["/"]]], lambda x: x.entry == "/")]:
        some = [x for x in v if test(x)]
        t.rows("visits with " + name, ask("visits bounce_rate visit_duration", filters=given), [([], [len(some), bounce(some), seconds(some)])])
    some = [x for x in v if any(y.path == "/pricing" and not y.quiet for y in x.events)]
    t.rows("visits with an event on a page", ask("visits bounce_rate", filters=[["is", "event:page", ["/pricing"]]]), [([], [len(some), bounce(some)])])
    done = lambda test: {x.who for x in has(e, test)}
    for name, given, who in [("has_done", [["has_done", ["is", "event:name", ["Signup"]]]], done(lambda x: x.name == "Signup")),
                             ("has_not_done", [["has_not_done", ["is", "event:page", ["/"]]]], done(lambda x: True) - done(lambda x: x.path == "/")),
                             ("has_done either", [["has_done", ["or", [["is", "event:name", ["Signup"]], ["is", "event:page", ["/pricing"]]]]]],
                              done(lambda x: x.name == "Signup" or x.path == "/pricing")),
                             ("has_done a goal", [["has_done", ["is", "event:goal", ["Purchase"]]]], done(lambda x: x.name == "Purchase")),
                             ("not has_done", [["not", ["has_done", ["is", "event:name", ["Signup"]]]]], done(lambda x: True) - done(lambda x: x.name == "Signup"))]:
        some = has(e, lambda x: x.who in who)
        t.rows("filter: " + name, ask("visitors pageviews", filters=given), [([], [visitors(some), pageviews(some)])])


def ranges(t):
    day = lambda a, b=None: pageviews(between(a, b or a))
    now = dt.datetime(2026, 3, 31, 12, 30, tzinfo=dt.timezone.utc)
    hours = [x for x in EVENTS if now.replace(minute=0) - dt.timedelta(hours=23) <= x.t]
    for dates, want, echoed in [
        ("day", day("2026-03-31"), ["2026-03-31T00:00:00+02:00", "2026-03-31T23:59:59+02:00"]),
        ("24h", pageviews(hours), ["2026-03-30T15:00:00+02:00", "2026-03-31T14:59:59+02:00"]),
        ("1d", day("2026-03-30"), ["2026-03-30T00:00:00+02:00", "2026-03-30T23:59:59+02:00"]),
        ("3d", day("2026-03-28", "2026-03-30"), ["2026-03-28T00:00:00+01:00", "2026-03-30T23:59:59+02:00"]),
        ("7d", day("2026-03-24", "2026-03-30"), ["2026-03-24T00:00:00+01:00", "2026-03-30T23:59:59+02:00"]),
        ("28d", day("2026-03-03", "2026-03-30"), ["2026-03-03T00:00:00+01:00", "2026-03-30T23:59:59+02:00"]),
        ("30d", day("2026-03-01", "2026-03-30"), ["2026-03-01T00:00:00+01:00", "2026-03-30T23:59:59+02:00"]),
        ("91d", day("2025-12-30", "2026-03-30"), ["2025-12-30T00:00:00+01:00", "2026-03-30T23:59:59+02:00"]),
        ("5000d", day("2012-07-22", "2026-03-30"), ["2012-07-22T00:00:00+02:00", "2026-03-30T23:59:59+02:00"]),
        ("month", day("2026-03-01", "2026-03-31"), ["2026-03-01T00:00:00+01:00", "2026-03-31T23:59:59+02:00"]),
        ("1mo", 0, ["2026-02-01T00:00:00+01:00", "2026-02-28T23:59:59+01:00"]),
        ("6mo", 0, ["2025-09-01T00:00:00+02:00", "2026-02-28T23:59:59+01:00"]),
        ("12mo", 0, ["2025-03-01T00:00:00+01:00", "2026-02-28T23:59:59+01:00"]),
        ("100mo", 0, ["2017-11-01T00:00:00+01:00", "2026-02-28T23:59:59+01:00"]),
        ("year", day("2026-01-01", "2026-12-31"), ["2026-01-01T00:00:00+01:00", "2026-12-31T23:59:59+01:00"]),
        ("all", day("2026-03-01", "2026-03-31"), ["2026-03-27T00:00:00+01:00", "2026-03-31T23:59:59+02:00"]),
        (["2026-03-28", "2026-03-29"], day("2026-03-28", "2026-03-29"), ["2026-03-28T00:00:00+01:00", "2026-03-29T23:59:59+02:00"]),
        (["2026-03-29", "2026-03-29"], day("2026-03-29"), ["2026-03-29T00:00:00+01:00", "2026-03-29T23:59:59+02:00"]),
        (["1970-01-01", "2069-12-31"], day("2026-01-01", "2026-12-31"), ["1970-01-01T00:00:00+01:00", "2069-12-31T23:59:59+01:00"]),
        (["2026-03-28T08:00:00Z", "2026-03-28T08:21:00Z"], 3, ["2026-03-28T09:00:00+01:00", "2026-03-28T09:20:59+01:00"]),
        (["2026-03-28T10:00:00+02:00", "2026-03-28T10:59:59+02:00"], 4, ["2026-03-28T09:00:00+01:00", "2026-03-28T09:59:59+01:00"]),
    ]:
        answer = t.rows("date_range %s" % json.dumps(dates), ask("pageviews", dates=dates), [([], [want])])
        t.same("is shown as it is meant", answer.get("query", {}).get("date_range"), echoed)
        t.line(t.took < 2, "and takes no time", t.took)
    for dates, step in [("day", "time:hour"), (["2026-03-28", "2026-03-29"], "time:hour"), ("7d", "time:day"), ("30d", "time:day"), ("91d", "time:week"),
                        ("year", "time:week"), (["2025-01-01", "2026-03-31"], "time:month")]:
        status, answer = t.post(ask("visits", "time", dates=dates, order_by=None))
        t.same("time in %s" % json.dumps(dates), [status, answer.get("query", {}).get("dimensions"), answer.get("query", {}).get("order_by")],
               [200, [step], [[step, "asc"], ["visits", "desc"]]])


def orders(t):
    e = has(between(), lambda x: True)
    base = table(e, lambda x: x.path, pageviews, visitors)
    t.rows("a metric, ascending", ask("pageviews visitors", "event:page", order_by=[["pageviews", "asc"], ["event:page", "asc"]]),
           sorted(base, key=lambda r: (r[1][0], r[0])))
    t.rows("a dimension", ask("pageviews visitors", "event:page", order_by=[["event:page", "desc"]]), sorted(base, key=lambda r: r[0], reverse=True))
    t.rows("two metrics", ask("pageviews visitors", "event:page", order_by=[["visitors", "desc"], ["pageviews", "asc"], ["event:page", "desc"]]),
           sorted(sorted(base, key=lambda r: r[0], reverse=True), key=lambda r: (-r[1][1], r[1][0])))
    t.rows("a page of them", ask("pageviews visitors", "event:page", pagination={"limit": 2, "offset": 1}), base[1:3])
    t.rows("the last page", ask("pageviews visitors", "event:page", pagination={"limit": 100, "offset": len(base) - 1}), base[-1:])
    t.rows("behind the last page", ask("pageviews visitors", "event:page", pagination={"offset": 1000}), [])
    t.rows("time, backwards", ask("visitors", "time:day", order_by=[["time:day", "desc"]]),
           [([d], [visitors(between(d, d))]) for d in reversed(plausible.DAYS[:4])])
    t.rows("time by the metric", ask("pageviews", "time:day", order_by=[["pageviews", "asc"], ["time", "asc"]]),
           sorted([([d], [pageviews(between(d, d))]) for d in plausible.DAYS[:4]], key=lambda r: (r[1], r[0])))


def includes(t):
    e = has(between(), lambda x: True)
    status, answer = t.post(ask("visitors", "event:page", include={"total_rows": True}, pagination={"limit": 1}))
    t.same("total_rows", answer.get("meta", {}).get("total_rows"), len({x.path for x in e}))
    status, answer = t.post(ask("visitors", "event:page", include={"total_rows": True}, pagination={"limit": 1, "offset": 500}))
    t.same("total_rows behind the last page", answer.get("meta", {}).get("total_rows"), len({x.path for x in e}))
    status, answer = t.post(ask("visitors", "time:day", include={"time_labels": True}, dates=["2026-03-26", "2026-03-28"]))
    t.same("time_labels", answer.get("meta", {}).get("time_labels"), ["2026-03-26", "2026-03-27", "2026-03-28"])
    status, answer = t.post(ask("visitors", "time:hour", include={"time_labels": True}, dates=["2026-03-29", "2026-03-29"]))
    t.same("time_labels of 23 hours", answer.get("meta", {}).get("time_labels"), ["2026-03-29 %02d:00:00" % h for h in range(24) if h != 2])
    status, answer = t.post(ask("visitors", include={"imports": True}))
    t.same("imports", [answer.get("meta", {}).get("imports_included"), answer.get("meta", {}).get("imports_skip_reason")], [False, "no_imported_data"])
    t.same("what else is said", [answer.get("meta", {}).get("visitors_scope"), answer.get("meta", {}).get("visitors_error"), answer.get("meta", {}).get("as_of") is not None],
           ["day", 0, True])
    compare(t)


def compare(t):
    def both(name, body, want):
        status, answer = t.post(body)
        got = [[r["dimensions"], r["metrics"], r.get("comparison")] for r in answer["results"]] if status == 200 else [status, answer]
        t.same(name, got, want)
        return answer
    a, b = between("2026-03-29", "2026-03-30"), between("2026-03-27", "2026-03-28")
    change = lambda now, before: 100 if before == 0 and now > 0 else 0 if before == 0 else round((now - before) / before * 100)
    two = ["2026-03-29", "2026-03-30"]
    answer = both("compared with the period before", ask("visitors pageviews", dates=two, include={"comparisons": {"mode": "previous_period"}}),
                  [[[], [visitors(a), pageviews(a)], {"metrics": [visitors(b), pageviews(b)], "dimensions": [],
                    "change": [change(visitors(a), visitors(b)), change(pageviews(a), pageviews(b))]}]])
    t.same("which was that", answer.get("query", {}).get("comparison_date_range"), ["2026-03-27T00:00:00+01:00", "2026-03-28T23:59:59+01:00"])
    t.same("as it was asked", answer.get("query", {}).get("include"), {"comparisons": {"mode": "previous_period"}})
    day = lambda d: pageviews(between(d, d))
    both("step by step", ask("pageviews", "time:day", dates=two, order_by=None, include={"comparisons": {"mode": "previous_period"}}),
         [[[n], [day(n)], {"metrics": [day(p)], "dimensions": [p], "change": [change(day(n), day(p))]}]
          for n, p in [("2026-03-29", "2026-03-27"), ("2026-03-30", "2026-03-28")]])
    both("with steps that had nothing", ask("pageviews", "time:day", dates=["2026-03-26", "2026-03-27"], order_by=None,
                                            include={"comparisons": {"mode": "previous_period"}}),
         [[[n], [day(n)], {"metrics": [0], "dimensions": [p], "change": [change(day(n), 0)]}]
          for n, p in [("2026-03-26", "2026-03-24"), ("2026-03-27", "2026-03-25")]])
    now, before = dict((r[0][0], r[1][0]) for r in table(a, lambda x: x.path, pageviews)), dict((r[0][0], r[1][0]) for r in table(b, lambda x: x.path, pageviews))
    both("row by row", ask("pageviews", "event:page", dates=two, filters=[["is", "event:name", ["pageview"]]], include={"comparisons": {"mode": "previous_period"}}),
         [[[p], [n], {"metrics": [before.get(p, 0)], "dimensions": [p], "change": [change(n, before.get(p, 0))]}]
          for p, n in sorted(now.items(), key=lambda r: (-r[1], r[0]))])
    last_year = ask("pageviews", dates=two, include={"comparisons": {"mode": "year_over_year"}})
    answer = both("a year before", last_year, [[[], [pageviews(a)], {"metrics": [0], "dimensions": [], "change": [100]}]])
    t.same("365 days", answer.get("query", {}).get("comparison_date_range"), ["2025-03-29T00:00:00+01:00", "2025-03-30T23:59:59+02:00"])
    c = between("2026-03-27", "2026-03-27")
    both("any other days", ask("pageviews", dates=two, include={"comparisons": {"mode": "custom", "date_range": ["2026-03-27", "2026-03-27"]}}),
         [[[], [pageviews(a)], {"metrics": [pageviews(c)], "dimensions": [], "change": [change(pageviews(a), pageviews(c))]}]])
    status, answer = t.post(ask("pageviews", dates=two, include={"comparisons": {"mode": "year_over_year", "match_day_of_week": True}}))
    t.same("on the same days of the week", answer.get("query", {}).get("comparison_date_range"), ["2025-03-30T00:00:00+01:00", "2025-03-31T23:59:59+02:00"])
    status, answer = t.post(ask("pageviews", dates="month", include={"comparisons": {"mode": "previous_period"}}))
    t.same("a month as far as it has come", answer.get("query", {}).get("comparison_date_range"), ["2026-01-29T00:00:00+01:00", "2026-02-28T23:59:59+01:00"]
           if MONTH_OVER else ["2026-01-29T00:00:00+01:00", "2026-02-28T23:59:59+01:00"])
    x, y = began(*two), began("2026-03-27", "2026-03-28")
    both("rates change by points", ask("bounce_rate", dates=two, include={"comparisons": {"mode": "previous_period"}}),
         [[[], [bounce(x)], {"metrics": [bounce(y)], "dimensions": [], "change": [bounce(x) - bounce(y)]}]])


MONTH_OVER = True  # now is the month's last day


def goal_names(x):
    out = [n for n, kind, name, *_ in plausible.GOALS if kind == "event" and name == x.name]
    if x.pageview and x.path.startswith("/blog/"):
        out.append("Visit /blog/**")
    if x.pageview and x.path == "/pricing":
        out.append("Visit /pricing")
    return out


def goals(t):
    e = has(between(), lambda x: True)
    of = lambda *names: [x for x in e if set(goal_names(x)) & set(names)]
    rate = lambda some, whole: half_up(100 * visitors(some) / visitors(whole), 2)
    t.rows("goals", ask("visitors events", "event:goal"), table(e, goal_names, visitors, count))
    t.rows("and their rates", ask("visitors conversion_rate", "event:goal"), table(e, goal_names, visitors, lambda g: rate(g, e)))
    t.rows("a goal", ask("visitors events conversion_rate", filters=[["is", "event:goal", ["Signup"]]]),
           [([], [visitors(of("Signup")), count(of("Signup")), rate(of("Signup"), e)])])
    t.rows("a page is a goal", ask("visitors events", filters=[["is", "event:goal", ["Visit /blog/**"]]]),
           [([], [visitors(of("Visit /blog/**")), count(of("Visit /blog/**"))])])
    t.rows("either goal", ask("visitors events", filters=[["is", "event:goal", ["Signup", "Purchase"]]]),
           [([], [visitors(of("Signup", "Purchase")), count(of("Signup", "Purchase"))])])
    t.rows("goals whose name contains", ask("visitors", filters=[["contains", "event:goal", ["Visit"]]]),
           [([], [visitors(of("Visit /blog/**", "Visit /pricing"))])])
    t.rows("in any case", ask("visitors", filters=[["is", "event:goal", ["signup"], {"case_sensitive": False}]]), [([], [visitors(of("Signup"))])])
    t.rows("contains no goal", ask("visitors", filters=[["contains", "event:goal", ["nothing"]]]), [([], [0])])
    t.rows("a goal by country", ask("visitors group_conversion_rate", "visit:country", filters=[["is", "event:goal", ["Signup"]]]),
           table(of("Signup"), lambda x: x.visit.country or "(not set)", visitors,
                 lambda g: rate(g, [x for x in e if x.visit.country == g[0].visit.country])))
    t.rows("goals that the filter leaves", ask("visitors", "event:goal", filters=[["is", "event:goal", ["Signup", "Purchase"]]]),
           table(of("Signup", "Purchase"), goal_names, visitors))


def revenue(t):
    def money(value, symbol, code):
        short = "%.1fK" % (half_up(value / 100) / 10) if value >= 999.95 else "%.1f" % value
        return {"value": value, "currency": code, "short": symbol + short, "long": symbol + "{:,.2f}".format(value)}
    buy = [["is", "event:goal", ["Purchase"]]]
    t.rows("revenue", ask("total_revenue average_revenue", filters=buy), [([], [money(2000, "€", "EUR"), money(1000, "€", "EUR")])])
    status, answer = t.post(ask("total_revenue", "event:goal", order_by=[["event:goal", "asc"]]))
    got = {r["dimensions"][0]: r["metrics"][0] for r in answer["results"]} if status == 200 else answer
    t.same("revenue by goals, each in its currency", got, {"Signup": None, "Visit /blog/**": None, "Visit /pricing": None,
                                                           "Purchase": money(2000, "€", "EUR"), "Donation": money(20, "$", "USD")})
    for name, given, code, why in [("no goal", None, "no_revenue_goals_matching", "Revenue metrics are null as there are no matching revenue goals."),
                                   ("a goal without revenue", [["is", "event:goal", ["Signup"]]], "no_revenue_goals_matching",
                                    "Revenue metrics are null as there are no matching revenue goals."),
                                   ("two currencies", [["is", "event:goal", ["Purchase", "Donation"]]], "no_single_revenue_currency",
                                    "Revenue metrics are null as there are multiple currencies for the selected event:goals.")]:
        answer = t.rows("revenue of " + name, ask("total_revenue", filters=given), [([], [None])])
        t.same("is null, with a warning", answer.get("meta", {}).get("metric_warnings"), {"total_revenue": {"code": code, "warning": why}})


def pages(t):
    e, v = between(), began()
    deep, long = {}, {}
    for x in e:
        if x.scroll is not None:
            deep[x.path, x.who] = max(x.scroll, deep.get((x.path, x.who), 0))
        if x.engaged:
            long[x.path, id(x.visit)] = long.get((x.path, id(x.visit)), 0) + x.engaged
    mean = lambda path, of: [n for (p, _), n in of.items() if p == path]
    one = lambda of, unit=1: half_up(sum(mean("/blog/one", of)) / len(mean("/blog/one", of)) / unit)
    only = [["is", "event:page", ["/blog/one"]]]
    t.rows("depth and time of a page", ask("scroll_depth time_on_page", filters=only), [([], [one(deep), one(long, 1000)])])
    t.rows("of pages", ask("pageviews scroll_depth time_on_page", "event:page", filters=[["is", "event:page", ["/blog/one", "/blog/two"]]]),
           [(["/blog/one"], [pageviews([x for x in e if x.path == "/blog/one"]), one(deep), one(long, 1000)]),
            (["/blog/two"], [pageviews([x for x in e if x.path == "/blog/two"]), None, None])])
    entries = {}
    for x in v:
        entries.setdefault(x.entry, []).append(x)
    t.rows("bounces of visits that began on a page", ask("bounce_rate visit_duration", "event:page", order_by=[["event:page", "asc"]]),
           [([p], [bounce(entries[p]), seconds(entries[p])]) for p in sorted(entries)])
    rows = table(has(e, lambda x: True), lambda x: x.path, pageviews, visitors)
    t.rows("beside what counts events", ask("pageviews visitors bounce_rate", "event:page"), [(d, m + [bounce(entries.get(d[0], []))]) for d, m in rows])
    t.rows("in the order of it", ask("visitors bounce_rate", "event:page", order_by=[["bounce_rate", "desc"], ["event:page", "asc"]], pagination={"limit": 3}),
           sorted([(d, [m[1], bounce(entries.get(d[0], []))]) for d, m in rows], key=lambda r: (-(r[1][1] if r[0][0] in entries else -1), r[0]))[:3])
    ended = {}
    for x in v:
        ended[x.exit] = ended.get(x.exit, 0) + 1
    t.rows("rate of exits", ask("visits exit_rate", "visit:exit_page"),
           sorted([([p], [n, half_up(100 * n / pageviews([x for x in e if x.path == p]), 1)]) for p, n in ended.items()], key=lambda r: (-r[1][0], r[0])))


def several(t):
    status, answer = t.post([ask("visitors"), ask("nothing"), {"site_id": "other.example", "metrics": ["visitors"], "date_range": "day"}, 7, ask("events")])
    e = between()
    t.same("several questions, each with its answer or error",
           [status, [a.get("results") or [a.get("error"), a.get("code")] for a in answer]],
           [200, [[{"metrics": [visitors(e)], "dimensions": []}], ['#/metrics/0: Invalid metric "nothing"', "INVALID"],
                  ["Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've requested.", "UNAUTHORIZED"],
                  ["#: Type mismatch. Expected Object but got Integer.", "INVALID"], [{"metrics": [count(e)], "dimensions": []}]]])
    t.refused([], "#: Expected 1 to 20 queries but got 0.")
    t.refused([ask("visitors")] * 21, "#: Expected 1 to 20 queries but got 21.")


def echo(t):
    body = ask("visits pageviews", "visit:device time:day", order_by=[["time", "asc"], ["visits", "desc"]], pagination={"limit": 5},
               filters=[["is", "visit:country", ["DE"], {"case_sensitive": False}], ["not", ["contains", "event:page", ["x"]]], ["has_done", ["is", "event:name", ["pageview"]]]],
               include={"imports": False, "time_labels": True, "total_rows": True})
    status, answer = t.post(body)
    t.same("the query, as it was understood", answer.get("query", answer),
           {"site_id": "example.com", "metrics": ["visits", "pageviews"], "date_range": ["2026-03-27T00:00:00+01:00", "2026-03-30T23:59:59+02:00"],
            "filters": body["filters"], "dimensions": ["visit:device", "time:day"], "order_by": [["time:day", "asc"], ["visits", "desc"]],
            "include": {"time_labels": True, "total_rows": True}, "pagination": {"offset": 0, "limit": 5}})
    status, answer = t.post(ask("visits"))
    t.same("with what goes without saying", [answer.get("query", {}).get(k) for k in ("filters", "dimensions", "order_by", "include", "pagination")],
           [[], [], [["visits", "desc"]], {}, {"offset": 0, "limit": 10000}])
    de, phones = ["is", "visit:country", ["DE"]], ["is", "visit:device", ["Mobile"]]
    for given, want in [([["is", "segment", [2]]], [de, phones]), ([["is", "segment", [1, 2]]], [["or", [["and", [de]], ["and", [de, phones]]]]]),
                        ([["not", ["is", "segment", [2]]]], [["not", ["and", [de, phones]]]]),
                        ([["and", [de, ["is", "segment", [1]]]]], [de, ["and", [de]]])]:
        status, answer = t.post(ask("visits", filters=given))
        t.same("segments are shown as what they hold", answer.get("query", answer).get("filters"), want)


# ---- v2: what is refused ----

def errors(t):
    for key, value, text in [
        ("metrics", ["visitors", "baa"], '#/metrics/1: Invalid metric "baa"'),
        ("metrics", [7], "#/metrics/0: Invalid metric 7"),
        ("metrics", [None], "#/metrics/0: Invalid metric nil"),
        ("metrics", [["visitors"]], '#/metrics/0: Invalid metric ["visitors"]'),
        ("metrics", [], "#/metrics: Expected a minimum of 1 items but got 0."),
        ("metrics", "visitors", "#/metrics: Type mismatch. Expected Array but got String."),
        ("metrics", ["views_per_visit", "visitors", "visitors"], "#/metrics: Expected items to be unique but they were not."),
        ("dimensions", ["badproperty"], '#/dimensions/0: Invalid dimension "badproperty"'),
        ("dimensions", ["visitors"], '#/dimensions/0: Invalid dimension "visitors"'),
        ("dimensions", ["event:props:"], '#/dimensions/0: Invalid dimension "event:props:"'),
        ("dimensions", ["time:minute"], '#/dimensions/0: Invalid dimension "time:minute"'),
        ("dimensions", ["event:page", 7], "#/dimensions/1: Invalid dimension 7"),
        ("dimensions", "foobar", "#/dimensions: Type mismatch. Expected Array but got String."),
        ("dimensions", ["event:name", "event:name"], "#/dimensions: Expected items to be unique but they were not."),
        ("dimensions", ["time:day", "time:hour"], "#/dimensions: Only one time dimension can be queried at once."),
        ("date_range", "bad_period", '#/date_range: Invalid date range "bad_period"'),
        ("date_range", "-1d", '#/date_range: Invalid date range "-1d"'),
        ("date_range", "30m", '#/date_range: Invalid date range "30m"'),
        ("date_range", "realtime", '#/date_range: Invalid date range "realtime"'),
        ("date_range", ["21415-00", "eee"], '#/date_range: Invalid date range ["21415-00", "eee"]'),
        ("date_range", ["2026-03-28"], '#/date_range: Invalid date range ["2026-03-28"]'),
        ("date_range", ["2026-02-30", "2026-03-01"], '#/date_range: Invalid date range ["2026-02-30", "2026-03-01"]'),
        ("date_range", ["2026-03-28", "2026-03-27"], '#/date_range: Invalid date range ["2026-03-28", "2026-03-27"]'),
        ("date_range", {"from": 1}, '#/date_range: Invalid date range %{"from" => 1}'),
        ("date_range", None, "#/date_range: Invalid date range nil"),
        ("date_range", "999999999mo", 'Invalid date_range "999999999mo"'),
        ("date_range", "5001d", 'Invalid date_range "5001d"'),
        ("date_range", "101mo", 'Invalid date_range "101mo"'),
        ("date_range", "0d", 'Invalid date_range "0d"'),
        ("date_range", ["2021-02-03T00:00:00", "2021-02-03T23:59:59"], 'Invalid date_range \'["2021-02-03T00:00:00", "2021-02-03T23:59:59"]\'.'),
        ("date_range", ["2021-02-03T00:00:00-25:00", "2021-02-03T23:59:59-25:00"],
         '#/date_range: Invalid date range ["2021-02-03T00:00:00-25:00", "2021-02-03T23:59:59-25:00"]'),
        ("date_range", ["2021-02-03T00:00:00Z", "2021-02-04"], '#/date_range: Invalid date range ["2021-02-03T00:00:00Z", "2021-02-04"]'),
        ("date", "2021-05-05", "#/date: Schema does not allow additional properties."),
        ("order_by", [["visssss", "desc"]], '#/order_by/0/0: Invalid value in order_by "visssss"'),
        ("order_by", [["events", "desc"]], "Invalid order_by entry '{:events, :desc}'. Entry is not a queried metric or dimension."),
        ("order_by", [["event:name", "desc"]], "Invalid order_by entry '{\"event:name\", :desc}'. Entry is not a queried metric or dimension."),
        ("order_by", [["visitors", "down"]], "#/order_by/0/1: Value is not allowed in enum."),
        ("order_by", [["visitors"]], "#/order_by/0: Expected a minimum of 2 items but got 1."),
        ("order_by", ["visitors"], "#/order_by/0: Type mismatch. Expected Array but got String."),
        ("order_by", "visitors", "#/order_by: Type mismatch. Expected Array but got String."),
        ("include", "foobar", "#/include: Type mismatch. Expected Object but got String."),
        ("include", {"imports": 1}, "#/include/imports: Type mismatch. Expected Boolean but got Integer."),
        ("include", {"more": True}, "#/include/more: Schema does not allow additional properties."),
        ("include", {"time_labels": True}, "Invalid include.time_labels: requires a time dimension."),
        ("include", {"comparisons": {"mode": "custom"}}, "#/include/comparisons: Expected exactly one of the schemata to match, but none of them did."),
        ("include", {"comparisons": {"mode": "previous_period", "date_range": ["2024-01-01", "2024-01-31"]}},
         "#/include/comparisons: Expected exactly one of the schemata to match, but none of them did."),
        ("include", {"comparisons": 1}, "#/include/comparisons: Type mismatch. Expected Object but got Integer."),
        ("pagination", {"limit": 100000}, "#/pagination/limit: Expected the value to be <= 10000"),
        ("pagination", {"limit": 0}, "#/pagination/limit: Expected the value to be >= 1"),
        ("pagination", {"offset": -5}, "#/pagination/offset: Expected the value to be >= 0"),
        ("pagination", {"limit": "10"}, "#/pagination/limit: Type mismatch. Expected Integer but got String."),
        ("pagination", {"limit": 1.5}, "#/pagination/limit: Type mismatch. Expected Integer but got Number."),
        ("pagination", {"page": 1}, "#/pagination/page: Schema does not allow additional properties."),
        ("pagination", [], "#/pagination: Type mismatch. Expected Object but got Array."),
        ("filters", "foobar", "#/filters: Type mismatch. Expected Array but got String."),
        ("unknown", 1, "#/unknown: Schema does not allow additional properties."),
    ]:
        t.refused(ask("visitors") | {key: value}, text, name=json.dumps({key: value}))
    valid = ["is", "event:props:foobar", ["value"]]
    shown = lambda f: json.dumps(f).replace("{", "%{").replace('": ', '" => ') if isinstance(f, (list, str)) else str(f)
    for given in [[], ["and"], ["or"], ["and", []], ["or", []], ["not"], ["not", []], ["has_done", []], ["has_not_done", []], ["is_not"], ["is_not", "event:name"],
                  ["has_done"], ["and", [valid], "extra"], ["or", [valid], []], ["not", valid, 1], valid + ["true"], ["exists?", "event:name", ["foo"]],
                  ["is", "event:device", ["foo"]], ["is", "visit:name", ["foo"]], ["is", "event:name", "foo"], ["is", "time:day", ["2026-03-28"]],
                  ["is", "event:props:", ["x"]], ["matches_wildcard", "event:name", ["foo"]], ["is_not", "event:goal", ["Signup"]],
                  ["matches", "event:goal", ["Signup"]], ["matches", "event:hostname", ["a.example"], {"case_sensitive": "no"}],
                  ["is", "event:page", ["/"], {"case_sensitive": "no"}], ["is", "event:page", ["/"], {"other": "x"}], ["is", "segment", ["1"]],
                  ["is_not", "segment", [1]], ["is", "event:page", [["/"]]], "is"]:
        t.refused(ask("visitors", filters=[given]), "#/filters/0: Invalid filter " + shown(given), name=json.dumps(given))
    goal = "Invalid filters. The goal `%s` is not configured for this site. Find out how to configure goals here: https://plausible.io/docs/stats-api#filtering-by-goals"
    for given, text in [
        ([["is", "visit:country", ["DE"]], ["is", "event:page"]], '#/filters/1: Invalid filter ["is", "event:page"]'),
        ([["is", "visit:os_version", [123]]], "Invalid filter '[\"is\", \"visit:os_version\", [123]]'."),
        ([["is", "visit:country", ["USA"]]], "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code."),
        ([["not", ["is", "event:hostname", ["a.example"]]]], "Invalid filters. Dimension `event:hostname` can only be filtered at the top level."),
        ([["or", [["is", "event:goal", ["Signup"]], ["is", "event:name", ["pageview"]]]]], "Invalid filters. Dimension `event:goal` can only be filtered at the top level."),
        ([["has_done", ["is", "visit:browser", ["Chrome"]]]],
         "Invalid filters. Behavioral filters (has_done, has_not_done) can only be used with event dimension filters."),
        ([["has_done", ["has_not_done", ["is", "visit:browser", ["Chrome"]]]]], "Invalid filters. Behavioral filters (has_done, has_not_done) cannot be nested."),
        ([["is", "event:goal", ["Unknown"]]], goal % "Unknown"), ([["is", "event:goal", ["Visit /thank-you"]]], goal % "Visit /thank-you"),
        ([["has_done", ["is", "event:goal", ["Unknown"]]]], goal % "Unknown"),
        ([["is", "segment", [99]]], "Invalid filters. Some segments don't exist or aren't accessible."),
        ([["is", "segment", list(range(1, 12))]], "Invalid filters. You can only use up to 10 segment filters in a query."),
        ([["not", ["is", "segment", [3]]]], "Invalid filters. Dimension `event:goal` can only be filtered at the top level."),
    ]:
        t.refused(ask("visitors", filters=given), text, name=json.dumps(given))
    only_goals = "Metric `%s` can only be queried with event:goal filters or dimensions."
    only_pages = "Metric `%s` can only be queried with event:page filters or dimensions."
    deep = [["not", ["is", "event:props:foo", ["bar"]]]]
    for body, text in [
        (ask("conversion_rate"), only_goals % "conversion_rate"),
        (ask("group_conversion_rate", "event:page"), only_goals % "group_conversion_rate"),
        (ask("conversion_rate", "event:page", [["is", "event:props:author", ["Uku"]]]), only_goals % "conversion_rate"),
        (ask("conversion_rate group_conversion_rate", "event:goal", deep),
         "Invalid filters. When `conversion_rate` or `group_conversion_rate` metrics are used, custom property filters can only be used on top level."),
        (ask("scroll_depth"), only_pages % "scroll_depth"),
        (ask("scroll_depth", filters=[["not", ["is", "event:page", ["/"]]]]), only_pages % "scroll_depth"),
        (ask("time_on_page"), only_pages % "time_on_page"),
        (ask("time_on_page", filters=[["has_done", ["is", "event:page", ["/"]]]]), only_pages % "time_on_page"),
        (ask("exit_rate"), 'Metric `exit_rate` requires a `"visit:exit_page"` dimension. No other dimensions are allowed.'),
        (ask("exit_rate", "visit:exit_page visit:device"), 'Metric `exit_rate` requires a `"visit:exit_page"` dimension. No other dimensions are allowed.'),
        (ask("exit_rate", "visit:exit_page", [["is", "event:page", ["/"]]]), "Metric `exit_rate` cannot be queried when filtering on event dimensions."),
        (ask("exit_rate pageviews", "visit:exit_page"), "Event metric(s) `pageviews` cannot be queried along with session dimension(s) `visit:exit_page`"),
        (ask("events", "visit:entry_page"), "Event metric(s) `events` cannot be queried along with session dimension(s) `visit:entry_page`"),
        (ask("views_per_visit", filters=[["is", "event:page", ["/something"]]]), "Metric `views_per_visit` cannot be queried with a filter on `event:page`."),
        (ask("views_per_visit", "event:name"), "Metric `views_per_visit` cannot be queried with `dimensions`."),
        (ask("views_per_visit", "visit:device"), "Metric `views_per_visit` cannot be queried with `dimensions`."),
        (ask("visitors bounce_rate", "event:name"), "Session metric(s) `bounce_rate` cannot be queried along with event dimension(s) `event:name`"),
        (ask("bounce_rate visit_duration", "event:props:url"),
         "Session metric(s) `bounce_rate`, `visit_duration` cannot be queried along with event dimension(s) `event:props:url`"),
        (ask("bounce_rate", "event:goal"), "Session metric(s) `bounce_rate` cannot be queried along with event dimension(s) `event:goal`"),
        ({"metrics": ["visitors"], "date_range": "day"}, "Missing site ID. Please provide the required site_id parameter with your request."),
        ({"site_id": "example.com", "metrics": ["visitors"]}, "#: Required property date_range was not present."),
        ({"site_id": "example.com", "date_range": "day"}, "#: Required property metrics was not present."),
        ({"site_id": "example.com"}, "#: Required properties metrics, date_range were not present."),
        (7, "#: Type mismatch. Expected Object but got Integer."),
        ("day", "#: Type mismatch. Expected Object but got String."),
    ]:
        t.refused(body, text)
    wrong = "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've requested."
    for site in ("other.example", "nowhere.example", "' OR 1=1 --"):
        t.refused(ask("visitors") | {"site_id": site}, wrong, 401, name="site " + site)


def limits(t):
    """What is large, deep or meant badly is a 400, or an answer, and soon."""
    bad = ["' OR '1'='1", "\"; DROP TABLE site; --", "\\", "%s%n", "$1", "/*", "{}", "\u0001", "\u202e", "é" * 100, "a" * 20000]
    nest = ["is", "event:page", ["/"]]
    for _ in range(24):
        nest = ["not", nest]
    very = ["is", "event:page", ["/"]]
    for _ in range(100):
        very = ["not", very]
    bodies = [ask("visitors", filters=[["is", "event:page", bad]]), ask("visitors", filters=[["contains", "event:page", bad]]),
              ask("visitors", filters=[["is", "event:props:" + bad[1], bad]]), ask("visitors", "event:props:" + "x" * 5000),
              ask("visitors") | {"metrics": bad}, ask("visitors") | {"dimensions": bad}, ask("visitors") | {"date_range": bad[0]},
              ask("visitors") | {"site_id": bad[1]}, ask("visitors") | {"order_by": [[b, "asc"] for b in bad]},
              ask("visitors", filters=[[b, b, [b]] for b in bad]), ask("visitors") | {b: b for b in bad if len(b) < 60},
              ask("visitors", filters=[["is", "event:page", ["/%d" % i for i in range(20000)]]]),
              ask("visitors", filters=[["contains", "event:page", ["/%d" % i for i in range(5000)]]]),
              ask("visitors", filters=[["is", "event:page", ["/"]]] * 2000), ask("visitors", filters=[nest]), ask("visitors", filters=[very]),
              ask("visitors", filters=[["matches", "event:page", ["(a+)+$"]]]), ask("visitors", filters=[["matches", "event:page", ["("]]]),
              ask("visitors", filters=[["matches", "event:page", ["(x+x+)+y", "(.*)*(.*)*(.*)*z", "(?:(?:a{1,100}){1,100}){1,100}"]]]),
              ask("visitors", filters=[["matches", "event:page", ["[[:bogus:]]"]]]), ask("visitors", filters=[["matches", "event:page", ["\\1(a)"]]]),
              ask("visitors", "time:hour", dates=["1970-01-01", "2069-12-31"]), ask("visitors", "time:day", dates=["1970-01-01", "2069-12-31"], include={"time_labels": True}),
              ask("visitors", "time:month", dates=["1970-01-01", "9999-12-31"]), ask("visitors", dates=["1970-01-01", "9999-12-31"]),
              ask("visitors", dates=["0001-01-01", "2026-03-31"]), ask("visitors", dates=["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]),
              ask("visitors", dates=["1970-01-01", "2069-12-31"], include={"comparisons": {"mode": "previous_period"}}),
              ask("visitors", "visit:source visit:country visit:device visit:browser visit:os visit:region visit:city event:page"),
              ask("visitors", "visit:source visit:country visit:device visit:browser visit:os visit:region visit:city event:page event:name"),
              ask("visitors") | {"include": {"comparisons": {"mode": "custom", "date_range": ["1970-01-01", "9999-12-31"]}}}]
    for i, body in enumerate(bodies):
        status, answer = t.post(body)
        t.line(status in (200, 400, 401, 413) and t.took < 2, "held: %s" % json.dumps(body)[:80], status, str(answer)[:300], t.took)
        if status == 400:
            t.line(bool(answer.get("error")) and answer.get("code") == "INVALID", "with a reason", answer)
    for raw in [b"", b"{", b"[", b"null", b"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[", b'{"site_id":"\xff"}', b'{"metrics":"\\ud800"}', b"{}" * 3]:
        status, answer = t.post(raw)
        t.line(status == 400, "held: %r" % raw[:40], status, answer)
    status, answer = t.post(ask("visitors"))
    t.same("all the tables are still there", [status, answer.get("results")], [200, [{"metrics": [visitors(between())], "dimensions": []}]])


# ---- v1 ----

def old(path, **params):
    params = {"site_id": "example.com"} | params
    return "/api/v1/stats/%s?%s" % (path, urllib.parse.urlencode({k: v for k, v in params.items() if v is not None}))


CUSTOM = {"period": "custom", "date": "2026-03-27,2026-03-30"}


def first_version(t):
    def get(name, uri, want):
        status, answer = t.send("GET", uri)
        t.same(name, [status, answer], [200, want])
    e, v = between(), began()
    live = [x for x in EVENTS if x.t >= dt.datetime(2026, 3, 31, 12, 25, tzinfo=dt.timezone.utc)]
    get("v1: visitors now", old("realtime/visitors"), visitors(live))
    value = lambda **figures: {"results": {k: {"value": n} for k, n in figures.items()}}
    get("v1: aggregate", old("aggregate", metrics="visitors,pageviews,visits,events,bounce_rate,visit_duration,views_per_visit", **CUSTOM),
        value(visitors=visitors(e), pageviews=pageviews(e), visits=len(v), events=count(e), bounce_rate=bounce(v), visit_duration=seconds(v),
              views_per_visit=half_up(sum(x.pages for x in v) / len(v), 2)))
    for period, date, first, last in [(None, None, "2026-03-01", "2026-03-31"), ("day", None, "2026-03-31", "2026-03-31"), ("day", "2026-03-28", "2026-03-28", "2026-03-28"),
                                      ("7d", "2026-03-30", "2026-03-24", "2026-03-30"), ("30d", "2026-03-29", "2026-02-27", "2026-03-29"), ("month", "2026-03-05", "2026-03-01", "2026-03-31"),
                                      ("6mo", None, "2025-10-01", "2026-03-31"), ("12mo", "2026-02-01", "2025-03-01", "2026-02-28"), ("custom", "2026-03-28,2026-03-29", "2026-03-28", "2026-03-29")]:
        get("v1: period %s, date %s" % (period, date), old("aggregate", metrics="pageviews", period=period, date=date), value(pageviews=pageviews(between(first, last))))
    a, b = between("2026-03-29", "2026-03-30"), between("2026-03-27", "2026-03-28")
    get("v1: compared", old("aggregate", metrics="visitors", period="custom", date="2026-03-29,2026-03-30", compare="previous_period"),
        {"results": {"visitors": {"value": visitors(a), "change": round((visitors(a) - visitors(b)) / visitors(b) * 100)}}})
    get("v1: timeseries", old("timeseries", metrics="visitors,pageviews", **CUSTOM),
        {"results": [{"date": d, "visitors": visitors(between(d, d)), "pageviews": pageviews(between(d, d))} for d in plausible.DAYS[:4]]})
    get("v1: timeseries of days without views", old("timeseries", period="7d", date="2026-03-28"),
        {"results": [{"date": "2026-03-%d" % d, "visitors": visitors(between("2026-03-%d" % d, "2026-03-%d" % d))} for d in range(22, 29)]})
    get("v1: timeseries of months", old("timeseries", period="6mo", metrics="pageviews"),
        {"results": [{"date": m + "-01", "pageviews": pageviews(between(m + "-01", m + "-31"))} for m in ("2025-10", "2025-11", "2025-12", "2026-01", "2026-02", "2026-03")]})
    get("v1: interval", old("timeseries", period="month", interval="month", metrics="pageviews"), {"results": [{"date": "2026-03-01", "pageviews": pageviews(EVENTS)}]})
    hours = ["2026-03-29 %02d:00:00" % h for h in range(24) if h != 2]
    sunday = between("2026-03-29", "2026-03-29")
    get("v1: hours of a day", old("timeseries", period="day", date="2026-03-29", metrics="pageviews"),
        {"results": [{"date": h, "pageviews": pageviews([x for x in sunday if x.local.strftime("%Y-%m-%d %H:00:00") == h])} for h in hours]})
    rows = lambda key, dim, *names: {"results": [{key: d[0], **dict(zip(names, m))} for d, m in dim]}
    pages_ = table(has(e, lambda x: True), lambda x: x.path, visitors, pageviews)
    get("v1: breakdown", old("breakdown", property="event:page", metrics="visitors,pageviews", **CUSTOM), rows("page", pages_, "visitors", "pageviews"))
    get("v1: a page of it", old("breakdown", property="event:page", metrics="visitors,pageviews", limit=2, page=2, **CUSTOM), rows("page", pages_[2:4], "visitors", "pageviews"))
    get("v1: by source", old("breakdown", property="visit:source", metrics="visits", **CUSTOM), rows("source", table(v, lambda x: x.source, len), "visits"))
    get("v1: by a property", old("breakdown", property="event:props:author", metrics="pageviews", filters="event:props:author==jane|joe", **CUSTOM),
        rows("author", table([x for x in e if x.props.get("author")], lambda x: x.props["author"], pageviews), "pageviews"))
    entries = {}
    for x in v:
        entries.setdefault(x.entry, []).append(x)
    get("v1: pages with bounces", old("breakdown", property="event:page", metrics="visitors,bounce_rate", **CUSTOM),
        rows("page", [(d, [m[0], bounce(entries.get(d[0], []))]) for d, m in pages_], "visitors", "bounce_rate"))
    names = lambda x: goal_names(x)
    get("v1: by goal", old("breakdown", property="event:goal", metrics="visitors,events", **CUSTOM), rows("goal", table(has(e, lambda x: True), names, visitors, count), "visitors", "events"))
    signups = [x for x in e if x.name == "Signup"]
    get("v1: rate of a goal", old("aggregate", metrics="visitors,conversion_rate", filters="event:goal==Signup", **CUSTOM),
        value(visitors=visitors(signups), conversion_rate=half_up(100 * visitors(signups) / visitors(e), 2)))
    for given, test in [("event:page==/", lambda x: x.path == "/"), ("event:page!=/", lambda x: x.path != "/"), ("event:page==/|/pricing", lambda x: x.path in ("/", "/pricing")),
                        ("event:page==/blog/*", lambda x: x.path.startswith("/blog/")), ("event:page==/blog**|/docs/a.*", lambda x: x.path.startswith(("/blog", "/docs/a."))),
                        ("event:page!=/blog*", lambda x: not x.path.startswith("/blog")), ("visit:country==DE;visit:device==Mobile", lambda x: x.visit.country == "DE" and x.visit.device == "Mobile"),
                        ("visit:country!=DE", lambda x: x.visit.country != "DE"), ("visit:country==DE|FR", lambda x: x.visit.country in ("DE", "FR")),
                        (" visit:source == Google ; event:page==/ ", lambda x: x.visit.source == "Google" and x.path == "/"), ("event:props:plan==pro", lambda x: x.props.get("plan") == "pro"),
                        ("event:page==/a\\|b", lambda x: False), ("event:page==/p.icing*", lambda x: False), ("", lambda x: True), (";;", lambda x: True)]:
        some = has(e, test)
        get("v1: filters=%s" % given, old("aggregate", metrics="visitors,events", filters=given, **CUSTOM), value(visitors=visitors(some), events=count(some)))
    get("v1: time on a page", old("aggregate", metrics="time_on_page", filters="event:page==/blog/one", **CUSTOM), value(time_on_page=25))
    get("v1: imports are taken", old("aggregate", metrics="events", with_imported="true", **CUSTOM), value(events=count(e)))


def first_errors(t):
    docs = "https://plausible.io/docs/stats-api"
    for path, params, text in [
        ("aggregate", {"site_id": None}, "Missing site ID. Please provide the required site_id parameter with your request."),
        ("realtime/visitors", {"site_id": None}, "Missing site ID. Please provide the required site_id parameter with your request."),
        ("aggregate", {"period": "bogus"}, "Error parsing `period` parameter: invalid period `bogus`. Please find accepted values in our docs: %s#time-periods" % docs),
        ("aggregate", {"period": "custom"}, "The `date` parameter is required when using a custom period. See %s#time-periods" % docs),
        ("aggregate", {"period": "custom", "date": "2026-03-27"}, "Invalid format for `date` parameter. When using a custom period, please include two ISO-8601 "
         "formatted dates joined by a comma. See %s#time-periods" % docs),
        ("aggregate", {"period": "day", "date": "yesterday"}, "Error parsing `date` parameter: invalid_format. Please specify a valid date in ISO-8601 format."),
        ("aggregate", {"metrics": "visitors,bogus"}, "The metric `bogus` is not recognized. Find valid metrics from the documentation: %s#metrics" % docs),
        ("aggregate", {"metrics": "visitors,visitors"}, "Metrics cannot be queried multiple times."),
        ("aggregate", {"metrics": "conversion_rate"}, "Metric `conversion_rate` can only be queried in a goal breakdown or with a goal filter"),
        ("aggregate", {"metrics": "time_on_page"}, "Metric `time_on_page` can only be queried in a page breakdown or with a page filter."),
        ("aggregate", {"metrics": "time_on_page", "filters": "event:goal==Signup"}, "Metric `time_on_page` cannot be queried when filtering by `event:goal`"),
        ("aggregate", {"metrics": "views_per_visit", "filters": "event:page==/"}, "Metric `views_per_visit` cannot be queried with a filter on `event:page`."),
        ("aggregate", {"metrics": "bounce_rate", "filters": "event:name==Signup"}, "Session metric `bounce_rate` cannot be queried when using a filter on `event:name`."),
        ("aggregate", {"filters": "badproperty==x"}, "Invalid filter property 'badproperty'. Please provide a valid filter property: %s#properties" % docs),
        ("aggregate", {"filters": "event:page"}, "Invalid filter 'event:page'. Please write filters as property==value or property!=value."),
        ("aggregate", {"filters": "visit:country==DEU"}, "Invalid visit:country filter, visit:country needs to be a valid 2-letter country code."),
        ("aggregate", {"filters": "event:goal==Unknown"}, "The goal `Unknown` is not configured for this site. Find out how to configure goals here: %s#filtering-by-goals" % docs),
        ("aggregate", {"filters": "event:goal==Visit /x"}, "The pageview goal for the pathname `/x` is not configured for this site. Find out how to configure goals here: "
         "%s#filtering-by-goals" % docs),
        ("timeseries", {"interval": "hour"}, "Error parsing `interval` parameter: invalid interval `hour`. Valid intervals are `day`, `month`"),
        ("breakdown", {}, "The `property` parameter is required. Please provide at least one property to show a breakdown by."),
        ("breakdown", {"property": "badproperty"}, "Invalid property 'badproperty'. Please provide a valid property for the breakdown endpoint: %s#properties" % docs),
        ("breakdown", {"property": "event:page", "limit": 1001}, "Please provide limit as a number between 1 and 1000."),
        ("breakdown", {"property": "event:page", "limit": "bad"}, "Please provide limit as a number between 1 and 1000."),
        ("breakdown", {"property": "event:page", "page": 0}, "Please provide page as a positive number."),
        ("breakdown", {"property": "event:name", "metrics": "bounce_rate"}, "Session metric `bounce_rate` cannot be queried for breakdown by `event:name`."),
        ("breakdown", {"property": "visit:source", "metrics": "views_per_visit"}, "Metric `views_per_visit` is not supported in breakdown queries."),
        ("breakdown", {"property": "visit:source", "metrics": "time_on_page"}, "Metric `time_on_page` is not supported in breakdown queries (except `event:page` breakdown)"),
    ]:
        status, answer = t.send("GET", old(path, **params))
        t.same("v1 refuses %s %s" % (path, params), [status, answer.get("error") if isinstance(answer, dict) else answer], [400, text])
    status, answer = t.send("GET", old("aggregate"), key="ffk_" + "0" * 40)
    t.same("v1: a key that is none", status, 401)
    status, answer = t.send("GET", old("aggregate", site_id="other.example"))
    t.same("v1: another site", [status, answer.get("error")],
           [401, "Invalid API key or site ID. Please make sure you're using a valid API key with access to the site you've requested."])
    for given in ["'", "event:page==" + "|".join("/%d" % i for i in range(600)), "event:page==" + "*" * 5000, "a==b;" * 500, "event:page==(((((*", "==", "!=", "event:page==\\", "\u202e==x"]:
        status, answer = t.send("GET", old("aggregate", filters=given))
        t.line(status in (200, 400) and t.took < 2, "v1 holds: %s" % given[:40], status, answer, t.took)


# ---- what the documents show ----

def written(t):
    docs = os.path.join(os.environ["FF_SRCDIR"], "docs")
    text = open(os.path.join(docs, "query.md")).read()
    blocks = re.findall(r"```json\n(.*?)```", text, re.S)
    api = open(os.path.join(docs, "openapi.yaml")).read()
    api = api[api.index("  /api/v2/query:"):]
    found = re.finditer(r"^ +value:\s*(?=[\[{][\"{])", api[:api.index("      responses:")], re.M)
    bodies = [json.loads(b) for b in blocks] + [json.JSONDecoder().raw_decode(api, m.end())[0] for m in found]
    t.line(len(bodies) >= 14, "examples are found", len(bodies))
    for body in bodies:
        status, answer = t.post(body)
        answers = answer if isinstance(answer, list) else [answer]
        t.line(status == 200 and all("results" in a for a in answers), "the example %s..." % json.dumps(body)[:70], status, answer)
    for uri in re.findall(r"^    GET (/api/v1/\S*)$", text, re.M):
        status, answer = t.send("GET", uri)
        t.same("the example %s" % uri, status, 200)
