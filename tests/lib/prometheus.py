"""Reads Prometheus' text format from standard input by its rules and prints "ok", or what is wrong with it.

Each name is announced by HELP and TYPE before its samples, which stand together; no sample comes twice; a histogram's
buckets grow, end with +Inf, and that is its count."""
import re
import sys

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABEL = r'[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"'
SAMPLE = re.compile(r"(%s)(?:\{(%s(?:,%s)*)\})? (\S+)$" % (NAME, LABEL, LABEL))


def wrong(why, line):
    print("%s: %s" % (why, line))
    sys.exit(1)


def family(name, types):
    for suffix in ("_bucket", "_sum", "_count"):
        base = name[:-len(suffix)]
        if name.endswith(suffix) and types.get(base) == "histogram":
            return base
    return name


helps, types, seen, ended, values, current = set(), {}, set(), set(), {}, None
for line in sys.stdin.read().split("\n")[:-1]:
    if line.startswith("# HELP "):
        name = line.split(" ", 3)[2]
        if name in helps:
            wrong("two HELP", line)
        helps.add(name)
        continue
    if line.startswith("# TYPE "):
        _, _, name, kind = line.split(" ")
        if kind not in ("counter", "gauge", "histogram") or name in types:
            wrong("bad TYPE", line)
        types[name] = kind
        continue
    found = SAMPLE.match(line)
    if not found:
        wrong("no sample", line)
    name, labels, value = found.groups()
    base = family(name, types)
    if base not in types or base not in helps:
        wrong("not announced", line)
    if base != current:
        if base in ended:
            wrong("not together", line)
        ended.add(base)
        current = base
    if (name, labels) in seen:
        wrong("twice", line)
    seen.add((name, labels))
    if types[base] == "counter" and (float(value) < 0 or not name.endswith("_total")):
        wrong("no counter", line)
    values.setdefault(name, []).append((labels, float(value)))
for base in [n for n, kind in types.items() if kind == "histogram"]:
    buckets = [v for _, v in values[base + "_bucket"]]
    if buckets != sorted(buckets) or values[base + "_bucket"][-1][0] != 'le="+Inf"' or buckets[-1] != values[base + "_count"][0][1]:
        wrong("bad histogram", base)
print("ok")
