#!/usr/bin/env python3
"""plausible.py places|setup|days|events DAY|ask SOCKET KEY LIB - the events of tests/room/plausible.t, and what is asked about them.

What is expected is counted here, from the list of events alone: visitors are (day in UTC, person), visits are what a person does
without 30 minutes of rest, figures of events count events, figures of visits the visits that began then.
"""
import datetime as dt
import json
import sys
import zoneinfo

ZONE = zoneinfo.ZoneInfo("Europe/Berlin")
DAYS = ["2026-03-27", "2026-03-28", "2026-03-29", "2026-03-30", "2026-03-31"]  # summer time begins on the 29th

CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"
IPHONE = ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 "
          "Mobile/15E148 Safari/604.1")
ANDROID = ("Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile "
           "Safari/537.36")
# address, place, user agent, device, width of the screen
PEOPLE = {
    "ann": ("198.51.100.7", ("DE", "Berlin", "Berlin"), CHROME, "Desktop", 1920),
    "bob": ("203.0.113.9", ("US", "California", "Oakland"), FIREFOX, "Desktop", 1200),
    "cat": ("192.0.2.5", ("FR", "", ""), IPHONE, "Mobile", 390),
    "dan": ("198.18.0.77", ("DE", "Bavaria", "Munich"), ANDROID, "Mobile", 412),
    "eve": ("2001:db8::42", ("", "", ""), FIREFOX, "Desktop", 1000),
}
GOOGLE, HN = "https://www.google.com/", "https://news.ycombinator.com/item?id=1"

# day, time (UTC), who, name, URL behind the host, further fields
EVENTS = [
    ("2026-03-27", "09:00", "ann", "pageview", "/", {"r": GOOGLE}),
    ("2026-03-27", "09:05", "ann", "pageview", "/blog/one", {"p": {"author": "jane"}}),
    ("2026-03-27", "09:06", "ann", "engagement", "/blog/one", {"e": 40000, "sd": 80}),
    ("2026-03-27", "09:10", "ann", "Signup", "/signup", {"p": {"plan": "pro"}}),
    ("2026-03-27", "10:00", "ann", "pageview", "/pricing", {}),
    ("2026-03-27", "09:30", "bob", "pageview", "/blog/one?utm_source=mail&utm_medium=email&utm_campaign=spring", {}),
    ("2026-03-27", "09:31", "bob", "engagement", "/blog/one", {"e": 20000, "sd": 40}),
    ("2026-03-27", "11:00", "cat", "pageview", "/", {}),
    ("2026-03-28", "08:00", "ann", "pageview", "/", {}),
    ("2026-03-28", "08:01", "ann", "pageview", "/pricing", {}),
    ("2026-03-28", "08:02", "ann", "Purchase", "/pricing", {"p": {"plan": "pro"}, "$": {"currency": "EUR", "amount": "1249.50"}}),
    ("2026-03-28", "08:20", "bob", "pageview", "/blog/two", {"r": HN, "p": {"author": "joe"}}),
    ("2026-03-28", "08:21", "bob", "pageview", "/blog/one", {"p": {"author": "jane"}}),
    ("2026-03-28", "08:22", "bob", "engagement", "/blog/one", {"e": 10000, "sd": 60}),
    ("2026-03-28", "15:00", "dan", "pageview", "/blog/two?utm_source=mail&utm_medium=email&utm_campaign=summer", {}),
    ("2026-03-28", "15:01", "dan", "Signup", "/signup", {"p": {"plan": "free"}}),
    ("2026-03-28", "22:58", "eve", "pageview", "/", {}),  # 23:58 there
    ("2026-03-29", "00:30", "cat", "pageview", "/blog/one", {"r": GOOGLE}),  # 01:30, before the hour that is missing
    ("2026-03-29", "01:30", "dan", "pageview", "/blog/one", {"r": GOOGLE}),  # 03:30, behind it
    ("2026-03-29", "01:31", "dan", "pageview", "/Pricing", {}),
    ("2026-03-29", "01:32", "dan", "engagement", "/blog/one", {"e": 30000, "sd": 100}),
    ("2026-03-29", "12:00", "eve", "pageview", "/docs/a.b", {"u_host": "docs.example.com"}),
    ("2026-03-30", "06:00", "ann", "pageview", "/", {"r": GOOGLE}),
    ("2026-03-30", "06:01", "ann", "Purchase", "/pricing", {"p": {"plan": "team"}, "$": {"currency": "EUR", "amount": 750.5}}),
    ("2026-03-30", "06:02", "ann", "Donation", "/pricing", {"$": {"currency": "USD", "amount": 20}}),
    ("2026-03-30", "07:00", "bob", "pageview", "/pricing", {"r": HN}),
    ("2026-03-30", "07:01", "bob", "pageview", "/blog/two", {"p": {"author": "joe"}}),
    ("2026-03-30", "07:02", "bob", "Heartbeat", "/blog/two", {"i": False}),
    ("2026-03-30", "20:00", "cat", "pageview", "/pricing", {}),
    ("2026-03-31", "10:00", "ann", "pageview", "/", {}),
    ("2026-03-31", "10:05", "ann", "pageview", "/blog/one", {"p": {"author": "jane"}}),
    ("2026-03-31", "12:27", "dan", "pageview", "/", {}),
    ("2026-03-31", "12:28", "eve", "pageview", "/pricing", {}),
    ("2026-03-31", "12:29", "eve", "Signup", "/signup", {"p": {"plan": "free"}}),
]
GOALS = [("Signup", "event", "Signup", "", "NULL", "NULL"), ("Purchase", "event", "Purchase", "", "NULL", "'EUR'"),
         ("Donation", "event", "Donation", "", "NULL", "'USD'"), ("Visit /blog/**", "page", "", "/blog/**", "NULL", "NULL"),
         ("Visit /pricing", "page", "", "/pricing", "NULL", "NULL")]
