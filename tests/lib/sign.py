#!/usr/bin/env python3
"""sign.py SECRET METHOD TARGET [BODY] [--at SECONDS] [--nonce TEXT] - the headers of a signed request (docs/jobs.md), as
variables of CGI, one a line: for tests, and written from the document alone."""
import argparse, hashlib, hmac, time

p = argparse.ArgumentParser()
p.add_argument("secret"), p.add_argument("method"), p.add_argument("target"), p.add_argument("body", nargs="?", default="")
p.add_argument("--at", type=int, default=None), p.add_argument("--nonce", default="")
a = p.parse_args()
at = int(time.time()) if a.at is None else a.at
text = "\n".join(["v1", str(at), a.nonce, a.method, a.target, a.body])
print(f"HTTP_X_FOOTFALL_TIMESTAMP={at}")
if a.nonce:
    print(f"HTTP_X_FOOTFALL_NONCE={a.nonce}")
print("HTTP_X_FOOTFALL_SIGNATURE=v1=" + hmac.new(a.secret.encode(), text.encode(), hashlib.sha256).hexdigest())
