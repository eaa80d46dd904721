#!/usr/bin/env python3
"""model.py - what the tables must hold after a drain, worked out from mkspool's ledger alone, compared with them.

    model.py batch=N LEDGER...

Knows nothing of the drain but the definitions in src/drain/drain.h: it walks the records in batches of N, in order, keeps
plain lists of visits, and adds up rollups and counters from the final visits and events (the drain adds deltas). Local
time comes from Python's zoneinfo. The database is the one of PG* / FF_TEST_DB. Prints one line a difference and a count.
"""
import collections, csv, datetime, hashlib, io, json, subprocess, sys, zoneinfo

IDLE, NIGHT, DAY = 1800_000_000, 6 * 3600_000_000, 86400_000_000
PAGEVIEW, ENGAGEMENT, VIEW, MEDIA, PERFORMANCE, ERROR, LISTING = 1, 3, 4, 9, 12, 13, 2
QUIET, STILL = (ENGAGEMENT, MEDIA, PERFORMANCE, ERROR), (PERFORMANCE, ERROR)
REACTION, COMMENT, FOLLOW, SHARE, OWNER = 5, 6, 7, 8, 9
CLIENT_ID, NON_INTERACTIVE, AUTH, IMPORT, NO_VISITOR, MEASURE, UNIQUE = 1, 2, 4, 8, 16, 32, 256
TAIL, COMPLETE, NOBODY = 6 * 3600_000_000, 90, "0" * 32
TOTAL, PAGE, NAME, ROBOT, AUTHENTICATED = 0, 1, 15, 16, 17
V_TEXT = {3: "source", 5: "referrer", 6: "country", 8: "browser", 9: "os", 10: "utm_source", 11: "utm_medium",
          12: "utm_campaign", 13: "utm_content", 14: "utm_term", 20: "browser_version", 21: "os_version", 22: "region",
          23: "city", 24: "language"}
V_NUMBER = {4: "channel", 7: "device", 19: "screen"}
UTM = {10, 11, 12, 13, 14}
HOSTNAME, ENTRY_PAGE, EXIT_PAGE, ENTRY_HOST, EXIT_HOST, VIEW_TYPE, VIEW_SOURCE = 18, 25, 26, 27, 28, 32, 33
NUMBERS = "0, 4, 7, 16, 17, 19, 32, 33"
TRAITS = list(V_TEXT.values()) + list(V_NUMBER.values())


def sql(text):
    out = subprocess.run(["psql", "-X", "-q", "--csv", "-c", "SET timezone = 'UTC'", "-c", text], check=True,
                         stdout=subprocess.PIPE).stdout.decode()
    return list(csv.reader(io.StringIO(out, newline="")))[1:]


class Visit:
    def __init__(self, e):
        self.site, self.visitor, self.day = e["site"], e["visitor"], e["ts"] // DAY
        self.start = self.last = e["ts"]
        self.engaged = self.pageviews = self.views = self.events = self.interactive = 0
        self.entry = self.exit = ("", "")
        self.auth = e["flags"] & AUTH != 0
        self.traits = {k: e.get(k, "") for k in TRAITS}

    def take(self, e):
        if e["kind"] == PAGEVIEW:
            if self.pageviews == 0 or e["ts"] < self.start:
                self.entry = e.get("path", ""), e.get("hostname", "")
            if self.pageviews == 0 or e["ts"] >= self.last:
                self.exit = e.get("path", ""), e.get("hostname", "")
            self.pageviews += 1
        if e["kind"] not in STILL:
            self.start, self.last = min(self.start, e["ts"]), max(self.last, e["ts"])
        self.engaged += e["engaged"]
        self.views += e["viewed"]
        self.events += e["kind"] not in QUIET
        self.interactive += e["interactive"]

    def key(self):
        return (self.site, self.visitor, self.day, self.start, self.last, self.engaged, self.pageviews, self.views,
                self.events, self.interactive, *self.entry, *self.exit, self.auth) + tuple(
                    str(v) for v in self.traits.values())


