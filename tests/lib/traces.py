#!/usr/bin/env python3
"""traces.py - searches every byte below some places for what must not be there, and for what must.

    traces.py NEEDLES PLACE...       NEEDLES: lines "address A", "agent TEXT", "subject TEXT", "token TEXT", "salt HEX" or
                                     "planted TEXT"

An address is looked for as text (all spellings of it) and in its binary forms, an agent, a token and its subject as text, JSON
text and percent-encoded, the subject in base64 too, a salt raw, in hex and in base64 at each alignment. Letters are compared without case. Prints one line a
finding: "found KIND NAME FORM FILE"; "planted" ones are the control. Then "searched N files, M bytes for K patterns".
"""
import base64, ipaddress, json, os, re, sys, urllib.parse


def address_forms(text):
    ip = ipaddress.ip_address(text)
    raw = ip.packed
    yield "text", str(ip).encode()
    yield "hex", raw.hex().encode()
    if ip.version == 4:
        # Four bytes alone stand in megabytes of anything by chance: with what goes before them in each known form.
        yield "mapped", b"\xff\xff" + raw
        yield "mapped hex", b"ffff" + raw.hex().encode()
        yield "inet of PostgreSQL", b"\x02\x20" + raw
        yield "sockaddr", b"\x00\x00" + raw + bytes(8)
        yield "::ffff:", b"::ffff:" + str(ip).encode()
        yield "decimal", str(int(ip)).encode()
        yield "percent-encoded", str(ip).replace(".", "%2e").encode()
    else:
        groups = ip.exploded.split(":")
        yield "exploded", ip.exploded.encode()
        yield "without leading zeros", ":".join(f"{int(g, 16):x}" for g in groups).encode()
        yield "percent-encoded", str(ip).replace(":", "%3a").encode()
        yield "raw", raw
        yield "reversed", raw[::-1]
        yield "first 64 bits", raw[:8]
        yield "first 64 bits as text", str(ip).rpartition("::")[0].encode() or ":".join(f"{int(g, 16):x}" for g in groups[:4]).encode()


def text_forms(text):
    yield "text", text.encode()
    yield "JSON", json.dumps(text)[1:-1].encode()
    yield "percent-encoded", urllib.parse.quote(text).encode()
    yield "form-encoded", urllib.parse.quote_plus(text).encode()
    yield "UTF-16", text.encode("utf-16-le")


def salt_forms(text):
    raw = bytes.fromhex(text)
    yield "raw", raw
    yield "first half", raw[:16]
    yield "second half", raw[16:]
    yield "reversed", raw[::-1]
    yield "hex", text.lower().encode()
    yield "half in hex", text.lower()[:32].encode()
    for skip in range(3):
        part = raw[skip:skip + (len(raw) - skip) // 3 * 3]
        yield f"base64+{skip}", base64.b64encode(part)
        yield f"base64url+{skip}", base64.urlsafe_b64encode(part)


def subject_forms(text):
    yield from text_forms(text)
    raw = text.encode()
    for skip in range(3):  # inside of something longer: whole groups of three only
        part = raw[skip:skip + (len(raw) - skip) // 3 * 3]
        yield f"base64+{skip}", base64.b64encode(part)
        yield f"base64url+{skip}", base64.urlsafe_b64encode(part)
    yield "hex", raw.hex().encode()


FORMS = {"address": address_forms, "agent": text_forms, "subject": subject_forms, "token": text_forms, "salt": salt_forms,
         "planted": text_forms}


def main():
    patterns = {}
    for line in open(sys.argv[1]):
        kind, _, text = line.rstrip("\n").partition(" ")
        if text:
            for form, needle in FORMS[kind](text):
                patterns.setdefault(needle.lower(), (kind, text, form))
    zeros = re.compile(rb"\0{64,}")
    files = size = 0
    for place in sys.argv[2:]:
        for top, _, names in os.walk(place) if os.path.isdir(place) else [(os.path.dirname(place), [], [os.path.basename(place)])]:
            for name in names:
                path = os.path.join(top, name)
                if os.path.islink(path) or not os.path.isfile(path):
                    continue
                data = open(path, "rb").read()
                files, size = files + 1, size + len(data)
                data = zeros.sub(bytes(64), data).lower()
                for needle, (kind, text, form) in patterns.items():
                    if needle in data:
                        print("found", kind, text.replace(" ", "_")[:60], form.replace(" ", "-"), path)
    print(f"searched {files} files, {size} bytes for {len(patterns)} patterns")


main()
