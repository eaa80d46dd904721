#!/usr/bin/env python3
"""exported.py events|visits FILE... - is what the files hold (CSV, or JSON lines where a name ends so), one behind the other,
what the tables of site 1 in PG* hold? Reads the tables as they are and puts labels in by itself. In later files of CSV the head
is expected again. Prints the number of rows."""
import csv, io, json, subprocess, sys

WHAT, FILES = sys.argv[1], sys.argv[2:]
KINDS = ["", "pageview", "event", "engagement", "view", "reaction", "comment", "follow", "share", "media", "interaction",
         "configuration", "performance", "error", "search"]
TYPES = [None, "intentional", "listing", "search", "widget", "embed"]
SOURCES = [None, "web", "api", "player", "feed", "app"]


def rows(sql):
    """Rows of a query as dicts, through COPY's CSV, in which NULL is the only unquoted nothing."""
    p = subprocess.Popen(["psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-c", f"COPY ({sql}) TO STDOUT (FORMAT csv, HEADER, NULL '\\N')"],
                         stdout=subprocess.PIPE)
    for row in csv.DictReader(io.TextIOWrapper(p.stdout, encoding="utf-8", newline="")):
        yield {k: None if v == "\\N" else v for k, v in row.items()}
    assert p.wait() == 0


LABELS = {int(r["label_id"]): r["value"] for r in rows("SELECT * FROM label WHERE site_id = 1")}
ITEMS = {r["content_id"]: (r["kind"], r["key"]) for r in rows("SELECT content_id, kind, key FROM content WHERE site_id = 1")}


def label(number):
    return None if number is None else LABELS[int(number)]


def micros(number):
    if number is None:
        return None
    n = int(number)
    text = f"{abs(n) // 1000000}.{abs(n) % 1000000:06d}".rstrip("0").rstrip(".")
    return "-" * (n < 0) + text


def event(r):
    item = ITEMS[r["content_id"]] if r["content_id"] else (None, None)
    flags = int(r["flags"])
    return {"time": r["at"], "event_id": r["event_id"], "kind": KINDS[int(r["kind"])], "name": label(r["name"]),
            "hostname": label(r["hostname"]), "path": label(r["path"]), "item_kind": item[0], "item_id": item[1],
            "view_type": TYPES[int(r["view_type"])], "view_source": SOURCES[int(r["view_source"])], "list": label(r["list"]),
            "position": r["position"], "target": label(r["target"]), "value": micros(r["measure_micros"]),
            "revenue": micros(r["value_micros"]), "currency": r["currency"], "engaged_ms": r["engaged_ms"],
            "scroll": None if r["scroll"] == "255" else r["scroll"], "media_length_ms": r["media_length_ms"],
            "media_position_ms": r["media_position_ms"], "authenticated": str(bool(flags & 4)).lower(),
            "unique": str(bool(flags & 256)).lower(), "visit_id": None if r["visit_id"] == "0" else r["visit_id"],
            "props": r["props"]}


def visit(r):
    return {"started": r["at"], "visit_id": r["visit_id"], "pageviews": r["pageviews"], "views": r["views"], "events": r["events"],
            "bounce": str(int(r["interactive"]) <= 1).lower(), "duration_s": str((int(r["last_us"]) - int(r["us"])) // 1000000),
            **{k: label(r[k]) for k in ("source", "referrer", "utm_source", "utm_term", "country", "city", "browser", "os", "language")},
            "entry_hostname": label(r["entry_hostname"]), "exit_hostname": label(r["exit_hostname"]), "entry_page": label(r["entry_page"]), "exit_page": label(r["exit_page"]), "authenticated": "true" if r["auth"] == "t" else "false"}


STAMP = "to_char({0} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') AS at"
if WHAT == "events":
    ours = map(event, rows(f"SELECT *, {STAMP.format('ts')} FROM event WHERE site_id = 1 AND robot = 0 ORDER BY ts, event_id"))
else:
    ours = map(visit, rows(f"""SELECT *, {STAMP.format('started_at')}, (extract(epoch FROM started_at) * 1000000)::bigint AS us,
        (extract(epoch FROM last_at) * 1000000)::bigint AS last_us FROM visit WHERE site_id = 1 AND purge_id IS NULL
        ORDER BY started_at, visit_id"""))


def is_formula(text):
    if not text or text[0] not in "=+-@\t\r\n":
        return False
    body = text[1:] if text[0] in "+-" else text
    whole, point, rest = body.partition(".")
    return not (whole.isascii() and whole.isdigit() and (not point or (rest.isascii() and rest.isdigit())))


def theirs():
    for name in FILES:
        with open(name, encoding="utf-8-sig", newline="") as f:
            if name.endswith(".jsonl"):
                for line in f:
                    yield json.loads(line, parse_float=str, parse_int=str), False
            else:
                for row in csv.DictReader(f, strict=True):
                    yield row, True


n, nowhere, cursors = 0, object(), set()
ours = iter(ours)
for row, is_csv in theirs():
    want = next(ours, None)
    if want is None:
        sys.exit(f"row {n} is one too many: {row}")
    for key, value in want.items():
        got = row.get(key, nowhere)
        if is_csv:
            value = "" if value is None else ("'" + value if is_formula(value) else value)
        elif isinstance(got, bool):
            got = str(got).lower()
        elif key == "props" and value is not None:
            got, value = json.dumps(got, sort_keys=True), json.dumps(json.loads(value, parse_float=str, parse_int=str), sort_keys=True)
        if got != value:
            sys.exit(f"row {n}, {key}: expected {value!r}, got {got!r}")
    for pseudonym in ("visitor", "viewer"):
        if pseudonym in row:
            sys.exit(f"row {n} has the pseudonym {pseudonym}")
    cursors.add(row["cursor"])
    n += 1
if next(ours, None) is not None:
    sys.exit(f"rows behind {n} are missing")
if len(cursors) != n:
    sys.exit("cursors are not different")
print(n)
