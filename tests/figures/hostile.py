#!/usr/bin/env python3
"""hostile.py SOCKET KEY - questions that nobody asks in good faith: refused with a 4xx or answered, never a 5xx, never in more than
two seconds (asked a second time, for the machine may have been busy), and the statistics work as before. Prints TAP."""
import json, os, sys, time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lib"))
import matrix, month

SITE = month.site_domain(1)
GOOD = {"site_id": SITE, "metrics": ["visitors", "pageviews"], "date_range": ["2020-10-03", "2020-10-05"], "dimensions": ["visit:source"]}
WORDS = ["'; DROP TABLE event; --", "1 OR 1=1", "$1", "\\'\"{},NULL", "%s%n%s", "\u202e\ufdd0", "a" * 5000, "", " ", "../../etc/passwd",
         "visit:source) UNION SELECT secret FROM site --", "event:props:'||(SELECT secret FROM site)||'", "time:day'", "\u0000", "ſite", "NaN"]
PATTERNS = ["^(([a-z/-])+)+[0-9]*X$", "(a+)+$", "(.*)*(.*)*(.*)*Z$", "(x+x+)+y", "^(/?b?l?o?g?-?)*$", "[", "(", "*", "\\", "(?R)", "(?<=a+)b", "\\1",
            "(?{1})", "(*LIMIT_MATCH=999999999)(.*)*Z", "(" * 200 + ")" * 200, "|".join(["b.*o.*g"] * 400), ".{1,1000}{1,1000}", "\\p{Foo}",
            "(?:(?:(?:(?:a{0,99}){0,99}){0,99}){0,99}){0,99}", "[[:alpha:]]{65536}", "(?i)" + "é" * 400]
RANGES = ["", "0d", "5001d", "-1d", "1e9d", "101mo", "0mo", "day; DROP TABLE site", ["0001-01-01", "9999-12-31"], ["1920-01-01", "2020-12-31"],
          ["2020-02-30", "2020-03-01"], ["2020-10-05", "2020-10-01"], ["2020-10-01"], ["2020-10-01T00:00:00Z", "2020-10-02"], [None, None], {}, 7,
          ["2020-10-01T00:00:00+99:99", "2020-10-02T00:00:00Z"], ["1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z"]]


def deep(n):
    f = ["is", "visit:source", ["Google"]]
    for _ in range(n):
        f = ["not", f]
    return f


def questions():
    for word in WORDS:
        yield {**GOOD, "site_id": word}
        yield {**GOOD, "metrics": [word]}
        yield {**GOOD, "dimensions": [word]}
        yield {**GOOD, "date_range": word}
        yield {**GOOD, "order_by": [[word, "desc"]]}
        yield {**GOOD, "order_by": [["visitors", word]]}
        yield {**GOOD, word: 1}
        yield {**GOOD, "dimensions": ["event:props:" + word]}
        for dim in ("visit:source", "event:page", "content:item", "visit:channel", "event:props:plan", "event:props:" + word, word, "event:goal"):
            for op in ("is", "is_not", "contains", "matches_not", word):
                yield {**GOOD, "filters": [[op, dim, [word]]]}
        yield {**GOOD, "filters": [["is", "segment", [word]]]}
    for pattern in PATTERNS:
        for dim in ("event:page", "visit:source", "content:item", "event:props:size", "visit:channel"):
            yield {**GOOD, "filters": [["matches", dim, [pattern]]]}
    # Each match is short, and so many of them are not.
    yield {**GOOD, "filters": [["matches", "event:page", ["[^#]*[#$]%d" % i for i in range(1000)]]]}
    yield {**GOOD, "filters": [["matches", "event:page", ["(?:a{1,1000}){1,60}%d" % i for i in range(1000)]]]}
    for span in RANGES:
        for dims in ([], ["time:hour"], ["time:day", "event:page"], ["time"]):
            yield {**GOOD, "date_range": span, "dimensions": dims}
            yield {**GOOD, "date_range": span, "dimensions": dims, "filters": [["contains", "event:page", ["/"]]]}
    for n in (3, 7, 8, 9, 100):
        yield {**GOOD, "filters": [deep(n)]}
    yield {**GOOD, "filters": [["has_done", ["has_done", ["is", "event:name", ["signup"]]]]]}
    yield {**GOOD, "filters": [["and", []]]}
    yield {**GOOD, "filters": [["is", "visit:source", []]]}
    yield {**GOOD, "filters": [["is", "visit:source", ["x%d" % i for i in range(2000)]]]}
    yield {**GOOD, "filters": [["or", [["contains", "event:page", ["/%d" % i]] for i in range(60)]]]}
    yield {**GOOD, "filters": [["contains", "event:page", ["%d" % i for i in range(900)]]]}
    for odd in ([], {}, None, 1, "x", [[]], [1], [None], True, 1e308):
        for key in GOOD.keys() | {"filters", "order_by", "include", "pagination"}:
            yield {**GOOD, key: odd}
    for limit in (-1, 0, 10001, 1e18, 1.5, "5", None):
        yield {**GOOD, "pagination": {"limit": limit}}
        yield {**GOOD, "pagination": {"offset": limit}}
    yield {**GOOD, "metrics": ["visitors"] * 40}
    yield {**GOOD, "dimensions": ["visit:source", "visit:source"]}
    yield {**GOOD, "dimensions": ["event:page", "visit:source", "visit:country", "visit:os", "visit:browser", "event:name", "time:hour", "visit:city"]}
    yield {**GOOD, "dimensions": matrix.VISIT_DIMS}


TEXTS = [b"", b"{", b"null", b"[]", b'"x"', b"{}" * 3, b"\xff\xfe", b'{"site_id":"\xc3"}', b'{"a":' * 50 + b"1" + b"}" * 50, b"[" * 100000, b" " * 300000,
         b'{"site_id":"site1.test","site_id":"site2.test","metrics":["visitors"],"date_range":"day"}', b'{"metrics":[1e999]}']


def main():
    asker = matrix.Asker(sys.argv[1], sys.argv[2])
    status, before = asker.ask(GOOD)
    asked, wrong, slowest = 0, [], 0

    def judge(what, send):
        nonlocal asked, slowest
        asked += 1
        for _ in range(2):
            began = time.time()
            status = send()
            took = time.time() - began
            if took <= 2:
                break
        slowest = max(slowest, took)
        if status >= 500 or status < 200:
            wrong.append("%d for %s" % (status, what[:300]))
        if took > 2:
            wrong.append("%.1f s for %s" % (took, what[:300]))

    for q in questions():
        judge(json.dumps(q), lambda: asker.send(json.dumps(q).encode())[0])
    for text in TEXTS:
        judge(repr(text[:80]), lambda: asker.send(text)[0])
    status, after = asker.ask(GOOD)
    if status != 200 or after["results"] != before["results"]:
        wrong.append("the figures are others than before: %s" % after)
    for line in wrong[:12]:
        print("#", line)
    print("# %d hostile questions, %d wrong, the slowest took %.2f s" % (asked, len(wrong), slowest))
    print("not " * bool(wrong) + "ok 1 - hostile questions are refused or answered, in time")
    print("1..1")
    return bool(wrong)


sys.exit(main())