class Rules:
    """unique_windows or qualified of a site, by kind of item."""

    UNITS = {"s": 1, "m": 60, "h": 3600}

    def __init__(self, text):
        self.of = {}
        for part in text.split():
            kind, _, value = part.rpartition("=")
            self.of[kind] = [(int(v[:-1]), v[-1]) for v in value.split(",")]

    def find(self, kind, percent):
        for n, unit in self.of.get(kind, self.of[""]):
            if (unit == "%") == percent:
                return n if percent else n * self.UNITS[unit]
        return None


class Site:
    def __init__(self, zone, strict, windows, qualified, items_max, paths_max):
        self.zone, self.strict = zone, strict
        self.windows, self.qualified = Rules(windows), Rules(qualified)
        self.items_max, self.paths_max = items_max, paths_max


class Window:
    def __init__(self, e, item):
        self.site, self.item, self.visitor, self.start, self.id = e["site"], item, e["visitor"], e["ts"], e["id"]
        self.auth = e["flags"] & AUTH != 0
        self.engaged = self.percent = self.watched = 0
        self.qualified = self.played = self.completed = False

    def attend(self, e, rules):
        self.watched |= int.from_bytes(bytes.fromhex(e["watched"]), "little")
        hundredths = bin(self.watched).count("1")
        if not self.qualified:
            self.engaged += e["engaged"]
            self.percent = max(self.percent, e["scroll"] if e["scroll"] <= 100 else 0)
            seconds, percent = rules.find(self.item[1], False), rules.find(self.item[1], True)
            self.qualified = (seconds is not None and self.engaged >= seconds * 1000) or \
                (percent is not None and max(self.percent, hundredths) >= percent)
        if e["kind"] == MEDIA:
            self.played = True
            self.completed = self.completed or e["name"] == "ended" or hundredths >= COMPLETE


def pseudonym(secret, name):
    data = bytes([16]) + len(name.encode()).to_bytes(8, "little") + name.encode()
    return hashlib.blake2b(data, digest_size=16, key=secret).hexdigest()


