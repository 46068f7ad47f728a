#!/usr/bin/env python3
"""Ten minutes of mixed load while a report changes every 20 seconds: errors, latency, memory.

    tests/load/soak.py --zhengsou target/release/zhengsou --reports FOLDER [--minutes 10]

Copies the folder, indexes it, serves it, lets wrk (Debian's) ask tests/load/queries.lua, and prints
the server's memory for each minute. Fails if any request failed.
"""
import argparse, os, re, shutil, signal, subprocess, sys, tempfile, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def memory(process):
    """RssAnon and VmRSS in MiB, threads."""
    status = Path(f"/proc/{process}/status").read_text()
    number = lambda name: int(re.search(rf"^{name}:\s+(\d+)", status, re.M).group(1))
    return number("RssAnon") / 1024, number("VmRSS") / 1024, number("Threads")


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--zhengsou", default=str(ROOT / "target/release/zhengsou"))
    options.add_argument("--reports", required=True)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--connections", type=int, default=16)
    options.add_argument("--every", type=float, default=20, help="seconds between updates")
    options = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        reports, index = scratch / "reports", scratch / "index"
        shutil.copytree(options.reports, reports)
        zhengsou = [options.zhengsou, "-q", "--index", str(index)]
        subprocess.run([*zhengsou, "index", str(reports)], check=True)
        changing = sorted(path for path in reports.rglob("*") if path.suffix in (".txt", ".md"))[0]
        text = changing.read_text()
        log = open(scratch / "log", "w")
        server = subprocess.Popen(
            [options.zhengsou, "--lang", "en", "--index", str(index),
             "serve", "--listen", "127.0.0.1:0", "--set", "rate=0"], stderr=log)
        try:
            for _ in range(100):
                url = re.search(r"http://[\d.:]+", (scratch / "log").read_text())
                if url:
                    break
                time.sleep(0.1)
            seconds = int(options.minutes * 60)
            load = subprocess.Popen(
                ["wrk", "-t1", f"-c{options.connections}", f"-d{seconds}s", "--latency",
                 "-s", "tests/load/queries.lua", url.group()],
                cwd=ROOT, env={**os.environ, "MIXED": "1"}, stdout=subprocess.PIPE, text=True)
            began, updates, samples = time.time(), 0, []
            while load.poll() is None:
                if time.time() - began > (updates + 1) * options.every:
                    updates += 1
                    changing.write_text(f"{text}\n\n第{updates}次修改：今年新建学校{updates}所。\n")
                    subprocess.run([*zhengsou, "index", str(reports)], check=True)
                samples.append((time.time() - began, *memory(server.pid)))
                time.sleep(5)
            found = load.stdout.read()
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
            log.close()
        print("minute  RssAnon MiB  VmRSS MiB  threads")
        for minute in range(int(options.minutes + 0.99)):
            own = [sample for sample in samples if minute * 60 <= sample[0] < minute * 60 + 60]
            if own:
                mean = [sum(sample[at] for sample in own) / len(own) for at in (1, 2, 3)]
                print(f"{minute:6}  {mean[0]:11.1f}  {mean[1]:9.1f}  {mean[2]:7.0f}")
        print(f"{updates} updates; load of the machine {os.getloadavg()[1]:.1f}")
        print(found)
        failed = re.search(r"Non-2xx|Socket errors", found)
        sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
