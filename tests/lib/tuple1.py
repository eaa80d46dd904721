#!/usr/bin/env python3
"""tuple1.py - a spool as a collector of tuple version 1 left it, written without any of our code but from the documents of
that time (segment.h, tuple.h): what an upgrade has to drain.

    tuple1.py DIR LEDGER_IN LEDGER_OUT key=value...   age=SECONDS seq=N segment=BYTES open=0|1

LEDGER_IN: lines of mkspool; those that version 1 can hold become records, and lines of LEDGER_OUT, as a model of today
expects them: without what version 1 had no place for. DIR "-": only the lines, from a ledger of that time. age: the segments claim
to have been made so many seconds ago (negative: that are to come). open=1: the last one was never sealed.
"""
import json, os, struct, sys, time, uuid

TABLE = []
for i in range(256):
    c = i
    for _ in range(8):
        c = c >> 1 ^ (0x82f63b78 if c & 1 else 0)
    TABLE.append(c)


def crc32c(crc, data):
    crc ^= 0xffffffff
    for b in data:
        crc = TABLE[(crc ^ b) & 255] ^ crc >> 8
    return crc ^ 0xffffffff


# What is no part of version 1, as mkspool writes that it is not there.
NEWER = {"position": 0, "measure": 0, "media_length": 0, "media_position": 0, "viewer": "0" * 32, "watched": "0" * 26}
# name, and how it is written: a number of so many bytes, text, or the 16 bytes of an id. In the order of version 1.
COLUMNS = """site 4 received 8 ts 8 id uuid visitor 8 prev 8 kind 2 view_type 2 view_source 2 robot 2 flags 4 name text hostname text
path text item_kind text item_key text item_title text item_url text owner text collection text referrer text source text channel 2
utm_source text utm_medium text utm_campaign text utm_content text utm_term text click_id text country text region text city text
device 2 browser text browser_version text os text os_version text language text screen 2 engaged 4 scroll 2 value 8 currency text
props text""".split()
COLUMNS = list(zip(COLUMNS[::2], COLUMNS[1::2]))
ALWAYS = {"hostname": "www.example.com", "view_source": 1, "browser_version": "141", "os_version": "14", "language": "pt-BR",
          "screen": 1280, "scroll": 255, "region": "R1", "city": "Zürich", "props": '{"plan":"gold"}', "click_id": "gclid"}
# Among them what the model counts.
TOLD = ["hostname", "browser_version", "os_version", "language", "screen", "region", "city"]


def field(event, name, how):
    value = event.get(name, ALWAYS.get(name, "" if how == "text" else 0))
    if name == "currency":
        value = "EUR" if event["value"] else ""
    if how == "uuid":
        data = uuid.UUID(value).bytes
    elif how == "text":
        data = value.encode()
    else:
        data = int(value).to_bytes(int(how), "big", signed=True)
    return struct.pack(">i", len(data)) + data


def row(event):
    return struct.pack(">h", len(COLUMNS)) + b"".join(field(event, n, h) for n, h in COLUMNS)


def today(event):
    known = {n for n, _ in COLUMNS}
    return {**{k: v for k, v in event.items() if k in known}, **NEWER}


class Writer:
    def __init__(self, directory, created_us, size, seq):
        self.dir, self.created, self.size, self.seq, self.n = directory, created_us, size, seq, 0
        self.prev, self.prev_end = bytes(16), 0
        self.name = f"0badcafe-{os.getpid()}"
        self.begin()

    def begin(self):
        self.id = uuid.uuid4().bytes
        self.seed = crc32c(0, self.id)
        self.first = self.seq
        head = struct.pack("=IBBH16sq16sIII", 0x53504646, 1, 0, 1, self.id, self.created, self.prev, self.prev_end, self.size, self.seq)
        self.data = bytearray(head + struct.pack("=I", crc32c(0, head)))
        self.bytes = 0

    def put(self, event, payload):
        whole = (40 + len(payload) + 7) & ~7
        if len(self.data) + whole > self.size - 64:
            self.end()
        off = len(self.data)
        seed = crc32c(self.seed, struct.pack("=I", off))
        parts = [0xf5, 1, len(payload), self.seq, 0, crc32c(seed, payload), event["received"], uuid.UUID(event["id"]).bytes]
        parts[4] = crc32c(seed, struct.pack("=BBHIIIq16s", *parts))
        self.data += struct.pack("=BBHIIIq16s", *parts) + payload + bytes(whole - 40 - len(payload))
        self.bytes += len(payload)
        self.seq += 1

    def end(self, sealed=True):
        end = len(self.data)
        self.data += bytes(self.size - end)
        if sealed:
            foot = struct.pack("=II16sIIIHHQqI", 0x45504646, self.seq - self.first, self.id, end, self.first, self.seq - 1, 1, 0, self.bytes,
                               self.created, 0)
            seed = crc32c(self.seed, struct.pack("=I", self.size - 64))
            self.data[self.size - 64:] = foot + struct.pack("=I", crc32c(seed, foot))
        path = os.path.join(self.dir, f"{self.name}-{self.created:016x}.{'seg' if sealed else 'open'}")
        with open(path, "wb") as f:
            f.write(self.data)
        self.n += 1
        self.prev, self.prev_end, self.created = self.id, end, self.created + 1
        if sealed:
            self.begin()


def main():
    options = {"age": 0, "seq": 1, "segment": 131072, "open": 0, **{k: int(v) for k, v in (w.split("=") for w in sys.argv[4:])}}
    writer = None
    if sys.argv[1] != "-":
        os.makedirs(sys.argv[1], mode=0o750, exist_ok=True)
        writer = Writer(sys.argv[1], int((time.time() - options["age"]) * 1e6), options["segment"], options["seq"])
    with open(sys.argv[3], "a", encoding="utf-8") as out:
        for line in open(sys.argv[2], encoding="utf-8"):
            event = json.loads(line)
            if event["kind"] > 4 or event["flags"] > 31 or event["channel"] > 14 or event["robot"] > 4:
                continue
            event = today(event)
            if writer:
                writer.put(event, row(event))
                event = {**{n: ALWAYS[n] for n in TOLD}, **event}
            out.write(json.dumps(event) + "\n")
    if writer:
        writer.end(not options["open"])
        print(f"{writer.n} segments, {writer.seq - options['seq']} records")


main()