class Model:
    def __init__(self, sites, strict_items, erased):
        self.sites, self.items, self.erased = sites, dict.fromkeys(strict_items), erased
        self.windows, self.pages, self.owners = collections.defaultdict(list), {}, {}
        self.paths, self.new_paths = set(), collections.Counter()
        self.details = collections.defaultdict(lambda: ["", ""])
        self.moves = collections.defaultdict(list)  # of each item: (since when, 0 for ever; the collection)
        self.ids, self.visits, self.events = set(), collections.defaultdict(list), []
        self.counts, self.bad = collections.Counter(), 0

    def say(self, key, name, ts):
        """A view says its item's collection: the first ever holds for all days before; one from before the last change says
        nothing about now."""
        moves = self.moves[key]
        if name and name != self.details[key][1] and (not moves or moves[-1][0] < ts):
            moves.append((ts if moves else 0, name))
            self.details[key][1] = name

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

    def erase(self, e):
        if (e["site"], e["viewer"]) in self.erased:
            self.count(e, 22)
            e.update(viewer=NOBODY, visitor=0, prev=0, target="", flags=e["flags"] | NO_VISITOR, erased=True)

    @staticmethod
    def screen(e):
        """A class of widths: none, below 576, below 992, below 1440, wider."""
        width = e.get("screen", 0)
        e["screen"] = (width > 0) + (width >= 576) + (width >= 992) + (width >= 1440)

    def path(self, e):
        """A day's events bring so many new paths; the others have one name."""
        if not e.get("path") or (e["site"], e["path"]) in self.paths:
            return
        day = (e["site"], e["ts"] // DAY)
        if self.new_paths[day] >= self.sites[e["site"]].paths_max:
            e["path"], e["capped"] = "(other)", True
        else:
            self.new_paths[day] += 1
            self.paths.add((e["site"], e["path"]))

    def item(self, e):
        e["item"], e["viewed"] = None, False
        if not e.get("item_key"):
            return
        key, site = (e["site"], e["item_kind"], e["item_key"]), self.sites[e["site"]]
        if key not in self.items:
            if site.strict or sum(k[0] == e["site"] for k in self.items) >= site.items_max:
                if not e.get("erased"):
                    self.count(e, 8 if site.strict else 21)
                return
        self.items[key] = None
        if e.get("item_title"):
            self.details[key][0] = e["item_title"]
        self.say(key, e.get("collection"), e["ts"])
        if e.get("owner"):
            self.owners[key] = pseudonym(bytes(32), e["owner"])
        if not e["robot"] and e["viewer"] != NOBODY and e["viewer"] == self.owners.get(key):
            e["robot"] = OWNER
        e["item"] = key
        e["viewed"] = e["kind"] in (PAGEVIEW, VIEW) and e["view_type"] != LISTING

    def page(self, e):
        """What the page showed last; the item that an engagement without one is about."""
        if e["robot"] or not e.get("path") or e.get("capped"):
            return None
        known = self.pages.get((e["site"], e["path"]), ("", None, -1))
        if e["kind"] == ENGAGEMENT and not e.get("item_key"):
            return known[1]
        title, item = e.get("title") or known[0], e["item"] or known[1]
        if e["kind"] == PAGEVIEW and e["ts"] >= known[2] and (title, item) != known[:2]:
            self.pages[(e["site"], e["path"])] = (title, item, e["ts"])
        return None

    def window(self, e, item):
        width, day, ts = self.sites[e["site"]].windows.find(item[1], False) * 1_000_000, e["ts"] // DAY, e["ts"]
        tail = width if e["viewed"] else max(width, TAIL)
        begun, coming = [], []
        for who, days in ((e["visitor"], range(day - (e["viewer"] != NOBODY), day + (e["viewer"] != NOBODY) + 1)),
                          (e["prev"] if e["prev"] != e["visitor"] else 0, (day - 1,))):
            for w in self.windows[(item, who)] if who else ():
                if w.start // DAY in days and 0 <= ts - w.start < tail:
                    begun.append(w)
                elif w.start // DAY in days and e["viewed"] and 0 < w.start - ts < width:
                    coming.append(w)
        if begun:
            return max(begun, key=lambda w: w.start)
        return min(coming, key=lambda w: w.start) if coming else None

    def attention(self, e):
        e["unique"], item = False, self.page(e)
        item = e["item"] or item
        attends = e["engaged"] > 0 or e["scroll"] <= 100 or e["watched"].strip("0") or e["kind"] == MEDIA
        if not item or e["robot"] or not e["visitor"] or not (e["viewed"] or attends):
            return
        w = self.window(e, item)
        if w is None and e["viewed"]:
            w = Window(e, item)
            self.windows[(item, w.visitor)].append(w)
            e["unique"], e["flags"] = True, e["flags"] | UNIQUE
        if w is not None:
            e["item"] = item
            if attends:
                w.attend(e, self.sites[e["site"]].qualified)

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
                self.erase(e)
                self.screen(e)
                self.path(e)
                self.item(e)
                self.attention(e)
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
        self.rows, self.item_rows = {"hour": {}, "day": {}}, {"hour": {}, "day": {}}
        self.by, self.known = collections.defaultdict(lambda: [0, 0]), {}
        self.zones = {s: zoneinfo.ZoneInfo(site.zone) for s, site in model.sites.items()}
        self.counters = collections.defaultdict(lambda: ([], [], []))
        for e in model.events:
            self.event(e)
        for vs in model.visits.values():
            for v in vs:
                sums = {"visits": 1, "bounces": int(v.interactive <= 1), "duration_s": (v.last - v.start) // 1_000_000}
                self.traits(v.site, v.start, v.traits, v.auth, sums, None)
                for dim, value in zip((ENTRY_PAGE, ENTRY_HOST, EXIT_PAGE, EXIT_HOST), v.entry + v.exit):
                    if value:
                        self.add(v.site, v.start, dim, value, sums, None)
        for ws in model.windows.values():
            for w in ws:
                self.add_item(w.site, w.start, w.item, w.auth, {"qualified": int(w.qualified), "plays": int(w.played),
                                                                "completions": int(w.completed)}, None)
                if w.qualified:
                    self.counters[w.item][2].append(self.local(w.site, w.start)[1])

    def local(self, site, us):
        key = site, us // 1_000_000
        if key not in self.known:
            self.known[key] = self.reckon(*key)
        return self.known[key]

    def reckon(self, site, s):
        t = datetime.datetime.fromtimestamp(s, datetime.timezone.utc)
        here = t.astimezone(self.zones[site])
        hour = t - datetime.timedelta(minutes=here.minute, seconds=here.second)
        return hour.strftime("%Y-%m-%d %H:%M:%S+00"), here.strftime("%Y-%m-%d")

    def add(self, site, us, dim, value, sums, visitor):
        for grain, bucket in zip(("hour", "day"), self.local(site, us)):
            self.sum_up(self.rows[grain], (site, dim, bucket, str(value)), sums, visitor)

    def add_item(self, site, us, item, auth, sums, visitor):
        for grain, bucket in zip(("hour", "day"), self.local(site, us)):
            self.sum_up(self.item_rows[grain], (bucket, *item, auth), sums, visitor)

    @staticmethod
    def sum_up(rows, key, sums, visitor):
        row = rows.get(key)
        if row is None:
            row = rows[key] = [collections.defaultdict(int), set()]
        for field, n in sums.items():
            if n:
                row[0][field] += n
        if visitor:
            row[1].add(visitor)

    def item(self, e, sums, who):
        act = -1 if e["flags"] & MEASURE and e["measure"] < 0 else 1
        more = {"uniques": int(e["unique"]), "clicks": int(e["viewed"] and bool(e.get("list"))),
                "impressions": int(e["kind"] in (PAGEVIEW, VIEW) and e["view_type"] == LISTING)}
        for kind, name in ((REACTION, "reactions"), (COMMENT, "comments"), (SHARE, "shares"), (FOLLOW, "follows")):
            more[name] = act if e["kind"] == kind else 0
        self.add_item(e["site"], e["ts"], e["item"], e["flags"] & AUTH != 0, {**sums, **more}, who)
        if e["viewed"]:
            self.counters[e["item"]][0].append(self.local(e["site"], e["ts"])[1])
        if e["unique"]:
            self.counters[e["item"]][1].append(self.local(e["site"], e["ts"])[1])

    def breakdowns(self, e, t):
        values = {6: t["country"], 7: t["device"], 3: t["source"], 4: t["channel"], VIEW_TYPE: e["view_type"],
                  VIEW_SOURCE: e["view_source"]}
        for dim, value in values.items():
            n = self.by[(self.local(e["site"], e["ts"])[1], *e["item"], dim, str(value))]
            n[0] += 1
            n[1] += e["unique"]

    @staticmethod
    def months(rows, at, made):
        """What made months must hold: the sum of their days."""
        months = {}
        if not made:
            return months
        for key, (sums, who) in rows.items():
            key = tuple(k[:7] + "-01" if i == at else k for i, k in enumerate(key))
            row = months.setdefault(key, [collections.defaultdict(int), set()])
            for field, n in sums.items():
                row[0][field] += n
            row[1].update(who)
        return months

    def traits(self, site, us, t, auth, sums, visitor):
        self.add(site, us, TOTAL, 0, sums, visitor)
        self.add(site, us, AUTHENTICATED, int(auth), sums, visitor)
        for dim, field in V_NUMBER.items():
            self.add(site, us, dim, t[field], sums, visitor)
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
        if e.get("hostname"):
            self.add(site, us, HOSTNAME, e["hostname"], sums, who)
        if e["item"]:
            self.item(e, sums, who)
            if kind in (PAGEVIEW, VIEW):
                self.add(site, us, VIEW_TYPE, e["view_type"], sums, who)
                self.add(site, us, VIEW_SOURCE, e["view_source"], sums, who)
        if kind not in QUIET:
            self.add(site, us, NAME, e["name"], sums, who)
        traits = v.traits if v else {k: e.get(k, "") for k in TRAITS}
        self.traits(site, us, traits, v.auth if v else e["flags"] & AUTH != 0, sums, who)
        if e["viewed"]:
            self.breakdowns(e, traits)
        for dim, value in zip((ENTRY_PAGE, ENTRY_HOST), v.entry if v else ()):
            if value:
                self.add(site, us, dim, value, sums, who)


ITEM_FIELDS = ("pageviews", "views", "uniques", "qualified", "events", "engaged_ms", "impressions", "clicks", "plays",
               "completions", "reactions", "comments", "shares", "follows")
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
            e["ts"], e["site"], e["kind"], e["robot"], e["flags"], e["name"], e.get("hostname", ""),
            e.get("path", ""),
            "/".join(e["item"][1:]) if e["item"] else "", v.visitor if v else e["visitor"], e["engaged"], e["value"],
            v.start if v else 0, v.visitor if v else 0, int(v is not None), int(v is not None),
            e["viewer"].strip("0") and e["viewer"], e.get("target", ""), e.get("list", ""), e["position"] or "",
            e["measure"] if e["flags"] & MEASURE else "", e["media_length"] or "", e["media_position"] or "",
            e["watched"].strip("0") and e["watched"]))
    compare("event", ours, theirs)
    return len(theirs)


