"""Groonga, by its own program."""

import json
import shutil
import subprocess

from ...machine import run
from .common import Missing, Passage, Peer, passages

SIGNS = {"phrase": "", "and": " ", "or": " OR ", "not": " - ", "any": " OR "}
COLUMNS = {"year": "Int32", "region": "ShortText", "agency": "ShortText", "section": "ShortText", "level": "ShortText"}


class Groonga(Peer):
    name = "Groonga, bigrams"
    note = "TokenBigram with positions, built over the loaded column; ten best by term frequency; times are its own; facets by drill-down"

    def prepare(self):
        if not shutil.which("groonga"):
            raise Missing("no groonga (apt install groonga-bin)")

    def version(self):
        return " ".join(run("groonga", "--version").split()[:2])

    def build(self, source):
        script = self.folder / "load.grn"
        with open(script, "w", encoding="utf-8") as out:
            out.write("table_create Passages TABLE_NO_KEY\ncolumn_create Passages text COLUMN_SCALAR LongText\n")
            for name, kind in COLUMNS.items():
                out.write(f"column_create Passages {name} COLUMN_SCALAR {kind}\n")
            out.write("load --table Passages\n[\n")
            for number, passage in enumerate(passages(source)):
                values = {name: getattr(passage, name) for name in Passage.FACETS}
                values["year"] = int(values["year"] or 0)
                row = json.dumps({"text": passage.text, **values}, ensure_ascii=False)
                out.write((",\n" if number else "") + row)
            out.write(
                "\n]\ntable_create Terms TABLE_PAT_KEY ShortText --default_tokenizer TokenBigram --normalizer NormalizerAuto\n"
                "column_create Terms face COLUMN_INDEX|WITH_POSITION Passages text\n"
            )
        for line in run("groonga", "-n", self.folder / "base", stdin=open(script, encoding="utf-8")).splitlines():
            if json.loads(line)[0][0]:
                raise RuntimeError(line)
        script.unlink()

    def open(self, queries):
        command = ["groonga", str(self.folder / "base")]
        self.server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def time(self, command):
        """Returns the number found and the microseconds that Groonga says it took."""
        print(command, file=self.server.stdin, flush=True)
        (status, _, seconds, *why), *body = json.loads(self.server.stdout.readline())
        if status:
            raise RuntimeError(f"{command}: {why}")
        return body[0][0][0][0], seconds * 1e6

    def plan(self, query):
        if query.operator in ("near", "any") or query.limit < 0:
            return None
        typed = SIGNS[query.operator].join(f'"{piece}"' for piece in query.pieces)
        parts = ["select Passages --match_columns text --cache no --sort_keys -_score --output_columns text,_score"]
        parts.append(f"--query '{typed}' --limit {query.limit} --offset {query.offset}")
        conditions = []
        if query.years:
            conditions.append("year >= {} && year <= {}".format(*query.years))
        if query.agency:
            conditions.append(f'agency == "{query.agency}"')
        if conditions:
            parts.append(f"--filter '{' && '.join(conditions)}'")
        if query.facets:
            columns = ",".join(Passage.FACETS[: query.facets])
            parts.append(f"--drilldown {columns} --drilldown_sort_keys -_nsubrecs --drilldown_limit 20")
        return " ".join(parts)

    def close(self):
        self.server.stdin.close()
        self.server.wait()
