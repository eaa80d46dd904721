#!/usr/bin/env python3
"""An access log counted a second time, by other means: the oracle of import.t and replay.t.

It shares no code with Footfall. What it shares are the robot words (`footfall robots`) and the asset
extensions (`footfall robots --assets`): lists, not logic.

    log_model.py expect LOG WORDS ASSETS SITE    figures as JSON
    log_model.py replay LOG ASSETS SITE URL      sends each page line as a beacon, address and user agent kept;
                                                 prints how often each status was answered, as JSON
"""
import collections
import http.client
import json
import re
import sys
import threading
import urllib.parse
from datetime import datetime, timezone

LINE = re.compile(
    rb'^(\S+) \S+ .*?\[([^\]]+)\] "((?:[^"\\]|\\.)*)" (\d{3}) \S+(?: "((?:[^"\\]|\\.)*)" "((?:[^"\\]|\\.)*)"?)?')
IDLE_S = 30 * 60


def unescape(raw):
    return re.sub(rb'\\(x[0-9a-fA-F]{2}|.)',
                  lambda m: bytes([int(m[1][1:], 16)]) if len(m[1]) == 3 else m[1], raw)


def clean(raw):
    """Text as PostgreSQL may hold it: bad bytes as U+FFFD, control characters as spaces."""
    text = raw.decode('utf-8', 'replace')
    return ''.join(' ' if ord(c) < 32 or ord(c) == 127 else c for c in text)


def lines(path):
    with open(path, 'rb') as f:
        for raw in f:
            m = LINE.match(raw)
            if not m:
                yield None
                continue
            host, when, request, status, referrer, agent = m.groups()
            parts = unescape(request).split(b' ')
            yield {
                'address': host.decode(), 'status': int(status),
                'time': datetime.strptime(when.decode(), '%d/%b/%Y:%H:%M:%S %z'),
                'method': parts[0].decode('latin-1'), 'target': b' '.join(parts[1:-1]) if len(parts) > 2 else b'',
                'referrer': b'' if referrer in (None, b'-') else unescape(referrer),
                'agent': b'' if agent in (None, b'-') else unescape(agent),
            }


def classify(line, assets):
    if line is None:
        return 'malformed'
    if line['method'] != 'GET':
        return 'method'
    if not (200 <= line['status'] <= 299 or line['status'] == 304):
        return 'status'
    last = re.split(rb'[?#]', line['target'])[0].rsplit(b'/', 1)[-1]
    if b'.' in last and last.rsplit(b'.', 1)[1].decode('latin-1').lower() in assets:
        return 'asset'
    return 'page'


def is_robot(agent, words):
    text = agent.decode('latin-1').strip(' \t\r\n\v\f')
    if not text:
        return True
    text = ''.join(chr(ord(c) + 32) if 'A' <= c <= 'Z' else c for c in text[:4096])
    for word, kind in words:
        if kind == 'human':
            text = text.replace(word, '(')
        elif word.startswith('^'):
            if text.startswith(word[1:]):
                return True
        elif word.startswith('!'):
            if word[1:] not in text:
                return True
        elif word in text:
            return True
    return False


def page_path(target):
    raw = re.split(rb'[?#]', target)[0]
    return clean(urllib.parse.unquote_to_bytes(raw)).strip(' ') or '/'


def referrer_host(referrer, site):
    m = re.match(r'^(https?|android-app)://(?:[^/?#@]*@)?([^/?#:]+)', referrer.decode('utf-8', 'replace'), re.I)
    if not m or '\ufffd' in m[2]:  # a host in some other encoding is no host
        return ''
    host = m[2].lower().rstrip('.')
    host = host[4:] if host.startswith('www.') else host
    if host == site or host.endswith('.' + site) or host in ('localhost', '127.0.0.1'):
        return ''
    return host


def expect(log, words, assets, site):
    out = collections.Counter()
    days, paths, hosts = collections.Counter(), collections.Counter(), collections.Counter()
    pages = []
    for line in lines(log):
        kind = classify(line, assets)
        out[kind] += 1
        if kind != 'page':
            continue
        if is_robot(line['agent'], words):
            out['robot'] += 1
            continue
        pages.append(line)
        days[line['time'].astimezone(timezone.utc).strftime('%Y-%m-%d')] += 1
        paths[page_path(line['target'])] += 1
    visits, last, first = 0, {}, {}
    for line in sorted(pages, key=lambda l: l['time']):  # stable: equal seconds stay in the file's order
        who, now = (line['address'], line['agent']), line['time'].timestamp()
        if who not in last or now - last[who] > IDLE_S:
            visits += 1
            hosts[referrer_host(line['referrer'], site)] += 1
        last[who] = now
    for line in pages:  # as the replay sends them: in the file's order, all within one visit
        first.setdefault((line['address'], line['agent']), referrer_host(line['referrer'], site))
    return {'left_out': dict(out), 'days': dict(days), 'paths': dict(paths), 'visits': visits,
            'referrers': dict(hosts), 'visitors': len(first),
            'referrers_in_one_go': dict(collections.Counter(first.values()))}


def as_browsers_send(referrer):
    """Of a referrer in some other encoding a script sees nothing it could send as JSON."""
    try:
        return clean(referrer) if referrer.decode() else None
    except UnicodeDecodeError:
        return None


def replay(log, assets, site, url):
    """Four connections; a visitor's lines stay on one, in order."""
    where = urllib.parse.urlsplit(url)
    queues = [[] for _ in range(4)]
    for line in lines(log):
        if classify(line, assets) == 'page':
            queues[hash((line['address'], line['agent'])) % 4].append(line)
    answers = collections.Counter()

    def send(queue):
        c = http.client.HTTPConnection(where.hostname, where.port, timeout=30)
        for line in queue:
            body = json.dumps({'n': 'pageview', 'd': site, 'r': as_browsers_send(line['referrer']),
                               'u': 'https://' + site + line['target'].decode('latin-1')})
            c.putrequest('POST', '/api/event', skip_accept_encoding=True)
            c.putheader('Content-Type', 'text/plain')
            c.putheader('X-Forwarded-For', line['address'])
            c.putheader('User-Agent', line['agent'].strip())
            c.putheader('Content-Length', str(len(body)))
            c.endheaders(body.encode())
            r = c.getresponse()
            r.read()
            answers['%d%s' % (r.status, ' dropped' if r.getheader('x-plausible-dropped') else '')] += 1

    threads = [threading.Thread(target=send, args=(q,)) for q in queues]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    return dict(answers)


def read_words(path):
    with open(path, encoding='utf-8') as f:
        return [tuple(row.rstrip('\n').split('\t')) for row in f]


def read_lines(path):
    with open(path, encoding='utf-8') as f:
        return {row.strip() for row in f}


if __name__ == '__main__':
    if sys.argv[1] == 'expect':
        result = expect(sys.argv[2], read_words(sys.argv[3]), read_lines(sys.argv[4]), sys.argv[5])
    else:
        result = replay(sys.argv[2], read_lines(sys.argv[3]), sys.argv[4], sys.argv[5])
    json.dump(result, sys.stdout, sort_keys=True)
