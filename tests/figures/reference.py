"""reference.py - visits, windows and items worked out from a plain list of records alone (month.py's names).

Written from the sentences of src/drain/drain.h, visits.h and windows.h and of docs/counting.md, and from nothing else of the
product: no batch's result is asked for, no table read. The list is taken in the portions in which the drain took it, because
within a portion visits go by the order of time.

    facts, visits = reference.count(portions)

A Fact is one stored event with what it means; a Visit what a visitor did in one go. Days and hours are those of the site's
zone, by zoneinfo."""
import collections, datetime, functools, json, sys, zoneinfo

import month

S, HOUR, DAY = month.S, month.HOUR, month.DAY
IDLE, NIGHT, TAIL = 1800 * S, 6 * HOUR, 6 * HOUR
QUIET = {month.ENGAGEMENT, month.MEDIA, month.PERFORMANCE, month.ERROR}
STILL = {month.PERFORMANCE, month.ERROR}
LISTING, OWNER_ROBOT = 2, 9
WINDOW = {"video": 24 * HOUR, None: 30 * 60 * S}              # unique_windows, as they are unless set
RULE = {"video": (30_000, 50), None: (10_000, 50)}            # qualified: milliseconds, percent
TRAITS = ("source", "channel", "referrer", "utm_source", "utm_medium", "utm_campaign", "utm_content", "utm_term", "country",
          "region", "city", "device", "browser", "browser_version", "os", "os_version", "language", "screen")
NUMBERS = {"channel", "device", "screen"}


SAME = {}  # what many share is kept once


def same(value):
    return SAME.setdefault(value, value)


def traits_of(e):
    values = tuple(e.get(k, 0 if k in NUMBERS else "") for k in TRAITS)
    return SAME.get(values) or SAME.setdefault(values, dict(zip(map(sys.intern, TRAITS), map(same, values))))


def props_of(e):
    return SAME.get(("props", e["props"])) or SAME.setdefault(("props", e["props"]), json.loads(e["props"])) if "props" in e else {}


