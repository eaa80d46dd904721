#!/usr/bin/env python3
"""examples.py places | days | events DAY | run YAMLJSON OPENAPI ROUTES [--show]

The small world in which docs/openapi.yaml's examples are true, and the asking of them all (tests/room/openapi-examples.t, whose
variables of the environment it takes). --show prints what was answered in place of judging it.
"""
import datetime as dt
import json
import os
import re
import subprocess
import sys
import urllib.parse

NOW = "2026-11-21T15:20:00Z"
DAYS = ["2026-11-18", "2026-11-19", "2026-11-20", "2026-11-21"]
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
          "Mobile/15E148 Safari/604.1")
RAIN = {"kind": "video", "id": "42", "title": "Rain on glass", "url": "https://example.com/v/42", "owner": "anna", "collection": "spring"}
SNOW = {"kind": "video", "id": "43", "title": "First snow", "url": "https://example.com/v/43", "owner": "ben", "collection": "winter"}

# Responses that no example shows, each with its reason.
UNSHOWN = {
    "GET /pixel.gif": "an image of 43 bytes, the same always",
    "GET /count": "an image", "POST /count": "an image",
    "GET /matomo.php": "an image", "GET /piwik.php": "an image",
    "GET /opt-out": "a page for people", "GET /metrics": "measurements, held against Prometheus' format by shared.t",
}
# Answers that are never twice the same: of what is shown each part must come as well, whatever its value.
VARIES = {
    "GET /api/health": "ages, bytes, and what has run",
    "GET /api/jobs": "times, and the names of places; and not all tasks are shown",
    "GET /api/jobs/{task}": "the same",
}
# Values that are made anew each time; text is compared without them.
MADE = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?Z?|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\b[0-9a-f]{32}\b|ffs_[\w-]{43}")


# ---- the world ----

def events_of(day):
    """Visitors 1..n of a day see the rain, every second one the snow as well; more of them each day."""
    n = {DAYS[0]: 4, DAYS[1]: 5, DAYS[2]: 6, DAYS[3]: 24}[day]
    for v in range(n):
        at = dt.datetime.fromisoformat(f"{day}T{8 + v % 7:02}:{5 + v:02}:00+00:00")
        who = {"client_ip": f"198.51.100.{v + 1}" if v % 3 else f"203.0.113.{v + 1}", "user_agent": IPHONE if v % 4 == 1 else FIREFOX,
               "domain": "example.com"}
        search = {"referrer": "https://www.google.com/"} if v % 2 else {}
        campaign = "?utm_source=mail&utm_campaign=autumn" if v % 5 == 4 else ""
        step = iter(range(0, 3600, 20))

        def said(**more):
            return {**who, "timestamp": (at + dt.timedelta(seconds=next(step))).strftime("%Y-%m-%dT%H:%M:%SZ"), **more}

        yield said(name="pageview", url=f"https://example.com/{campaign}", title="Home", props={"theme": "dark" if v % 2 else "light"}, **search)
        yield said(kind="view", item=RAIN, view_type="listing", list="home", position=1, url="https://example.com/")
        yield said(name="pageview", url="https://example.com/v/42", item=RAIN, list="home", position=1)
        yield said(name="engagement", url="https://example.com/v/42", item=RAIN, e=30000 + v * 1000, sd=60 + v % 40)
        if v % 2 == 0:
            yield said(name="pageview", url="https://example.com/v/43", item=SNOW)
            yield said(name="engagement", url="https://example.com/v/43", item=SNOW, e=45000, sd=90)
        if v % 3 == 0:
            yield said(kind="media", name="ended", item=RAIN, e=55000, media={"length": 60000, "position": 60000, "watched": "0-99"})
            yield said(kind="reaction", name="like", item=RAIN)
        if v % 4 == 3:
            yield said(name="Purchase", url="https://example.com/shop", props={"plan": "yearly"}, **{"$": {"currency": "EUR", "amount": 49.5}})
        if day == DAYS[3] and v < 3:  # of the last five minutes
            late = dt.datetime.fromisoformat(NOW) - dt.timedelta(seconds=90 + v)
            yield {**who, "client_ip": f"192.0.2.{v + 7}", "timestamp": late.strftime("%Y-%m-%dT%H:%M:%SZ"), "name": "pageview",
                   "url": "https://example.com/about", "title": "About us"}


# ---- asking ----

