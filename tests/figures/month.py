"""month.py - a made-up month: records as the collector would have left them, as a plain list.

    month.py SEED EVENTS DIR                writes the files named at write(), below
    month.make(seed, events) -> (received, line): records as JSON, in the order in which they were received

Seven sites in seven zones, from 2020-09-26 to 2020-11-02: in these weeks Chatham, Apia, Lord Howe, Berlin, Newfoundland and
Cuba change their clocks (Kathmandu never does). All kinds of facts; people come in rows of steps, some of them exactly the
idle time apart or one microsecond more, over midnight, late, twice, signed in, without identity, and as robots.

A record is a dict with the names below; what is empty is left out. It is what both sides know: spool_list.c makes a spool of
it, reference.py counts it. Nothing in it was worked out by the product."""
import datetime, hashlib, json, random, sys

S, HOUR, DAY = 1_000_000, 3600_000_000, 86400_000_000
BEGIN = int(datetime.datetime(2020, 9, 26, tzinfo=datetime.timezone.utc).timestamp()) * S
END = int(datetime.datetime(2020, 11, 2, 18, tzinfo=datetime.timezone.utc).timestamp()) * S
NOW = "2020-11-02 20:00:00"  # the clock of all who ask
SITES = {1: "Europe/Berlin", 2: "America/St_Johns", 3: "Australia/Lord_Howe", 4: "Asia/Kathmandu", 5: "Pacific/Apia",
         6: "America/Havana", 7: "Pacific/Chatham"}
WEIGHTS = [6, 3, 2, 2, 2, 2, 2]
CHANGES = [int(datetime.datetime.fromisoformat(t + "+00:00").timestamp()) * S for t in (
    "2020-09-26T14:00", "2020-09-26T13:00", "2020-10-03T15:30", "2020-10-25T01:00", "2020-11-01T04:30", "2020-11-01T05:00")]

PAGEVIEW, EVENT, ENGAGEMENT, VIEW, REACTION, COMMENT, FOLLOW, SHARE = range(1, 9)
MEDIA, INTERACTION, CONFIGURATION, PERFORMANCE, ERROR, SEARCH = range(9, 15)
CLIENT_ID, NON_INTERACTIVE, AUTH, IMPORT, NO_VISITOR, MEASURE = 1, 2, 4, 8, 16, 32

COUNTRIES = ["DE", "FR", "US", "PL", "BR", "NP", "NZ", ""]
BROWSERS = ["Chrome", "Safari", "Firefox", "Edge", "Samsung Internet", ""]
SYSTEMS = ["Windows", "Android", "iOS", "Mac", "Linux", ""]
LANGUAGES = ["de", "en-US", "fr", "pt-BR", ""]
HOSTS = ["example.com", "blog.example.com", "shop.example.com"]
SOURCES = [("", 0), ("Google", 2), ("Bing", 2), ("example.org", 1), ("Mastodon", 3), ("ChatGPT", 6), ("Newsletter", 5)]
SIZES = ["7", "42", "größer", ""]
KINDS = ["video", "article", "image"]


def site_domain(site):
    return "site%d.test" % site


def viewer_of(name):
    """A signed-in viewer's pseudonym under a secret of 32 zero bytes, as fact/viewer.h defines it."""
    data = bytes([16]) + len(name.encode()).to_bytes(8, "little") + name.encode()
    return hashlib.blake2b(data, digest_size=16, key=bytes(32)).hexdigest()


