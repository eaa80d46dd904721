"""Sends batches of events with ids of their own until it is told to stop; every id that was acknowledged stands in a
synced ledger.

usage: batches.py PORT LEDGER CLIENTS EVENTS; SIGTERM ends it."""
import http.client
import json
import os
import signal
import sys
import threading
import uuid

port, ledger, clients, events = int(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
stop = threading.Event()
lock = threading.Lock()
out = os.open(ledger, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
agent = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"


def send(connection):
    ids = [str(uuid.uuid4()) for _ in range(events)]
    body = {"events": [{"n": "pageview", "u": "https://example.com/%d" % i, "d": "example.com", "event_id": id}
                       for i, id in enumerate(ids)]}
    connection.request("POST", "/api/events", json.dumps(body), {"User-Agent": agent})
    answer = connection.getresponse()
    text = answer.read()
    if answer.status != 202:
        return
    taken = [r["event_id"] for r in json.loads(text)["results"] if r["status"] == "accepted"]
    with lock:
        os.write(out, "".join(id + "\n" for id in taken).encode())
        os.fdatasync(out)


def run():
    connection = None
    while not stop.is_set():
        try:
            connection = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            send(connection)
        except (OSError, http.client.HTTPException):
            connection = None
            stop.wait(0.02)


signal.signal(signal.SIGTERM, lambda *_: stop.set())
threads = [threading.Thread(target=run) for _ in range(clients)]
for t in threads:
    t.start()
for t in threads:
    t.join()
