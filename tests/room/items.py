#!/usr/bin/env python3
"""items.py SITE_ID KIND KEY NOW < answer: is that answer of /api/content/{kind}/{id}/stats what the raw rows say?

An own count over event, visit and content_window, by the sentences of docs/counting.md. Prints what differs, or "same". NOW: seconds; the
day of the answer. With BY=0 the breakdowns are not looked at.
"""
import collections
import datetime
import json
import os
import subprocess
import sys
import zoneinfo

site, kind, key, now = int(sys.argv[1]), sys.argv[2], sys.argv[3], int(sys.argv[4])
got = json.load(sys.stdin)


def rows(sql):
    out = subprocess.run(["psql", "-XAqtc", "SELECT coalesce(json_agg(q), '[]') FROM (%s) q" % sql], check=True,
                         capture_output=True, text=True).stdout
    return json.loads(out)


zone = zoneinfo.ZoneInfo(rows("SELECT time_zone FROM site WHERE site_id = %d" % site)[0]["time_zone"])
item = rows("SELECT content_id FROM content WHERE site_id = %d AND kind = '%s' AND key = '%s'" % (site, kind, key))[0]["content_id"]
events = rows("""SELECT extract(epoch FROM ts) AS t, e.kind, view_type, view_source, list, measure_micros, e.engaged_ms, flags,
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = v.country) AS country,
    (SELECT value FROM label l WHERE l.site_id = e.site_id AND l.label_id = v.source) AS source, v.device, v.channel
    FROM event e LEFT JOIN visit v ON (v.site_id, v.visitor, v.visit_id) = (e.site_id, e.visitor, e.visit_id)
    WHERE e.site_id = %d AND content_id = %d AND robot = 0""" % (site, item))
windows = rows("""SELECT extract(epoch FROM started_at) AS t, auth, qualified, played, completed, encode(watched, 'hex') AS watched
    FROM content_window WHERE site_id = %d AND content_id = %d AND purge_id IS NULL""" % (site, item))

DEVICES = ["(not set)", "Desktop", "Mobile", "Tablet", "TV", "Console", "Player", "Bot"]
TYPES = ["", "intentional", "listing", "search", "widget", "embed"]
SOURCES = ["", "web", "api", "player", "feed", "app"]


def day(t):
    return datetime.datetime.fromtimestamp(t, zone).date()


today = day(now)
want = {"kind": kind, "id": key, "timeZone": str(zone), "removed": False}
views = [e for e in events if e["kind"] in (1, 4) and e["view_type"] != 2]


def viewers(auth):
    mine = [e for e in views if bool(e["flags"] & 4) == auth]
    begun = [w for w in windows if w["auth"] == auth]
    return {"views": len(mine), "unique": len(begun), "qualified": sum(w["qualified"] for w in begun)}


want["authenticated"], want["anonymous"] = viewers(True), viewers(False)
for name, test in (("Today", lambda d: d == today), ("Month", lambda d: (d.year, d.month) == (today.year, today.month)),
                   ("Total", lambda d: True)):
    want["views" + name] = sum(test(day(e["t"])) for e in views)
    want["unique" + name] = sum(test(day(w["t"])) for w in windows)
    want["qualified" + name] = sum(test(day(w["t"])) and w["qualified"] for w in windows)


def percent(part, whole):
    return round(part * 10000 / whole) / 100 if whole else None


want["impressions"] = sum(e["kind"] in (1, 4) and e["view_type"] == 2 for e in events)
want["clicks"] = sum(e["list"] is not None for e in views)
want["ctr"] = percent(want["clicks"], want["impressions"])
want["engagedSeconds"] = sum(e["engaged_ms"] for e in events) // 1000
want["plays"] = sum(w["played"] for w in windows)
want["completions"] = sum(w["completed"] for w in windows)
want["completionRate"] = percent(want["completions"], want["plays"])
for name, number in (("reactions", 5), ("comments", 6), ("shares", 8), ("follows", 7)):
    want[name] = sum(-1 if (e["measure_micros"] or 0) < 0 else 1 for e in events if e["kind"] == number)

want["trend"] = []
for back in range(29, -1, -1):
    d = today - datetime.timedelta(days=back)
    want["trend"].append({"day": str(d), "views": sum(day(e["t"]) == d for e in views),
                          "unique": sum(day(w["t"]) == d for w in windows),
                          "qualified": sum(day(w["t"]) == d and w["qualified"] for w in windows)})

played = [w for w in windows if w["played"]]
want["retention"] = None
if played and got["retention"] is not None:
    days = sorted(datetime.datetime.fromtimestamp(w["t"], datetime.timezone.utc).date() for w in played)
    seen = [0] * 100
    for w in played:
        bits = int.from_bytes(bytes.fromhex(w["watched"] or ""), "little")
        for i in range(100):
            seen[i] += bits >> i & 1
    want["retention"] = {"windows": len(played), "from": str(days[0]), "to": str(days[-1]),
                         "curve": [percent(n, len(played)) for n in seen]}


def by(value):
    raw, unique = collections.Counter(), collections.Counter()
    for e in views:
        raw[value(e)] += 1
        unique[value(e)] += bool(e["flags"] & 256)
    return {v: (n, unique[v]) for v, n in raw.items()}


def read(values):
    counts = [v["views"] for v in values if "value" in v]
    if counts != sorted(counts, reverse=True):
        return "not in order"
    return {v["value"]: (v["views"], v["unique"]) for v in values}


if os.environ.get("BY") != "0":
    for name, value in (("byCountry", lambda e: e["country"]), ("byDevice", lambda e: DEVICES[e["device"]]),
                        ("byReferrer", lambda e: e["source"]), ("byType", lambda e: TYPES[e["view_type"]]),
                        ("bySource", lambda e: SOURCES[e["view_source"]])):
        want[name], got[name] = by(value), read(got[name])
    want["channels"], got["channels"] = len(views), sum(v["views"] for v in got["byChannel"])

wrong = [name for name in want if got.get(name) != want[name]]
for name in wrong:
    print(name, "is", json.dumps(got.get(name))[:300], "but should be", json.dumps(want[name])[:300])
if not wrong:
    print("same, of", len(views), "views")
