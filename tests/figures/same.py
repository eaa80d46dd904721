#!/usr/bin/env python3
"""same.py STATS ADMIN KEY PASSWORD EXPORTKEY - one question, asked in every way there is, has one answer.

The JSON of /api/v2/query is the measure (matrix.py holds it against an independent count); against it: the admin page's cards
and tables, counters of one item and of many, an item's own statistics, the old endpoints of /api/v1 and exports as CSV and JSON
lines. Prints TAP."""
import collections, csv, html, io, json, os, re, sys, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import fcgi, matrix, month

FIRST, LAST = "2020-10-01", "2020-10-31"
TABLES = {"Pages": ("event:page", "pageviews"), "Items": ("content:item", "views"), "Sources": ("visit:source", "visits"),
          "Channels": ("visit:channel", "visits"), "Referrers": ("visit:referrer", "visits"), "Countries": ("visit:country", "visits"),
          "Devices": ("visit:device", "visits"), "Browsers": ("visit:browser", "visits"), "Operating systems": ("visit:os", "visits"),
          "Campaigns": ("visit:utm_campaign", "visits")}
COUNTERS = (("views", "views"), ("unique", "unique_views"), ("qualified", "qualified_views"))
SUMS = ("impressions", "clicks", "plays", "completions", "reactions", "comments", "shares", "follows")


