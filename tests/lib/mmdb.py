#!/usr/bin/env python3
"""mmdb.py FILE NETWORK=CC[/REGION[/CITY]]... - writes a small MMDB file of places (IPv6 tree, IPv4 under ::/96, 24-bit records)
for tests."""
import ipaddress, struct, sys


def string(text):
    return bytes([0x40 | len(text)]) + text.encode()


def uint(kind, value):  # 5: uint16, 6: uint32, 9: uint64
    data = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return (bytes([kind << 5 | len(data)]) if kind < 7 else bytes([len(data), kind - 7])) + data


def table(pairs):
    return bytes([0xe0 | len(pairs)]) + b"".join(string(k) + v for k, v in pairs)


def main():
    nodes, data, places = [[None, None]], b"", {}
    for word in sys.argv[2:]:
        network, place = word.split("=")
        net = ipaddress.ip_network(network)
        if place not in places:
            country, *names = place.split("/")
            places[place] = len(data)
            data += table([("country", table([("iso_code", string(country))]))] +
                          [(what, string(name)) for what, name in zip(("region", "city"), names)])
        bits = int(net.network_address)
        length = net.prefixlen + (96 if net.version == 4 else 0)
        at = 0
        for i in range(length - 1):
            side = bits >> (127 - i) & 1
            if nodes[at][side] is None:
                nodes.append([None, None])
                nodes[at][side] = len(nodes) - 1
            at = nodes[at][side]
        nodes[at][bits >> (128 - length) & 1] = ("data", places[place])
    n = len(nodes)
    number = lambda r: n if r is None else r if isinstance(r, int) else n + 16 + r[1]
    tree = b"".join(struct.pack(">I", number(r))[1:] for node in nodes for r in node)
    meta = table([("binary_format_major_version", uint(5, 2)), ("binary_format_minor_version", uint(5, 0)),
                  ("build_epoch", uint(9, 1700000000)), ("database_type", string("Test-Country")),
                  ("description", table([])), ("ip_version", uint(5, 6)), ("languages", bytes([0, 4])),
                  ("node_count", uint(6, n)), ("record_size", uint(5, 24))])
    with open(sys.argv[1], "wb") as f:
        f.write(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + meta)


main()
