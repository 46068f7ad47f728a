"""Xapian by its Python bindings, with its n-grams of CJK text."""

from .common import Missing, Peer, passages

try:
    import xapian
except ImportError:
    xapian = None

YEAR, AGENCY = 0, 1
SIGNS = {"phrase": "", "and": " AND ", "or": " OR ", "not": " NOT "}


class Xapian(Peer):
    name = "Xapian, n-grams"
    note = "its parser and indexer with FLAG_CJK_NGRAM (characters and bigrams), exact count asked for"

    def prepare(self):
        if not xapian:
            raise Missing("no module xapian (apt install python3-xapian, and run with the system's python3)")

    def version(self):
        return f"Xapian {xapian.version_string()}"

    def build(self, source):
        base = xapian.WritableDatabase(str(self.folder), xapian.DB_CREATE_OR_OVERWRITE)
        generator = xapian.TermGenerator()
        generator.set_flags(xapian.TermGenerator.FLAG_CJK_NGRAM)
        for passage in passages(source):
            document = xapian.Document()
            generator.set_document(document)
            generator.index_text(passage.text)
            document.set_data(passage.text)
            document.add_value(YEAR, passage.year)
            document.add_boolean_term(f"XA{passage.agency}"[:80])
            base.add_document(document)
        base.commit()
        base.close()

    def open(self, queries):
        self.base = xapian.Database(str(self.folder))
        self.parser = xapian.QueryParser()
        self.parser.set_database(self.base)
        self.enquire = xapian.Enquire(self.base)

    def plan(self, query):
        if query.operator in ("near", "any") or query.facets or query.limit < 0:
            return None
        typed = SIGNS[query.operator].join(f'"{piece}"' for piece in query.pieces)
        parser = xapian.QueryParser
        flags = parser.FLAG_CJK_NGRAM | parser.FLAG_PHRASE | parser.FLAG_BOOLEAN
        passing = []
        if query.years:
            passing.append(xapian.Query(xapian.Query.OP_VALUE_RANGE, YEAR, *map(str, query.years)))
        if query.agency:
            passing.append(xapian.Query(f"XA{query.agency}"[:80]))
        every = self.base.get_doccount()

        def search():
            parsed = self.parser.parse_query(typed, flags)
            for filter in passing:
                parsed = xapian.Query(xapian.Query.OP_FILTER, parsed, filter)
            self.enquire.set_query(parsed)
            hits = self.enquire.get_mset(query.offset, query.limit, every)
            for hit in hits:
                hit.document.get_data()
            return hits.get_matches_estimated()

        return search
