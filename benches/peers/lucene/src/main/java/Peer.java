import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.index.StoredFields;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.BooleanClause.Occur;
import org.apache.lucene.search.BooleanQuery;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.PhraseQuery;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.ScoreDoc;
import org.apache.lucene.search.TermQuery;
import org.apache.lucene.search.TopDocs;
import org.apache.lucene.search.TopScoreDocCollectorManager;
import org.apache.lucene.store.FSDirectory;

/**
 * Lucene over the same passages: one field of CJK bigrams, one of the same words.
 *
 * <p>{@code index PASSAGES.tsv DIR}: each line is an id, a text and its words with blanks between.
 * {@code query DIR QUERIES.tsv FIELD ROUNDS WARM}: prints class, query, found, microseconds of the
 * median round. A query is answered by its ten best with their stored texts and the exact count.
 */
public class Peer {
  public static void main(String[] args) throws IOException {
    switch (args[0]) {
      case "index" -> index(Path.of(args[1]), Path.of(args[2]));
      case "query" -> query(Path.of(args[1]), Path.of(args[2]), args[3],
          Integer.parseInt(args[4]), Integer.parseInt(args[5]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static Analyzer analyzer() {
    return new PerFieldAnalyzerWrapper(
        new WhitespaceAnalyzer(), Map.of("bigrams", new CJKAnalyzer(CharArraySet.EMPTY_SET)));
  }

  private static void index(Path passages, Path folder) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer());
    config.setRAMBufferSizeMB(256);
    try (FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader lines = Files.newBufferedReader(passages)) {
      List<Thread> threads = new ArrayList<>();
      for (int number = 0; number < 2; number++) {
        Thread thread = new Thread(() -> {
          try {
            for (String line = next(lines); line != null; line = next(lines)) {
              String[] parts = line.split("\t", -1);
              Document document = new Document();
              document.add(new StoredField("id", parts[0]));
              document.add(new StoredField("text", parts[1]));
              document.add(new TextField("bigrams", parts[1], Field.Store.NO));
              document.add(new TextField("words", parts[2], Field.Store.NO));
              writer.addDocument(document);
            }
          } catch (IOException error) {
            throw new java.io.UncheckedIOException(error);
          }
        });
        thread.start();
        threads.add(thread);
      }
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException error) {
          throw new IOException(error);
        }
      }
      writer.commit();
      writer.forceMerge(1);
      writer.commit();
    }
  }

  private static synchronized String next(BufferedReader lines) throws IOException {
    return lines.readLine();
  }

  private record Asked(String kind, String typed, Query query) {}

  private static void query(Path folder, Path queries, String field, int rounds, int warm)
      throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (Analyzer analyzer = analyzer();
        DirectoryReader reader = DirectoryReader.open(FSDirectory.open(folder))) {
      IndexSearcher searcher = new IndexSearcher(reader);
      searcher.setQueryCache(null);
      List<Asked> asked = new ArrayList<>();
      for (String line : Files.readAllLines(queries)) {
        // Class, operator, the query as typed, then each piece and its words.
        String[] parts = line.split("\t", -1);
        BooleanQuery.Builder builder = new BooleanQuery.Builder();
        for (int at = 3; at + 1 < parts.length; at += 2) {
          String text = field.equals("bigrams") ? parts[at] : parts[at + 1];
          Occur occur = switch (parts[1]) {
            case "or" -> Occur.SHOULD;
            case "not" -> at > 3 ? Occur.MUST_NOT : Occur.MUST;
            default -> Occur.MUST;
          };
          builder.add(phrase(analyzer, field, text), occur);
        }
        BooleanQuery all = builder.build();
        Query query = all.clauses().size() == 1 ? all.clauses().get(0).query() : all;
        asked.add(new Asked(parts[0], parts[2], query));
      }
      long[] found = new long[asked.size()];
      Map<Integer, List<Double>> times = new HashMap<>();
      for (int round = 0; round < warm + rounds; round++) {
        for (int at = 0; at < asked.size(); at++) {
          long started = System.nanoTime();
          TopDocs top = searcher.search(
              asked.get(at).query(), new TopScoreDocCollectorManager(10, Integer.MAX_VALUE));
          StoredFields stored = searcher.storedFields();
          int bytes = 0;
          for (ScoreDoc hit : top.scoreDocs) {
            bytes += stored.document(hit.doc).get("text").length();
          }
          double micros = (System.nanoTime() - started) / 1e3;
          if (bytes < 0) {
            throw new IllegalStateException();
          }
          found[at] = top.totalHits.value();
          if (round >= warm) {
            times.computeIfAbsent(at, key -> new ArrayList<>()).add(micros);
          }
        }
      }
      for (int at = 0; at < asked.size(); at++) {
        List<Double> own = times.get(at);
        own.sort(null);
        out.println(String.join("\t", asked.get(at).kind(), asked.get(at).typed(),
            Long.toString(found[at]), Double.toString(own.get(own.size() / 2))));
      }
    }
    out.flush();
  }

  private static Query phrase(Analyzer analyzer, String field, String text) throws IOException {
    List<Term> terms = new ArrayList<>();
    try (TokenStream stream = analyzer.tokenStream(field, text)) {
      CharTermAttribute term = stream.addAttribute(CharTermAttribute.class);
      stream.reset();
      while (stream.incrementToken()) {
        terms.add(new Term(field, term.toString()));
      }
      stream.end();
    }
    if (terms.size() == 1) {
      return new TermQuery(terms.get(0));
    }
    PhraseQuery.Builder builder = new PhraseQuery.Builder();
    terms.forEach(builder::add);
    return builder.build();
  }
}
