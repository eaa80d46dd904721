#!/usr/bin/env python3
"""garbage.py - distinct bad requests for every endpoint of a program, and a strict account of what became of them.

    garbage.py PROGRAM SOCKET --routes FILE [--n 1000] [--seed 1] [--ledger FILE --ledgerdump TOOL] [--key KEY]

Half are broken: by construction no event can come of them. The others are mutants of valid requests: most are refused,
some are as good as before. Distinct means: no two of an endpoint have the same target, headers and body.

One line an endpoint, then "total ...". Exit code 1 and a line "WRONG ..." for: an answer of 500 or more, none at all, an
event out of a broken request, a request that the ledger does not count (once; endpoints of many events: at least once),
reasons that do not add up.
"""
import argparse, collections, json, random, re, subprocess, sys
import fcgi, seeds

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
HUGE = [0, -1, 1, 0.1, -0.0, 255, 256, 65536, 2**31, 2**32, 2**53, 2**63, 2**64, -2**63, 10**30, 1e308, -1e308, 1e-320]
WORDS = ["", " ", "null", "NaN", "Infinity", "-1", "1e999", "true", "\u0000", "a\u0000b", "\ud800", "\ufeff", "\u202e", "'", "\"",
         "<script>alert(1)</script>", "';DROP TABLE event;--", "../../etc/passwd", "%00", "%ff", "%", "${7*7}", "\r\nX: y",
         "data:text/html,x", "javascript:alert(1)", "http://[::1", "http://" + "a" * 300 + "/", "//", "\\\\x", "é" * 200,
         "2026-13-45", "0000-00-00", "9999999999999999", "e\u0301" * 50, "👾" * 70, "=1+1", "@x", "\t"]


