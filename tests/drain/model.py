#!/usr/bin/env python3
"""model.py - what the tables must hold after a drain, worked out from mkspool's ledger alone, compared with them.

    model.py batch=N LEDGER...

Knows nothing of the drain but the definitions in src/drain/drain.h: it walks the records in batches of N, in order, keeps
plain lists of visits, and adds up rollups and counters from the final visits and events (the drain adds deltas). Local
time comes from Python's zoneinfo. The database is the one of PG* / FF_TEST_DB. Prints one line a difference and a count.
"""
import collections, csv, datetime, io, json, subprocess, sys, zoneinfo

IDLE, NIGHT, DAY = 1800_000_000, 6 * 3600_000_000, 86400_000_000
PAGEVIEW, ENGAGEMENT, VIEW, MEDIA, PERFORMANCE, ERROR, LISTING = 1, 3, 4, 9, 12, 13, 2
QUIET, STILL = (ENGAGEMENT, MEDIA, PERFORMANCE, ERROR), (PERFORMANCE, ERROR)
CLIENT_ID, NON_INTERACTIVE, AUTH, IMPORT, MEASURE = 1, 2, 4, 8, 32
TOTAL, PAGE, ITEM, NAME, ROBOT, AUTHENTICATED = 0, 1, 2, 15, 16, 17
V_TEXT = {3: "source", 5: "referrer", 6: "country", 8: "browser", 9: "os", 10: "utm_source", 11: "utm_medium",
          12: "utm_campaign", 13: "utm_content", 14: "utm_term"}
UTM = {10, 11, 12, 13, 14}
TRAITS = list(V_TEXT.values()) + ["channel", "device"]


def sql(text):
    out = subprocess.run(["psql", "-X", "-q", "--csv", "-c", "SET timezone = 'UTC'", "-c", text], check=True,
                         stdout=subprocess.PIPE).stdout.decode()
    return list(csv.reader(io.StringIO(out, newline="")))[1:]


class Visit:
    def __init__(self, e):
        self.site, self.visitor, self.day = e["site"], e["visitor"], e["ts"] // DAY
        self.start = self.last = e["ts"]
        self.engaged = self.pageviews = self.views = self.events = self.interactive = 0
        self.entry = self.exit = ""
        self.auth = e["flags"] & AUTH != 0
        self.traits = {k: e.get(k, "") for k in TRAITS}

    def take(self, e):
        if e["kind"] == PAGEVIEW:
            if self.pageviews == 0 or e["ts"] < self.start:
                self.entry = e.get("path", "")
            if self.pageviews == 0 or e["ts"] >= self.last:
                self.exit = e.get("path", "")
            self.pageviews += 1
        if e["kind"] not in STILL:
            self.start, self.last = min(self.start, e["ts"]), max(self.last, e["ts"])
        self.engaged += e["engaged"]
        self.views += e["viewed"]
        self.events += e["kind"] not in QUIET
        self.interactive += e["interactive"]

    def key(self):
        return (self.site, self.visitor, self.day, self.start, self.last, self.engaged, self.pageviews, self.views,
                self.events, self.interactive, self.entry, self.exit, self.auth) + tuple(
                    str(v) for v in self.traits.values())


