"""tantivy by its Python package, over bigrams and words that are given to it ready-made."""

from .common import Missing, Passage, Peer, bigrams, passages

try:
    import tantivy
except ImportError:
    tantivy = None

# One thread and room for all: the package cannot merge, and several segments would slow it.
HEAP = 3_500_000_000


class Tantivy(Peer):
    def prepare(self):
        if not tantivy:
            raise Missing("no module tantivy (pip install tantivy)")

    def version(self):
        return tantivy.__version__.split(",")[0]

    def schema(self):
        builder = tantivy.SchemaBuilder()
        # Bytes are stored and no more; a text would be indexed as well.
        builder.add_bytes_field("text", stored=True)
        builder.add_text_field("words", tokenizer_name="blanks", index_option=self.words)
        if self.field == "bigrams":
            builder.add_text_field("bigrams", tokenizer_name="blanks", index_option="position")
        for name in Passage.FACETS:
            builder.add_text_field(name, fast=True, tokenizer_name="raw", index_option="basic")
        builder.add_integer_field("number", indexed=True, fast=True)
        return builder.build()

    def index(self):
        index = tantivy.Index(self.schema(), path=str(self.folder))
        blanks = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        index.register_tokenizer("blanks", blanks)
        return index

    def build(self, source):
        writer = self.index().writer(HEAP, 1)
        for passage in passages(source):
            document = tantivy.Document()
            document.add_bytes("text", passage.text.encode())
            document.add_text("words", passage.words)
            if self.field == "bigrams":
                document.add_text("bigrams", " ".join(passage.bigrams()))
            for name in Passage.FACETS:
                if value := getattr(passage, name):
                    document.add_text(name, value)
            if passage.year:
                document.add_integer("number", int(passage.year))
            writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()

    def open(self, queries):
        index = self.index()
        index.reload()
        self.searcher, self.fields = index.searcher(), index.schema

    def phrase(self, piece, words):
        query = tantivy.Query
        if self.field == "bigrams" and len(piece) == 1:
            return query.regex_query(self.fields, "bigrams", f"{piece}.?")
        terms = bigrams(piece) if self.field == "bigrams" else words
        if len(terms) == 1:
            return query.term_query(self.fields, self.field, terms[0], "freq")
        return query.phrase_query(self.fields, self.field, terms)

    def query(self, asked):
        query, occur = tantivy.Query, tantivy.Occur
        if asked.operator == "any":
            terms = [("words", word) for word in asked.words[0]]
            if self.field == "bigrams":
                terms += [("bigrams", pair) for pair in bigrams(asked.pieces[0])]
            each = [query.term_query(self.fields, *term, "freq") for term in dict.fromkeys(terms)]
            return query.boolean_query([(occur.Should, part) for part in each])
        each = [self.phrase(piece, words) for piece, words in zip(asked.pieces, asked.words)]
        if asked.operator == "or":
            return query.boolean_query([(occur.Should, part) for part in each])
        clauses = [(occur.Must, part) for part in each]
        if asked.operator == "not":
            clauses[1] = (occur.MustNot, each[1])
        if asked.years:
            years = query.range_query(self.fields, "number", tantivy.FieldType.Integer, *asked.years)
            clauses.append((occur.Must, query.const_score_query(years, 0.0)))
        if asked.agency:
            agency = query.term_query(self.fields, "agency", asked.agency, "basic")
            clauses.append((occur.Must, query.const_score_query(agency, 0.0)))
        return each[0] if len(clauses) == 1 else query.boolean_query(clauses)

    def plan(self, asked):
        if asked.operator == "near":
            return None
        query, searcher = self.query(asked), self.searcher
        if asked.facets:
            facets = {name: {"terms": {"field": name, "size": 20}} for name in Passage.FACETS[: asked.facets]}

            def count():
                searcher.aggregate(query, facets)
                return searcher.search(query, 1).count

            return count
        if asked.limit < 0:
            return None

        def search():
            result = searcher.search(query, max(asked.limit, 1), True, None, asked.offset)
            for _, address in result.hits[: asked.limit]:
                searcher.doc(address)["text"]
            return result.count

        return search


class TantivyBigrams(Tantivy):
    name = "tantivy, two fields"
    field, words = "bigrams", "freq"
    note = (
        "bare tantivy from Python: bigrams with positions, words with frequencies, the text stored, five fast fields; "
        "built by one thread into one segment; facets by its aggregations"
    )


class TantivyWords(Tantivy):
    name = "tantivy, words"
    field, words = "words", "position"
    note = "the same with words alone, which have positions; phrases of words"
