import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.facet.FacetsCollector;
import org.apache.lucene.facet.FacetsCollectorManager;
import org.apache.lucene.facet.StringDocValuesReaderState;
import org.apache.lucene.facet.StringValueFacetCounts;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.queries.intervals.IntervalQuery;
import org.apache.lucene.queries.intervals.Intervals;
import org.apache.lucene.queries.intervals.IntervalsSource;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.PrefixQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;

/** An index and what is asked of it. */
final class Questions implements AutoCloseable {
  /** Values of a facet that are named. */
  private static final int VALUES = 20;

  /** Characters between two phrases that are near. */
  private static final int NEAR = 10;

  /** A query made ready and what its last rounds took. */
  static final class Asked {
    final String kind;
    /** Null if the index cannot answer it. */
    final Query query;
    final int limit;
    final int offset;
    final int facets;
    long found = -1;
    final List<Double> times = new ArrayList<>();

    Asked(String kind, Query query, int limit, int offset, int facets) {
      this.kind = kind;
      this.query = query;
      this.limit = limit;
      this.offset = offset;
      this.facets = facets;
    }
  }

  private final Analyzer analyzer;
  private final String field;
  private final DirectoryReader reader;
  private final IndexSearcher searcher;
  private final Map<String, StringDocValuesReaderState> facets = new LinkedHashMap<>();

  Questions(Path folder, String field, List<String> facets, Analyzer analyzer) throws IOException {
    this.field = field;
    this.analyzer = analyzer;
    reader = DirectoryReader.open(FSDirectory.open(folder));
    searcher = new IndexSearcher(reader);
    searcher.setQueryCache(null);
    if (bigrams()) {
      for (String facet : facets) {
        this.facets.put(facet, new StringDocValuesReaderState(reader, facet));
      }
    }
  }

  private boolean bigrams() {
    return field.equals("bigrams");
  }

  /**
   * Reads a line: class, operator, limit (-1 for every hit), offset, number of facets, first and last
   * year, agency, then each piece and its words.
   */
  Asked read(String line) throws IOException {
    String[] parts = line.split("\t", -1);
    String operator = parts[1];
    int limit = Integer.parseInt(parts[2]);
    int wanted = Integer.parseInt(parts[4]);
    List<String> texts = new ArrayList<>();
    for (int at = 8; at + 1 < parts.length; at += 2) {
      texts.add(bigrams() ? parts[at] : parts[at + 1]);
    }
    boolean filtered = !parts[5].isEmpty() || !parts[7].isEmpty();
    Query query;
    if (!bigrams() && (filtered || wanted > 0 || operator.equals("near"))) {
      query = null;
    } else if (operator.equals("near")) {
      IntervalsSource both = Intervals.unordered(interval(texts.get(0)), interval(texts.get(1)));
      // A bigram stands at its first character, so that its second is one of those between.
      query = new IntervalQuery(field, Intervals.maxgaps(NEAR + 1, both));
    } else if (operator.equals("any")) {
      query = union(parts[8], parts[9]);
    } else {
      BooleanQuery.Builder builder = new BooleanQuery.Builder();
      for (int at = 0; at < texts.size(); at++) {
        Occur occur = switch (operator) {
          case "or" -> Occur.SHOULD;
          case "not" -> at > 0 ? Occur.MUST_NOT : Occur.MUST;
          default -> Occur.MUST;
        };
        builder.add(phrase(texts.get(at)), occur);
      }
      if (!parts[5].isEmpty()) {
        int first = Integer.parseInt(parts[5]);
        builder.add(IntPoint.newRangeQuery("number", first, Integer.parseInt(parts[6])), Occur.FILTER);
      }
      if (!parts[7].isEmpty()) {
        builder.add(new TermQuery(new Term("agency-term", parts[7])), Occur.FILTER);
      }
      BooleanQuery all = builder.build();
      query = all.clauses().size() == 1 ? all.clauses().get(0).query() : all;
    }
    return new Asked(parts[0], query, limit, Integer.parseInt(parts[3]), wanted);
  }

  /** Answers a query whole and returns how many passages it matches; -1 if it cannot. */
  long answer(Asked asked) throws IOException {
    if (asked.query == null) {
      return -1;
    }
    if (asked.facets > 0) {
      FacetsCollector matches =
          FacetsCollectorManager.search(searcher, asked.query, 1, new FacetsCollectorManager()).facetsCollector();
      int left = asked.facets;
      for (Map.Entry<String, StringDocValuesReaderState> facet : facets.entrySet()) {
        if (left-- > 0) {
          new StringValueFacetCounts(facet.getValue(), matches).getTopChildren(VALUES, facet.getKey());
        }
      }
      return matches.getMatchingDocs().stream().mapToLong(FacetsCollector.MatchingDocs::totalHits).sum();
    }
    if (asked.limit == 0) {
      return searcher.count(asked.query);
    }
    StoredFields stored = searcher.storedFields();
    if (asked.limit < 0) {
      FacetsCollector matches = searcher.search(asked.query, new FacetsCollectorManager());
      long found = 0;
      for (FacetsCollector.MatchingDocs part : matches.getMatchingDocs()) {
        var documents = part.bits().iterator();
        for (int at = documents.nextDoc(); at != Integer.MAX_VALUE; at = documents.nextDoc()) {
          fetch(stored, part.context().docBase + at);
          found++;
        }
      }
      return found;
    }
    int last = asked.offset + asked.limit;
    TopDocs top = searcher.search(asked.query, new TopScoreDocCollectorManager(last, Integer.MAX_VALUE));
    ScoreDoc[] hits = top.scoreDocs;
    for (int at = asked.offset; at < hits.length; at++) {
      fetch(stored, hits[at].doc);
    }
    return top.totalHits.value();
  }

  private static void fetch(StoredFields stored, int document) throws IOException {
    if (stored.document(document).get("text") == null) {
      throw new IOException("passage " + document + " has no text");
    }
  }

  private Query phrase(String text) throws IOException {
    if (bigrams() && text.codePointCount(0, text.length()) == 1) {
      return new PrefixQuery(new Term(field, text));
    }
    List<String> terms = terms(text);
    if (terms.size() == 1) {
      return new TermQuery(new Term(field, terms.get(0)));
    }
    return new PhraseQuery(field, terms.toArray(String[]::new));
  }

  private IntervalsSource interval(String text) throws IOException {
    return Intervals.phrase(terms(text).toArray(String[]::new));
  }

  /** Returns the union by which a question is ranked: its words, with bigrams if there are some. */
  private Query union(String text, String words) throws IOException {
    Set<Term> terms = new LinkedHashSet<>();
    for (String word : words.split(" ")) {
      terms.add(new Term("words", word));
    }
    if (bigrams()) {
      for (String pair : terms(text)) {
        terms.add(new Term("bigrams", pair));
      }
    }
    BooleanQuery.Builder builder = new BooleanQuery.Builder();
    terms.forEach(term -> builder.add(new TermQuery(term), Occur.SHOULD));
    return builder.build();
  }

  /** Cuts a piece as the field is cut; of bigrams without the last character alone. */
  private List<String> terms(String text) throws IOException {
    List<String> terms = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream(field, text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(term.toString());
      }
      stream.end();
    }
    if (bigrams() && terms.size() > 1) {
      terms.remove(terms.size() - 1);
    }
    return terms;
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }
}