class Caller:
    """footfall-stats.fcgi and footfall-collect.fcgi as plain CGI, by the clock of the world."""

    def __init__(self):
        env = os.environ
        self.clock = {k: env[k] for k in ("FF_CLOCK", "ASAN_OPTIONS") if k in env} | {"LD_PRELOAD": env["FF_EXAMPLES_CLOCK"]}
        self.build, self.conf, self.log = env["FF_BUILDDIR"], env["FF_EXAMPLES_CONF"], open(env["FF_EXAMPLES_LOG"], "ab")
        self.words = dict(w.split("=", 1) for w in env["FF_EXAMPLES_WORDS"].split())  # as the book has it -> as it is here
        self.keys = dict(w.split("=", 1) for w in env["FF_EXAMPLES_KEYS"].split())

    def here(self, text):
        for word, real in self.words.items():
            text = text.replace(word, real)
        return text

    def there(self, text):
        for word, real in self.words.items():
            text = text.replace(real, word)
        return text

    def ask(self, op, target, kind=None, body=None, key=None):
        program = "collect" if op.tag == "record" else "stats"
        form = kind == "application/x-www-form-urlencoded"
        sent = b"" if body is None else self.here(urllib.parse.urlencode(body) if form else json.dumps(body)).encode()
        target = self.here(target)
        env = {**self.clock, "FOOTFALL_STATS_CACHE": "0", "FOOTFALL_LIMIT_CALLER": "off", "REQUEST_METHOD": op.method, "REQUEST_URI": target,
               "QUERY_STRING": target.partition("?")[2], "CONTENT_LENGTH": str(len(sent)), "REMOTE_ADDR": "127.0.0.1", "HTTPS": "on",
               "HTTP_HOST": "stats.example.com", "HTTP_USER_AGENT": FIREFOX, "SERVER_PROTOCOL": "HTTP/1.1", "SCRIPT_NAME": ""}
        if kind:
            env["CONTENT_TYPE"] = kind
        if key:
            env["HTTP_AUTHORIZATION"] = "Bearer " + key
        if op.tag == "record":
            env["REMOTE_ADDR"] = "192.0.2.200"
        done = subprocess.run([f"{self.build}/footfall-{program}.fcgi", "--conf", self.conf], input=sent, env=env, stdout=subprocess.PIPE,
                              stderr=self.log, timeout=60)
        head, _, rest = done.stdout.partition(b"\r\n\r\n")
        lines = head.decode().split("\r\n")
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        return int(headers.get("status", "200").split()[0]), headers, rest


def key_of(caller, op):
    """The least that the description promises to be enough."""
    if op.path == "/api/v0/count":
        return caller.keys["record"]
    return None if op.open or op.tag in ("record", "public") else caller.keys[op.tag]


def same(shown, got):
    if isinstance(shown, dict) and isinstance(got, dict):
        return shown.keys() == got.keys() and all(same(shown[k], got[k]) for k in shown)
    if isinstance(shown, list) and isinstance(got, list):
        return len(shown) == len(got) and all(map(same, shown, got))
    if isinstance(shown, str) and isinstance(got, str):
        return MADE.sub("*", shown) == MADE.sub("*", got)
    if isinstance(shown, float) and isinstance(got, float):  # scores fade by the second
        return abs(shown - got) <= abs(shown) / 1000
    return shown == got and isinstance(shown, bool) == isinstance(got, bool)


def alike(shown, got):
    if isinstance(shown, dict) and isinstance(got, dict):
        return shown.keys() == got.keys() and all(alike(shown[k], got[k]) for k in shown)
    if isinstance(shown, list) and isinstance(got, list):
        return all(any(alike(s, g) for g in got) for s in shown)
    return None in (shown, got) or isinstance(shown, type(got))


