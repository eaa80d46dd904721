#!/usr/bin/env python3
"""visits.py PORT ROUTES NEEDLES MARK - every address and user agent of NEEDLES visits every collecting endpoint through the
web server at PORT: with a valid request (MARK stands in its path), with broken ones, and with a refused method. The address
comes in X-Forwarded-For, as from a trusted balancer. Where NEEDLES has subjects and tokens: once more as signed-in viewers, and
as a backend with a key that passes on addresses and agents. Prints "sent N": of the valid ones that were answered 2xx."""
import http.client, json, sys
import seeds

port, routes, needles, mark = int(sys.argv[1]), open(sys.argv[2]).read(), open(sys.argv[3]).read().splitlines(), sys.argv[4]
addresses = [n.split()[1] for n in needles if n.startswith("address ")]
agents = [n[6:] for n in needles if n.startswith("agent ")][:4]
tokens = [n[6:] for n in needles if n.startswith("token ") and n.count(".") == 2]
key = next((n[6:] for n in needles if n.startswith("token ffk_")), None)
web, sent, wrong = http.client.HTTPConnection("127.0.0.1", port, timeout=10), 0, 0


def ask(method, target, kind, body, agent, address, **more):
    web.request(method, target, body, {"User-Agent": agent, "X-Forwarded-For": address, "Content-Type": kind or "text/plain", **more})
    answer = web.getresponse()
    answer.read()
    return answer.status


for method, pattern, guard in seeds.routes(routes, "footfall-collect.fcgi"):
    if method not in ("GET", "POST") or guard != "open":
        continue
    for i, address in enumerate(addresses):
        for agent in agents:
            for target, kind, body in seeds.seeds(method, pattern):
                body = body.replace(b'"event_id": "6f4c1a52-0f3a-4c55-9d0c-3c1c6a1b2d01", ', b"").replace(b"example.com/", b"example.com/" + mark.encode() + b"/")
                status = ask(method, target, kind, body, agent, address)
                sent += 200 <= status < 300
                if status >= 500:
                    wrong += 1
                    print(method, pattern, status)
            ask(method, target, kind, body[:-3] + b"\xff", agent, address)
            ask("PUT", target, kind, body, agent, address)
            ask(method, target, kind, body, agent, address + ", nonsense", **{"X-Debug-Request": "true", "Referer": "https://www.example.org/r"})
            ask(method, target, kind, body, agent, address, **{"Sec-GPC": "1", "DNT": "1", "Cookie": "a=b", "Content-Encoding": "gzip" if i else "identity"})
for i, token in enumerate(tokens):
    event = {"n": "pageview", "u": f"https://example.com/{mark}/signed-in", "d": "example.com"}
    for body, more in (({**event, "token": token}, {}), (event, {"Authorization": "Bearer " + token}), ({**event, "token": token[:-4] + "AAAA"}, {})):
        sent += ask("POST", "/api/event", "application/json", json.dumps(body).encode(), agents[i % 2], addresses[i % 4], **more) == 202
if key:
    events = [{"n": "pageview", "u": f"https://example.com/{mark}/server", "d": "example.com", "client_ip": a, "user_agent": agents[i % 4]}
              for i, a in enumerate(addresses)]
    status = ask("POST", "/api/events", "application/json", json.dumps({"events": events}).encode(), "backend/1", "192.0.2.1", Authorization="Bearer " + key)
    wrong += status != 202
    if status != 202:
        print("with a key:", status)
print("sent", sent)
sys.exit(1 if wrong or not sent else 0)
