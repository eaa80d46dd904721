#!/usr/bin/env python3
"""matrix.py SOCKET KEY HOUSE - asks the statistics program a matrix of questions and holds each answer against answers.py.

HOUSE: the directory that month.py wrote into. Every metric by every dimension, filters of every operator, ranges of every
form, on seven sites; a sample of it in FF_SAMPLE questions (all of it: 0). Seed: FF_SEED. Prints TAP; what differs is shown as
the question, what was expected and what was answered. A refusal where an answer is due is a difference; those that the
contract of src/fact/query.h allows are counted by their rule."""
import collections, datetime, glob, json, os, random, struct, sys, time, zoneinfo

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import answers, fcgi, month, reference
from questions import EVENT_DIMS, FILTERS, GOALS, RANGES, SEGMENTS, TIMES, VISIT_DIMS

S, UTC = month.S, datetime.timezone.utc


# ---- ranges, by zoneinfo ----

def midnight(zone, day):
    """First instant of a local day."""
    return int(datetime.datetime(day.year, day.month, day.day, tzinfo=zone).timestamp()) * S


def month_back(day, n):
    at = day.year * 12 + day.month - 1 - n
    return datetime.date(at // 12, at % 12 + 1, 1)


def days(word, today, first):
    if isinstance(word, list):
        return [datetime.date.fromisoformat(d) for d in word]
    one = datetime.timedelta(1)
    if word == "day":
        return today, today
    if word == "month":
        return month_back(today, 0), month_back(today, -1) - one
    if word == "year":
        return datetime.date(today.year, 1, 1), datetime.date(today.year, 12, 31)
    if word == "all":
        return first, today
    if word.endswith("mo"):
        return month_back(today, int(word[:-2])), month_back(today, 0) - one
    return today - int(word[:-1]) * one, today - one


def clock(house):
    """The time that the programs go by, which goes on (tests/lib/clock.sh)."""
    with open(house + "/clock", "rb") as f:
        return int(time.time() * S) + struct.unpack("=q", f.read(8))[0]


def instants(word, world):
    now, zone = world.now(), zoneinfo.ZoneInfo(world.zone)
    if word == "24h":
        hour = reference.place(world.site, now)[0]
        return reference.place(world.site, hour - 23 * reference.HOUR)[0], hour + reference.HOUR
    if isinstance(word, list) and "T" in word[0]:
        from_s, to_s = (int(datetime.datetime.fromisoformat(t.replace("Z", "+00:00")).timestamp()) for t in word)
        return from_s * S, (to_s + 1) * S
    from_day, to_day = days(word, datetime.datetime.fromtimestamp(now // S, zone).date(), world.first)
    return midnight(zone, from_day), midnight(zone, to_day + datetime.timedelta(1))


# ---- asking ----

class Asker:
    def __init__(self, socket, key):
        self.program, self.key, self.segments = fcgi.Program(socket, timeout=120), key, {}
        self.slowest = (0.0, "")

    def numbers(self, site, names):
        """Segments by their numbers, which each site has its own of."""
        if site not in self.segments:
            uri = "/api/v1/sites/segments?site_id=" + site
            status, _, text = self.program.ask({"REQUEST_METHOD": "GET", "REQUEST_URI": uri, "QUERY_STRING": uri.partition("?")[2],
                                                "HTTP_AUTHORIZATION": "Bearer " + self.key, "CONTENT_LENGTH": 0})
            if status != 200:
                raise SystemExit("%s: %d %s" % (uri, status, text))
            self.segments[site] = {s["name"]: s["id"] for s in json.loads(text)["segments"]}
        return [self.segments[site][n] for n in names]

    def send(self, body):
        status, _, text = self.program.ask({"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/v2/query", "CONTENT_TYPE": "application/json",
                                            "CONTENT_LENGTH": len(body), "HTTP_AUTHORIZATION": "Bearer " + self.key}, body)
        return status, text

    def ask(self, question):
        began = time.time()
        status, text = self.send(json.dumps(question).encode())
        self.slowest = max(self.slowest, (time.time() - began, json.dumps(question, ensure_ascii=False)))
        return status, json.loads(text)


def plain(value):
    return value["value"] if isinstance(value, dict) else value


def near(metric, ours, theirs, error):
    ours, theirs = ours or 0, theirs or 0
    if error and metric in ("visitors",) + answers.RATES:
        return abs(ours - theirs) <= 3 * error * max(ours, theirs) + 0.5
    return abs(ours - theirs) < 0.00051 if metric in answers.MONEY else ours == theirs


def differences(expected, reply, metrics):
    """Rows whose figures are all nothing may be there or not."""
    ours, error = collections.defaultdict(list), reply["meta"].get("visitors_error", 0)
    for (labels, instant), row in sorted(expected.items()):
        if any(row.values()):
            ours[labels].append([row[m] for m in metrics])
    theirs, out = collections.defaultdict(list), []
    for row in reply["results"]:
        figures = [plain(v) for v in row["metrics"]]
        if any(figures):
            theirs[tuple(row["dimensions"])].append(figures)
    for key in sorted(ours.keys() | theirs.keys()):
        a, b = ours.get(key, []), theirs.get(key, [])
        if len(a) != len(b) or not all(near(m, x, y, error) for r, s in zip(sorted(a, key=str), sorted(b, key=str))
                                       for m, x, y in zip(metrics, r, s)):
            out.append((key, a, b))
    return out


def expanded(f, leaf):
    """The filter with leaf(names) for its segments."""
    if f[0] in ("and", "or"):
        return [f[0], [expanded(k, leaf) for k in f[1]]]
    if f[0] in ("not", "has_done", "has_not_done"):
        return [f[0], expanded(f[1], leaf)]
    return leaf(f[2]) if f[1] == "segment" else f


def meant(names):
    """One segment is all that it holds, several are any of them."""
    kids = [["and", SEGMENTS[n]] for n in names]
    return kids[0] if len(kids) == 1 else ["or", kids]


# ---- what may be refused ----

def rule(q, text):
    """The rule of the contract by which this question may be refused; None: it must be answered."""
    dims, asked = q["dimensions"] + answers.dims_of(q["filters"]), set(q["metrics"])
    top = q["dimensions"] + [f[1] for f in q["filters"] if isinstance(f[1], str)]
    by_event = [d for d in q["dimensions"] if not answers.is_visit_dim(d) and not answers.is_time(d)]
    if "views_per_visit" in asked and (q["dimensions"] or "event:page" in dims):
        return "views_per_visit goes alone"
    if asked & set(answers.VISIT_METRICS) and by_event:
        return "session metrics by event dimensions"
    if asked & set(EVENTS_ALONE) and set(q["dimensions"]) & set(answers.PAGES) and "Event metric(s)" in text:
        return "event metrics by entry and exit"
    if asked & set(answers.ITEM_METRICS) and any(not d.startswith(("content:", "visit:auth", "time")) for d in dims):
        return "figures of items by other dimensions"
    if asked & set(answers.ITEM_METRICS) and "whole hours" in text:
        return "figures of items by parts of hours"
    if "event:robot" in dims and (asked - {"visitors", "percentage", "pageviews", "views", "events", "engaged_time"} or
                                  any(answers.is_visit_dim(d) for d in dims)):
        return "visits and items of robots"
    if asked & {"conversion_rate", "group_conversion_rate"} | asked & set(answers.MONEY) and "event:goal" not in top:
        return "conversion and revenue without a goal"
    if asked & {"scroll_depth", "time_on_page"} and "event:page" not in top:
        return "scroll depth and time on page without a page"
    if "exit_rate" in asked and q["dimensions"] != ["visit:exit_page"]:
        return "exit_rate by more than the exit page"
    if "exit_rate" in asked and any(not answers.is_visit_dim(d) for d in answers.dims_of(q["filters"])):
        return "exit_rate with filters on events"
    if any(f[0] in ("has_done", "has_not_done") for f in q["filters"]) and asked & set(answers.ITEM_METRICS):
        return "figures of items of those who did"
    return None


EVENTS_ALONE = ("pageviews", "views", "events", "engaged_time", "scroll_depth", "time_on_page") + answers.MONEY


def groups(q):
    """All metrics, in questions of which a whole one is refused or not."""
    yield ["visitors", "percentage"]
    yield ["pageviews", "views", "events", "engaged_time"]
    yield ["visits"]
    yield ["bounce_rate", "visit_duration"]
    yield ["views_per_visit"]
    yield list(answers.ITEM_METRICS)
    yield ["conversion_rate"]
    yield ["group_conversion_rate"]
    yield ["scroll_depth"]
    yield ["time_on_page"]
    yield list(answers.MONEY)
    if "visit:exit_page" in q["dimensions"]:
        yield ["exit_rate"]


def renamed(f, names):
    """The filter about other dimensions; what somebody has done stays what it is."""
    if f[0] in ("and", "or"):
        return [f[0], [renamed(k, names) for k in f[1]]]
    if f[0] in ("has_done", "has_not_done"):
        return f
    return ["not", renamed(f[1], names)] if f[0] == "not" else [f[0], names.get(f[1], f[1])] + f[2:]


class Judge:
    """keep: a file for questions over a week and more that were answered as they should be, with the answers (again.py)."""
    def __init__(self, asker, keep=None):
        self.asker, self.dice, self.keep = asker, random.Random(1), keep
        self.agreed = self.cells = self.wrong = 0
        self.refused = collections.Counter()

    def complain(self, question, what):
        self.wrong += 1
        if self.wrong <= int(os.environ.get("FF_SHOW", 12)):
            print("# question:", json.dumps(question, ensure_ascii=False))
            for line in what:
                print("#  ", line)

    def sent(self, world, filters):
        """The filters with segments by their numbers."""
        return [expanded(f, lambda names: ["is", "segment", self.asker.numbers(world.domain, names)]) for f in filters]

    def one(self, world, dims, filters, word, metrics):
        from_us, to_us = instants(word, world)
        q = {"metrics": metrics, "dimensions": dims, "filters": [expanded(f, meant) for f in filters], "from": from_us, "to": to_us}
        question = {"site_id": world.domain, "metrics": metrics, "date_range": word, "dimensions": dims,
                    "filters": self.sent(world, filters), "pagination": {"limit": 10000}}
        status, reply = self.asker.ask(question)
        if status == 400:
            allowed = rule(q, reply.get("error", ""))
            if allowed is None:
                return self.complain(question, ["refused: " + str(reply)])
            self.refused[allowed] += 1
            return None
        if status != 200:
            return self.complain(question, ["answered %d: %s" % (status, reply)])
        return self.compare(world, q, question, reply)

    def compare(self, world, q, question, reply):
        """Bounces and durations by page are those of visits that began there, as Plausible has it."""
        entered = {"event:page": "visit:entry_page"}
        if "event:page" in q["dimensions"] and q["metrics"] == ["bounce_rate", "visit_duration"]:
            q = {**q, "dimensions": [entered.get(d, d) for d in q["dimensions"]], "filters": [renamed(f, entered) for f in q["filters"]]}
        expected = world.answer(q)
        found = differences(expected, reply, q["metrics"])
        if not found:
            self.agreed += 1
            self.cells += max(1, len(reply["results"])) * len(q["metrics"])
            if self.keep and q["to"] - q["from"] >= 7 * reference.DAY:
                self.keep.write(json.dumps([question, reply["results"]], ensure_ascii=False) + "\n")
            return None
        return self.complain(question, ["%s: expected %s, answered %s" % (" / ".join(key) or "total", a, b) for key, a, b in found[:4]] +
                             ["%d rows differ, of %d expected" % (len(found), len(expected))])

    def all(self, world, dims, filters, word):
        """What will be refused by a rule is asked now and then alone."""
        for metrics in groups({"dimensions": dims}):
            by_rule = rule({"metrics": metrics, "dimensions": dims, "filters": [expanded(f, meant) for f in filters]}, "Event metric(s)")
            if by_rule is None or self.dice.random() < 0.1:
                self.one(world, dims, filters, word, metrics)


    # ---- order and pages ----

    def ordered(self, world, dims, filters, word, orders, page):
        """The rows in their order, and a page of them; rows of nothing may be there or not, so pages begin with the most."""
        from_us, to_us = instants(word, world)
        q = {"metrics": ["events", "visitors"], "dimensions": dims, "filters": filters, "from": from_us, "to": to_us}
        question = {"site_id": world.domain, "metrics": q["metrics"], "date_range": word, "dimensions": dims, "filters": filters,
                    "order_by": orders, "pagination": page, "include": {"total_rows": True}}
        status, reply = self.asker.ask(question)
        if status != 200:
            return self.complain(question, ["answered %d: %s" % (status, reply)])
        theirs = [(r["dimensions"], r["metrics"]) for r in reply["results"] if any(r["metrics"])]
        error = reply["meta"].get("visitors_error", 0)
        rows = self.in_order(world.answer(q), q, orders)[page.get("offset", 0):][:page["limit"]]
        if [r[0] for r in rows] == [r[0] for r in theirs] and all(near("visitors", a[1], b[1], error) and a[0] == b[0]
                                                                 for (_, a), (_, b) in zip(rows, theirs)):
            self.agreed += 1
            return None
        return self.complain(question, ["expected %s" % rows[:6], "answered %s" % theirs[:6]])

    @staticmethod
    def in_order(answer, q, orders):
        rows = [(list(labels), [row[m] for m in q["metrics"]]) for (labels, _), row in sorted(answer.items(), key=lambda i: i[0])]
        for name, way in reversed(orders):
            at = q["metrics"].index(name) if name in q["metrics"] else None
            rows.sort(key=lambda r: r[1][at] if at is not None else r[0][q["dimensions"].index(name)].encode(), reverse=way == "desc")
        return [r for r in rows if any(r[1])]

    def orders(self, worlds):
        for world in worlds:
            for dim in ("visit:country", "event:page", "visit:source", "visit:browser", "event:name", "visit:utm_campaign"):
                word = self.dice.choice(["28d", "month", ["2020-10-03", "2020-10-05"], ["2020-10-20", "2020-10-26"]])
                self.ordered(world, [dim], [], word, [["events", "desc"], [dim, "asc"]], {"limit": 4, "offset": 1})
                self.ordered(world, [dim], [], word, [["events", "asc"], [dim, "desc"]], {"limit": 10000})
                self.ordered(world, [dim], [], word, [[dim, self.dice.choice(["asc", "desc"])]], {"limit": 10000})
                self.ordered(world, ["time:day", dim], [], word, [[dim, "desc"], ["time:day", "asc"]], {"limit": 10000})
                self.ordered(world, ["time:day", dim], FILTERS["is country"], word, [["events", "desc"], ["time:day", "desc"], [dim, "asc"]],
                             {"limit": 7})


    # ---- comparisons ----

    def compared(self, world, dims, filters, days, other, comparison):
        """Each row beside the one of the other days; by time, step by step. Steps of nothing are there, rows of nothing may be."""
        metrics = ["pageviews", "events", "visits"]
        question = {"site_id": world.domain, "metrics": metrics, "date_range": days, "dimensions": dims, "filters": filters,
                    "include": {"comparisons": comparison}}
        status, reply = self.asker.ask(question)
        if status != 200:
            return self.complain(question, ["answered %d: %s" % (status, reply)])
        now, before = ({key[0]: [row[m] for m in metrics] for key, row in world.answer(self.over(world, metrics, dims, filters, of)).items()}
                       for of in (days, other))
        steps = {}
        if dims == ["time:day"]:
            first, last = (datetime.date.fromisoformat(d[0]) for d in (days, other))
            steps = {(str(first + datetime.timedelta(i)),): (str(last + datetime.timedelta(i)),) for i in range(40)}
        nothing, wrong = [0] * len(metrics), []
        for row in reply["results"]:
            key = tuple(row["dimensions"])
            ours = [now.get(key, nothing), before.get(steps.get(key, key), nothing)]
            ours.append([self.change(a, b) for b, a in zip(*ours)])
            theirs = [row["metrics"], row["comparison"]["metrics"], row["comparison"]["change"]]
            if ours != theirs:
                wrong.append("%s: expected %s, answered %s" % (key, ours, theirs))
        lost = [k for k in now if any(now[k]) and list(k) not in [r["dimensions"] for r in reply["results"]]]
        if wrong or lost:
            return self.complain(question, wrong[:4] + ["missing: %s" % lost])
        self.agreed += 1
        self.cells += 3 * len(metrics) * len(reply["results"])
        return None

    @staticmethod
    def over(world, metrics, dims, filters, days):
        from_us, to_us = instants(days, world)
        return {"metrics": metrics, "dimensions": dims, "filters": filters, "from": from_us, "to": to_us}

    @staticmethod
    def change(before, now):
        if before == 0:
            return 100 if now > 0 else 0
        share = answers.rounded(100 * abs(now - before), before, 0)
        return share if now >= before else -share

    def comparisons(self, worlds):
        """With the days before, with the same weekdays before, and with days that are named."""
        for world in worlds:
            for dims in ([], ["time:day"], ["visit:country"], ["visit:source"], ["event:page"], ["content:kind"], ["visit:browser", "visit:os"]):
                for filters in (FILTERS["none"], FILTERS["is country"], FILTERS["contains page"]):
                    last = self.dice.randrange(8, 31)
                    n = self.dice.randrange(1, 8)
                    day = lambda d: str(datetime.date(2020, 10, 1) + datetime.timedelta(d))
                    days, before, named = [day(last - n), day(last - 1)], [day(last - 2 * n), day(last - n - 1)], [day(0), day(n - 1)]
                    self.compared(world, dims, filters, days, before, {"mode": "previous_period"})
                    self.compared(world, dims, filters, days, named, {"mode": "custom", "date_range": named})
                    self.compared(world, dims, filters, days, [day(last - n - 7), day(last - 8)],
                                  {"mode": "previous_period", "match_day_of_week": True})


# ---- which of them ----

def plans(dice, worlds, sample, singles, pairs, filters, ranges):
    """(world, dimensions, filters, range): each dimension alone, each filter alone, then each dimension with each filter and the
    pairs of dimensions, as many as are asked for; ranges and sites as the dice fall."""
    every = [(dims, name) for dims in singles + [[]] for name in filters if name != "none" and dims]
    every += [(dims, dice.choice(list(filters))) for dims in pairs]
    dice.shuffle(every)
    first = [(dims, "none") for dims in singles] + [([], name) for name in filters]
    for i, (dims, name) in enumerate((first + every)[:sample or None]):
        yield dice.choice(worlds) if sample else worlds[i % len(worlds)], dims, filters[name], dice.choice(ranges)


def verdict(judge, began, seed):
    print("# %d questions agreed (%d figures), %d refused by rule, %d wrong; %.0f s; seed %d" % (
        judge.agreed, judge.cells, sum(judge.refused.values()), judge.wrong, time.time() - began, seed))
    for name, n in sorted(judge.refused.items()):
        print("#   refused %d: %s" % (n, name))
    print("#   the slowest took %.1f s: %s" % judge.asker.slowest)
    return judge.wrong == 0


def portions(house):
    """One after the other: all of them at once would not fit."""
    for path in sorted(glob.glob(house + "/portion.*")):
        with open(path, encoding="utf-8") as f:
            yield (json.loads(line) for line in f)


def read(house):
    drain = reference.count(portions(house))
    return [answers.World(drain, site, GOALS, month.site_domain(site), lambda: clock(house)) for site in month.SITES]


def main():
    sample, seed = int(os.environ.get("FF_SAMPLE", 80)), int(os.environ.get("FF_SEED") or 4)
    worlds, began = read(sys.argv[3]), time.time()
    judge = Judge(Asker(sys.argv[1], sys.argv[2]), open(sys.argv[3] + "/asked.jsonl", "w", encoding="utf-8"))
    singles = [[d] for d in EVENT_DIMS + VISIT_DIMS + TIMES]
    pairs = [[t, d] for t in TIMES for d in EVENT_DIMS[:6] + VISIT_DIMS[::4]] + \
            [[a, b] for a in EVENT_DIMS[::3] + VISIT_DIMS[::5] for b in VISIT_DIMS[2::6] if a != b]
    for plan in plans(random.Random(seed), worlds, sample, singles, pairs, FILTERS, RANGES):
        judge.all(*plan)
    judge.orders(worlds if not sample else worlds[:2])
    judge.comparisons(worlds if not sample else worlds[:2])
    judge.keep.close()
    good = verdict(judge, began, seed)
    print("not " * (not good) + "ok 1 - every answer is what an independent count says")
    print("1..1")
    return not good


if __name__ == "__main__":
    sys.exit(main())
