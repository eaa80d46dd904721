"""fcgi.py - a small FastCGI client for tests: one request at a time over a unix socket, kept open where the program allows.

    Program(path, keep=True).ask({"REQUEST_METHOD": "GET", ...}, b"body") -> (status, head, body)

Parameters may be a list of pairs, so that a name can be there twice; names and values are str or bytes.
"""
import socket, struct

RESPONDER, KEEP = 1, 1
BEGIN, END, PARAMS, STDIN, STDOUT = 1, 3, 4, 5, 6


def _bytes(text):
    return text if isinstance(text, bytes) else str(text).encode("utf-8", "surrogateescape")


def _length(n):
    return struct.pack(">B", n) if n < 128 else struct.pack(">I", n | 0x80000000)


def _records(kind, data):
    out = []
    for at in range(0, len(data), 65528):
        part = data[at:at + 65528]
        out.append(struct.pack(">BBHHBx", 1, kind, 1, len(part), 0) + part)
    out.append(struct.pack(">BBHHBx", 1, kind, 1, 0, 0))
    return b"".join(out)


def request(params, body, keep=True):
    pairs = params.items() if isinstance(params, dict) else params
    pairs = [(_bytes(n), _bytes(v)) for n, v in pairs]
    data = b"".join(_length(len(n)) + _length(len(v)) + n + v for n, v in pairs)
    begin = struct.pack(">BBHHBxHB5x", 1, BEGIN, 1, 8, 0, RESPONDER, KEEP if keep else 0)
    return begin + _records(PARAMS, data) + _records(STDIN, body)


class Program:
    def __init__(self, path, keep=True, timeout=30):
        self.path, self.keep, self.timeout, self.sock = path, keep, timeout, None

    def close(self):
        if self.sock:
            self.sock.close()
        self.sock = None

    def _read(self, n):
        out = b""
        while len(out) < n:
            part = self.sock.recv(n - len(out))
            if not part:
                raise ConnectionError("closed in the middle of an answer")
            out += part
        return out

    def _answer(self):
        out = b""
        while True:
            _, kind, _, length, padding = struct.unpack(">BBHHBx", self._read(8))
            data = self._read(length + padding)[:length]
            if kind == STDOUT:
                out += data
            elif kind == END:
                return out

    def ask(self, params, body=b""):
        if not self.sock:
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(self.timeout)
            self.sock.connect(self.path)
        try:
            self.sock.sendall(request(params, body, self.keep))
            text = self._answer()
        except OSError:
            self.close()
            raise
        if not self.keep:
            self.close()
        head, _, rest = text.partition(b"\r\n\r\n")
        status = int(head[8:11]) if head.startswith(b"Status: ") else 200
        return status, head.decode("latin-1"), rest