def check_visits(model):
    labels = ", ".join(f"(SELECT value FROM label l WHERE (l.site_id, l.label_id) = (v.site_id, v.{c}))"
                       for c in ["entry_page", "entry_hostname", "exit_page", "exit_hostname"] + list(V_TEXT.values()))
    rows = sql(f"""SELECT site_id, visitor, day - date '1970-01-01', (extract(epoch FROM started_at) * 1000000)::bigint,
        (extract(epoch FROM last_at) * 1000000)::bigint, engaged_ms, pageviews, views, events, interactive, {labels},
        {", ".join(V_NUMBER.values())}, auth FROM visit v""")
    theirs = collections.Counter()
    for r in rows:
        theirs[tuple(int(x) for x in r[:10]) + tuple(r[10:14]) + (r[-1] == "t",) + tuple(r[14:-1])] += 1
    compare("visit", collections.Counter(v.key() for vs in model.visits.values() for v in vs), theirs)
    return len(rows)


def check_rollups(figures, grain):
    rows = sql(f"""SELECT r.site_id, r.dim, r.bucket, CASE WHEN r.dim IN ({NUMBERS}) THEN r.value::text
            ELSE l.value END,
        r.visits, r.bounces, r.duration_s, r.pageviews, r.views, r.events, r.engaged_ms, hll_cardinality(r.visitors)
        FROM rollup_{grain} r
        LEFT JOIN label l ON r.dim NOT IN ({NUMBERS}) AND (l.site_id, l.label_id) = (r.site_id, r.value)""")
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


