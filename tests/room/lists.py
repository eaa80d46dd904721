#!/usr/bin/env python3
"""lists.py SITE_ID LIST DAYS < answer: is that answer of /api/lists/... what the raw rows say?

An own computation by the formulas of docs/lists.md, over event, content_window and content alone; of the tables of lists only
the instant and the settings of the last run are read. For the list "related" DAYS is kind/key of the item. Prints what differs,
or "same, of N".
"""
import collections
import datetime
import json
import math
import os
import subprocess
import sys
import zoneinfo

site, name, days = int(sys.argv[1]), sys.argv[2], sys.argv[3]
got = json.load(sys.stdin)
MIN_VISITORS, HALF, RISE, SUPPORT, FEW, KEEP, DAYS = (int(x) for x in os.environ["SETTINGS"].split())
number = {"popular": 1, "trending": 2, "rising": 3, "related": 4}[name]


def rows(sql):
    out = subprocess.run(["psql", "-XAqtc", "SELECT coalesce(json_agg(q), '[]') FROM (%s) q" % sql], check=True,
                         capture_output=True, text=True).stdout
    return json.loads(out)


zone = zoneinfo.ZoneInfo(rows("SELECT time_zone FROM site WHERE site_id = %d" % site)[0]["time_zone"])
now = rows("SELECT extract(epoch FROM made_at) AS at FROM content_list_made WHERE site_id = %d AND list = %d AND days = %d"
           % (site, number, 0 if name == "related" else int(days)))[0]["at"]
content = {c["content_id"]: c for c in rows("""SELECT content_id, kind, key, owner, collection, private OR removed_at IS NOT NULL
    AS hidden, extract(epoch FROM least(created_at, published_at)) AS since FROM content WHERE site_id = %d""" % site)}
windows = rows("""SELECT content_id, visitor::text, extract(epoch FROM started_at) AS t, started_at::text AS exact FROM content_window
    WHERE site_id = %d AND purge_id IS NULL AND (qualified OR %s)""" % (site, bool(os.environ.get("UNIQUE"))))


def day(t):
    return datetime.datetime.fromtimestamp(t, zone).date()


def begin(d):
    return datetime.datetime(d.year, d.month, d.day, tzinfo=zone).timestamp()


DAY = datetime.timedelta(days=1)
today = day(now)
first = {}  # each visitor once a local day, at the first window
for w in windows:
    key = (w["content_id"], w["visitor"], day(w["t"]))
    first[key] = min(first.get(key, w["t"]), w["t"])


def hour_of(t):
    return begin(day(t)) + (t - begin(day(t))) // 3600 * 3600


def popular(n):
    out = collections.defaultdict(lambda: [0, 0])
    for e in rows("""SELECT content_id, extract(epoch FROM ts) AS t, flags & 256 <> 0 AS uniq FROM event WHERE site_id = %d
            AND robot = 0 AND kind IN (1, 4) AND view_type <> 2 AND content_id IS NOT NULL""" % site):
        local = datetime.datetime.fromtimestamp(e["t"], zone)
        hour = e["t"] - local.minute * 60 - local.second - local.microsecond / 1e6
        if n == 0 or (hour > now - 86400 if n == 1 else day(e["t"]) > today - n * DAY):
            out[e["content_id"]][0] += e["uniq"]
            out[e["content_id"]][1] += 1
    return {i: (u, {"unique": u, "views": v}) for i, (u, v) in out.items()}


def trending(n):
    half = HALF * n
    out = collections.defaultdict(lambda: [0.0, 0])
    for (item, _, d), t in first.items():
        middle = hour_of(t) + 1800 if n == 1 else begin(d) + 43200
        if now - middle < 6 * half:
            out[item][0] += 2 ** (-max(0, now - middle) / half)
            out[item][1] += 1
    return {i: (s, {"visitors": v}) for i, (s, v) in out.items() if v >= MIN_VISITORS}


def rising(n):
    past = {1: 28, 7: 56, 30: 90}[n]
    lately, before, oldest = collections.Counter(), collections.Counter(), {}
    end = today - n * DAY
    for (item, _, d), t in first.items():
        if hour_of(t) > now - n * 86400:
            lately[item] += 1
        if end - past * DAY <= d < end:
            before[item] += 1
            oldest[item] = min(oldest.get(item, d), d)
    out = {}
    for item, x in lately.items():
        born = max(end - past * DAY, min(oldest.get(item, day(content[item]["since"])), day(content[item]["since"])))
        m, b, z = (end - born).days / n, before[item], 2.326
        if x < MIN_VISITORS or m < 1:
            continue
        total = x + b + 1
        p = x / total
        low = (p + z * z / (2 * total) - z * math.sqrt(p * (1 - p) / total + z * z / (4 * total * total))) / (1 + z * z / total)
        score = low / (1 - low) * m
        if score >= RISE / 100:
            out[item] = (score, {"visitors": x, "baseline": b / m, "exposure": m})
    return out


def related(item_name):
    item = [i for i, c in content.items() if "%s/%s" % (c["kind"], c["key"]) == item_name][0]
    seen = collections.defaultdict(dict)
    for w in windows:
        d = day(w["t"])
        if d > today - DAYS * DAY:
            mine = seen[w["visitor"], d]
            mine[w["content_id"]] = min(mine.get(w["content_id"], w["exact"]), w["exact"])
    own, pair = collections.Counter(), collections.Counter()
    for mine in seen.values():
        few = sorted(mine, key=lambda i: (mine[i], i))[:FEW]
        own.update(few)
        if item in few:
            pair.update(i for i in few if i != item)
    return {i: (n / math.sqrt(own[item] * own[i]), {"together": n, "visitors": own[item], "visitorsOfThis": own[i]})
            for i, n in pair.items() if n >= SUPPORT}


want = related(days) if name == "related" else {"popular": popular, "trending": trending, "rising": rising}[name](int(days))
want = {(content[i]["kind"], content[i]["key"]): v for i, v in want.items() if not content[i]["hidden"]}
for field in ("kind", "owner", "collection"):
    if os.environ.get(field.upper()):
        names = {(c["kind"], c["key"]) for c in content.values() if c[field] == os.environ[field.upper()]}
        want = {k: v for k, v in want.items() if k in names}

wrong = []
limit = int(os.environ.get("LIMIT", "100")) if name != "related" else min(KEEP, 100)
if len(got["items"]) != min(limit, len(want)):
    wrong.append("there are %d items instead of %d" % (len(got["items"]), min(limit, len(want))))
scores = sorted((v[0] for v in want.values()), reverse=True)
for place, item in enumerate(got["items"]):
    score, inputs = want.get((item["kind"], item["id"]), (None, {}))
    if score is None or abs(score - item["score"]) > 2e-6 + abs(score) * 1e-6:
        wrong.append("%s/%s has %s instead of %s" % (item["kind"], item["id"], item["score"], score))
    elif abs(scores[place] - score) > 1e-9 + abs(score) * 1e-9:
        wrong.append("%s/%s stands at %d" % (item["kind"], item["id"], place + 1))
    for k, v in inputs.items():
        if abs(item["inputs"][k] - v) > 2e-6:
            wrong.append("%s/%s: %s is %s instead of %s" % (item["kind"], item["id"], k, item["inputs"][k], v))
print("\n".join(wrong[:8]) if wrong else "same, of %d" % len(want))
