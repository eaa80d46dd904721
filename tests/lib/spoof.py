#!/usr/bin/env python3
"""spoof.py - every collecting endpoint, each with every header by which somebody could claim another address or country.

    spoof.py PORT --routes FILE [--forwarded ADDRESS]

--forwarded: what an honest balancer appends to X-Forwarded-For. Sends to each endpoint one request as it is and one for
every attack; to the first one also from another user agent (language fr: it must be another visitor, so that the
comparison can fail). Where the language comes from the header it names the attack. Raw sockets, because clients tidy up.
"""
import argparse, socket, sys
import seeds

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
FALSE = "203.0.113.66"
ADDRESS = ["X-Forwarded-For", "X-Real-IP", "CF-Connecting-IP", "Forwarded", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP",
           "Fastly-Client-IP", "X-Plausible-IP", "b-forwarded-for", "X-Umami-Client-IP", "Client-IP"]
OTHERS = [[("Proxy", f"http://{FALSE}:8080")], [("Remote-Addr", FALSE)], [("REMOTE_ADDR", FALSE)], [("X-Remote-Addr", FALSE)],
          [("X-Originating-IP", FALSE)], [("X-ProxyUser-Ip", FALSE)], [("Via", f"1.1 {FALSE}")], [("X-Forwarded-Host", "other.example")],
          [("X-Forwarded-Server", "other.example")], [("Forwarded", f'for="[2001:db8:6::6]";proto=https, for={FALSE}')],
          [("CF-IPCountry", "FR")], [("X-Country-Code", "FR")], [("CloudFront-Viewer-Country", "FR")], [("X-AppEngine-Country", "FR")],
          [("X-Vercel-IP-Country", "FR")], [("X-GeoIP-Country", "FR")], [("GEOIP_COUNTRY_CODE", "FR")], [("MM-Country-Code", "FR")]]


def attacks():
    out = []
    for name in ADDRESS:
        value = f"for={FALSE}" if name == "Forwarded" else FALSE
        for spelled in (name, name.replace("-", "_"), name.upper(), name.replace("-", "_").upper(), "HTTP_" + name.replace("-", "_").upper()):
            out.append([(spelled, value)])
        out += [[(name, value), (name, "2001:db8:6::6")], [(name, value), (name.replace("-", "_"), value)], [(name, value + ", " + value)]]
    out += OTHERS
    for value in ("unknown", "_hidden", ", ,", FALSE + ",", "a" * 3000, f"{FALSE}\t", f"{FALSE}:99", f"[::ffff:{FALSE}]", "0x7f.1", f"{FALSE}%eth0"):
        out.append([("X-Forwarded-For", value)])
    return out


def with_balancer(headers, forwarded):
    """The balancer appends to the header if it is there under its own name, as they do, and adds it otherwise."""
    out, done = [], False
    last = max((i for i, (n, _) in enumerate(headers) if n.lower() == "x-forwarded-for"), default=-1)
    for i, (n, v) in enumerate(headers):
        if i == last:
            v, done = v + ", " + forwarded, True
        out.append((n, v))
    return out if done else out + [("X-Forwarded-For", forwarded)]


def send(port, method, target, kind, body, language, agent, headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: collect.test", f"User-Agent: {agent}", f"Accept-Language: {language}", "Connection: close",
             f"Content-Length: {len(body)}"] + ([f"Content-Type: {kind}"] if kind else []) + [f"{n}: {v}" for n, v in headers]
    with socket.create_connection(("127.0.0.1", port), 10) as s:
        s.sendall("\r\n".join(lines + ["", ""]).encode() + body)
        out = b""
        while part := s.recv(65536):
            out += part
    return int(out[9:12]) if out.startswith(b"HTTP/1.") else 0


def main():
    p = argparse.ArgumentParser()
    p.add_argument("port", type=int)
    p.add_argument("--routes", required=True)
    p.add_argument("--forwarded")
    args = p.parse_args()
    table = [r for r in seeds.routes(open(args.routes).read(), "footfall-collect.fcgi") if r[0] in ("GET", "POST") and r[2] == "open"]
    honest = (lambda h: with_balancer(h, args.forwarded)) if args.forwarded else (lambda h: h)
    every = attacks()
    bad = 0
    for method, pattern, _ in table:
        # Ids that clients choose would make one event of all.
        target, kind, body = seeds.seeds(method, pattern)[0]
        body = body.replace(b'"event_id": "6f4c1a52-0f3a-4c55-9d0c-3c1c6a1b2d01", ', b"")
        cases = [("de", AGENT, [])] + [(f"x-{i}", AGENT, h) for i, h in enumerate(every)]
        if pattern == table[0][1]:
            cases.append(("fr", AGENT.replace("128", "127"), []))
        for language, agent, headers in cases:
            status = send(args.port, method, target, kind, body, language, agent, honest(headers))
            if status == 401 and not headers:
                print(f"{method} {pattern} wants a key: left out")
                break
            if not (200 <= status < 300 or status == 400 and headers):
                bad += 1
                print(f"WRONG {method} {pattern} {headers}: {status}"[:200])
    print(f"{len(every)} attacks on {len(table)} endpoints")
    sys.exit(1 if bad else 0)


main()