def check_items(figures, grain):
    rows = sql(f"""SELECT r.bucket, r.site_id, c.kind, c.key, r.auth, {", ".join("r." + f for f in ITEM_FIELDS)},
        hll_cardinality(r.visitors) FROM content_{grain} r JOIN content c USING (site_id, content_id)""")
    theirs, ours = {}, {}
    for r in rows:
        theirs[(r[0], int(r[1]), r[2], r[3], r[4] == "t")] = tuple(int(x) for x in r[5:19]), float(r[19])
    for key, (sums, who) in figures.item_rows[grain].items():
        if any(sums.values()) or who:
            ours[key] = tuple(sums[f] for f in ITEM_FIELDS), float(len(who))
    compare(f"content_{grain}", ours, {k: v for k, v in theirs.items() if any(v[0]) or v[1]})
    return len(rows)


def check_breakdowns(figures):
    rows = sql(f"""SELECT r.bucket, r.site_id, c.kind, c.key, r.dim, CASE WHEN r.dim IN ({NUMBERS}) THEN r.value::text ELSE l.value END,
        r.views, r.uniques FROM content_day_by r JOIN content c USING (site_id, content_id)
        LEFT JOIN label l ON r.dim NOT IN ({NUMBERS}) AND (l.site_id, l.label_id) = (r.site_id, r.value)""")
    compare("content_day_by", dict(figures.by), {(r[0], int(r[1]), r[2], r[3], int(r[4]), r[5]): [int(r[6]), int(r[7])]
                                                 for r in rows if r[6] != "0"})
    return len(rows)


