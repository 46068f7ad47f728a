#!/usr/bin/env python3
"""Runs the same queries over the same passages through zhengsou and what else one would use.

    python3 benches/peers/run.py CORPUS --zhengsou target/release/zhengsou [--out DIR]

Needs nothing but Python 3.9; peers that are not installed are left out and named. See README.md.
"""
import argparse
import datetime
import json
import os
import platform
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
CLASSES = ["and-2", "or-2", "not", "char-1", "phrase-2", "phrase-4", "phrase-8", "phrase-16"]
OPERATORS = {" AND ": "and", " OR ": "or", " NOT ": "not"}


def run(*command, **options):
    """Runs a command and returns what it prints."""
    done = subprocess.run([str(part) for part in command], check=True, capture_output=True, text=True, **options)
    return done.stdout


def timed(work):
    started = time.perf_counter()
    result = work()
    return result, time.perf_counter() - started


def folder_bytes(folder):
    return sum(path.stat().st_size for path in Path(folder).rglob("*") if path.is_file())


class Query:
    """A query as typed, its operator, its pieces and their words."""

    def __init__(self, kind, typed, found, micros):
        self.kind, self.typed, self.found, self.micros = kind, typed, found, micros
        self.operator = next((name for sign, name in OPERATORS.items() if sign in typed), "phrase")
        self.pieces = re.findall(r'"([^"]+)"', typed)
        self.words = []


class Zhengsou:
    name = "zhengsou"

    def __init__(self, binary, folder):
        self.binary, self.index = binary, folder / "zhengsou"

    def version(self):
        return run(self.binary, "--version").strip()

    def build(self, corpus):
        run(self.binary, "index", corpus, "--index", self.index, "-q")
        run(self.binary, "optimize", "--index", self.index, "-q")

    def export(self, target):
        """Writes id, text and words of each passage; returns the bytes of the texts."""
        size = 0
        command = [self.binary, "export", "--words", "--index", self.index, "-q"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, open(target, "w") as out:
            for line in process.stdout:
                passage = json.loads(line)
                text = re.sub(r"\s+", " ", passage["text"])
                size += len(text.encode())
                out.write(f'{passage["id"]}\t{text}\t{" ".join(passage["words"])}\n')
        return size

    def queries(self, rounds):
        command = [self.binary, "bench", "--index", self.index, "--warm", "--rounds", rounds, "--format", "json"]
        for name in CLASSES:
            command += ["--class", name]
        report = json.loads(run(*command))
        queries = []
        for kind in report["classes"]:
            for typed, found, micros in zip(kind["queries"], kind["found"], kind["medians"]):
                queries.append(Query(kind["name"], typed, found, micros))
        return queries

    def segment(self, queries):
        """Cuts the pieces of the queries as the index cuts texts."""
        words = {}
        for piece in {piece for query in queries for piece in query.pieces}:
            tokens = json.loads(run(self.binary, "inspect", "tokens", piece, "--format", "json"))
            words[piece] = " ".join(token["text"] for token in tokens["words"])
        for query in queries:
            query.words = [words[piece] for piece in query.pieces]

    def ask(self, queries, rounds):
        return [(query.found, query.micros) for query in self.queries(rounds)]


class Lucene:
    """Lucene, by a field of CJK bigrams or one of the same words; warmed up by 100 rounds."""

    def __init__(self, folder, field):
        self.name = f"lucene ({field})"
        self.folder, self.field, self.index = folder, field, folder / "lucene"
        self.java = os.environ.get("JAVA_HOME")
        self.java = str(Path(self.java, "bin", "java")) if self.java else shutil.which("java")

    def prepare(self):
        target = self.folder / "peer"
        shutil.copytree(HERE / "lucene", target, dirs_exist_ok=True)
        maven = ["mvn", "-q", "-B", "-f", str(target / "pom.xml")]
        run(*maven, "compile", "dependency:build-classpath", f"-Dmdep.outputFile={target}/classpath")
        self.path = f'{target}/target/classes:{(target / "classpath").read_text().strip()}'

    def version(self):
        return "Lucene " + re.search(r"lucene-core-([\d.]+)\.jar", self.path).group(1)

    def peer(self, *arguments):
        return run(self.java, "-XX:+UseSerialGC", "-Xmx2g", "-cp", self.path, "Peer", *arguments)

    def build(self, passages):
        self.peer("index", passages, self.index)

    def ask(self, queries, rounds):
        listed = self.folder / "queries.tsv"
        with open(listed, "w") as out:
            for query in queries:
                pieces = [part for pair in zip(query.pieces, query.words) for part in pair]
                out.write("\t".join([query.kind, query.operator, query.typed, *pieces]) + "\n")
        lines = self.peer("query", self.index, listed, self.field, rounds, 100).splitlines()
        return [(int(line.split("\t")[2]), float(line.split("\t")[3])) for line in lines]


class Sqlite:
    """SQLite's full text index of trigrams; pieces of one and two characters cannot be asked."""

    name = "sqlite fts5 (trigram)"

    def __init__(self, folder):
        self.index = folder / "sqlite.db"

    def prepare(self):
        pass

    def version(self):
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, passages):
        base = sqlite3.connect(self.index)
        base.execute("create virtual table passages using fts5(text, tokenize='trigram')")
        with open(passages) as lines:
            base.executemany("insert into passages values (?)", ((line.split("\t")[1],) for line in lines))
        base.execute("insert into passages(passages) values ('optimize')")
        base.commit()
        base.close()

    def ask(self, queries, rounds):
        base = sqlite3.connect(self.index)
        answers = []
        for query in queries:
            if min(map(len, query.pieces)) < 3:
                answers.append(None)
                continue
            sign = {"phrase": " ", "and": " AND ", "or": " OR ", "not": " NOT "}[query.operator]
            typed = sign.join(f'"{piece}"' for piece in query.pieces)
            times = []
            for _ in range(rounds):
                started = time.perf_counter()
                (found,) = base.execute("select count(*) from passages where passages match ?", (typed,)).fetchone()
                base.execute("select text from passages where passages match ? order by rank limit 10", (typed,)).fetchall()
                times.append((time.perf_counter() - started) * 1e6)
            answers.append((found, statistics.median(times)))
        return answers


