"""Asks zhengsou and its peers the same queries over the same passages; see README.md.

python3 -m benches.peers.run CORPUS [--zhengsou target/release/zhengsou] [--out benches/results]
"""

import argparse
import datetime
import os
import signal
import sys
import tempfile
from pathlib import Path

from ..machine import cost, machine
from . import report
from .peers import PEERS
from .peers.common import Missing
from .peers.ours import Zhengsou

# A build that took longer is not repeated.
LONG = 60


def say(text):
    print(f"{datetime.datetime.now():%H:%M:%S} {text}", file=sys.stderr, flush=True)


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path, help="folder of reports")
    parser.add_argument("--zhengsou", default="target/release/zhengsou")
    parser.add_argument("--peer", action="append", help="only peers whose name holds this (repeatable)")
    parser.add_argument("--draw", type=int, default=40, help="queries a class (default 40)")
    parser.add_argument("--seed", type=int, default=1, help="what they are drawn by (default 1)")
    parser.add_argument("--rounds", type=int, default=5, help="times that a query is asked in a run (default 5)")
    parser.add_argument("--runs", type=int, default=3, help="alternating runs (default 3)")
    parser.add_argument("--builds", type=int, default=3, help="alternating builds (default 3)")
    parser.add_argument("--label", default="peers", help="name of the files written (default peers)")
    parser.add_argument("--out", type=Path, help="folder for the table and the JSON")
    return parser.parse_args()


def install(scratch, wanted):
    """Returns the peers that can run here, and why others cannot."""
    ready, missing = [], []
    for kind in PEERS:
        if wanted and not any(part.lower() in kind.name.lower() for part in wanted):
            continue
        peer = kind(scratch)
        try:
            peer.prepare()
            ready.append(peer)
        except Missing as why:
            missing.append(f"{kind.name}: {why}")
    return ready, missing


def build(every, source, times):
    """Builds all in turn, as often as asked; returns what each build took."""
    costs = {peer.name: [] for peer in every}
    for number in range(times):
        for peer in every:
            if number and costs[peer.name][0].seconds > LONG:
                continue
            peer.fresh()
            took = cost(lambda: peer.build(source))
            costs[peer.name].append(took)
            say(f"built {peer.name}: {took.seconds:.1f} s, {took.cpu:.1f} s of processor, {took.peak / 1e6:.0f} MB")
    return costs


def ask(every, queries, rounds, runs):
    """Asks all in turn; returns the answers of each run, and the load before each."""
    answers, loads = {peer.name: [] for peer in every}, []
    for number in range(runs):
        for peer in every:
            loads.append(os.getloadavg()[0])
            answers[peer.name].append(peer.ask(queries, rounds))
            say(f"run {number + 1}: {peer.name}")
    return answers, loads


def main():
    wanted = options()
    # So that servers and folders are cleared away.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("ended"))
    with tempfile.TemporaryDirectory(prefix="zhengsou-peers-") as scratch:
        ours = Zhengsou(scratch, wanted.zhengsou, wanted.corpus, wanted.seed, wanted.draw)
        ready, missing = install(scratch, wanted.peer)
        every = [ours, *ready]
        try:
            ours.fresh()
            ours.build(None)
            source = Path(scratch, "passages.tsv")
            passages, text_bytes = ours.export(source)
            say(f"{passages} passages, {text_bytes} bytes")
            costs = build(every, source, wanted.builds)
            queries = ours.queries()
            for peer in every:
                say(f"opens {peer.name}")
                peer.open(queries)
            answers, loads = ask(every, queries, wanted.rounds, wanted.runs)
            result = {
                "date": datetime.datetime.now().isoformat(timespec="minutes"),
                "machine": machine(),
                "load": [round(load, 1) for load in loads],
                "corpus": {"name": wanted.corpus.name, "passages": passages, "text_bytes": text_bytes},
                "asked": {name: getattr(wanted, name) for name in ("seed", "draw", "rounds", "runs")},
                "peers": {peer.name: {"version": peer.version(), "note": peer.note} for peer in every},
                "missing": missing,
                "builds": {peer.name: report.built(costs[peer.name], peer) for peer in every},
                "classes": report.classes([peer.name for peer in every], queries, answers),
            }
        finally:
            for peer in every:
                peer.close()
    table = report.markdown(result)
    print(table)
    if wanted.out:
        report.write(wanted.out, f"{wanted.label}-{wanted.corpus.name}-{result['date'][:10]}", table, result)


if __name__ == "__main__":
    main()
