"""answers.py - what a question must be answered with, from the facts and visits of reference.py alone.

    World(drain, site).answer(question) -> {row: {metric: value or None}}

Written from the sentences of src/fact/query.h ("Meaning", the table of units, the filters) and src/fact/dim.h. A question is
what is sent to /api/v2/query, but for site and range: metrics, dimensions, filters, and from, to: instants, to excluded. A row
is the list of its labels as they are shown, with the instant of its hour behind it, for an hour may come twice."""
import bisect, collections, datetime, decimal, math, re

import month, reference

S = month.S
VISIT_DIMS = {"visit:" + k: k for k in reference.TRAITS}
EMPTY = {"visit:source": "Direct / None", "visit:referrer": "Direct / None", "visit:utm_source": "(not set)"}
PAGES = {"visit:entry_page": "entry", "visit:exit_page": "exit", "visit:entry_page_hostname": "entry_host",
         "visit:exit_page_hostname": "exit_host"}
CHANNELS = ["Direct", "Referral", "Organic Search", "Organic Social", "Organic Video", "Email", "AI Assistants"]
DEVICES = ["", "Desktop", "Mobile", "Tablet", "TV"]
ROBOTS = ["", "Robot", "No user agent", "HTTP library", "Automated browser", "Referrer spam", "Listed network", "Behaviour",
          "Purged", "Author", "Team"]
VIEW_TYPES = ["", "intentional", "listing", "search", "widget", "embed"]
VIEW_SOURCES = ["", "web", "api", "player", "feed", "app"]
EVENT_METRICS = ("visitors", "visits", "pageviews", "views", "events", "engaged_time", "scroll_depth", "time_on_page")
VISIT_METRICS = ("bounce_rate", "visit_duration", "views_per_visit", "exit_rate")
ITEM_METRICS = ("unique_views", "qualified_views", "impressions", "clicks", "plays", "completions", "reactions", "comments",
                "shares", "follows", "ctr", "completion_rate")
MONEY = ("total_revenue", "average_revenue")
RATES = ("percentage", "conversion_rate", "group_conversion_rate")
ACTS = {month.REACTION: "reactions", month.COMMENT: "comments", month.SHARE: "shares", month.FOLLOW: "follows"}


def is_visit_dim(dim):
    return dim.startswith("visit:")


def is_time(dim):
    return dim.startswith("time")


def rounded(numerator, denominator, places):
    """Halves go up; nothing is divided by nothing."""
    if not denominator:
        return None
    quotient = decimal.Decimal(numerator) / decimal.Decimal(denominator)
    return float(quotient.quantize(decimal.Decimal(1).scaleb(-places), decimal.ROUND_HALF_UP))


class Goal:
    def __init__(self, name, kind, event="", path="", scroll=None, currency=None):
        self.name, self.kind, self.event, self.scroll, self.currency = name, kind, event, scroll, currency
        parts = re.split(r"(\*\*|\*)", path)
        self.path = re.compile("".join({"**": ".*", "*": "[^/]*"}.get(p, re.escape(p)) for p in parts) + r"\Z", re.S)

    def reached(self, f):
        if self.kind == "event":
            return not f.quiet and f.name == self.event
        if self.kind == "page":
            return f.kind == month.PAGEVIEW and self.path.match(f.path) is not None
        return f.scroll <= 100 and f.scroll >= self.scroll and self.path.match(f.path) is not None


