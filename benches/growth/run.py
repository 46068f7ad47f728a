"""Measures how zhengsou grows with the amount of text, and draws it; see README.md.

    python3 -m benches.growth.run --bytes 20M 200M 1G [--zhengsou target/release/zhengsou] [--out benches/results]

Generated reports of each size (`zhengsou bench generate`) are indexed from scratch and merged into one
segment, then queries drawn from them are measured by `zhengsou bench`.
"""

import argparse
import datetime
import json
import os
import statistics
import sys
import tempfile
from pathlib import Path

from ..machine import cost, described, folder_bytes, machine, quantile, run
from .plot import Chart, Series, slope, svg

CLASSES = ("phrase-4", "question", "facets-5")


def options():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bytes", nargs="+", default=["20M", "200M", "1G"], help="amounts (default 20M 200M 1G)")
    parser.add_argument("--seed", default=1, help="seed of texts and queries (default 1)")
    parser.add_argument("--zhengsou", type=Path, default="target/release/zhengsou")
    parser.add_argument("--builds", type=int, default=1, help="builds of each amount; the median counts (default 1)")
    parser.add_argument("--rounds", default=7, help="times that each query is asked (default 7)")
    parser.add_argument("--label", default="growth", help="name of the files written (default growth)")
    parser.add_argument("--out", type=Path, help="folder for the SVG, the table and the JSON")
    return parser.parse_args()


def measure(wanted, amount, scratch):
    """Generates, indexes and asks one amount; returns its figures."""
    corpus, index = Path(scratch, "corpus"), Path(scratch, "index")
    run(wanted.zhengsou, "bench", "generate", corpus, "--bytes", amount, "--seed", wanted.seed, "-q")

    def build():
        run(wanted.zhengsou, "index", corpus, "--index", index, "--rebuild", "-q")

    def merge():
        run(wanted.zhengsou, "optimize", "--index", index, "-q")

    builds, merges = [], []
    for _ in range(wanted.builds):
        builds.append(cost(build))
        merges.append(cost(merge))
    command = ["bench", "--index", index, "--warm", "--seed", wanted.seed, "--rounds", wanted.rounds]
    for name in CLASSES:
        command += ["--class", name]
    report = json.loads(run(wanted.zhengsou, *command, "--format", "json"))
    times = {}
    for name in CLASSES:
        # Halves of one draw (phrase-4-common, phrase-4-rare) are one again.
        micros = [each for kind in report["classes"] if kind["name"].startswith(name) for each in kind["medians"]]
        times[name] = {"p50": round(quantile(micros, 0.5), 1), "p99": round(quantile(micros, 0.99), 1)}
    return {
        "asked": amount,
        "text_bytes": report["text_bytes"],
        "passages": report["index"]["passages"],
        "index_seconds": round(statistics.median(each.seconds for each in builds), 2),
        "index_cpu": round(statistics.median(each.cpu for each in builds), 2),
        "merge_seconds": round(statistics.median(each.seconds for each in merges), 2),
        "index_peak": max(each.peak for each in builds),
        "merge_peak": max(each.peak for each in merges),
        "index_bytes": folder_bytes(index),
        "bench_peak": report["peak_memory"],
        "queries": times,
    }


def charts(rows):
    def points(value):
        return [(row["text_bytes"], value(row)) for row in rows]

    queries = [
        Series(f"{name} {share}", points(lambda row: row["queries"][name][share]), colour, share == "p99")
        for colour, name in enumerate(CLASSES)
        for share in ("p50", "p99")
    ]
    return [
        Chart(
            "Build, two threads",
            "seconds",
            [
                Series("index", points(lambda row: row["index_seconds"])),
                Series("merge into one segment", points(lambda row: row["merge_seconds"]), 1),
            ],
        ),
        Chart("On disk", "bytes", [Series("index", points(lambda row: row["index_bytes"]))]),
        Chart(
            "Peak memory",
            "bytes resident",
            [
                Series("index", points(lambda row: row["index_peak"])),
                Series("merge", points(lambda row: row["merge_peak"]), 1),
                Series("bench, mapped files included", points(lambda row: row["bench_peak"]), 2),
            ],
        ),
        Chart("Queries", "microseconds", queries),
    ]


def markdown(result):
    rows = result["rows"]
    head = ["", *(row["asked"] for row in rows), "exponent"]
    lines = [
        ("text, MB", lambda row: row["text_bytes"] / 1e6),
        ("passages", lambda row: row["passages"]),
        ("index, s", lambda row: row["index_seconds"]),
        ("index, CPU s", lambda row: row["index_cpu"]),
        ("index, MB of text a second", lambda row: row["text_bytes"] / 1e6 / row["index_seconds"]),
        ("merge, s", lambda row: row["merge_seconds"]),
        ("peak memory of index, MB", lambda row: row["index_peak"] / 1e6),
        ("peak memory of merge, MB", lambda row: row["merge_peak"] / 1e6),
        ("index bytes by text", lambda row: row["index_bytes"] / row["text_bytes"]),
    ]
    for name in CLASSES:
        for share in ("p50", "p99"):
            lines.append((f"{name} {share}, µs", lambda row, name=name, share=share: row["queries"][name][share]))
    table = ["| " + " | ".join(head) + " |", "|---" + "|---:" * (len(head) - 1) + "|"]
    for title, value in lines:
        values = [value(row) for row in rows]
        exponent = slope([(row["text_bytes"], each) for row, each in zip(rows, values)])
        cells = [f"{each:,.0f}" if each >= 100 else f"{each:.2f}" for each in values]
        table.append("| " + " | ".join([title, *cells, f"{exponent:.2f}"]) + " |")
    intro = (
        f"Generated reports, seed {result['seed']}. {described(result['machine'], result['load'])} {result['version']}. "
        "The exponent b is that of the power law in the bytes of text that fits best: 1 grows with the text, 0 does not."
    )
    return "\n\n".join([f"# Growth, {result['date'].replace('T', ' ')}", intro, "\n".join(table)]) + "\n"


def main():
    wanted = options()
    wanted.zhengsou = wanted.zhengsou.resolve()
    rows, load = [], [os.getloadavg()[0]]
    for amount in wanted.bytes:
        with tempfile.TemporaryDirectory(prefix="zhengsou-growth-") as scratch:
            rows.append(measure(wanted, amount, scratch))
        load.append(os.getloadavg()[0])
        print(json.dumps(rows[-1]), file=sys.stderr, flush=True)
    result = {
        "date": datetime.datetime.now().isoformat(timespec="minutes"),
        "version": run(wanted.zhengsou, "--version").strip(),
        "machine": machine(),
        "load": [round(each, 1) for each in load],
        "seed": wanted.seed,
        "rows": rows,
    }
    table = markdown(result)
    print(table)
    if wanted.out:
        wanted.out.mkdir(parents=True, exist_ok=True)
        name = f"{wanted.label}-{result['date'][:10]}"
        notes = [f"{result['date'][:10]}, {result['version']}, generated text, seed {result['seed']}; one segment"]
        notes.append(described(result["machine"], load))
        Path(wanted.out, f"{name}.md").write_text(table, encoding="utf-8")
        Path(wanted.out, f"{name}.json").write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        picture = svg(charts(rows), "How zhengsou grows with its text", notes)
        Path(wanted.out, f"{name}.svg").write_text(picture, encoding="utf-8")


if __name__ == "__main__":
    main()
