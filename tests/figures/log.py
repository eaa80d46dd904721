#!/usr/bin/env python3
"""log.py SOCKET KEY LOG WORDS ASSETS SITE HOUSE - the matrix over a real access log that `footfall import` has read.

The log is read a second time by tests/e2e/log_model.py, counted by reference.py and asked about as matrix.py does; of what
comes from user agents nothing is asked, for there is no second parser of them here. Prints TAP."""
import hashlib, os, random, re, sys, time, urllib.parse

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "e2e"))
import answers, log_model, matrix, month, reference

S, ZONE = month.S, "America/St_Johns"
DIMS = [["event:page"], ["event:name"], ["visit:entry_page"], ["visit:exit_page"], ["visit:auth"], ["visit:utm_source"],
        ["visit:utm_medium"], ["visit:utm_campaign"]] + [[t] for t in matrix.TIMES]
PAIRS = [["time:day", "event:page"], ["time:day", "visit:entry_page"], ["time:hour", "visit:utm_source"], ["time:week", "visit:exit_page"],
         ["event:page", "visit:entry_page"], ["visit:entry_page", "visit:exit_page"], ["event:page", "visit:utm_medium"]]
FILTERS = {
    "none": [],
    "is page": [["is", "event:page", ["/", "/projects/xdotool/", "/nowhere"]]],
    "is_not page": [["is_not", "event:page", ["/"]]],
    "contains page": [["contains", "event:page", ["/blog/", "xdotool"]]],
    "contains insensitive": [["contains", "event:page", ["/BLOG/"], {"case_sensitive": False}]],
    "contains_not page": [["contains_not", "event:page", ["/blog/"]]],
    "matches page": [["matches", "event:page", ["^/(articles|blog)/.*[0-9]", "html$"]]],
    "matches_not page": [["matches_not", "event:page", ["^/blog"]]],
    "from a search": [["matches", "visit:referrer", ["^google\\.[a-z.]+(/|$)"]]],
    "direct": [["is", "visit:referrer", ["Direct / None"]]],
    "not direct, blog": [["is_not", "visit:referrer", ["Direct / None"]], ["contains", "event:page", ["/blog"]]],
    "entry": [["is", "visit:entry_page", ["/", "/projects/xdotool/"]]],
    "exit": [["contains_not", "visit:exit_page", ["/blog"]]],
    "campaign": [["is_not", "visit:utm_source", ["(not set)"]]],
    "or": [["or", [["is", "visit:entry_page", ["/"]], ["contains", "event:page", ["projects"]]]]],
    "nested": [["not", ["and", [["contains", "event:page", ["blog"]], ["not", ["is", "visit:referrer", ["Direct / None"]]]]]]],
    "has_done": [["has_done", ["contains", "event:page", ["/projects/"]]]],
    "has_not_done": [["has_not_done", ["is", "event:page", ["/"]]], ["is", "event:name", ["pageview"]]],
}
RANGES = ["day", "24h", "7d", "28d", "month", "6mo", "year", "all", ["2015-05-18", "2015-05-19"], ["2015-05-20", "2015-05-20"],
          ["2015-05-18T02:30:00Z", "2015-05-19T13:29:59Z"], ["2015-05-18T05:00:00Z", "2015-05-18T20:59:59Z"]]


def referrer(raw, site):
    """Of a referrer the host alone; filters ask for no more."""
    return log_model.referrer_host(raw, site)


def campaign(target):
    query = urllib.parse.parse_qs(target.partition(b"?")[2].partition(b"#")[0].decode("latin-1"))
    pick = lambda *names: next((query[n][0].strip() for n in names if n in query), "")
    return {"utm_source": pick("utm_source", "source", "ref"), "utm_medium": pick("utm_medium"), "utm_campaign": pick("utm_campaign")}


def identity(line, day):
    word = hashlib.sha256(b"%s %s %d" % (line["address"].encode(), line["agent"], day)).digest()
    return str(int.from_bytes(word[:8], "big") >> 1)


def records(log, words, assets, site):
    for n, line in enumerate(log_model.lines(log)):
        if log_model.classify(line, assets) != "page":
            continue
        ts = int(line["time"].timestamp()) * S
        e = {"id": "%032x" % n, "site": 1, "ts": ts, "received": ts, "kind": month.PAGEVIEW, "name": "pageview", "flags": 0,
             "path": log_model.page_path(line["target"]), "referrer": referrer(line["referrer"], site), "view_type": 1,
             "view_source": 1, "robot": int(log_model.is_robot(line["agent"], words)), "visitor": identity(line, ts // month.DAY),
             "prev": identity(line, ts // month.DAY - 1), **campaign(line["target"])}
        yield e


def main():
    socket, key, log, words, assets, site, house = sys.argv[1:]
    seed, sample, began = int(os.environ.get("FF_SEED") or 5), int(os.environ.get("FF_SAMPLE", 60)), time.time()
    month.SITES = {1: ZONE}
    drain = reference.count([list(records(log, log_model.read_words(words), log_model.read_lines(assets), site))])
    world = answers.World(drain, 1, (), site, lambda: matrix.clock(house))
    judge = matrix.Judge(matrix.Asker(socket, key))
    for plan in matrix.plans(random.Random(seed), [world], sample, DIMS, PAIRS, FILTERS, RANGES):
        judge.all(*plan)
    good = matrix.verdict(judge, began, seed)
    print("not " * (not good) + "ok 1 - every answer about the log is what an independent count of it says")
    print("1..1")
    return not good


sys.exit(main())
