#!/usr/bin/env python3
"""midnights.py BUILD SPOOL CLOCK STATS_SOCKET KEY - counters of items over midnights, ends of months and changes of clocks,
against the calendar of Python's zoneinfo and a count of the rows of event; and what a reset by hand does to them. The program
behind the socket reads the clock that is written here."""
import collections, datetime, json, os, struct, subprocess, sys, time, zoneinfo
import fcgi

BUILD, SPOOL, CLOCK, SOCKET, KEY = sys.argv[1:]
MIDNIGHTS = [  # days that begin a month, that have no midnight, or have it twice; no two in a row
    ("Europe/Berlin", ["2026-03-29", "2026-11-01"]),
    ("America/Havana", ["2026-03-08", "2026-11-01"]),
    ("America/St_Johns", ["2026-11-01", "2027-01-01"]),
    ("Australia/Lord_Howe", ["2026-10-04"]),
    ("Pacific/Chatham", ["2026-04-05"]),
]
if os.environ.get("FF_LONG"):
    MIDNIGHTS = [
        ("Europe/Berlin", ["2026-03-29", "2026-04-01", "2026-10-25", "2026-11-01"]),
        ("America/Havana", ["2026-03-08", "2026-11-01"]),
        ("America/St_Johns", ["2026-03-01", "2026-03-08", "2026-11-01", "2027-01-01"]),
        ("Australia/Lord_Howe", ["2026-04-05", "2026-05-01", "2026-10-04"]),
        ("Asia/Kathmandu", ["2026-02-27", "2026-03-01"]),
        ("Pacific/Chatham", ["2026-04-05", "2026-09-27"]),
    ]
failed = checks = 0


def sql(text):
    out = subprocess.run(["psql", "-XqAt", "-F\t", "-v", "ON_ERROR_STOP=1", "-c", text], check=True, stdout=subprocess.PIPE).stdout
    return [line.split("\t") for line in out.decode().splitlines()]


def clock(at):
    with open(CLOCK, "r+b") as f:
        f.write(struct.pack("=q", int((at - time.time()) * 1e6)))


def ask(target, body):
    status, _, answer = program.ask({"REQUEST_METHOD": "POST", "REQUEST_URI": target, "CONTENT_TYPE": "application/json",
                                     "CONTENT_LENGTH": len(body), "HTTP_AUTHORIZATION": "Bearer " + KEY}, body)
    assert status == 200, (status, answer)
    return json.loads(answer)


def check(name, ours, theirs):
    global failed, checks
    checks += 1
    if ours != theirs:
        failed += 1
        if isinstance(ours, dict):
            ours, theirs = ({k: v for k, v in x.items() if x.get(k) != y.get(k)} for x, y in ((ours, theirs), (theirs, ours)))
        print(f"# {name}: expected {str(ours)[:300]}, got {str(theirs)[:300]}")


def shown(site, items):
    """Counters as the endpoint shows them: (today, month, total) of all items together, and how many show something today."""
    rows = []
    for i in range(0, len(items), 200):
        part = [{"kind": k, "id": key} for k, key in items[i:i + 200]]
        rows += ask("/api/content/counts", json.dumps({"site": str(site), "items": part}).encode())["items"]
    return ({(r["kind"], r["id"]): (r["viewsToday"], r["viewsMonth"], r["viewsTotal"]) for r in rows if r["viewsTotal"]},
            sum(any((r["viewsToday"], r["uniqueToday"], r["qualifiedToday"])) for r in rows),
            sum(any((r["viewsMonth"], r["uniqueMonth"], r["qualifiedMonth"])) for r in rows))


def counted(site, zone, at, day_base, month_base):
    """The same from single events; *_base: what a reset took away."""
    def local(us):
        return datetime.datetime.fromtimestamp(us / 1e6, datetime.timezone.utc).astimezone(zone).date()
    today, out = local(at * 1e6), collections.defaultdict(lambda: [0, 0, 0])
    for kind, key, us in sql(f"""SELECT c.kind, c.key, (extract(epoch FROM ts) * 1000000)::bigint FROM event e JOIN content c
            USING (site_id, content_id) WHERE site_id = {site} AND robot = 0 AND e.kind IN (1, 4) AND view_type <> 2"""):
        day, row = local(int(us)), out[(kind, key)]
        row[0] += day == today
        row[1] += (day.year, day.month) == (today.year, today.month)
        row[2] += 1
    return {k: (v[0] - day_base.get(k, 0), v[1] - month_base.get(k, 0), v[2]) for k, v in out.items()}


