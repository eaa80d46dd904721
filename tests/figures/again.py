#!/usr/bin/env python3
"""again.py SOCKET KEY ASKED - questions that matrix.py has asked, and what it was answered (a line of JSON each), asked again now
that the sums of whole weeks and months are there: the same rows, to the last visitor. Prints TAP."""
import json, sys

import matrix


def rows(results):
    return sorted(json.dumps([r["dimensions"], r["metrics"]], ensure_ascii=False) for r in results)


def main():
    asker, asked, wrong = matrix.Asker(sys.argv[1], sys.argv[2]), 0, []
    with open(sys.argv[3], encoding="utf-8") as f:
        for line in f:
            question, before = json.loads(line)
            status, reply = asker.ask(question)
            asked += 1
            after = reply.get("results", [])
            if status == 200 and rows(before) == rows(after):
                continue
            wrong.append("%s: %s" % (json.dumps(question, ensure_ascii=False), reply.get("error") if status != 200 else
                         "%s was %s" % (sorted(set(rows(after)) - set(rows(before)))[:4], sorted(set(rows(before)) - set(rows(after)))[:4])))
    for line in wrong[:12]:
        print("#", line)
    print("# %d questions asked again, %d answered otherwise" % (asked, len(wrong)))
    print("not " * bool(wrong or not asked) + "ok 1 - the sums of weeks and months say what those of days do")
    print("1..1")
    return bool(wrong or not asked)


sys.exit(main())