class Ripgrep:
    """A scan of the passages, one a line, without an index; its process's start is part of it."""

    name = "ripgrep"

    def __init__(self, folder):
        self.lines = folder / "passages.txt"

    def prepare(self):
        if not shutil.which("rg"):
            raise FileNotFoundError("rg")

    def version(self):
        return run("rg", "--version").splitlines()[0]

    def build(self, passages):
        with open(passages) as lines, open(self.lines, "w") as out:
            for line in lines:
                out.write(line.split("\t")[1] + "\n")

    def ask(self, queries, rounds):
        answers = []
        for query in queries:
            if query.operator != "phrase":
                answers.append(None)
                continue
            times = []
            for _ in range(min(rounds, 3)):
                started = time.perf_counter()
                done = subprocess.run(["rg", "-c", "-F", "-e", query.pieces[0], str(self.lines)], capture_output=True, text=True)
                times.append((time.perf_counter() - started) * 1e6)
            answers.append((int(done.stdout.strip() or 0), statistics.median(times)))
        return answers


def quantile(values, share):
    values = sorted(values)
    return values[max(0, int(-(-share * len(values) // 1)) - 1)]


def table(peers, queries, answers):
    """Rows of the classes: for each peer p50 and p99 in microseconds, ratio to ours, share found."""
    kinds = list(dict.fromkeys(query.kind for query in queries))
    lines = ["| class | " + " | ".join(peer.name for peer in peers) + " |", "|---" * (len(peers) + 1) + "|"]
    for kind in kinds:
        cells = []
        for peer in peers:
            rows = [
                (answer, query)
                for answer, query in zip(answers[peer.name], queries)
                if query.kind == kind and answer is not None
            ]
            if not rows:
                cells.append("–")
                continue
            micros = [answer[1] for answer, _ in rows]
            ratio = statistics.median(answer[1] / query.micros for answer, query in rows)
            wanted = sum(query.found for _, query in rows)
            found = sum(min(answer[0], query.found) for answer, query in rows)
            cell = f"{quantile(micros, 0.5):,.0f} / {quantile(micros, 0.99):,.0f}"
            if peer.name != "zhengsou":
                cell += f" ({ratio:.2f}×, {found / max(wanted, 1):.1%})"
            cells.append(cell)
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--zhengsou", default="target/release/zhengsou")
    parser.add_argument("--rounds", type=int, default=9, help="times that each query is asked in one run")
    parser.add_argument("--runs", type=int, default=3, help="alternating runs of all peers")
    parser.add_argument("--out", type=Path, help="folder to write the table to")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        ours = Zhengsou(options.zhengsou, folder)
        builds = {}
        _, builds[ours.name] = timed(lambda: ours.build(options.corpus))
        passages = folder / "passages.tsv"
        text_bytes = ours.export(passages)
        peers, left_out = [ours], []
        for peer in [Lucene(folder, "bigrams"), Lucene(folder, "words"), Sqlite(folder), Ripgrep(folder)]:
            try:
                peer.prepare()
            except (OSError, subprocess.CalledProcessError) as error:
                left_out.append(f"{peer.name}: {error}")
                continue
            if not (isinstance(peer, Lucene) and peer.index.exists()):
                _, builds[peer.name] = timed(lambda: peer.build(passages))
            peers.append(peer)
        queries = ours.queries(options.rounds)
        ours.segment(queries)
        runs = {peer.name: [] for peer in peers}
        for _ in range(options.runs):
            for peer in peers:
                runs[peer.name].append(peer.ask(queries, options.rounds))
        answers = {}
        for name, several in runs.items():
            answers[name] = [
                None if own[0] is None else (own[0][0], statistics.median(answer[1] for answer in own))
                for own in zip(*several)
            ]
        for query, answer in zip(queries, answers[ours.name]):
            query.micros = answer[1]
        sizes = {peer.name: folder_bytes(peer.index) if Path(getattr(peer, "index", "")).is_dir() else None for peer in peers}
        today = datetime.date.today().isoformat()
        lines = [
            f"# Peers, {today}",
            "",
            f"{options.corpus.name}: {sum(1 for _ in open(passages)):,} passages, {text_bytes / 1e6:.1f} MB of text. "
            f"{platform.system()} {platform.machine()}, {os.cpu_count()} processors.",
            "Versions: " + "; ".join(peer.version() for peer in peers) + ".",
            f"Each query {options.rounds} times in each of {options.runs} alternating runs; its median. "
            "Ten best with their stored texts and the exact count; p50 / p99 over the queries in microseconds "
            "(time as a multiple of zhengsou's, passages found of those that a scan finds).",
            "",
            table(peers, queries, answers),
            "",
            "| | " + " | ".join(builds) + " |",
            "|---" * (len(builds) + 1) + "|",
            "| build, s | " + " | ".join(f"{seconds:.1f}" for seconds in builds.values()) + " |",
            "| bytes / text | "
            + " | ".join("–" if not sizes.get(name) else f"{sizes[name] / text_bytes:.2f}" for name in builds)
            + " |",
            "",
            "zhengsou reads the files, splits and tags them and merges into one segment; the others are given its passages and words.",
        ]
        lines += [f"Left out: {reason}" for reason in left_out]
        result = "\n".join(lines) + "\n"
        print(result)
        if options.out:
            options.out.mkdir(parents=True, exist_ok=True)
            (options.out / f"peers-{today}.md").write_text(result)


if __name__ == "__main__":
    sys.exit(main())
