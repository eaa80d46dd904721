#!/usr/bin/env python3
"""beacons.py SOCKET PATH FIRST COUNT [SITE] - COUNT page views of PATH by the visitors FIRST, FIRST+1... straight to the
collector. Prints how many were answered 202 and not dropped."""
import sys
import fcgi

socket, path, first, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
site = sys.argv[5] if len(sys.argv) > 5 else "example.com"
program, good = fcgi.Program(socket), 0
for i in range(first, first + count):
    body = f'{{"n":"pageview","u":"https://{site}{path}"}}'.encode()
    status, head, _ = program.ask({
        "REQUEST_METHOD": "POST", "REQUEST_URI": "/api/event", "CONTENT_LENGTH": len(body), "CONTENT_TYPE": "text/plain",
        "REMOTE_ADDR": f"192.0.{2 + i // 250}.{i % 250 + 1}",
        "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"}, body)
    good += status == 202 and "x-plausible-dropped" not in head.lower()
print(good)