class House:
    def __init__(self, stats, admin, key, password, exports):
        self.asker, self.admin = matrix.Asker(stats, key), fcgi.Program(admin)
        self.checks, self.wrong, self.cookie, self.exports = 0, [], "", exports
        form = urllib.parse.urlencode({"login": "ada", "password": password}).encode()
        status, head, _ = self.page("POST", "/admin/login", form)
        self.cookie = re.search(r"Set-Cookie: ([^;]*)", head)[1]

    def page(self, method, uri, body=b""):
        return self.admin.ask({"REQUEST_METHOD": method, "REQUEST_URI": uri, "QUERY_STRING": uri.partition("?")[2], "REMOTE_ADDR": "127.0.0.1",
                               "HTTP_HOST": "localhost", "SERVER_NAME": "localhost", "HTTP_COOKIE": self.cookie,
                               "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": len(body)}, body)

    def get(self, path, **params):
        uri = path + ("?" + urllib.parse.urlencode(params) if params else "")
        status, head, text = self.asker.program.ask({"REQUEST_METHOD": "GET", "REQUEST_URI": uri, "QUERY_STRING": uri.partition("?")[2],
                                                     "HTTP_AUTHORIZATION": "Bearer " + self.asker.key, "CONTENT_LENGTH": 0})
        return status, text

    def v2(self, site, metrics, dims=(), span=(FIRST, LAST), **more):
        question = {"site_id": site, "metrics": metrics, "date_range": list(span) if isinstance(span, tuple) else span,
                    "dimensions": list(dims), **more}
        status, reply = self.asker.ask(question)
        if status != 200:
            raise SystemExit("%s for %s" % (reply, question))
        return {tuple(r["dimensions"]): [matrix.plain(v) for v in r["metrics"]] for r in reply["results"]}

    def same(self, what, ours, theirs):
        self.checks += 1
        if ours != theirs:
            self.wrong.append("%s: %s, but %s" % (what, theirs, ours))

    # ---- the admin page ----

    def admin_page(self, site):
        status, _, text = self.page("GET", "/admin/sites/%s?from=%s&to=%s" % (site, FIRST, LAST))
        if status != 200:
            raise SystemExit("the page of %s: %d" % (site, status))
        text = text.decode()
        cards = {n: v.replace(",", "") for n, v in re.findall(r'<span class="name">([^<]*)</span> <strong>([^<]*)</strong>', text)}
        total = self.v2(site, ["visitors", "visits", "pageviews", "views"])[()]
        for name, value in zip(("Visitors", "Visits", "Page views", "Item views"), total):
            self.same("%s, card %s" % (site, name), str(value), cards.get(name))
        rates = self.v2(site, ["bounce_rate"])[()] + self.v2(site, ["views_per_visit"])[()]
        self.same("%s, card Bounce rate" % site, "%d %%" % rates[0], cards.get("Bounce rate"))
        self.same("%s, card Views per visit" % site, "%.2f" % rates[1], cards.get("Views per visit"))
        for section in re.findall(r"<h2>([^<]*)</h2>(.*?)</section>", text, re.S):
            if section[0] in TABLES:
                self.admin_table(site, *section)

    def admin_table(self, site, title, text):
        dim, metric = TABLES[title]
        rows, answered = [], self.v2(site, [metric, "visitors"], [dim])
        for label, count, visitors in re.findall(r'<span class="label">(.*?)</span></th>\s*<td class="num">(.*?)</td>\s*<td class="num">(.*?)</td>', text, re.S):
            hint = re.search(r'<span class="quiet">(.*)', label)
            name = hint[1].replace(" ", "/", 1).replace("</span>", "") if hint else re.sub(r"<[^>]*>", "", label)
            rows.append((html.unescape(name), int(count.replace(",", "")), int(visitors.replace(",", ""))))
        for name, count, visitors in rows:
            self.same("%s, table %s, %s" % (site, title, name), answered.get((name,)), [count, visitors])
        counts = sorted((v[0] for v in answered.values()), reverse=True)
        self.same("%s, table %s: the first rows" % (site, title), counts[:10], [r[1] for r in rows])

    # ---- counters and items ----

    def counters(self, site):
        spans = {"Today": "day", "Month": "month", "Total": "all"}
        answers = {s: self.v2(site, [m for _, m in COUNTERS], ["content:item"], span) for s, span in spans.items()}
        names = [k[0] for k in sorted(answers["Total"])]
        body = json.dumps({"site": site, "items": [dict(zip(("kind", "id"), n.split("/", 1))) for n in names]}).encode()
        status, _, text = self.asker.program.ask({"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/content/counts", "CONTENT_TYPE": "application/json",
                                                  "CONTENT_LENGTH": len(body), "HTTP_AUTHORIZATION": "Bearer " + self.asker.key}, body)
        if status != 200:
            raise SystemExit("counts: %d %s" % (status, text[:300]))
        many = next(v for v in json.loads(text).values() if isinstance(v, list))
        for name, counts in zip(names, many):
            one = json.loads(self.get("/api/content/%s/counts" % name, site=site)[1])
            for i, (field, _) in enumerate(COUNTERS):
                for s in spans:
                    expected = answers[s].get((name,), [0, 0, 0])[i]
                    self.same("%s, counters of %s, %s%s" % (site, name, field, s), expected, counts[field + s])
                    self.same("%s, counter of %s, %s%s" % (site, name, field, s), expected, one[field + s])

    def item_stats(self, site):
        whole = self.v2(site, [m for _, m in COUNTERS] + list(SUMS), ["content:item"], "all")
        days = self.v2(site, [m for _, m in COUNTERS], ["time:day", "content:item"], "all")
        for (name,), figures in sorted(whole.items())[:12]:
            stats = json.loads(self.get("/api/content/%s/stats" % name, site=site)[1])
            for field, expected in zip(SUMS, figures[3:]):
                self.same("%s, statistics of %s, %s" % (site, name, field), expected, stats[field])
            for i, (field, _) in enumerate(COUNTERS):
                both = sum(stats[who][field] for who in ("authenticated", "anonymous"))
                self.same("%s, statistics of %s, %s of all viewers" % (site, name, field), figures[i], both)
                for day in stats["trend"]:
                    self.same("%s, statistics of %s, %s on %s" % (site, name, field, day["day"]),
                              days.get((day["day"], name), [0, 0, 0])[i], day[field])
            for by in ("byCountry", "byDevice", "byType", "bySource"):
                if stats.get(by):
                    self.same("%s, statistics of %s, %s" % (site, name, by), figures[0], sum(v["views"] for v in stats[by]))

    # ---- other doors to the same question ----

    def v1(self, site):
        span = dict(site_id=site, period="custom", date=FIRST + "," + LAST)
        status, text = self.get("/api/v1/stats/aggregate", metrics="visitors,visits,pageviews,bounce_rate,visit_duration", **span)
        metrics = ["visitors", "visits", "pageviews", "bounce_rate", "visit_duration"]
        answered = {k: v["value"] for k, v in json.loads(text)["results"].items()}
        self.same("%s, v1 aggregate" % site, dict(zip(metrics, self.v2(site, metrics)[()])), answered)
        series = json.loads(self.get("/api/v1/stats/timeseries", metrics="visitors,pageviews", **span)[1])["results"]
        days = self.v2(site, ["visitors", "pageviews"], ["time:day"])
        for row in series:
            self.same("%s, v1 timeseries of %s" % (site, row["date"]), days.get((row["date"],), [0, 0]), [row["visitors"], row["pageviews"]])
        for dim in ("event:page", "visit:source", "visit:country", "visit:entry_page"):
            rows = json.loads(self.get("/api/v1/stats/breakdown", property=dim, metrics="visitors", limit=1000, **span)[1])["results"]
            self.same("%s, v1 breakdown by %s" % (site, dim), {k[0]: v[0] for k, v in self.v2(site, ["visitors"], [dim]).items()},
                      {r[dim.split(":")[1]]: r["visitors"] for r in rows})

    def exported(self, what, site, form, **params):
        uri = "/api/export/%s?%s" % (what, urllib.parse.urlencode({"site": site, "format": form, **params}))
        status, _, text = self.asker.program.ask({"REQUEST_METHOD": "GET", "REQUEST_URI": uri, "QUERY_STRING": uri.partition("?")[2],
                                                  "HTTP_AUTHORIZATION": "Bearer " + self.exports, "CONTENT_LENGTH": 0})
        if status != 200:
            raise SystemExit("%s: %d %s" % (uri, status, text[:300]))
        if form == "csv":
            return list(csv.DictReader(io.StringIO(text.decode(), newline="")))
        return [json.loads(line) for line in text.decode().splitlines()]

    def export(self, site):
        """Rows of exports, counted: page views by page, visits by country and those that bounced, items with their counters."""
        days = {"from": FIRST, "to": LAST}
        pages = {k[0]: v[0] for k, v in self.v2(site, ["pageviews"], ["event:page"]).items() if v[0]}
        countries = {k[0]: v[0] for k, v in self.v2(site, ["visits"], ["visit:country"]).items() if v[0]}
        visits, rate = self.v2(site, ["visits"])[()][0], self.v2(site, ["bounce_rate"])[()][0]
        items = {k[0]: v for k, v in self.v2(site, [m for _, m in COUNTERS], ["content:item"], "all").items()}
        for form in ("csv", "jsonl"):
            events = self.exported("events", site, form, **days)
            self.same("%s, exported page views as %s" % (site, form), pages,
                      dict(collections.Counter(e["path"] for e in events if e["kind"] == "pageview")))
            rows = self.exported("visits", site, form, **days)
            self.same("%s, exported visits as %s" % (site, form), visits, len(rows))
            self.same("%s, exported visits by country as %s" % (site, form), countries,
                      dict(collections.Counter(v["country"] or "(not set)" for v in rows)))
            bounced = sum(v["bounce"] in (True, "true") for v in rows)
            self.same("%s, exported visits that bounced as %s" % (site, form), rate, int(100 * bounced / len(rows) + 0.5))
            for row in self.exported("items", site, form):
                expected = items.get("%s/%s" % (row["kind"], row["id"]), [0, 0, 0])
                self.same("%s, exported item %s as %s" % (site, row["id"], form), expected[0], int(row["views_total"]))


def main():
    house, failed, n = House(*sys.argv[1:6]), False, 0
    parts = (("the admin page", house.admin_page), ("counters", house.counters), ("statistics of items", house.item_stats),
             ("the old endpoints", house.v1), ("exports", house.export))
    for name, part in parts:
        before, house.wrong = house.checks, []
        for site in list(month.SITES)[:4]:
            part(month.site_domain(site))
        n += 1
        for line in house.wrong[:12]:
            print("#", line)
        print("%sok %d - %s: as the JSON has it" % ("not " * bool(house.wrong), n, name))
        print("# %d figures compared, %d differ" % (house.checks - before, len(house.wrong)))
        failed = failed or bool(house.wrong)
    print("1..%d" % n)
    return failed


sys.exit(main())