def check_windows(model):
    rows = sql("""SELECT w.site_id, c.kind, c.key, visitor, (extract(epoch FROM started_at) * 1000000)::bigint, event_id,
        engaged_ms, percent, auth, qualified, played, completed, coalesce(encode(watched, 'hex'), '')
        FROM content_window w JOIN content c USING (site_id, content_id)""")
    ours = {}
    for w in (w for ws in model.windows.values() for w in ws):
        ours[tuple(str(x) for x in (*w.item, w.visitor, w.start))] = tuple(str(x) for x in (
            w.id, w.engaged, w.percent, *("t" if x else "f" for x in (w.auth, w.qualified, w.played, w.completed)),
            w.watched.to_bytes(13, "little").hex() if w.watched else ""))
    compare("window", ours, {tuple(r[:5]): tuple(r[5:]) for r in rows})
    return len(rows)


def check_pages(model):
    rows = sql("""SELECT p.site_id, l.value, p.title, coalesce(c.kind || '/' || c.key, ''),
        (extract(epoch FROM seen_at) * 1000000)::bigint FROM page_title p
        JOIN label l ON (l.site_id, l.label_id) = (p.site_id, p.path)
        LEFT JOIN content c ON (c.site_id, c.content_id) = (p.site_id, p.content_id)""")
    ours = {(str(site), path): (title, "/".join(item[1:]) if item else "", str(seen))
            for (site, path), (title, item, seen) in model.pages.items()}
    compare("page", ours, {(r[0], r[1]): tuple(r[2:]) for r in rows})
    used = {(int(r[0]), int(r[1])): int(r[2]) for r in sql("SELECT site_id, day - date '1970-01-01', paths FROM label_day")}
    compare("new paths", {k: n for k, n in model.new_paths.items() if n}, {k: n for k, n in used.items() if n})
    return len(rows)


def check_counters(figures):
    ours = {}
    for (site, kind, key), counted in figures.counters.items():
        top = max(day for days in counted for day in days)
        ours[(str(site), kind, key)] = (top, *(str(n) for days in counted for n in (
            days.count(top), sum(d[:7] == top[:7] for d in days), len(days))))
    rows = sql("""SELECT c.site_id, i.kind, i.key, day, views_day, views_month, views_total, uniques_day, uniques_month,
        uniques_total, qualified_day, qualified_month, qualified_total
        FROM content_counter c JOIN content i USING (site_id, content_id)""")
    compare("counter", ours, {tuple(r[:3]): tuple(r[3:]) for r in rows})
    return len(rows)