@functools.lru_cache(maxsize=None)
def local_hour(zone, quarter):
    """(instant at which the local hour began, text of the hour, text of the day) of a quarter of an hour of UTC, in which no
    zone of ours changes its clocks."""
    us = quarter * HOUR // 4
    here = datetime.datetime.fromtimestamp(us // S, datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zone))
    return us - here.minute * 60 * S, here.strftime("%Y-%m-%d %H:00:00"), here.strftime("%Y-%m-%d")


def place(site, us):
    return local_hour(month.SITES[site], us * 4 // HOUR)


class Visit:
    __slots__ = ("site", "visitor", "day", "start", "last", "pageviews", "interactive", "entry", "exit", "entry_host", "exit_host",
                 "auth", "traits")

    def __init__(self, f):
        self.site, self.visitor, self.day = f.site, f.visitor, f.ts // DAY
        self.start = self.last = f.ts
        self.pageviews = self.interactive = 0
        self.entry = self.exit = self.entry_host = self.exit_host = ""
        self.auth, self.traits = f.auth, f.traits

    def take(self, f):
        if f.kind == month.PAGEVIEW:
            if self.pageviews == 0 or f.ts < self.start:
                self.entry, self.entry_host = f.path, f.host
            if self.pageviews == 0 or f.ts >= self.last:
                self.exit, self.exit_host = f.path, f.host
            self.pageviews += 1
        if f.kind not in STILL:
            self.start, self.last = min(self.start, f.ts), max(self.last, f.ts)
        self.interactive += f.interactive
        f.visit = self

    @property
    def seconds(self):
        return (self.last - self.start) // S

    @property
    def bounced(self):
        return self.interactive <= 1


class Window:
    __slots__ = ("site", "item", "ts", "auth", "fact", "engaged", "percent", "watched", "qualified", "played", "completed")

    def __init__(self, f):
        self.site, self.item, self.ts, self.auth, self.fact = f.site, f.item, f.ts, f.auth, f
        self.engaged = self.percent = self.watched = 0
        self.qualified = self.played = self.completed = False

    def attend(self, f):
        self.watched |= f.watched
        hundredths = bin(self.watched).count("1")
        if not self.qualified:
            self.engaged += f.engaged
            self.percent = max(self.percent, f.scroll if f.scroll <= 100 else 0)
            ms, percent = RULE.get(self.item[0], RULE[None])
            self.qualified = self.engaged >= ms or max(self.percent, hundredths) >= percent
        if f.kind == month.MEDIA:
            self.played = True
            self.completed = self.completed or f.name == "ended" or hundredths >= 90


class Fact:
    __slots__ = ("site", "ts", "kind", "robot", "visitor", "prev", "viewer", "name", "host", "path", "auth", "engaged", "scroll",
                 "watched", "value", "currency", "act", "view_type", "view_source", "list", "traits", "props", "quiet", "listing",
                 "interactive", "item", "visit", "unique", "day")

    def __init__(self, e):
        self.site, self.ts, self.kind, self.robot = e["site"], e["ts"], e["kind"], e.get("robot", 0)
        self.visitor, self.prev = int(e.get("visitor", 0)), int(e.get("prev", 0))
        self.viewer, self.name, self.host, self.path = (same(e.get(k, "")) for k in ("viewer", "name", "host", "path"))
        self.auth = e["flags"] & month.AUTH != 0
        self.engaged, self.scroll = e.get("engaged", 0), e.get("scroll", 255)
        self.watched = int.from_bytes(bytes.fromhex(e.get("watched", "")), "little")
        self.value, self.currency = e.get("value", 0), same(e.get("currency", ""))
        self.act = -1 if e["flags"] & month.MEASURE and e.get("measure", 0) < 0 else 1
        self.view_type, self.view_source, self.list = e.get("view_type", 0), e.get("view_source", 0), same(e.get("list", ""))
        self.traits, self.props = traits_of(e), props_of(e)
        self.quiet = self.kind in QUIET
        self.listing = self.kind in (month.PAGEVIEW, month.VIEW) and self.view_type == LISTING
        self.interactive = not (self.quiet or e["flags"] & month.NON_INTERACTIVE or (self.kind == month.VIEW and self.listing))
        self.item = same((e["item_kind"], e["item_key"])) if "item_key" in e else None
        self.visit, self.unique = None, False
        self.day = place(self.site, self.ts)[2]

    @property
    def viewed(self):
        return self.item is not None and self.kind in (month.PAGEVIEW, month.VIEW) and not self.listing

    @property
    def attends(self):
        return self.engaged > 0 or self.scroll <= 100 or self.watched != 0 or self.kind == month.MEDIA

    @property
    def who(self):
        """As whom it counts: a visit has one visitor."""
        return 0 if self.quiet else self.visit.visitor if self.visit else self.visitor


class Drain:
    def __init__(self):
        self.ids, self.owners, self.pages = set(), {}, {}
        self.collections, self.items = collections.defaultdict(str), {}
        self.visits, self.windows = collections.defaultdict(list), collections.defaultdict(list)
        self.facts, self.repeated = [], 0

    def again(self, e):
        key = ("line", e["site"], e["ts"] // DAY, e["id"][:16]) if e["flags"] & month.IMPORT else (e["site"], e["id"])
        if not e["flags"] & (month.IMPORT | month.CLIENT_ID):
            return False
        known = key in self.ids
        self.ids.add(key)
        return known

    def about(self, e, f):
        """Of which item: as it was seen last."""
        if f.item is None:
            return
        key = (f.site, *f.item)
        self.items[key] = None
        if e.get("collection"):
            self.collections[key] = e["collection"]
        if e.get("owner"):
            self.owners[key] = e["owner"]
        if not f.robot and f.viewer and f.viewer == owner_of(self.owners.get(key)):
            f.robot = OWNER_ROBOT

    def page_item(self, f, named):
        """An engagement without an item is about the one that its page was seen with last (here a page has one for ever)."""
        if f.robot or not f.path:
            return None
        if f.kind == month.ENGAGEMENT and not named:
            return self.pages.get((f.site, f.path))
        if f.kind == month.PAGEVIEW and f.item:
            self.pages[(f.site, f.path)] = f.item
        return None

    def window(self, f, item):
        width = WINDOW.get(item[0], WINDOW[None])
        tail, day = width if f.viewed else max(width, TAIL), f.ts // DAY
        begun, coming = [], []
        places = [(f.visitor, range(day - 1, day + 2) if f.viewer else (day,))]
        if f.prev and f.prev != f.visitor:
            places.append((f.prev, (day - 1,)))
        for who, days in places:
            for w in self.windows[(f.site, item, who)]:
                if w.ts // DAY in days and 0 <= f.ts - w.ts < tail:
                    begun.append(w)
                elif w.ts // DAY in days and f.viewed and 0 < w.ts - f.ts < width:
                    coming.append(w)
        return max(begun, key=lambda w: w.ts) if begun else min(coming, key=lambda w: w.ts) if coming else None

    def look(self, f, named):
        item = self.page_item(f, named) or f.item
        if item is None or f.robot or not f.visitor or not (f.viewed or f.attends):
            return
        w = self.window(f, item)
        if w is None and f.viewed:
            w = Window(f)
            self.windows[(f.site, item, f.visitor)].append(w)
            f.unique = True
        if w is not None:
            f.item = item
            if f.attends:
                w.attend(f)

    def find(self, f):
        begun, coming, day = [], [], f.ts // DAY
        places = [(f.visitor, range((f.ts - NIGHT) // DAY, (f.ts + IDLE) // DAY + 1))]
        if f.prev and f.ts % DAY < NIGHT:
            places.append((f.prev, (day - 1,)))
        for who, days in places:
            for v in self.visits[(f.site, who)]:
                if v.day in days and v.start - IDLE <= f.ts <= v.last + IDLE:
                    (begun if v.start <= f.ts else coming).append(v)
        return max(begun, key=lambda v: v.start) if begun else min(coming, key=lambda v: v.start) if coming else None

    def portion(self, records):
        fresh = []
        for e in records:
            if self.again(e):
                self.repeated += 1
                continue
            f = Fact(e)
            self.about(e, f)
            self.look(f, "item_key" in e)
            fresh.append(f)
        for f in sorted((f for f in fresh if not f.robot and f.visitor), key=lambda f: f.ts):  # equal times: as they came
            v = self.find(f)
            if v is None and not f.quiet:
                v = Visit(f)
                self.visits[(v.site, v.visitor)].append(v)
            if v is not None:
                v.take(f)
        self.facts += fresh


def owner_of(name):
    return viewer(name) if name else None


viewer = functools.lru_cache(maxsize=None)(month.viewer_of)


def count(portions):
    drain = Drain()
    for records in portions:
        drain.portion(records)
    return drain
