"""Countries of addresses straight from the text of geoip and geoip6, for whoever counts the same by other means.

geodata.py pick FOLDER N SEED   prints N addresses: random ones of both families, and the edges of ranges
geodata.py tell FOLDER          reads addresses, prints the country of each or "-"
"""
import bisect
import ipaddress
import random
import sys


def load(folder):
    table = {4: [], 6: []}
    for version, name in ((4, "geoip"), (6, "geoip6")):
        with open(f"{folder}/{name}", encoding="ascii") as file:
            for line in file:
                line = line.strip()
                if not line or line.startswith("#"):
                    continue
                first, last, code = line.split(",")
                if version == 6:
                    first, last = int(ipaddress.IPv6Address(first)), int(ipaddress.IPv6Address(last))
                table[version].append((int(first), int(last), code))
    return table


def address(version, number):
    return str(ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number))


def pick(table, n, seed):
    dice = random.Random(seed)
    for i in range(n):
        version = 4 if i % 2 == 0 else 6
        bits = 32 if version == 4 else 128
        first, last, _ = dice.choice(table[version])
        number = (dice.getrandbits(bits), dice.randint(first, last), first, last, last + 1, first - 1)[i // 2 % 6]
        if version == 6 and number >> 32 in (0, 0xFFFF):
            number |= 1 << 100  # those are IPv4 addresses
        print(address(version, number % (1 << bits)))


def tell(table):
    starts = {version: [row[0] for row in rows] for version, rows in table.items()}
    for line in sys.stdin:
        parsed = ipaddress.ip_address(line.strip())
        rows, number = table[parsed.version], int(parsed)
        at = bisect.bisect_right(starts[parsed.version], number) - 1
        code = rows[at][2] if at >= 0 and number <= rows[at][1] else "-"
        print("-" if not code.isalpha() or code in ("EU", "AP", "ZZ", "XX") else code)


data = load(sys.argv[2])
if sys.argv[1] == "pick":
    pick(data, int(sys.argv[3]), int(sys.argv[4]))
else:
    tell(data)