def fill(site, start, span, seed):
    subprocess.run([BUILD + "/tests/lib/mkspool", SPOOL, SPOOL + ".ledger", f"sites={site}", f"seed={seed}", "events=150", "visitors=40",
                    "plain=1", f"start={int(start)}", f"span={int(span)}", "late=3", "segment=1048576"], check=True)
    subprocess.run([BUILD + "/tests/lib/drainer", SPOOL, "bad_max=1000000", f"now={int(start + span)}", "raw=0"], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def figures(site):
    return sql(f"SELECT bucket, content_id, auth, views, uniques, qualified FROM content_day WHERE site_id = {site} ORDER BY 1, 2, 3")


program = fcgi.Program(SOCKET, keep=False)
for site, (name, days) in enumerate(MIDNIGHTS, 1):
    zone = zoneinfo.ZoneInfo(name)
    sql(f"""INSERT INTO site (domain, name, time_zone, secret) VALUES ('z{site}.test', '{name}', '{name}', decode(repeat('00', 32), 'hex'))""")
    for n, day in enumerate(days):
        d = datetime.date.fromisoformat(day)
        # the first instant of the local day: the first second at which the local date is this one
        t = int(datetime.datetime(d.year, d.month, d.day, tzinfo=datetime.timezone.utc).timestamp()) - 16 * 3600
        while datetime.datetime.fromtimestamp(t, zone).date() < d:
            t += 900
        def look(at, what, day_base={}, month_base={}):
            clock(at + 0.2)
            items = [tuple(r) for r in sql(f"SELECT kind, key FROM content WHERE site_id = {site}")]
            ours = counted(site, zone, at, day_base, month_base)
            got = shown(site, items)
            check(f"{name} {day} {what}", {k: v for k, v in ours.items() if v[2]}, got[0])
            return ours, got
        fill(site, t - 5 * 3600, 5 * 3600, 1000 * site + 10 * n)
        look(t - 120, "shortly before midnight")  # the clock goes on while we ask
        ours, _ = look(t + 1, "a second behind midnight")
        check(f"{name} {day} nothing today yet", 0, sum(v[0] for v in ours.values()))
        fill(site, t, 4 * 3600, 1000 * site + 10 * n + 1)
        ours, got = look(t + 4 * 3600, "four hours later")
        before = figures(site)
        one = next(k for k, v in ours.items() if v[0])
        wish = {"site": str(site), "kind": one[0], "id": one[1]}
        check("one item is reset", 1, ask("/api/analytics/reset/daily", json.dumps(wish).encode())["reset"])
        check("once", 0, ask("/api/analytics/reset/daily", json.dumps(wish).encode())["reset"])
        look(t + 4 * 3600, "one reset", {one: ours[one][0]})
        check("the others are reset", got[1] - 1, ask("/api/analytics/reset/daily", json.dumps({"site": str(site)}).encode())["reset"])
        day_base = {k: v[0] for k, v in ours.items()}
        look(t + 4 * 3600, "all reset", day_base)
        check("the figures stay", before, figures(site))
        fill(site, t + 4 * 3600, 3600, 1000 * site + 10 * n + 2)
        ours, _ = look(t + 5 * 3600, "counting from 0", day_base)
        if n == len(days) - 1:
            got = look(t + 5 * 3600, "before the month's reset", day_base)[1]
            check("the month is reset", got[2], ask("/api/analytics/reset/monthly", json.dumps({"site": str(site)}).encode())["reset"])
            look(t + 5 * 3600, "the month's reset", day_base, {k: v[1] for k, v in ours.items()})
print(f"# {checks} comparisons, {failed} differences")
sys.exit(failed != 0)
