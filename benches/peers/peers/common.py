"""What the peers share: a query, the passages, how a peer is built and asked."""

import re
import shutil
import statistics
import time
from dataclasses import dataclass, field
from pathlib import Path

from ...machine import folder_bytes

# After so many seconds a query is not asked again in the same run.
PATIENCE = 0.1


class Missing(Exception):
    """The peer cannot run on this machine."""


@dataclass
class Passage:
    """A line of the file that every peer is built from."""

    id: str
    year: str
    region: str
    agency: str
    section: str
    level: str
    text: str
    words: str

    FACETS = ("region", "year", "agency", "section", "level")

    def bigrams(self):
        """Every two characters side by side, the last one alone, as our verbatim field has them."""
        return bigrams(self.text, last=True)


def bigrams(text, last=False):
    characters = text.replace(" ", "")
    return [characters[at : at + 2] for at in range(len(characters) - (not last))]


def passages(path):
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            yield Passage(*line.rstrip("\n").split("\t"))


@dataclass
class Query:
    """A query of `zhengsou bench`, taken apart.

    `operator` joins the pieces: phrase (one piece), and, or, not, near, any (a question: its words,
    ranked). `limit` is how many hits are fetched, -1 for all of them, 0 for the count alone.
    """

    kind: str
    typed: str
    operator: str
    pieces: list
    words: list = field(default_factory=list)
    limit: int = 10
    offset: int = 0
    facets: int = 0
    years: tuple = ()
    agency: str = ""

    @property
    def plain(self):
        """Whether no more is asked than ten hits and their number."""
        return self.limit == 10 and not (self.facets or self.years or self.agency)


def parse(kind, typed):
    """Takes a query of the class `kind` apart."""
    name = re.sub("-(common|rare)$", "", kind)
    joins = {"and-2": "and", "and-3": "and", "or-2": "or", "or-3": "or", "question": "any"}
    operator = joins.get(name, name if name in ("not", "near") else "phrase")
    pieces = re.findall('"([^"]+)"', typed) or [typed.rstrip("*？")]
    query = Query(kind, typed, operator, pieces)
    if operator == "near":
        query.pieces = pieces[0].split(" ")
    if name == "filtered":
        years = re.search(r"report_year:(\d+)\.\.(\d+)", typed)
        agency = re.search(r"agency:(.+)$", typed)
        query.years = tuple(map(int, years.groups())) if years else ()
        query.agency = agency.group(1) if agency else ""
    query.offset = 490 if name == "deep" else 0
    if name in ("facets-0", "facets-2", "facets-5"):
        query.limit, query.facets = 0, int(name[-1])
    if name == "stream":
        query.limit = -1
    return query


def by_class(queries):
    """Yields the places of the queries of each class."""
    kinds = {}
    for at, query in enumerate(queries):
        kinds.setdefault(query.kind, []).append(at)
    return kinds.values()


class Peer:
    """Something else that answers the queries.

    A peer is prepared, built (measured, perhaps several times, each after `fresh`), opened once,
    asked in several runs, closed.
    """

    name = ""
    # How it is asked, for the table's notes.
    note = ""
    # Whether the build's work is done by processes that it starts, so that its cost can be told.
    telling = True

    def __init__(self, scratch):
        self.folder = Path(scratch) / re.sub(r"\W+", "-", self.name).strip("-")

    def prepare(self):
        """Raises `Missing` where the peer cannot run."""

    def version(self):
        raise NotImplementedError

    def build(self, source):
        """Builds the index from the file of passages."""
        raise NotImplementedError

    def fresh(self):
        """Clears the way for a build."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.folder.mkdir(parents=True)

    def size(self):
        """Bytes on disk."""
        return folder_bytes(self.folder)

    def open(self, queries):
        """Makes ready for these queries; not measured."""

    def plan(self, query):
        """Returns what `time` is to do for a query; `None` if the peer cannot be asked this."""
        raise NotImplementedError

    def time(self, work):
        """Does what was planned; returns the number found and microseconds."""
        started = time.perf_counter()
        found = work()
        return found, (time.perf_counter() - started) * 1e6

    def ask(self, queries, rounds):
        """Returns number found and median microseconds of each query, `None` where it has no answer.

        Each class goes round as often as asked, after one round that is not counted.
        """
        answers = [None] * len(queries)
        for places in by_class(queries):
            works = {at: self.plan(queries[at]) for at in places}
            works = {at: work for at, work in works.items() if work}
            found, times = {}, {at: [] for at in works}
            for round in range(rounds + 1):
                for at, work in works.items():
                    if sum(times[at]) < PATIENCE * 1e6:
                        found[at], micros = self.time(work)
                        if round:
                            times[at].append(micros)
            for at in works:
                answers[at] = (found[at], statistics.median(times[at]))
        return answers

    def close(self):
        pass
