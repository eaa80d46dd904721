#!/usr/bin/env python3
"""ninety.py MODEL LEDGER... - a ledger a day, each of which was drained in one batch: are the rollups of hours, days and months,
the figures of items and the counters what the drain's model (MODEL: tests/drain/model.py) makes of all events, although most of
them are no longer kept; and is kept of single events what retention says? Prints what was compared; exit 1: differences."""
import collections, datetime, json, sys

path, ledgers = sys.argv[1], sys.argv[2:]
source = open(path, encoding="utf-8").read()
assert source.endswith("\nmain()\n")
m = {"__name__": "model"}
exec(compile(source[:-len("main()\n")], path, "exec"), m)
sql = m["sql"]

sites = {int(r[0]): m["Site"](r[1], r[2] == "t", r[3], r[4], int(r[5]), int(r[6])) for r in sql("""SELECT site_id, time_zone,
    strict, unique_windows, qualified, items_max, paths_max FROM site""")}
model = m["Model"](sites, [], set())
for ledger in ledgers:
    model.batch([json.loads(line) for line in open(ledger, encoding="utf-8")])
figures = m["Figures"](model)
made = {(int(r[0]), r[1]) for r in sql("SELECT site_id, bucket FROM rollup_month_made")}
figures.rows["month"] = {k: v for k, v in figures.months(figures.rows["day"], 2, made).items() if (k[0], k[2]) in made}
figures.item_rows["month"] = {k: v for k, v in figures.months(figures.item_rows["day"], 0, made).items() if (k[1], k[0]) in made}
said = [f"{m['check_' + name](figures, grain)} {name} by {grain}" for name in ("rollups", "items") for grain in ("hour", "day", "month")]
said.append(f"{m['check_breakdowns'](figures)} breakdowns")
wrong = m["wrong"]

# The tidy-up moves counters to a later day: each must hold what the calendar says of the day that it names.
rows = sql("""SELECT c.site_id, i.kind, i.key, day, views_day, views_month, views_total, uniques_day, uniques_month, uniques_total,
    qualified_day, qualified_month, qualified_total FROM content_counter c JOIN content i USING (site_id, content_id)""")
seen = set()
for r in rows:
    key, day = (int(r[0]), r[1], r[2]), r[3]
    seen.add(key)
    want = [n for days in figures.counters.get(key, ([], [], [])) for n in
            (days.count(day), sum(d[:7] == day[:7] for d in days), len(days))]
    if want != [int(n) for n in r[4:]]:
        wrong += 1
        print(f"# counter {key} on {day}: expected {want}, got {r[4:]}")
lost = [k for k, days in figures.counters.items() if k not in seen and any(days)]
wrong += len(lost)
said.append(f"{len(rows)} counters")

# Months that are over have been made, of each site with views in them.
now = datetime.datetime.fromisoformat(sql("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS')")[0][0])
for (site, _, day, _) in list(figures.rows["day"]):
    here = now.replace(tzinfo=datetime.timezone.utc).astimezone(figures.zones[site]).strftime("%Y-%m")
    if day[:7] < here and (site, day[:7] + "-01") not in made:
        wrong += 1
        made.add((site, day[:7] + "-01"))
        print(f"# the month {day[:7]} of site {site} was not made")
said.append(f"{len(made)} months made")

# Single events: all of the days that are kept, none of the others.
kept = {r[0] for r in sql("SELECT event_id FROM event")}
first = sql("SELECT min(to_date(right(relname, 8), 'YYYYMMDD')) FROM pg_class WHERE relname ~ '^event_[0-9]{8}$'")[0][0]
ours = {e["id"] for e in model.events if datetime.datetime.fromtimestamp(e["ts"] // 1000000, datetime.timezone.utc).strftime("%Y-%m-%d") >= first}
limit = (now - datetime.timedelta(days=7)).strftime("%Y-%m-%d")
if kept != ours or not (limit >= first >= (now - datetime.timedelta(days=9)).strftime("%Y-%m-%d")):
    wrong += 1
    print(f"# single events since {first} (now {now}): {len(ours - kept)} missing, {len(kept - ours)} too many")
said.append(f"{len(kept)} of {len(model.events)} events kept, since {first}")
print("# " + ", ".join(said) + f"; {wrong} differences")
sys.exit(wrong != 0)
