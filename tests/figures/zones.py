#!/usr/bin/env python3
"""zones.py ZONE_PRINT - each instant lies in one local hour and one local day, in all zones: base/day.h against zoneinfo.

For every zone that Python knows: instants around each of its changes from December 2011 (Apia's lost day is in it; before,
Newfoundland's clocks went back over midnight, and its day in two parts has no one beginning) to 2037, and some anywhere.
Seed: FF_SEED. Prints TAP."""
import datetime, os, random, subprocess, sys, zoneinfo

UTC, EPOCH = datetime.timezone.utc, datetime.datetime(1970, 1, 1)
S, HOUR, DAY = 1_000_000, 3600_000_000, 86400_000_000
FIRST, LAST = 1322697600, 2145916800  # December 2011, 2038
STEP = 4 * 86400


def local(zone, us):
    """Wall clock, without its zone: whole microseconds are kept."""
    here = datetime.datetime.fromtimestamp(us // S, UTC).astimezone(zone)
    return here.replace(tzinfo=None, microsecond=us % S)


def offset(zone, s):
    return datetime.datetime.fromtimestamp(s, UTC).astimezone(zone).utcoffset()


def changes(zone):
    """Seconds at which another offset begins, found by halving."""
    found, s, was = [], FIRST, offset(zone, FIRST)
    while s < LAST:
        now = offset(zone, s + STEP)
        if now != was:
            low, high = s, s + STEP
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (middle, high) if offset(zone, middle) == was else (low, middle)
            found.append(high)
        s, was = s + STEP, now
    return found


def instants(zone, dice):
    out = {dice.randrange(FIRST, LAST) * S + dice.randrange(S) for _ in range(20)}
    for change in changes(zone):
        for off in (0, 60, 1799, 1800, 3599, 3600, 5400, 7200, 43200, 86400):
            out |= {(change + off) * S, (change + off) * S - 1, (change - off) * S, (change - off) * S + 1}
        out |= {(change + dice.randrange(-90000, 90000)) * S + dice.randrange(S) for _ in range(6)}
    return sorted(out)


def judge(name, zone, us, said):
    """What is wrong with "HOUR DAY START" of that instant."""
    here, (hour, day, start) = local(zone, us), said
    since = datetime.timedelta(minutes=here.minute, seconds=here.second, microseconds=here.microsecond)
    if hour != us - since // datetime.timedelta(microseconds=1):
        return "hour"
    if day != (here - EPOCH).days:
        return "day"
    if (local(zone, start) - EPOCH).days != day or start > us:
        return "start of the day"
    return "" if (local(zone, start - 1) - EPOCH).days < day else "start of the day, which began before"


def main():
    seed = int(os.environ.get("FF_SEED") or random.randrange(1 << 30))
    dice, names = random.Random(seed), sorted(zoneinfo.available_timezones() - {"localtime"})
    asked = [(name, zoneinfo.ZoneInfo(name), instants(zoneinfo.ZoneInfo(name), dice)) for name in names]
    text = "".join(f"{name} {' '.join(map(str, of))}\n" for name, zone, of in asked)
    answers = iter(subprocess.run([sys.argv[1]], input=text.encode(), check=True, stdout=subprocess.PIPE).stdout.split(b"\n"))
    unknown, wrong, n = [], [], 0
    for name, zone, of in asked:
        said = next(answers)
        if said == b"?":
            unknown.append(name)
            continue
        for i, us in enumerate(of):
            said = said if i == 0 else next(answers)
            fault = judge(name, zone, us, [int(x) for x in said.split()])
            n += 1
            if fault:
                wrong.append(f"{name} {us} ({local(zone, us)}): {fault}: {said.decode()}")
    print(f"# {n} instants of {len(names)} zones, seed {seed}")
    for line in wrong[:20] + unknown:
        print("#", line)
    print("not " * bool(unknown) + "ok 1 - every zone is known")
    print("not " * bool(wrong) + "ok 2 - each instant lies in the local hour and the local day of its wall clock")
    print("1..2")
    return bool(wrong or unknown)


sys.exit(main())