class Model:
    def __init__(self, sites, strict_items):
        self.sites, self.items = sites, dict.fromkeys(strict_items)
        self.details = collections.defaultdict(lambda: ["", ""])
        self.ids, self.visits, self.events = set(), collections.defaultdict(list), []
        self.counts, self.bad = collections.Counter(), 0

    def count(self, e, reason, site=None):
        self.counts[(e["site"] if site is None else site, e["received"] // DAY, reason)] += 1

    def repeated(self, e):
        if e["flags"] & IMPORT:
            key = ("line", e["site"], e["ts"] // DAY, e["id"].replace("-", "")[:16])
        elif e["flags"] & CLIENT_ID:
            key = ("id", e["site"], e["id"])
        else:
            return False
        known = key in self.ids
        self.ids.add(key)
        return known

    def item(self, e):
        e["item"], e["viewed"] = None, False
        if not e.get("item_key"):
            return
        key = (e["site"], e["item_kind"], e["item_key"])
        if key not in self.items and self.sites[e["site"]][1]:
            self.count(e, 8)
            return
        self.items[key] = None
        for i, field in enumerate(("item_title", "collection")):
            if e.get(field):
                self.details[key][i] = e[field]
        e["item"] = key
        e["viewed"] = e["kind"] in (PAGEVIEW, VIEW) and e["view_type"] != LISTING

    def find(self, e):
        begun, coming = [], []
        day = e["ts"] // DAY
        for who, days in ((e["visitor"], range((e["ts"] - NIGHT) // DAY, (e["ts"] + IDLE) // DAY + 1)),
                          (e["prev"], (day - 1,) if e["ts"] % DAY < NIGHT else ())):
            for v in self.visits[(e["site"], who)] if who else ():
                if v.day in days and v.start - IDLE <= e["ts"] <= v.last + IDLE:
                    (begun if v.start <= e["ts"] else coming).append(v)
        if begun:
            return max(begun, key=lambda v: v.start)
        return min(coming, key=lambda v: v.start) if coming else None

    def batch(self, records):
        good = []
        for e in records:
            if "bad" in e:
                self.bad += 1
                unknown = e["bad"] == "UNKNOWN_SITE"
                self.count(e, 7 if unknown else 18, 999999 if unknown else e["site"] if e["bad"] == "REFUSED" else -1)
            elif self.repeated(e):
                self.count(e, 17)
            else:
                self.item(e)
                listing = e["kind"] == VIEW and e["view_type"] == LISTING
                e["interactive"] = e["kind"] not in QUIET and not listing and not e["flags"] & NON_INTERACTIVE
                e["visit"] = None
                good.append(e)
        for e in sorted((e for e in good if not e["robot"] and e["visitor"]), key=lambda e: e["ts"]):  # stable
            v = self.find(e)
            if v is None and e["kind"] not in QUIET:
                v = Visit(e)
                self.visits[(v.site, v.visitor)].append(v)
            if v is not None:
                v.take(e)
                e["visit"] = v
        self.events += good


class Figures:
    """Rollups and counters from final visits and events."""

    def __init__(self, model):
        self.rows = {"hour": {}, "day": {}}
        self.zones = {s: zoneinfo.ZoneInfo(z) for s, (z, _) in model.sites.items()}
        self.counters = {}
        for e in model.events:
            self.event(e)
        for vs in model.visits.values():
            for v in vs:
                sums = {"visits": 1, "bounces": int(v.interactive <= 1), "duration_s": (v.last - v.start) // 1_000_000}
                self.traits(v.site, v.start, v.traits, v.auth, sums, None)

    def local(self, site, us):
        t = datetime.datetime.fromtimestamp(us // 1_000_000, datetime.timezone.utc)
        here = t.astimezone(self.zones[site])
        hour = t - datetime.timedelta(minutes=here.minute, seconds=here.second)
        return hour.strftime("%Y-%m-%d %H:%M:%S+00"), here.strftime("%Y-%m-%d")

    def add(self, site, us, dim, value, sums, visitor):
        for grain, bucket in zip(("hour", "day"), self.local(site, us)):
            row = self.rows[grain].setdefault((site, dim, bucket, str(value)), [collections.Counter(), set()])
            row[0].update(sums)
            if visitor:
                row[1].add(visitor)

    def traits(self, site, us, t, auth, sums, visitor):
        self.add(site, us, TOTAL, 0, sums, visitor)
        self.add(site, us, AUTHENTICATED, int(auth), sums, visitor)
        self.add(site, us, 4, t["channel"], sums, visitor)
        self.add(site, us, 7, t["device"], sums, visitor)
        for dim, field in V_TEXT.items():
            if t[field] or dim not in UTM:
                self.add(site, us, dim, t[field], sums, visitor)

    def event(self, e):
        site, us, v, kind = e["site"], e["ts"], e["visit"], e["kind"]
        if e["robot"]:
            if kind not in QUIET:
                self.add(site, us, ROBOT, e["robot"], {"events": 1, "pageviews": int(kind == PAGEVIEW)}, None)
            return
        sums = {"pageviews": int(kind == PAGEVIEW), "views": int(e["viewed"]), "events": int(kind not in QUIET),
                "engaged_ms": e["engaged"]}
        who = None if kind in QUIET else v.visitor if v else e["visitor"]
        if e.get("path"):
            self.add(site, us, PAGE, e["path"], sums, who)
        if e["item"]:
            self.add(site, us, ITEM, "/".join(e["item"][1:]), sums, who)
        if kind not in QUIET:
            self.add(site, us, NAME, e["name"], sums, who)
        self.traits(site, us, v.traits if v else {k: e.get(k, "") for k in TRAITS}, v.auth if v else e["flags"] & AUTH != 0,
                    sums, who)
        if e["viewed"]:
            self.counters.setdefault(e["item"], []).append(self.local(site, us)[1])


FIELDS = ("visits", "bounces", "duration_s", "pageviews", "views", "events", "engaged_ms")
wrong = 0


def differ(what, ours, theirs):
    global wrong
    wrong += 1
    if wrong <= 20:
        print(f"# {what}: expected {ours}, found {theirs}")


def compare(what, ours, theirs):
    for key in ours.keys() | theirs.keys():
        if ours.get(key) != theirs.get(key):
            differ(f"{what} {key}", ours.get(key), theirs.get(key))


def check_events(model):
    rows = sql("""SELECT e.event_id, (extract(epoch FROM e.ts) * 1000000)::bigint, e.site_id, e.kind, e.robot, e.flags,
        n.value, h.value, p.value, coalesce(c.kind || '/' || c.key, ''), e.visitor, e.engaged_ms,
        coalesce(e.value_micros, 0), coalesce((extract(epoch FROM v.started_at) * 1000000)::bigint, 0), coalesce(v.visitor, 0),
        (e.visit_id <> 0)::int, (v.visit_id IS NOT NULL)::int, replace(e.viewer::text, '-', ''), t.value, i.value, e.position,
        e.measure_micros, e.media_length_ms, e.media_position_ms, encode(e.watched, 'hex')
        FROM event e JOIN label n ON (n.site_id, n.label_id) = (e.site_id, e.name)
        JOIN label h ON (h.site_id, h.label_id) = (e.site_id, e.hostname)
        JOIN label p ON (p.site_id, p.label_id) = (e.site_id, e.path)
        LEFT JOIN label t ON (t.site_id, t.label_id) = (e.site_id, e.target)
        LEFT JOIN label i ON (i.site_id, i.label_id) = (e.site_id, e.list)
        LEFT JOIN content c ON (c.site_id, c.content_id) = (e.site_id, e.content_id)
        LEFT JOIN visit v ON (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id)""")
    theirs, ours = {}, {}
    for r in rows:
        if r[0] in theirs:
            differ("event", "once", f"{r[0]} twice")
        theirs[r[0]] = tuple(r[1:])
    for e in model.events:
        v = e["visit"]
        ours[e["id"]] = tuple(str(x) for x in (
            e["ts"], e["site"], e["kind"], e["robot"], e["flags"], e["name"], "www.example.com", e.get("path", ""),
            "/".join(e["item"][1:]) if e["item"] else "", v.visitor if v else e["visitor"], e["engaged"], e["value"],
            v.start if v else 0, v.visitor if v else 0, int(v is not None), int(v is not None),
            e["viewer"].strip("0") and e["viewer"], e.get("target", ""), e.get("list", ""), e["position"] or "",
            e["measure"] if e["flags"] & MEASURE else "", e["media_length"] or "", e["media_position"] or "",
            e["watched"].strip("0") and e["watched"]))
    compare("event", ours, theirs)
    return len(theirs)


def check_visits(model):
    labels = ", ".join(f"(SELECT value FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.{c}))"
                       for c in ["entry_page", "exit_page"] + list(V_TEXT.values()))
    rows = sql(f"""SELECT site_id, visitor, day - date '1970-01-01', (extract(epoch FROM started_at) * 1000000)::bigint,
        (extract(epoch FROM last_at) * 1000000)::bigint, engaged_ms, pageviews, views, events, interactive, {labels},
        channel, device, auth FROM visit v""")
    theirs = collections.Counter()
    for r in rows:
        theirs[tuple(int(x) for x in r[:10]) + (r[10], r[11], r[24] == "t") + tuple(r[12:24])] += 1
    compare("visit", collections.Counter(v.key() for vs in model.visits.values() for v in vs), theirs)
    return len(rows)


def check_rollups(figures, grain):
    rows = sql(f"""SELECT r.site_id, r.dim, r.bucket, CASE WHEN r.dim IN (0, 4, 7, 16, 17) THEN r.value::text
            WHEN r.dim = 2 THEN c.kind || '/' || c.key ELSE l.value END,
        r.visits, r.bounces, r.duration_s, r.pageviews, r.views, r.events, r.engaged_ms, hll_cardinality(r.visitors)
        FROM rollup_{grain} r LEFT JOIN content c ON r.dim = 2 AND (c.site_id, c.content_id) = (r.site_id, r.value)
        LEFT JOIN label l ON r.dim NOT IN (0, 2, 4, 7, 16, 17) AND (l.site_id, l.label_id) = (r.site_id, r.value)""")
    theirs = {}
    for r in rows:
        sums, who = tuple(int(x) for x in r[4:11]), float(r[11])
        if any(sums) or who:
            theirs[(int(r[0]), int(r[1]), r[2], r[3])] = sums, who
    ours = {}
    for key, (sums, who) in figures.rows[grain].items():
        exact = len(who)
        found = theirs.get(key, (None, -1))[1]
        if exact > 1280 and abs(found - exact) < 0.03 * exact:
            exact = found
        if any(sums.values()) or who:
            ours[key] = tuple(sums[f] for f in FIELDS), float(exact)
    compare(f"rollup_{grain}", ours, theirs)
    return len(theirs)


def check_counters(figures):
    ours = {}
    for (site, kind, key), days in figures.counters.items():
        top = max(days)
        ours[(str(site), kind, key)] = (top, str(days.count(top)), str(sum(d[:7] == top[:7] for d in days)), str(len(days)))
    rows = sql("""SELECT c.site_id, i.kind, i.key, day, views_day, views_month, views_total
        FROM content_counter c JOIN content i USING (site_id, content_id)""")
    compare("counter", ours, {tuple(r[:3]): tuple(r[3:]) for r in rows})
    return len(rows)


def check_books(model):
    """Of records that cannot be decoded, the site is what their bytes say, if anything: counted together."""
    ours, theirs = collections.Counter(), collections.Counter()
    decodable = {s for s in model.sites} | {999999}
    for (site, day, reason), n in model.counts.items():
        ours[(reason, site if reason in (7, 8, 17) else "any")] += n
    stored = sql("SELECT coalesce(sum(n), 0) FROM drain_count WHERE reason = 0")[0][0]
    strangers = sum(n for (site, day, reason), n in model.counts.items() if reason == 8)
    compare("stored", {"n": len(model.events) - strangers}, {"n": int(stored)})
    for site, day, reason, n in sql("""SELECT site_id, day - date '1970-01-01', reason, n FROM drain_count
            WHERE reason <> 0"""):
        theirs[(int(reason), int(site) if int(reason) in (7, 8, 17) else "any")] += int(n)
    compare("drain_count", ours, theirs)
    compare("bad_record", {"n": model.bad}, {"n": int(sql("SELECT count(*) FROM bad_record")[0][0])})
    rows = sql("SELECT site_id, kind, key, title, collection FROM content")
    theirs = {(int(r[0]), r[1], r[2]): [r[3], r[4]] for r in rows}
    compare("content", {k: model.details[k] for k in model.items}, theirs)


def main():
    size = int(sys.argv[1].split("=")[1])
    sites = {int(r[0]): (r[1], r[2] == "t") for r in sql("SELECT site_id, time_zone, strict FROM site")}
    strict = [(int(r[0]), r[1], r[2]) for r in sql("""SELECT site_id, kind, key FROM content JOIN site USING (site_id)
        WHERE strict""")]
    model = Model(sites, strict)
    records = [json.loads(line) for path in sys.argv[2:] for line in open(path, encoding="utf-8")]
    for i in range(0, len(records), size):
        model.batch(records[i:i + size])
    figures = Figures(model)
    print(f"# {len(records)} records: {check_events(model)} events, {check_visits(model)} visits,"
          f" {check_rollups(figures, 'hour')} hours, {check_rollups(figures, 'day')} days,"
          f" {check_counters(figures)} counters, {model.bad} bad")
    check_books(model)
    print(f"# differences: {wrong}")
    sys.exit(wrong != 0)


main()
