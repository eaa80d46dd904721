#!/usr/bin/env python3
"""refusals.py - does every endpoint that records hear a visitor's no?

    refusals.py SOCKET --routes FILE --ledger FILE --ledgerdump TOOL --key KEY

Three sites, as in refusals.t: 1 honours no signal, 2 counts such visitors without identity, 3 does not count them. Each
endpoint gets each of its valid requests as it is, then with Sec-GPC, DNT and the opt-out cookie, with a key and without.
A refused event must be in the ledger under its reason, and nothing else; one line an endpoint. The records themselves are
looked at by the script: on site 2 those with a signal carry "signal" in the user agent's language.
"""
import argparse, collections, json, subprocess, sys
import fcgi, seeds

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
SITES = {n: {"domain": d, "uuid": "-".join((f"{n:02}" * 4, f"{n:02}" * 2, f"{n:02}" * 2, f"{n:02}" * 2, f"{n:02}" * 6)), "number": str(n)}
         for n, d in ((1, "loud.example"), (2, "shy.example"), (3, "quiet.example"))}
SIGNALS = {"none": {}, "gpc": {"HTTP_SEC_GPC": "1"}, "dnt": {"HTTP_DNT": "1"}, "opt_out": {"HTTP_COOKIE": "a=b; footfall-opt-out=1"}}


def expected(site, signal, events):
    if signal == "opt_out" or (site == 3 and signal != "none"):
        return {signal: events}
    return {"stored": events}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("socket")
    p.add_argument("--routes", required=True)
    p.add_argument("--ledger", required=True)
    p.add_argument("--ledgerdump", required=True)
    p.add_argument("--key", required=True)
    args = p.parse_args()
    program, wrong = fcgi.Program(args.socket), 0

    def counts():
        text = subprocess.run([args.ledgerdump, args.ledger], check=True, stdout=subprocess.PIPE).stdout.decode()
        return collections.Counter({w[0]: int(w[1]) for w in map(str.split, text.splitlines()) if w[0] not in ("received", "robots")})

    def send(method, target, kind, body, headers, key):
        before = counts()
        env = {"REQUEST_METHOD": method, "REQUEST_URI": target, "QUERY_STRING": target.partition("?")[2], "CONTENT_LENGTH": len(body),
               "CONTENT_TYPE": kind, "SERVER_PROTOCOL": "HTTP/1.1", "REMOTE_ADDR": "192.0.2.1", "HTTP_HOST": "collect.test",
               "HTTP_USER_AGENT": AGENT, "HTTP_ACCEPT_LANGUAGE": "x-signal" if headers else "de",
               **({"HTTP_AUTHORIZATION": "Bearer " + args.key} if key else {}), **headers}
        status = program.ask({n: v.encode() if isinstance(v, str) else v for n, v in env.items()}, body)[0]
        return status, dict(counts() - before)

    for method, pattern, guard in seeds.routes(open(args.routes).read(), "footfall-collect.fcgi"):
        if method == "HEAD" or seeds.NONE.search(pattern):
            continue
        tried = 0
        for n, site in SITES.items():
            for seed in seeds.seeds(method, pattern, site):
                for key in (False, True):
                    status, got = send(method, *seed, {}, key)
                    if status == 401 and not key:
                        continue
                    if set(got) != {"stored"}:
                        wrong += 1
                        print(f"WRONG {method} {pattern} site {n}: {status} {got} without any signal")
                        continue
                    for signal, headers in SIGNALS.items():
                        if not headers:
                            continue
                        status, heard = send(method, *seed, headers, key)
                        tried += 1
                        if heard != expected(n, signal, got["stored"]) or not 200 <= status < 300:
                            wrong += 1
                            print(f"WRONG {method} {pattern} site {n} {signal} key {key}: {status} {heard}, plain {got}")
        print(method, pattern, tried)
        wrong += tried == 0
    program.close()
    sys.exit(1 if wrong else 0)


main()
