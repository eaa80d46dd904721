#!/usr/bin/env python3
"""faulty.py - the whole collector, run after run, each with one thing that goes wrong below it.

    faulty.py BUILD points|calls [--each N] [--seed S]

points: it kills itself at a named fault point of the spool (N passes of each), or the point reports an error.
calls:  the n-th system call of a kind fails (N of each kind and error, spread over all), once or from then on.

A run: a collector of its own, 180 views of 7 KB (more than a segment), one after another, each with an id of its own. What
was answered 202 must be in the spool, once; any other answer must be 503, or none because the process is gone; it ends by
itself with 0 or 1, by SIGABRT only without memory, by SIGKILL only where it was told to. Prints totals.
"""
import argparse, collections, json, os, random, shutil, signal, subprocess, sys, tempfile, time, uuid
import fcgi

VIEWS = 180
POINTS = ["created", "dir_synced", "mid_write", "written", "synced", "sealed"]
CALLS = [("open", "EMFILE"), ("open", "ENOSPC"), ("open", "EINTR"), ("pwrite", "ENOSPC"), ("pwrite", "EIO"), ("pwrite", "EDQUOT"),
         ("pwrite", "EINTR"), ("pwrite", "short"), ("fdatasync", "EIO"), ("fdatasync", "ENOSPC"), ("fdatasync", "EINTR"),
         ("fsync", "EIO"), ("fsync", "EDQUOT"), ("rename", "EIO"), ("rename", "ENOSPC"), ("fcntl", "ENOLCK"),
         ("readdir", "EIO"), ("statvfs", "EIO"), ("unlink", "EIO"), ("malloc", "ENOMEM")]
PROPS = {f"property-{i:02d}": "v" * 200 for i in range(29)}


class Lab:
    def __init__(self, build, seed):
        self.build, self.rng = build, random.Random(seed)
        self.top = tempfile.mkdtemp(prefix="fffault.", dir="/dev/shm" if os.access("/dev/shm", os.W_OK) else None)
        self.log = open(self.top + "/log", "ab")
        self.totals, self.wrong = collections.Counter(), []

    def prepare(self):
        shutil.rmtree(self.top + "/state", ignore_errors=True)
        shutil.rmtree(self.top + "/run", ignore_errors=True)
        os.makedirs(self.top + "/run")
        subprocess.run([self.build + "/tests/lib/mkstate", self.top + "/state", self.top + "/run", "example.com"], check=True)
        with open(self.top + "/conf", "w") as f:
            os.chmod(self.top + "/conf", 0o600)
            f.write(f"state_dir = {self.top}/state\nrun_dir = {self.top}/run\nagent.regexes =\nspool.segment_size = 1M\nlimit.address = off\n")

    def start(self, env):
        sock = self.top + "/run/collect.sock"
        process = subprocess.Popen([self.build + "/footfall-collect.fcgi", "--conf", self.top + "/conf", "--listen", sock],
                                   env={**os.environ, **env}, stderr=self.log)
        for _ in range(1000):
            if os.path.exists(sock) or process.poll() is not None:
                break
            time.sleep(0.005)
        return process, fcgi.Program(sock, timeout=10)

    def view(self, program):
        event = str(uuid.UUID(int=self.rng.getrandbits(128), version=4))
        body = json.dumps({"n": "pageview", "u": "https://example.com/", "event_id": event, "p": PROPS}).encode()
        status, head, _ = program.ask({"REQUEST_METHOD": "POST", "REQUEST_URI": "/api/event", "CONTENT_LENGTH": len(body),
                                       "REMOTE_ADDR": "192.0.2.1", "HTTP_USER_AGENT": "Mozilla/5.0 (X11; Linux x86_64) Firefox/128.0"}, body)
        if status == 202 and "dropped" in head:
            raise SystemExit("the test's own views are dropped: " + head)
        return event, status

    def load(self, process, program):
        acked, statuses = [], collections.Counter()
        for _ in range(VIEWS):
            try:
                event, status = self.view(program)
            except TimeoutError:
                statuses["no answer"] += 1
                break
            except OSError:
                statuses["cut"] += 1
                time.sleep(0.01)
                if process.poll() is not None:
                    break
                continue
            statuses[status] += 1
            if status == 202:
                acked.append(event)
        program.close()
        return acked, statuses

    def run(self, name, env, ends):
        self.prepare()
        hit = self.top + "/hit"
        if os.path.exists(hit):
            os.unlink(hit)
        process, program = self.start({**env, "FF_FAIL_HIT": hit})
        acked, statuses = self.load(process, program)
        process.terminate()
        try:
            code = process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
            self.wrong.append(f"{name}: it did not end")
        spool = self.top + "/state/spool"
        ids = []
        if os.path.isdir(spool):
            ids = subprocess.run([self.build + "/tests/lib/spooldump", spool, "--ids"], stdout=subprocess.PIPE, stderr=self.log).stdout.decode().split()
        lost = set(acked) - set(ids)
        twice = len(ids) - len(set(ids))
        others = {k: v for k, v in statuses.items() if k not in (202, 503, "cut")}
        if lost or twice or others or code not in ends:
            self.wrong.append(f"{name}: {len(acked)} acknowledged, {len(lost)} lost, {twice} twice, answers {dict(statuses)}, ended with {code}")
        self.totals.update(runs=1, acked=len(acked), busy=statuses[503], cut=statuses["cut"], died=code != 0)
        return os.path.exists(hit), code

    def points(self, each):
        for point in POINTS:
            # A segment is made and sealed a few times only.
            passes = [1, 2] if point in ("created", "dir_synced", "sealed") else self.rng.sample(range(1, VIEWS // 2), each)
            for n in passes:
                _, code = self.run(f"spool.{point}:{n}:kill", {"FOOTFALL_FAULT": f"spool.{point}:{n}:kill"}, (0, -signal.SIGKILL))
                self.totals["reached"] += code == -signal.SIGKILL
                self.run(f"spool.{point}:{n}:error", {"FOOTFALL_FAULT": f"spool.{point}:{n}:error"}, (0, 1))

    def calls(self, each):
        for call, how in CALLS:
            ends = (0, 1, -signal.SIGABRT) if call == "malloc" else (0, 1)
            n, reached = 1, 0
            while n < 100000:
                for on in ("",) if how == "EINTR" else ("", "+"): # who is interrupted for ever tries for ever
                    env = {"LD_PRELOAD": self.build + "/tests/fault/preload.so", "FF_DIR": self.top + "/state/spool", "FF_FAIL": f"{call}:{n}{on}:{how}"}
                    hit, _ = self.run(env["FF_FAIL"], env, ends)
                    reached += hit
                if not hit:
                    break
                # Few: the first ones, then in ever larger strides up to the last.
                n += 1 if each > 100 else max(1, int(n * 40 / each * self.rng.random()))
            self.totals[f"{call} {how}"] = reached
            self.totals["reached"] += reached


def main():
    p = argparse.ArgumentParser()
    p.add_argument("build")
    p.add_argument("what", choices=["points", "calls"])
    p.add_argument("--each", type=int, default=3)
    p.add_argument("--seed", type=int, default=1)
    args = p.parse_args()
    lab = Lab(os.path.abspath(args.build), args.seed)
    try:
        getattr(lab, args.what)(args.each)
    finally:
        if lab.wrong:
            subprocess.run(["tail", "-n", "5", lab.top + "/log"])
        shutil.rmtree(lab.top)
    for line in lab.wrong[:20]:
        print("WRONG", line)
    print(json.dumps(lab.totals))
    sys.exit(1 if lab.wrong else 0)


main()
