"""Clients that never finish: half of them drip a head, half a body, a byte a second, from ten loopback addresses.

usage: slow.py PORT CLIENTS; prints "open" when all are, runs until it is killed; who is hung up on comes again."""
import selectors
import socket
import sys
import time

port, clients = int(sys.argv[1]), int(sys.argv[2])
head = b"POST /api/event HTTP/1.1\r\nHost: x\r\nUser-Agent: Mozilla/5.0 (X11) Firefox/128.0\r\n"
body = head + b"Content-Length: 5000\r\n\r\n{"
selector = selectors.DefaultSelector()


def begin(i):
    s = socket.socket()
    s.setsockopt(socket.IPPROTO_IP, 24, 1)  # IP_BIND_ADDRESS_NO_PORT
    s.bind(("127.0.0.%d" % (2 + i % 10), 0))
    s.connect(("127.0.0.1", port))
    s.send(body if i % 2 else head + b"X-Slow: ")
    s.setblocking(False)
    selector.register(s, selectors.EVENT_READ, i)


def end(key):
    selector.unregister(key.fileobj)
    key.fileobj.close()
    try:
        begin(key.data)
    except OSError:
        pass


for i in range(clients):
    begin(i)
print("open", flush=True)
again = time.monotonic() + 1
while True:
    for key, _ in selector.select(timeout=max(0, again - time.monotonic())):
        end(key)
    if time.monotonic() < again:
        continue
    again += 1
    for key in list(selector.get_map().values()):
        try:
            key.fileobj.send(b"x")
        except OSError:
            end(key)
