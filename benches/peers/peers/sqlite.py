"""SQLite's full-text index FTS5."""

import sqlite3

from .common import Missing, Peer, passages

SIGNS = {"phrase": "", "and": " AND ", "or": " OR ", "not": " NOT ", "any": " OR "}


class Sqlite(Peer):
    def prepare(self):
        options = sqlite3.connect(":memory:").execute("pragma compile_options").fetchall()
        if ("ENABLE_FTS5",) not in options:
            raise Missing("SQLite without FTS5")
        if sqlite3.sqlite_version_info < (3, 34):
            raise Missing("SQLite before 3.34, without trigrams")

    def version(self):
        return f"SQLite {sqlite3.sqlite_version}"

    def build(self, source):
        base = sqlite3.connect(self.folder / "base")
        base.execute("create table passages (id integer primary key, year integer, agency text, text text, words text)")
        rows = (
            (p.year or None, p.agency, p.text, p.words if self.field == "words" else None) for p in passages(source)
        )
        base.executemany("insert into passages (year, agency, text, words) values (?, ?, ?, ?)", rows)
        base.execute(
            f"create virtual table face using fts5 ({self.field}, content = 'passages', content_rowid = 'id', "
            f"tokenize = '{self.tokenizer}')"
        )
        base.execute("insert into face (face) values ('rebuild')")
        base.execute("insert into face (face) values ('optimize')")
        base.commit()
        base.close()

    def open(self, queries):
        self.base = sqlite3.connect(self.folder / "base")
        self.base.execute("pragma mmap_size = 4000000000")

    def match(self, query):
        """Returns the query as FTS5 has it; `None` if it cannot be said."""
        if query.operator == "near":
            return None
        if self.field == "words":
            pieces = [" ".join(words) for words in query.words]
            if query.operator == "any":
                pieces = list(dict.fromkeys(query.words[0]))
        else:
            if query.operator == "any" or min(map(len, query.pieces)) < 3:
                return None
            pieces = query.pieces
        return SIGNS[query.operator].join(f'"{piece}"' for piece in pieces)

    def plan(self, query):
        typed = self.match(query)
        if typed is None or query.facets or query.limit < 0:
            return None
        where, values = "face match ?", [typed]
        source = "face"
        if query.years or query.agency:
            source += " join passages on passages.id = face.rowid"
        if query.years:
            where, values = where + " and year between ? and ?", values + [*query.years]
        if query.agency:
            where, values = where + " and agency = ?", values + [query.agency]
        count = f"select count(*) from {source} where {where}"
        best = f"select face.rowid from {source} where {where} order by face.rank limit {query.limit} offset {query.offset}"
        best = f"select text from ({best}) as best join passages on passages.id = best.rowid"
        execute = self.base.execute

        def search():
            (found,) = execute(count, values).fetchone()
            if query.limit:
                execute(best, values).fetchall()
            return found

        return search


class SqliteTrigrams(Sqlite):
    name = "SQLite FTS5, trigrams"
    field, tokenizer = "text", "trigram"
    note = "phrases of three characters and more; shorter ones it cannot look up; counts and ranks in two statements"


class SqliteWords(Sqlite):
    name = "SQLite FTS5, words"
    field, tokenizer = "words", "unicode61"
    note = "the same words with blanks between; phrases of words"