def check_books(model):
    """Of records that cannot be decoded, the site is what their bytes say, if anything: counted together."""
    ours, theirs = collections.Counter(), collections.Counter()
    decodable = {s for s in model.sites} | {999999}
    for (site, day, reason), n in model.counts.items():
        ours[(reason, site if reason in (7, 8, 17, 21, 22) else "any")] += n
    stored = sql("SELECT coalesce(sum(n), 0) FROM drain_count WHERE reason = 0")[0][0]
    marked = sum(n for (site, day, reason), n in model.counts.items() if reason in (8, 21, 22))
    compare("stored", {"n": len(model.events) - marked}, {"n": int(stored)})
    for site, day, reason, n in sql("""SELECT site_id, day - date '1970-01-01', reason, n FROM drain_count
            WHERE reason <> 0"""):
        theirs[(int(reason), int(site) if int(reason) in (7, 8, 17, 21, 22) else "any")] += int(n)
    compare("drain_count", ours, theirs)
    compare("bad_record", {"n": model.bad}, {"n": int(sql("SELECT count(*) FROM bad_record")[0][0])})
    rows = sql("SELECT site_id, kind, key, title, collection FROM content")
    theirs = {(int(r[0]), r[1], r[2]): [r[3], r[4]] for r in rows}
    compare("content", {k: model.details[k] for k in model.items}, theirs)
    theirs = collections.Counter()
    for r in sql("""SELECT site_id, kind, key, m.collection, coalesce((extract(epoch FROM nullif(since, '-infinity')) * 1000000)::bigint, 0),
            coalesce((extract(epoch FROM until) * 1000000)::bigint, 0)
            FROM content_membership m JOIN content USING (site_id, content_id)"""):
        theirs[(int(r[0]), r[1], r[2], r[3], int(r[4]), int(r[5]))] += 1
    ours = collections.Counter()
    for key, moves in model.moves.items():
        for (since, name), (until, _) in zip(moves, moves[1:] + [(0, "")]):
            ours[(*key, name, since, until)] += 1
    compare("content_membership", ours, theirs)


def main():
    size = int(sys.argv[1].split("=")[1])
    sites = {int(r[0]): Site(r[1], r[2] == "t", r[3], r[4], int(r[5]), int(r[6])) for r in sql("""SELECT site_id, time_zone,
        strict, unique_windows, qualified, items_max, paths_max FROM site""")}
    erased = {(int(r[0]), r[1].replace("-", "")) for r in sql("SELECT site_id, viewer FROM erasure")}
    strict = [(int(r[0]), r[1], r[2]) for r in sql("""SELECT site_id, kind, key FROM content JOIN site USING (site_id)
        WHERE strict""")]
    model = Model(sites, strict, erased)
    records = [json.loads(line) for path in sys.argv[2:] for line in open(path, encoding="utf-8")]
    for i in range(0, len(records), size):
        model.batch(records[i:i + size])
    figures = Figures(model)
    made = {(int(r[0]), r[1]) for r in sql("SELECT site_id, bucket FROM rollup_month_made")}
    figures.rows["month"] = {k: v for k, v in figures.months(figures.rows["day"], 2, made).items() if (k[0], k[2]) in made}
    figures.item_rows["month"] = {k: v for k, v in figures.months(figures.item_rows["day"], 0, made).items() if (k[1], k[0]) in made}
    print(f"# {len(records)} records: {check_events(model)} events, {check_visits(model)} visits,"
          f" {check_rollups(figures, 'hour')} hours, {check_rollups(figures, 'day')} days,"
          f" {check_breakdowns(figures)} breakdowns, {check_items(figures, 'hour')} hours and {check_items(figures, 'day')} days of items,"
          f" {check_windows(model)} windows, {check_pages(model)} pages,"
          f" {check_counters(figures)} counters, {model.bad} bad")
    print(f"# {len(made)} months made: {check_rollups(figures, 'month')} rows, {check_items(figures, 'month')} of items")
    check_books(model)
    print(f"# differences: {wrong}")
    sys.exit(wrong != 0)


main()
