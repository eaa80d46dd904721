#!/usr/bin/env python3
"""sums.py SOCKET KEY - what must hold between answers, whatever was counted: hours sum to days, days to weeks and months and all
of them to the whole; breakdowns sum to the whole, and days of a breakdown to both; who comes in an hour comes on its day. On the
seven sites of month.py, over the whole month. Prints TAP."""
import collections, json, os, sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import answers, matrix, month

RANGE = ["2020-09-25", "2020-11-03"]
COUNTS = ["pageviews", "views", "events"]
ITEMS = ["unique_views", "qualified_views", "impressions", "clicks", "plays", "completions", "reactions", "comments", "shares", "follows"]
# Of these everything has a value, though it be "(not set)".
WHOLE = [d for d in matrix.VISIT_DIMS if not d.startswith("visit:utm_") and d not in answers.PAGES]


class Sums:
    def __init__(self, asker, site):
        self.asker, self.site, self.checks, self.wrong = asker, month.site_domain(site), 0, []

    def rows(self, metrics, dims):
        question = {"site_id": self.site, "metrics": metrics, "date_range": RANGE, "dimensions": dims, "pagination": {"limit": 10000}}
        status, reply = self.asker.ask(question)
        if status != 200:
            raise SystemExit("%s for %s" % (reply, json.dumps(question)))
        return [(row["dimensions"], row["metrics"]) for row in reply["results"]]

    def same(self, what, ours, theirs):
        self.checks += 1
        ours, theirs = ({k: v for k, v in d.items() if any(v)} for d in (ours, theirs))
        if ours != theirs:
            key = next(k for k in sorted(ours.keys() | theirs.keys()) if ours.get(k) != theirs.get(k))
            self.wrong.append("%s: %s: %s: %s and %s" % (self.site, what, key, ours.get(key), theirs.get(key)))

    @staticmethod
    def folded(rows, key):
        out = collections.defaultdict(list)
        for dims, figures in rows:
            out[key(*dims)] = [a + b for a, b in zip(out[key(*dims)] or [0] * len(figures), figures)]
        return dict(out)

    def time(self, metrics):
        by = {t: self.rows(metrics, [t]) for t in matrix.TIMES}
        whole = self.folded(self.rows(metrics, []), lambda: "")
        self.same("hours and days", self.folded(by["time:hour"], lambda t: t[:10]), self.folded(by["time:day"], lambda t: t))
        self.same("days and months", self.folded(by["time:day"], lambda t: t[:8] + "01"), self.folded(by["time:month"], lambda t: t))
        for t in matrix.TIMES:
            self.same("%s and the whole" % t, self.folded(by[t], lambda _: ""), whole)

    def breakdown(self, metrics, dim):
        rows, whole = self.rows(metrics, [dim]), self.rows(metrics, [])
        self.same("%s and the whole" % dim, self.folded(rows, lambda _: ""), self.folded(whole, lambda: ""))

    def cross(self, metrics, dim, whole):
        rows = self.rows(metrics, ["time:day", dim])
        self.same("days of %s and %s" % (dim, dim), self.folded(rows, lambda t, x: x), self.folded(self.rows(metrics, [dim]), lambda x: x))
        if whole:
            self.same("days of %s and days" % dim, self.folded(rows, lambda t, x: t), self.folded(self.rows(metrics, ["time:day"]), lambda t: t))

    def visitors(self):
        """An hour that comes twice has two rows of one name: each of them is part of the day."""
        days = dict((t, v) for (t,), v in self.rows(["visitors"], ["time:day"]))
        for (hour,), who in self.rows(["visitors"], ["time:hour"]):
            self.checks += 1
            if who > days.get(hour[:10], [0]):
                self.wrong.append("%s: more visitors in the hour %s than on its day" % (self.site, hour))

    def all(self):
        self.time(COUNTS + ["visits"])
        self.time(ITEMS)
        for dim in WHOLE:
            self.breakdown(COUNTS + ["visits"], dim)
        self.breakdown(["events"], "event:name")
        self.breakdown(["pageviews"], "event:page")
        self.breakdown(["views"] + ITEMS, "content:item")
        self.breakdown(["views"] + ITEMS, "visit:auth")
        for dim in ("visit:source", "visit:country", "visit:device"):
            self.cross(COUNTS + ["visits"], dim, True)
        self.cross(["pageviews"], "event:page", True)
        self.cross(["views"] + ITEMS, "content:item", True)
        self.cross(["visits"], "visit:utm_campaign", False)
        self.visitors()


def main():
    asker, checks, wrong = matrix.Asker(sys.argv[1], sys.argv[2]), 0, []
    for site in month.SITES:
        sums = Sums(asker, site)
        sums.all()
        checks, wrong = checks + sums.checks, wrong + sums.wrong
    for line in wrong[:20]:
        print("#", line)
    print("# %d sums compared, %d differ" % (checks, len(wrong)))
    print("not " * bool(wrong) + "ok 1 - hours sum to days, days to months, breakdowns to the whole, on seven sites")
    print("1..1")
    return bool(wrong)


sys.exit(main())