class Maker:
    def __init__(self, rng, method, pattern, methods):
        self.r, self.method, self.pattern = rng, method, pattern
        self.valid = seeds.seeds(method, pattern)
        self.bodied = bool(self.valid[0][2])
        self.others = [m for m in ("GET", "POST", "PUT", "DELETE", "PATCH", "TRACE", "FOO") if m not in methods]

    def noise(self, n):
        return bytes(self.r.getrandbits(8) for _ in range(n))

    def text(self):
        r = self.r
        return r.choice([lambda: r.choice(WORDS), lambda: "x" * r.choice([33, 121, 201, 254, 301, 501, 2001, 5000]),
                         lambda: "".join(chr(r.randrange(1, 0x2fff)) for _ in range(r.randrange(1, 40))),
                         lambda: str(r.random())])()

    def value(self, depth=0):
        r = self.r
        kind = r.randrange(9 if depth < 3 else 5)
        if kind < 2:
            return self.text()
        if kind == 2:
            return r.choice(HUGE)
        if kind == 3:
            return r.choice([None, True, False])
        if kind == 4:
            return r.randrange(-10**6, 10**6)
        if kind < 7:
            return [self.value(depth + 1) for _ in range(r.randrange(5))]
        return {self.text()[:40]: self.value(depth + 1) for _ in range(r.randrange(5))}

    # ---- broken: nothing can come of it ----

    def nowhere(self):
        n = self.r.getrandbits(40)
        site = {"domain": f"n{n:x}.example", "uuid": f"{n:012x}-0000-4000-8000-00000000"[4:] + "0000", "number": str(10**6 + n % 10**6)}
        site["uuid"] = f"{n % 2**32:08x}-{n % 65536:04x}-4000-8000-{n:012x}"
        return seeds.seeds(self.method, self.pattern, site)

    def broken_query(self):
        r, (target, kind, body) = self.r, self.r.choice(self.nowhere())
        path, _, query = target.partition("?")
        way = r.randrange(5)
        if way == 0:
            query = "".join("%%%02x" % b for b in self.noise(r.randrange(1, 60)))
        elif way == 1:
            query = "&".join(f"{k}={v}" for k, v in ((r.getrandbits(20), r.getrandbits(30)) for _ in range(r.choice([1, 9, 300]))))
        elif way == 2:
            query += r.choice(["%ff", "%00", "%zz", "%", "%u0041"]) + str(r.getrandbits(24))
        elif way == 3:
            query = query[:r.randrange(len(query))] + str(r.getrandbits(24))
        return path + "?" + query, kind, body, {}

    def broken_body(self):
        r, (target, kind, body) = self.r, self.r.choice(self.valid)
        way = r.randrange(9)
        if way == 0:
            body = r.choice([b"\xff", b"\xc0", b"\x00", b"}", b"]", b":", b"\x80"]) + self.noise(r.randrange(1, 200))
        elif way == 1 and body[:1] in (b"{", b"["):
            body = body[:r.randrange(1, len(body) - 1)] + b" " * r.randrange(99)
        elif way == 2:
            body = b'{"a":' * r.randrange(40, 300) + str(r.getrandbits(40)).encode()
        elif way == 3 and body[:1] in (b"{", b"["):
            at = r.randrange(1, len(body))
            body = body[:at] + r.choice([b"\x00", b"\xff", b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"]) + body[at:] + b" " * r.randrange(99)
        elif way == 4:
            body = json.dumps(r.choice([self.text(), r.getrandbits(60), r.random(), r.choice([None, True, False])])).encode() + b" " * r.randrange(400)
        elif way == 5:
            return target, kind, body + b" " * r.randrange(999), {"HTTP_CONTENT_ENCODING": r.choice(["gzip", "deflate", "br", "x" + str(r.getrandbits(20))])}
        elif way == 6 and body[:1] in (b"{", b"["):
            body = body + b"," + b"x" * r.choice([10, 9000, 16000]) + str(r.getrandbits(40)).encode()
        elif way == 7:
            body = b"[" * r.randrange(1, 20) + b"]" * r.randrange(1, 20) + str(r.getrandbits(40)).encode()
        else:
            return *r.choice(self.nowhere()), {}
        return target, r.choice(["application/json", "text/plain", "", "text/" + "x" * r.randrange(50)]), body, {}

    def broken(self):
        r = self.r
        if r.randrange(20) == 0:
            target, kind, body = r.choice(self.valid)
            return r.choice(self.others), target + ("&" if "?" in target else "?") + str(r.getrandbits(32)), kind, body, {}
        return (self.method,) + (self.broken_body() if self.bodied else self.broken_query())

    # ---- mutants ----

    def mutate(self, node):
        r = self.r
        if isinstance(node, dict) and node and r.randrange(4):
            key, way = r.choice(list(node)), r.randrange(8)
            if way == 0:
                return {k: v for k, v in node.items() if k != key}
            if way == 1:
                return {**node, self.text()[:50]: self.value()}
            return {**node, key: self.mutate(node[key])}
        if isinstance(node, list) and node and r.randrange(4):
            i = r.randrange(len(node))
            return node[:i] + [self.mutate(node[i])] + node[i + 1:]
        if isinstance(node, str) and node and r.randrange(2):
            i = r.randrange(len(node))
            return node[:i] + self.text().replace(",", ";") + node[i + r.randrange(3):]
        return self.value()

    def mutant(self):
        r, (target, kind, body) = self.r, self.r.choice(self.valid)
        path, mark, query = target.partition("?")
        if body[:1] in (b"{", b"[") and r.randrange(4):
            node = json.loads(body)
            for _ in range(r.randrange(1, 4)):
                node = self.mutate(node)
            text = json.dumps(node, ensure_ascii=r.random() < 0.5)
            # A list of domains would be as many events.
            text = re.sub(r'"(?:d|domain|site)": ?"(?:[^"\\]|\\.)*"', lambda m: m[0].replace(",", ";"), text)
            body = text.encode("utf-8", "surrogatepass")
        elif body:
            at = r.randrange(len(body))
            body = body[:at] + self.noise(r.randrange(1, 4)).replace(b",", b";") + body[at + r.randrange(3):]
        if query or r.randrange(4) == 0:
            at = r.randrange(len(query) + 1)
            extra = r.choice([self.text(), "%" + "%02x" % r.randrange(128, 256), "&site=", "&d=&d=", str(r.getrandbits(20))])
            extra = "".join(c if 32 < ord(c) < 127 and c not in ",#" else "%%%02X" % (ord(c) & 255) for c in extra if c != ",")
            query, mark = query[:at] + extra + query[at + r.randrange(3):], "?"
        if r.randrange(6) == 0:
            at = r.randrange(1, len(path) + 1)
            path = path[:at] + r.choice(["%2f", "%00", "%ff", "//", "/../", ";x", "%E2%82%AC", str(r.getrandbits(16))]) + path[at:]
        headers = {}
        while r.randrange(3) == 0:
            name = r.choice(["HTTP_USER_AGENT", "HTTP_ORIGIN", "HTTP_REFERER", "HTTP_ACCEPT_LANGUAGE", "HTTP_X_FORWARDED_FOR", "HTTP_DNT",
                             "HTTP_SEC_GPC", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_X_UMAMI_CACHE", "HTTP_SEC_PURPOSE", "HTTP_HOST"])
            value = r.choice([self.text().encode("utf-8", "replace"), self.noise(r.randrange(80)), b"Bearer x"])
            headers[name] = value.replace(b"\0", b"").replace(b",", b";")
        return self.method, path + mark + query, kind if r.randrange(3) else self.text(), body, headers


def counts(args):
    if not args.ledger:
        return collections.Counter()
    text = subprocess.run([args.ledgerdump, args.ledger], check=True, stdout=subprocess.PIPE).stdout.decode()
    return collections.Counter({k: int(v) for k, v in (line.split() for line in text.splitlines())})


def send(program, one, key, address):
    method, target, kind, body, headers = one
    env = {"REQUEST_METHOD": method, "REQUEST_URI": target, "QUERY_STRING": target.partition("?")[2], "CONTENT_LENGTH": len(body),
           "CONTENT_TYPE": kind.replace("\0", "") if isinstance(kind, str) else kind, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": address,
           "HTTP_HOST": "collect.test", "HTTP_USER_AGENT": AGENT}
    if key:
        env["HTTP_AUTHORIZATION"] = "Bearer " + key
    env = {n: v.encode("utf-8", "replace") if isinstance(v, str) else v for n, v in {**env, **headers}.items()}
    return program.ask(env, body)


def main():
    p = argparse.ArgumentParser()
    p.add_argument("program")
    p.add_argument("socket")
    p.add_argument("--routes", required=True)
    p.add_argument("--n", type=int, default=1000)
    p.add_argument("--seed", type=int, default=1)
    p.add_argument("--ledger")
    p.add_argument("--ledgerdump")
    p.add_argument("--key")
    args = p.parse_args()
    table = seeds.routes(open(args.routes).read(), args.program)
    methods = collections.defaultdict(set)
    for method, pattern, _ in table:
        methods[pattern] |= {method, "HEAD", "OPTIONS"}
    program = fcgi.Program(args.socket, keep=bool(args.ledger))
    wrong, totals = [], collections.Counter()
    for method, pattern, guard in table:
        name, make = f"{method} {pattern}", Maker(random.Random(f"{args.seed} {method} {pattern}"), method, pattern, methods[pattern])
        seen, statuses = set(), collections.Counter()
        for sort in ("broken", "mutant"):
            before, sent, served = counts(args), 0, 0
            while sent < args.n // 2:
                one = getattr(make, sort)()
                mark = hash((one[:4], tuple(sorted(one[4].items()))))
                if mark in seen:
                    continue
                seen.add(mark)
                sent += 1
                try:
                    status, head, _ = send(program, one, args.key if sent % 4 else None, f"10.{sent >> 16 & 255}.{sent >> 8 & 255}.{sent & 255}")
                except OSError as e:
                    status, head = 999, str(e)
                statuses[status] += 1
                served += status < 400
                if status >= 500:
                    wrong.append(f"{name}: {status} for {one!r:.900}")
            got = counts(args) - before
            totals.update(got)
            if args.ledger:
                reasons = sum(v for k, v in got.items() if k not in ("received", "robots"))
                if reasons != got["received"]:
                    wrong.append(f"{name}: reasons sum to {reasons}, received {got['received']}")
                if sort == "broken" and got["stored"]:
                    wrong.append(f"{name}: {got['stored']} events of broken requests")
                events = sent - served if seeds.NONE.search(pattern) else sent
                if got["received"] < events or (got["received"] > events and not seeds.MANY.search(pattern)):
                    wrong.append(f"{name}: {sent} {sort} sent, {got['received']} received")
        totals["sent"] += len(seen)
        print(name, len(seen), " ".join(f"{k}:{v}" for k, v in sorted(statuses.items())), flush=True)
    program.close()
    for line in wrong[:20]:
        print("WRONG", line)
    print("total", json.dumps(dict(sorted(totals.items()))))
    sys.exit(1 if wrong else 0)


main()