class Judge:
    def __init__(self, book, caller, show):
        self.book, self.caller, self.show, self.n, self.failed = book, caller, show, 0, 0

    def tell(self, name, bad):
        self.n, self.failed = self.n + 1, self.failed + bool(bad)
        print(f"{'not ok' if bad else 'ok'} {self.n} - {name}", *(f"# {b}" for b in bad[:12]), sep="\n", flush=True)

    def example(self, op, target, name, kind, body):
        """Asks one example and judges question and answer."""
        bad = self.question_faults(op, target, kind, body)
        status, headers, got = self.caller.ask(op, target, kind, body, key_of(self.caller, op))
        said, media = op.answer(status), headers.get("content-type", "").partition(";")[0]
        shown = self.shown_by(said, media, name) if target == (op.targets() or [target])[0] else None
        if status >= 400 or said is None:
            bad.append(f"is answered {status}, {'an error' if said else 'which is not described'}: {got[:200]!r}")
        elif got:
            bad += self.answer_faults(op, said, media, got, shown)
        if self.show and got and target == (op.targets() or [target])[0]:
            print("@", json.dumps([op.path, op.method, status, media, name, self.caller.there(got.decode(errors="replace")), shown is not None]))
        self.tell(f"{op.method} {target}{' ' + name if name else ''}: {status} {media}", bad)
        return shown is not None or (not got and op.name not in UNSHOWN)

    @staticmethod
    def shown_by(said, media, name):
        content = (said or {}).get("content", {}).get(media, {})
        return content.get("examples", {}).get(name, {}).get("value", content.get("example"))

    def question_faults(self, op, target, kind, body):
        path, _, query = target.partition("?")
        pattern = re.sub(r"\\\{[a-z]+(\\\*)?\\\}", lambda hole: ".+" if hole[1] else "[^/]+", re.escape(op.path))
        bad = [] if re.fullmatch(pattern, path) else [f"{path} is no {op.path}"]
        if op.tag != "record" or op.params:
            bad += op.check_query(urllib.parse.parse_qsl(query, keep_blank_values=True))
        if kind:
            bad += self.book.faults(op.op["requestBody"]["content"][kind]["schema"], body, "body")
        return bad

    def answer_faults(self, op, said, media, got, shown):
        content = said.get("content", {})
        if media not in content:
            return [f"no {media} is described"]
        if content[media]["schema"].get("format") == "binary":
            return []
        text = self.caller.there(got.decode())
        if media != "application/json":
            return [] if shown is None or same(shown, text) else [f"the example is not what is answered: {text[:500]!r}"]
        value = json.loads(text)
        bad = self.book.faults(content[media]["schema"], value)
        if shown is not None:
            bad += ["the example: " + b for b in self.book.faults(content[media]["schema"], shown)]
            bad += [] if (alike if op.name in VARIES else same)(shown, value) else [f"the example is not what is answered: {text[:3000]}"]
        return bad

    def operation(self, op):
        shown = ran = 0
        for name, asked in op.bodies().items():
            for target in op.targets():
                kind, body = asked or (None, None)
                shown += self.example(op, target, name, kind, body)
                ran += 1
        if not ran:
            self.tell(f"{op.name} has an example that is run", ["it has none"])
        elif not shown and op.name not in UNSHOWN and not self.show:
            self.tell(f"{op.name} shows an answer", ["it shows none"])
        elif shown and op.name in UNSHOWN:
            self.tell(f"{op.name} is an exception", ["and shows an answer all the same: take it off the list"])

    def stranger(self, op):
        """Who has no key hears 401, in the words of the description."""
        status, headers, got = self.caller.ask(op, op.targets()[0].partition("?auth=")[0])
        bad = [] if status == 401 else [f"answered {status}"]
        said = op.answer(401)
        bad += ["401 is not described"] if said is None else self.book.faults(said["content"]["application/json"]["schema"], json.loads(got))
        self.tell(f"{op.name} is for nobody without a key", bad)


def order(op):
    """What makes things first, what takes them away last."""
    if "/reset/" in op.path:
        return 4
    last = op.method == "DELETE" and op.path.endswith("/sites/{site}")
    return 0 if op.tag == "record" else 6 if last else {"POST": 1, "PUT": 2, "GET": 3, "DELETE": 5}[op.method]


def run(yamljson, openapi, routes, show):
    sys.path.insert(0, os.path.join(os.environ["FF_SRCDIR"], "tests/lib"))
    from openapi import Book
    book = Book(yamljson, openapi)
    judge = Judge(book, Caller(), show)
    operations = {op.name: op for op in book.operations()}
    wanted = [" ".join(line.split()[:2]) for line in open(routes)]
    for name in wanted:
        if name not in operations:
            judge.tell(f"{name} is described", ["it is not"])
    for op in sorted(operations.values(), key=order):
        judge.operation(op)
    for op in operations.values():
        if not op.open and op.tag != "record" and op.targets():
            judge.stranger(op)
    print(f"1..{judge.n}")
    return judge.failed


if __name__ == "__main__":
    if sys.argv[1] == "places":
        print("198.51.100.0/24=DE/Berlin/Berlin 203.0.113.0/24=US/California/Oakland 192.0.2.0/24=FR")
    elif sys.argv[1] == "days":
        print(*DAYS)
    elif sys.argv[1] == "events":
        print(json.dumps({"events": list(events_of(sys.argv[2]))}))
    else:
        sys.exit(run(*sys.argv[2:5], "--show" in sys.argv) > 0)