SEGMENTS = [("Germans", [["is", "visit:country", ["DE"]]]),
            ("Germans on phones", [["is", "visit:country", ["DE"]], ["is", "visit:device", ["Mobile"]]]),
            ("Subscribers", [["is", "event:goal", ["Signup"]]])]


def places():
    nets = {"ann": "198.51.100.0/24", "bob": "203.0.113.0/24", "cat": "192.0.2.0/24", "dan": "198.18.0.0/24"}
    for who, net in nets.items():
        print(net + "=" + "/".join(part for part in PEOPLE[who][1] if part))


def setup():
    for row in GOALS:
        print("INSERT INTO goal (site_id, name, kind, event_name, path, scroll, currency) VALUES (1, '%s', '%s', '%s', '%s', %s, %s);" % row)
    for name, filters in SEGMENTS:
        print("INSERT INTO segment (site_id, name, filters) VALUES (1, '%s', '%s');" % (name, json.dumps(filters)))


def post(day):
    out = []
    for date, time, who, name, url, more in EVENTS:
        if date != day:
            continue
        more = dict(more)
        host = more.pop("u_host", "example.com")
        out.append({"n": name, "d": "example.com", "u": "https://" + host + url, "timestamp": date + "T" + time + ":00Z",
                    "client_ip": PEOPLE[who][0], "user_agent": PEOPLE[who][2], "w": PEOPLE[who][4], **more})
    print(json.dumps({"events": out}))


def main():
    what = sys.argv[1]
    if what == "places":
        places()
    elif what == "setup":
        setup()
    elif what == "days":
        print(" ".join(DAYS))
    elif what == "events":
        post(sys.argv[2])
    else:
        sys.path.insert(0, sys.argv[4])
        import plausible_ask
        plausible_ask.run(sys.argv[2], sys.argv[3])


if __name__ == "__main__":
    main()
