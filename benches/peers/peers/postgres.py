"""PostgreSQL, by a cluster of its own in a temporary folder, run by a user without rights."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from ...machine import run
from .common import Missing, Peer, passages

# One thread a query, as the others have; nothing is kept from losing power.
SETTINGS = {
    "shared_buffers": "1GB",
    "work_mem": "64MB",
    "maintenance_work_mem": "512MB",
    "max_wal_size": "8GB",
    "fsync": "off",
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "listen_addresses": "",
}


class Postgres(Peer):
    telling = False

    def __init__(self, scratch):
        super().__init__(scratch)
        self.cluster, self.psql = None, None
        # PostgreSQL does not run as root.
        self.user = {"user": "nobody", "group": "nogroup"} if os.geteuid() == 0 else {}

    def prepare(self):
        folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
        found = shutil.which("initdb")
        self.programs = folders[-1] if folders else Path(found).parent if found else None
        if not self.programs:
            raise Missing("no PostgreSQL server (apt install postgresql)")

    def version(self):
        return run(self.programs / "postgres", "--version").strip()

    def fresh(self):
        """Makes an empty cluster and starts it; its socket is all that it listens to."""
        super().fresh()
        self.close()
        self.cluster = Path(tempfile.mkdtemp(prefix="zhengsou-postgres-"))
        if self.user:
            shutil.chown(self.cluster, *self.user.values())
        home = {"cwd": self.cluster, **self.user}
        data = self.cluster / "data"
        run(self.programs / "initdb", "-D", data, "-A", "trust", "-U", "peer", "-E", "UTF8", "--locale=C.UTF-8", **home)
        with open(data / "postgresql.conf", "a", encoding="utf-8") as settings:
            for name, value in {**SETTINGS, "unix_socket_directories": str(self.cluster)}.items():
                settings.write(f"{name} = '{value}'\n")
        # Without pipes, which the server would keep open.
        start = [self.programs / "pg_ctl", "-D", data, "-l", self.cluster / "log", "-w", "start"]
        subprocess.run(list(map(str, start)), check=True, stdout=subprocess.DEVNULL, **home)

    def client(self, *arguments):
        return [
            str(self.programs / "psql"),
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            str(self.cluster),
            "-U",
            "peer",
            "-d",
            "postgres",
            *arguments,
        ]

    def build(self, source):
        table = self.folder / "rows"
        with open(table, "w", encoding="utf-8") as out:
            for number, passage in enumerate(passages(source)):
                row = [str(number), passage.year or "\\N", passage.agency, passage.text]
                row += [passage.words] if self.column == "words" else []
                out.write("\t".join(value.replace("\\", "\\\\") if value != "\\N" else value for value in row) + "\n")
        columns = "id integer primary key, year integer, agency text, text text"
        script = f"create table passages ({columns}{', words text' if self.column == 'words' else ''});\n"
        script += f"\\copy passages from '{table}'\n{self.indexing}\nvacuum analyze passages;\n"
        run(*self.client("-f", "-"), input=script)
        table.unlink()

    def size(self):
        return int(run(*self.client("-c", "select pg_total_relation_size('passages')")))

    def open(self, queries):
        self.psql = subprocess.Popen(
            self.client("-F", "\t"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self.tell("\\timing on")

    def tell(self, statement):
        """Has psql run a statement; returns the lines of its answer."""
        print(f"{statement}\n\\echo END", file=self.psql.stdin, flush=True)
        lines = []
        while (line := self.psql.stdout.readline()) != "END\n":
            if not line or line.startswith("ERROR"):
                raise RuntimeError(f"{statement}: {line or lines}")
            lines.append(line)
        return lines

    def plan(self, query):
        condition = self.condition(query)
        if condition is None or query.facets or query.limit < 0 or query.operator == "near":
            return None
        if query.years:
            condition += " and year between {} and {}".format(*query.years)
        if query.agency:
            condition += f" and agency = '{query.agency}'"
        if not query.limit:
            return f"select count(*) from passages where {condition};"
        best = f"select id, rank from hits order by rank desc, id limit {query.limit} offset {query.offset}"
        return (
            f"with hits as materialized (select id, {self.rank(query)} as rank from passages where {condition}), "
            f"best as ({best}) select (select count(*) from hits), "
            "array(select text from best join passages using (id) order by rank desc, id);"
        )

    def time(self, statement):
        lines = self.tell(statement)
        millis = float(re.match(r"Time: ([\d.]+) ms", lines[-1]).group(1))
        return int(lines[0].split("\t")[0]), millis * 1e3

    def close(self):
        if self.psql:
            self.psql.stdin.close()
            self.psql.wait()
        if self.cluster:
            stop = [self.programs / "pg_ctl", "-D", self.cluster / "data", "-m", "immediate", "stop"]
            subprocess.run(list(map(str, stop)), stdout=subprocess.DEVNULL, cwd="/", **self.user)
            shutil.rmtree(self.cluster, ignore_errors=True)
            self.cluster = None


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


class PostgresTrigrams(Postgres):
    name = "PostgreSQL, pg_trgm"
    column = "text"
    indexing = "create extension pg_trgm;\ncreate index on passages using gin (text gin_trgm_ops);"
    note = "LIKE with an index of trigrams, which pieces below three characters cannot use; ten first, not best"

    def prepare(self):
        super().prepare()
        share = Path(run(self.programs / "pg_config", "--sharedir").strip())
        if not (share / "extension" / "pg_trgm.control").exists():
            raise Missing("no pg_trgm (apt install postgresql-contrib)")

    def condition(self, query):
        if query.operator == "any":
            return None
        each = [f"text like '%{piece}%'" for piece in query.pieces]
        if query.operator == "not":
            return f"{each[0]} and not {each[1]}"
        return "(" + (" or " if query.operator == "or" else " and ").join(each) + ")"

    def rank(self, query):
        return "0"


class PostgresWords(Postgres):
    name = "PostgreSQL, tsvector"
    column = "words"
    indexing = (
        "alter table passages add column face tsvector generated always as (to_tsvector('simple', words)) stored;\n"
        "create index on passages using gin (face);"
    )
    note = "the same words as tsvector, phrases by <->, ten best by ts_rank, which reads every match"

    def asked(self, query):
        if query.operator == "any":
            return " | ".join(map(quoted, dict.fromkeys(query.words[0])))
        each = ["(" + " <-> ".join(map(quoted, words)) + ")" for words in query.words]
        return {"or": " | ", "not": " & !", "and": " & "}.get(query.operator, "").join(each)

    def condition(self, query):
        return f"face @@ to_tsquery('simple', {quoted(self.asked(query))})"

    def rank(self, query):
        return f"ts_rank(face, to_tsquery('simple', {quoted(self.asked(query))}))"
