#!/usr/bin/env python3
"""examples.py OPENAPI PATH - the bodies that docs/openapi.yaml shows for requests to PATH, one a line. They are written as JSON."""
import json, re, sys

text, here, asked = open(sys.argv[1], encoding="utf-8").read(), False, False
for m in re.finditer(r"^  (/\S+):$|^      (requestBody|responses):|^ +(?:example|value):\s*(?=\{)", text, re.M):
    if m[1]:
        here, asked = m[1] == sys.argv[2], False
    elif m[2]:
        asked = m[2] == "requestBody"
    elif here and asked:
        print(json.dumps(json.JSONDecoder().raw_decode(text, m.end())[0]))