class Person:
    def __init__(self, site, number):
        dice = random.Random(site * 1000003 + number)
        pick = lambda of: of[min(int(dice.expovariate(0.6)), len(of) - 1)]
        self.site, self.number, self.signed = site, number, number % 8 == 0
        self.viewer = viewer_of("user-%d" % number) if self.signed else ""
        self.shy = number % 25 == 3   # no identity
        self.robot = dice.randrange(1, 8) if number % 29 == 5 else 10 if number % 97 == 7 else 0
        self.traits = {"country": pick(COUNTRIES), "browser": pick(BROWSERS), "os": pick(SYSTEMS), "language": pick(LANGUAGES),
                       "browser_version": str(dice.randrange(100, 108)), "os_version": str(dice.randrange(9, 13)),
                       "device": dice.choice([1, 1, 1, 2, 2, 3, 4, 0]), "screen": dice.choice([0, 360, 390, 768, 1024, 1440, 1920, 2560])}
        if self.traits["country"]:
            self.traits["region"] = "%s-%d" % (self.traits["country"], dice.randrange(4))
            self.traits["city"] = "City %d" % dice.randrange(12)

    def identity(self, day):
        word = hashlib.blake2b(b"%d %d %d" % (self.site, self.number, day), digest_size=8).digest()
        return int.from_bytes(word, "big") >> 1 or 1

    def name(self, e):
        """Who did it, as the collector would say."""
        if self.shy or e.pop("shy", False):
            e["flags"] |= NO_VISITOR
        elif self.signed:
            e.update(viewer=self.viewer, visitor=str(int(self.viewer[:16], 16) >> 1), flags=e["flags"] | AUTH)
        else:
            e.update(visitor=str(self.identity(e["ts"] // DAY)), prev=str(self.identity(e["ts"] // DAY - 1)))


class Month:
    def __init__(self, seed):
        self.dice = random.Random(seed)
        self.people = {}

    def chance(self, percent):
        return self.dice.random() * 100 < percent

    def skewed(self, n):
        return int(n * self.dice.random() ** 2.5)

    def begin(self):
        """When somebody comes: any time, near a change of the clocks, or near a midnight of UTC."""
        dice = self.dice.random()
        if dice < 0.35:
            return self.dice.choice(CHANGES) + self.dice.randrange(-30 * HOUR, 30 * HOUR)
        at = self.dice.randrange(BEGIN, END - 6 * HOUR)
        if dice < 0.45:
            return at // DAY * DAY + DAY - self.dice.randrange(40 * 60 * S)
        return at

    def pause(self):
        dice = self.dice.random()
        if dice < 0.03:
            return 1800 * S + self.dice.choice([0, 1, -1])
        if dice < 0.1:
            return self.dice.randrange(20 * 60 * S, 90 * 60 * S)
        return self.dice.choice([0, 1, S]) if dice < 0.12 else int(self.dice.expovariate(1 / 150) * S)

    def origin(self):
        source, channel = self.dice.choice(SOURCES)
        out = {"source": source, "channel": channel}
        if source:
            out["referrer"] = "%s.example.net/from/%d" % (source.lower(), self.skewed(15))
        if self.chance(20):
            out.update(utm_source=self.dice.choice(SOURCES)[0], utm_medium=self.dice.choice(["mail", "cpc"]),
                       utm_campaign="spring %d" % self.skewed(4))
            out.update({k: v for k, v in (("utm_content", "blue"), ("utm_term", "shoes")) if self.chance(40)})
        return out

    def item(self, number):
        e = {"item_kind": KINDS[number % 3], "item_key": "item-%d" % number}
        if number % 5 and self.chance(60):
            e["collection"] = "shelf %d" % (number % 4)
        if number % 4 == 0 and self.chance(60):
            e["owner"] = "user-%d" % (8 * (number % 5))
        if self.chance(50):
            e["item_title"] = "Title of %d" % number
        return e

    def look(self):
        e = {"view_type": self.dice.choice([1, 1, 1, 2, 3, 4, 5]), "view_source": self.dice.choice([1, 1, 2, 3, 4, 5])}
        if self.chance(30):
            e.update(list=self.dice.choice(["related", "search", "front page"]), position=self.dice.randrange(1, 40))
        return e

    def act(self, kind, name, **more):
        e = {"kind": kind, "name": name, **self.item(self.skewed(40)), **more}
        if self.chance(60):
            e.update(measure=-S if self.chance(25) else S, flags=MEASURE)
        return e

    def media(self):
        first = self.dice.randrange(100)
        last = self.dice.randrange(first, 100)
        return {"kind": MEDIA, "name": self.dice.choice(["play", "progress", "ended"]), **self.item(self.skewed(40)),
                "engaged": self.skewed(40000), "media_length": 600000, "media_position": last * 6000,
                "watched": (((1 << last + 1) - (1 << first))).to_bytes(13, "little").hex()}

    def other(self):
        """Anything but page views and what belongs to pages."""
        dice = self.dice.randrange(12)
        if dice < 4:
            e = {"kind": EVENT, "name": self.dice.choice(["signup", "download", "Outbound Link: Click", "gefällt mir"])}
            props = {k: self.dice.choice(of) for k, of in (("plan", ["gold", "silver", "Gold"]), ("size", SIZES)) if self.chance(60)}
            if any(props.values()):
                e["props"] = json.dumps({k: v for k, v in props.items() if v}, ensure_ascii=self.chance(50))
            if self.chance(40):
                e.update(value=self.dice.randrange(1, 9000) * 10000, currency="EUR")
            return e
        if dice == 4:
            return {"kind": VIEW, "name": "view", "engaged": self.skewed(30000) if self.chance(30) else 0,
                    **self.item(self.skewed(40)), **self.look()}
        if dice == 5:
            return self.act(REACTION, self.dice.choice(["like", "love"]))
        if dice == 6:
            return self.act(COMMENT, "comment")
        if dice == 7:
            return self.act(*((FOLLOW, "follow") if self.chance(50) else (SHARE, "share")), target="mastodon")
        if dice == 8:
            return self.media()
        if dice == 9:
            return {"kind": INTERACTION, "name": "click", "target": "button.buy"}
        if dice == 10:
            return {"kind": SEARCH, "name": "search", "target": "shoes %d" % self.skewed(9)}
        if self.chance(50):
            return {"kind": PERFORMANCE, "name": "LCP", "measure": self.dice.randrange(9000) * 1000, "flags": MEASURE}
        if self.chance(50):
            return {"kind": ERROR, "name": "TypeError", "target": "x is undefined"}
        return {"kind": CONFIGURATION, "name": "colour", "props": '{"plan":"red"}', "value": self.dice.randrange(900) * S,
                "currency": "EUR"}

    def step(self, page):
        """One fact about that page or on it."""
        dice = self.dice.random()
        if dice < 0.45:
            e = {"kind": PAGEVIEW, "name": "pageview", "title": "Page %d" % page}
            if page % 3 == 0 and self.chance(80):
                e.update(self.item(page // 3), **self.look())
        elif dice < 0.7:
            e = {"kind": ENGAGEMENT, "name": "engagement", "engaged": self.skewed(60000),
                 "scroll": self.skewed(101) if self.chance(80) else 255}
        else:
            e = self.other()
            if self.chance(15):
                return e  # a server's: of no page
        e.update(path="/" if page == 0 else "/blog/post-%d" % page if page % 2 else "/shop/%d" % page, host=HOSTS[page % 3])
        return e

    def rows(self, n):
        """Somebody's steps, until n of them are made."""
        sites, made, crowd = list(SITES), 0, max(20, n // 60)
        while made < n:
            site = self.dice.choices(sites, WEIGHTS)[0]
            key = (site, self.skewed(crowd))
            person = self.people.get(key) or self.people.setdefault(key, Person(*key))
            ts, page, origin = min(self.begin(), END), self.skewed(60), self.origin()
            for _ in range(1 + self.skewed(16)):
                yield person, ts, page, origin
                made += 1
                ts = min(ts + self.pause(), END)
                if self.chance(45):
                    page = self.skewed(60)
                if self.chance(4):
                    origin = self.origin()

    def record(self, person, ts, page, origin):
        e = {"site": person.site, "ts": ts, "flags": 0, "scroll": 255, "robot": person.robot, **person.traits, **origin}
        e.update(self.step(page))
        e["received"] = ts + self.dice.randrange(3 * S)
        if self.chance(7):
            e["received"] = min(e["received"] + self.dice.randrange(3 * DAY if self.chance(10) else 50 * 60 * S), END + HOUR)
        e["flags"] |= (NON_INTERACTIVE if self.chance(8) else 0) | (CLIENT_ID if self.chance(50) else 0)
        if not e["flags"] & CLIENT_ID and self.chance(10):
            e["flags"] |= IMPORT
        e["shy"] = self.chance(1.5)
        person.name(e)
        e["id"] = "%012x-7%s-8%s" % (e["received"] // 1000, "%03x" % self.dice.randrange(4096), "%015x" % self.dice.randrange(1 << 60))
        e["id"] = e["id"].replace("-", "")
        return e


def line_of(e):
    kept = {k: v for k, v in e.items() if v or k in ("kind", "flags", "ts", "scroll")}
    return e["received"], json.dumps(kept, ensure_ascii=False) + "\n"


def make(seed, events):
    """Sorted by the time of receiving; ids that a client chose come twice now and then. Lines, for there may be a million."""
    month, out = Month(seed), []
    for step in month.rows(events):
        e = month.record(*step)
        out.append(line_of(e))
        if e["flags"] & (CLIENT_ID | IMPORT) and month.chance(3):
            out.append(line_of({**e, "received": e["received"] + month.dice.randrange(3600 * S)}))
    out.sort(key=lambda line: line[0])
    return out


def write(seed, events, into):
    """portion.NNN with time.NNN (when it was drained), sites.sql, now."""
    size, portions = min(50000, max(500, events // 8)), 0
    lines = make(seed, events)
    for at in range(0, len(lines), size):
        part = lines[at:at + size]
        with open("%s/portion.%03d" % (into, portions), "w", encoding="utf-8") as f:
            f.writelines(line for _, line in part)
        with open("%s/time.%03d" % (into, portions), "w", encoding="utf-8") as f:
            f.write(datetime.datetime.fromtimestamp(part[-1][0] // S + 1, datetime.timezone.utc).strftime("%Y-%m-%d %H:%M:%S"))
        portions += 1
    with open(into + "/now", "w", encoding="utf-8") as f:
        f.write(NOW)
    with open(into + "/sites.sql", "w", encoding="utf-8") as f:
        for site, zone in SITES.items():
            f.write("INSERT INTO site (domain, name, time_zone, secret, paths_max) VALUES ('%s', 'Site %d', '%s',"
                    " decode(repeat('00', 32), 'hex'), 50000);\n" % (site_domain(site), site, zone))
        f.write("INSERT INTO goal (site_id, name, kind, event_name, path, scroll, currency) SELECT site_id, g.* FROM site, (VALUES"
                " ('Signed up', 'event', 'signup', '', NULL::smallint, 'EUR'), ('Shop', 'page', '', '/shop/*', NULL, NULL),"
                " ('Read a post', 'scroll', '', '/blog/**', 60, NULL)) g;\n")
        f.write("INSERT INTO segment (site_id, name, filters) SELECT site_id, s.* FROM site, (VALUES"
                " ('Germans', '[[\"is\",\"visit:country\",[\"DE\"]],[\"is_not\",\"visit:device\",[\"Mobile\"]]]'::jsonb),"
                " ('Readers', '[[\"contains\",\"event:page\",[\"/blog\"]]]'::jsonb)) s;\n")


if __name__ == "__main__":
    write(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3])
