#!/usr/bin/env python3
"""days.py STATS_SOCKET KEY LEDGER - asks the statistics for pageviews by local hour and by local day of each site, and
compares with a count of mkspool's ledger by Python's zoneinfo. Sites' numbers and zones: of the database (PG*)."""
import collections, datetime, json, subprocess, sys, zoneinfo
import fcgi

PAGEVIEW = 1


def ask(program, key, query):
    body = json.dumps(query).encode()
    status, head, answer = program.ask({"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/v2/query", "CONTENT_TYPE": "application/json",
                                        "CONTENT_LENGTH": len(body), "HTTP_AUTHORIZATION": "Bearer " + key}, body)
    if status != 200:
        raise SystemExit(f"{status} {answer!r} for {query}")
    return json.loads(answer)["results"]


def main():
    program = fcgi.Program(sys.argv[1], keep=False)
    zones = dict(line.split("|") for line in subprocess.run(
        ["psql", "-XAt", "-c", "SELECT site_id, time_zone FROM site"], check=True, stdout=subprocess.PIPE).stdout.decode().split())
    # The drain marks an owner's views of the own item; who looks is not what is counted here, but when.
    marked = set(subprocess.run(["psql", "-XAt", "-c", "SELECT event_id FROM event WHERE robot <> 0"], check=True,
                                stdout=subprocess.PIPE).stdout.decode().split())
    hours, days, seen, repeats = collections.Counter(), collections.Counter(), set(), 0
    for line in open(sys.argv[3], encoding="utf-8"):
        e = json.loads(line)
        here = datetime.datetime.fromtimestamp(e["ts"] / 1e6, datetime.timezone.utc).astimezone(zoneinfo.ZoneInfo(zones[str(e["site"])]))
        if e["kind"] != PAGEVIEW or e["robot"] or e["id"] in marked:
            continue
        if e["flags"] & 9:  # an id that the client chose, or a line of a log: once
            key = (e["site"], e["id"])
            repeats += key in seen
            if key in seen:
                continue
            seen.add(key)
        hours[(e["site"], here.strftime("%Y-%m-%d %H:00:00"))] += 1
        days[(e["site"], here.strftime("%Y-%m-%d"))] += 1
    wrong = asked = 0
    for site in sorted(zones):
        dates = sorted({d for s, d in days if s == int(site)})
        spans = []
        for d in dates:  # runs of days next to each other
            day = datetime.date.fromisoformat(d)
            if spans and (day - spans[-1][1]).days <= 2:
                spans[-1][1] = day
            else:
                spans.append([day, day])
        for dimension, ours in (("time:hour", hours), ("time:day", days)):
            theirs = collections.Counter()
            for first, last in spans:
                asked += 1
                for row in ask(program, sys.argv[2], {"site_id": site, "metrics": ["pageviews"], "dimensions": [dimension],
                                                     "date_range": [str(first), str(last)]}):
                    theirs[(int(site), row["dimensions"][0])] += row["metrics"][0]
            for key in {k for k in ours if k[0] == int(site)} | theirs.keys():
                if ours[key] != theirs[key]:
                    wrong += 1
                    print(f"{zones[site]} {dimension} {key[1]}: counted {ours[key]}, answered {theirs[key]}")
    print(f"{sum(days.values())} pageviews in {len(hours)} local hours of {len(days)} local days, {asked} questions: {wrong} differences")
    sys.exit(wrong != 0)


main()
