"""zhengsou itself: the passages and the queries come from it."""

import json
import re
import subprocess
from pathlib import Path

from ...machine import run
from .common import Peer, parse

CLASSES = (
    "word and-2 and-3 or-2 or-3 char-1 phrase-2 phrase-4 phrase-8 phrase-16 "
    "filtered not prefix near question nothing deep stream facets-0 facets-2 facets-5"
).split()


class Zhengsou(Peer):
    name = "zhengsou"
    note = (
        "`zhengsou bench`, in its process: parsing, matching, exact numbers of passages, reports and groups, "
        "ten records with snippets and places. Its build reads, splits and tags the files and segments them"
    )

    def __init__(self, scratch, binary, corpus, seed, draw):
        super().__init__(scratch)
        self.binary, self.corpus = Path(binary).resolve(), corpus
        self.seed, self.draw = seed, draw
        self.found, self.first = {}, None

    def version(self):
        return run(self.binary, "--version").strip()

    def build(self, source):
        run(self.binary, "index", self.corpus, "--index", self.folder, "--rebuild", "-q")
        run(self.binary, "optimize", "--index", self.folder, "-q")

    def export(self, target):
        """Writes the passages for the peers; returns their number and the bytes of their texts.

        Blanks are taken out of the texts, as our verbatim search passes over them.
        """
        number = size = 0
        command = [self.binary, "export", "--words", "--index", self.folder, "-q"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            with open(target, "w", encoding="utf-8") as out:
                for line in process.stdout:
                    record = json.loads(line)
                    number += 1
                    size += len(record["text"].encode())
                    fields = ("id", "report_year", "region", "agency", "section_kind", "level")
                    values = [str(record.get(name) or "") for name in fields]
                    text = re.sub(r"\s+", "", record["text"])
                    words = re.sub(r"[\t\n\r]", "", " ".join(record["words"]))
                    out.write("\t".join([*values, text, words]) + "\n")
        return number, size

    def bench(self, rounds):
        command = [self.binary, "bench", "--index", self.folder, "--warm", "--format", "json"]
        command += ["--seed", self.seed, "--draw", self.draw, "--rounds", rounds]
        for name in CLASSES:
            command += ["--class", name]
        return json.loads(run(*command))["classes"]

    def queries(self):
        """Draws the queries and cuts their pieces into words as the index cuts texts."""
        queries = [parse(kind["name"], typed) for kind in self.bench(1) for typed in kind["queries"]]
        pieces = list({piece for query in queries for piece in query.pieces})
        # A full stop parts words for certain and is none.
        text = "".join(f"{piece}。\n" for piece in pieces)
        words = json.loads(run(self.binary, "inspect", "tokens", "-", "--format", "json", input=text))["words"]
        cut, words = {}, iter(words)
        for piece in pieces:
            own = []
            while len("".join(own)) < len(piece):
                own.append(next(words))
            if "".join(own) != piece:
                raise RuntimeError(f"the words of {piece} are {own}")
            cut[piece] = own
        for query in queries:
            query.words = [cut[piece] for piece in query.pieces]
        return queries

    def ask(self, queries, rounds):
        answers = []
        for kind in self.bench(rounds):
            answers += zip(kind["queries"], kind["found"], kind["medians"])
        assert [typed for typed, _, _ in answers] == [query.typed for query in queries]
        return [(found, micros) for _, found, micros in answers]