class World:
    def __init__(self, drain, site, goals=(), domain="", now=None):
        self.site, self.goals, self.collections, self.domain, self.now = site, goals, drain.collections, domain, now
        self.owners, self.zone = drain.owners, month.SITES[site]
        everything = sorted((f for f in drain.facts if f.site == site), key=lambda f: f.ts)
        self.facts, self.robots = [f for f in everything if not f.robot], [f for f in everything if f.robot]
        self.first = datetime.date.fromisoformat(everything[0].day) if everything else None
        self.visits = [v for (s, _), vs in drain.visits.items() if s == site for v in vs]
        self.windows = sorted((w for (s, _, _), ws in drain.windows.items() if s == site for w in ws), key=lambda w: w.ts)
        self.cache = {}

    # ---- dimensions: the stored text (None: there is none to be shown) ----

    def text(self, f, dim):
        """Of an event; visit dimensions are its visit's, or its own."""
        if dim in VISIT_DIMS:
            return self.trait((f.visit or f).traits, dim)
        if dim in PAGES:
            return getattr(f.visit, PAGES[dim]) if f.visit else ""
        if dim == "visit:auth":
            return "authenticated" if (f.visit or f).auth else "anonymous"
        return self.event_text(f, dim)

    def trait(self, traits, dim):
        value = traits[VISIT_DIMS[dim]]
        if dim == "visit:channel":
            return CHANNELS[value]
        if dim == "visit:device":
            return DEVICES[value]
        return self.screen(value) if dim == "visit:screen" else value

    @staticmethod
    def screen(width):
        """As Plausible's classes."""
        return "" if not width else "Mobile" if width < 576 else "Tablet" if width < 992 else "Laptop" if width < 1440 else "Desktop"

    def event_text(self, f, dim):
        if dim == "event:page":
            return f.path
        if dim == "event:hostname":
            return f.host
        if dim == "event:name":
            return "" if f.quiet else f.name
        if dim == "event:robot":
            return ROBOTS[f.robot]
        if dim.startswith("event:props:"):
            return f.props.get(dim[12:], "")
        if dim == "view:type":
            return VIEW_TYPES[f.view_type]
        if dim == "view:source":
            return VIEW_SOURCES[f.view_source]
        if f.item is None:
            return None
        return {"content:item": "/".join(f.item), "content:kind": f.item[0],
                "content:owner": self.owners.get((self.site, *f.item), ""),
                "content:collection": self.collections[(self.site, *f.item)]}[dim]

    def visit_text(self, v, dim):
        if dim in PAGES:
            return getattr(v, PAGES[dim])
        if dim == "visit:auth":
            return "authenticated" if v.auth else "anonymous"
        return self.trait(v.traits, dim)

    @staticmethod
    def label(dim, text):
        """As it is shown; None: no row."""
        if text:
            return text
        if dim.startswith("event:props:"):
            return "(none)"
        lacking = not is_visit_dim(dim) or dim.startswith("visit:utm_") or dim in PAGES
        return None if lacking else EMPTY.get(dim, "(not set)")

    # ---- time ----

    def bucket(self, ts, dim, q):
        instant, hour, day = reference.place(self.site, ts)
        if dim == "time:hour":
            return hour, instant
        if dim == "time:day":
            return day, 0
        date = datetime.date.fromisoformat(day)
        if dim == "time:month":
            return str(date.replace(day=1)), 0
        first = datetime.date.fromisoformat(reference.place(self.site, q["from"])[2])
        return str(max(first, date - datetime.timedelta(date.weekday()))), 0

    # ---- filters ----

    def compile(self, f, q):
        """A filter as a function of an event."""
        op = f[0]
        if op in ("and", "or"):
            kids, fold = [self.compile(k, q) for k in f[1]], all if op == "and" else any
            return lambda e: fold(k(e) for k in kids)
        if op == "not":
            kid = self.compile(f[1], q)
            return lambda e: not kid(e)
        if op in ("has_done", "has_not_done"):
            kid, goal = self.compile(f[1], q), "event:goal" in dims_of([f[1]])
            done = {self.identity(e) for e in self.within(q) if (goal or not e.quiet) and kid(e)} - {0}
            return lambda e: (self.identity(e) in done) == (op == "has_done")
        dim, values = f[1], f[2]
        if dim == "event:goal":
            goals = [g for g in self.goals if any(v == g.name if op == "is" else v in g.name for v in values)]
            return lambda e: any(g.reached(e) for g in goals)
        fold = (lambda t: t) if f[3:] != [{"case_sensitive": False}] else str.lower
        return self.judge(op.replace("_not", ""), dim, [fold(v) for v in values], fold, op.endswith("_not"))

    def judge(self, op, dim, values, fold, negated):
        if op == "is":
            empty = EMPTY.get(dim, "(none)" if dim.startswith("event:props:") else "(not set)")
            wanted = set(values) | ({""} if fold(empty) in values else set())
            holds = lambda text: fold(text) in wanted
        elif op == "contains":
            holds = lambda text: any(v in fold(text) for v in values)
        else:
            patterns = [re.compile(v, re.I if fold is str.lower else 0) for v in values]
            holds = lambda text: any(p.search(text) for p in patterns)
        return lambda e: holds(self.text(e, dim) or "") != negated

    @staticmethod
    def identity(e):
        """Who did it, quiet events included."""
        return e.visit.visitor if e.visit else e.visitor

    def within(self, q, of=None):
        facts = self.facts if of is None else of
        at = lambda us: bisect.bisect_left(facts, us, key=lambda f: f.ts)
        return facts[at(q["from"]):at(q["to"])]

    # ---- answers ----

    def chosen(self, q):
        robots = "event:robot" in q["dimensions"] + dims_of(q["filters"])
        holds = self.compile(["and", q["filters"]], q)
        return [f for f in self.within(q, self.robots if robots else None) if holds(f)]

    def keys(self, f, ts, q, text):
        """The rows that an event or a visit stands in: with goals it may be several, or none."""
        rows = [((), 0)]
        for dim in q["dimensions"]:
            if is_time(dim):
                label, instant = self.bucket(ts, dim, q)
                rows = [(r + (label,), instant) for r, _ in rows]
                continue
            if dim == "event:goal":
                labels = [g.name for g in self.meant(q) if g.reached(f)]
            else:
                labels = [x for x in [self.label(dim, text(f, dim))] if x is not None]
            rows = [(r + (x,), i) for r, i in rows for x in labels]
        return rows

    def answer(self, q):
        return {key: {m: self.metric(m, row, key, q) for m in q["metrics"]} for key, row in self.rows(q).items()}

    def rows(self, q):
        """All that figures are made of; kept for the next question, which is often about the same."""
        place = repr((q["from"], q["to"], q["dimensions"], q["filters"]))
        if place not in self.cache:
            if len(self.cache) > 4:
                self.cache.clear()
            self.cache[place] = self.add_up(q)
        return self.cache[place]

    def add_up(self, q):
        facts, rows = self.chosen(q), collections.defaultdict(lambda: collections.defaultdict(int))
        people, homes = collections.defaultdict(set), collections.defaultdict(set)
        depth, stay = collections.defaultdict(dict), collections.defaultdict(lambda: collections.defaultdict(int))
        # Who read far enough did something, though quietly; what somebody has done besides is no matter.
        goal = "event:goal" in q["dimensions"] + [f[1] for f in q["filters"]]
        for f in facts:
            for key in self.keys(f, f.ts, q, self.text):
                self.add_event(rows[key], f)
                who = 0 if f.robot else self.identity(f) if goal else f.who
                if who:
                    people[key].add(who)
                if f.visit and (goal or not f.quiet):
                    homes[key].add(id(f.visit))
                self.attention(depth[key], stay[key], f)
        if any(not is_visit_dim(d) and not is_time(d) for d in q["dimensions"]):
            for key, of in homes.items():
                rows[key]["visits"] = len(of)
        else:
            self.add_visits(rows, facts, q)
        self.add_windows(rows, q)
        for key, row in rows.items():
            row["visitors"] = len(people[key])
            row["depth"], row["stay"] = depth[key], stay[key]
        if not q["dimensions"]:
            rows[((), 0)]["visitors"] += 0
        return rows

    @staticmethod
    def add_event(row, f):
        row["pageviews"] += f.kind == month.PAGEVIEW
        row["events"] += not f.quiet
        if f.robot:
            return
        row["views"] += f.viewed
        row["engaged_ms"] += f.engaged
        if f.currency and f.kind != month.CONFIGURATION:  # that one's is a price
            row["revenue"] += f.value
            row["paid"] += 1
        if f.item:
            row["unique_views"] += f.unique
            row["impressions"] += f.listing
            row["clicks"] += f.viewed and f.list != ""
            if f.kind in ACTS:
                row[ACTS[f.kind]] += f.act

    def attention(self, depth, stay, f):
        who = 0 if f.robot else self.identity(f)
        if f.scroll <= 100 and who and f.path:
            depth[(who, f.path)] = max(depth.get((who, f.path), 0), f.scroll)
        if f.engaged > 0 and f.visit and f.path:
            stay[(id(f.visit), f.path)] += f.engaged

    def add_visits(self, rows, facts, q):
        for v in {id(f.visit): f.visit for f in facts if f.visit}.values():
            if not q["from"] <= v.start < q["to"]:
                continue
            for key in self.keys(v, v.start, q, self.visit_text):
                row = rows[key]
                row["visits"] += 1
                row["bounces"] += v.bounced
                row["seconds"] += v.seconds
        if "visit:exit_page" in q["dimensions"]:
            others = {**q, "filters": [f for f in q["filters"] if f[1] != "visit:exit_page"],
                      "dimensions": ["event:page" if d == "visit:exit_page" else d for d in q["dimensions"]]}
            for f in self.chosen(others):
                for key in self.keys(f, f.ts, others, self.text) if f.kind == month.PAGEVIEW else ():
                    rows[key]["page"] += 1

    def add_windows(self, rows, q):
        holds = self.compile(["and", q["filters"]], q)
        for w in self.within(q, self.windows):
            if holds(w.fact):
                for key in self.keys(w.fact, w.ts, q, self.text):
                    rows[key]["qualified_views"] += w.qualified
                    rows[key]["plays"] += w.played
                    rows[key]["completions"] += w.completed

    def metric(self, name, row, key, q):
        if name == "engaged_time":
            return rounded(row["engaged_ms"], 1000, 0)
        if name == "bounce_rate":
            return rounded(100 * row["bounces"], row["visits"], 0)
        if name == "visit_duration":
            return rounded(row["seconds"], row["visits"], 0)
        if name == "views_per_visit":
            return rounded(row["pageviews"], row["visits"], 2)
        if name == "exit_rate":
            return rounded(100 * row["visits"], row["page"], 1)
        if name == "ctr":
            return rounded(100 * row["clicks"], row["impressions"], 2)
        if name == "completion_rate":
            return rounded(100 * row["completions"], row["plays"], 2)
        if name == "scroll_depth":
            return rounded(sum(row["depth"].values()), len(row["depth"]), 0) if row["depth"] else None
        if name == "time_on_page":
            return rounded(sum(row["stay"].values()), 1000 * len(row["stay"]), 0) if row["stay"] else None
        if name in MONEY:
            return self.money(name, row, q)
        if name in RATES:
            return rounded(100 * row["visitors"], self.everybody(name, key, q), 1 if name == "percentage" else 2)
        return row[name]

    def meant(self, q):
        goals = self.goals
        for f in q["filters"]:
            if f[1] == "event:goal":
                goals = [g for g in goals if any(v == g.name if f[0] == "is" else v in g.name for v in f[2])]
        return goals

    def money(self, name, row, q):
        """Of the currency that the goals asked about have; all our events with a price have it."""
        if not any(g.currency for g in self.meant(q)):
            return None
        if name == "total_revenue":
            return row["revenue"] / 1e6
        return row["revenue"] / 1e6 / row["paid"] if row["paid"] else None

    def everybody(self, name, key, q):
        """Of how many visitors those of the row are a part."""
        asked = {**q, "metrics": ["visitors"], "dimensions": []}
        if name != "percentage":
            asked["filters"] = [f for f in q["filters"] if not (isinstance(f[1], str) and f[1].startswith(("event:goal", "event:props:")))]
        if name == "group_conversion_rate":
            asked["dimensions"] = [d for d in q["dimensions"] if d != "event:goal"]
            key = (tuple(x for x, d in zip(key[0], q["dimensions"]) if d in asked["dimensions"]), key[1])
        else:
            key = ((), 0)
        row = self.rows(asked).get(key)
        return row["visitors"] if row else 0


def dims_of(filters):
    """All dimensions that filters name."""
    out = []
    for f in filters:
        if f[0] in ("and", "or"):
            out += dims_of(f[1])
        elif f[0] in ("not", "has_done", "has_not_done"):
            out += dims_of([f[1]])
        else:
            out.append(f[1])
    return out
