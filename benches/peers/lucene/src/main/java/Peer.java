import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.miscellaneous.PerFieldAnalyzerWrapper;
import org.apache.lucene.document.Document;
import org.apache.lucene.document.Field;
import org.apache.lucene.document.FieldType;
import org.apache.lucene.document.IntPoint;
import org.apache.lucene.document.SortedDocValuesField;
import org.apache.lucene.document.StoredField;
import org.apache.lucene.document.StringField;
import org.apache.lucene.document.TextField;
import org.apache.lucene.index.IndexOptions;
import org.apache.lucene.index.IndexWriter;
import org.apache.lucene.index.IndexWriterConfig;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.util.BytesRef;

/**
 * Lucene over the same passages.
 *
 * <p>{@code index PASSAGES.tsv DIR bigrams|words} builds an index: {@code bigrams} holds the bigrams
 * of all characters with positions, the words with frequencies, the text and five facets; {@code
 * words} the words with positions and the text.
 *
 * <p>{@code query DIR QUERIES.tsv FIELD WARM} warms up, says {@code ready}, and for each number of
 * rounds that it reads prints a line for each query: passages found and microseconds of its median
 * round, or -1 and 0 if the index cannot answer it.
 */
public final class Peer {
  /** The columns of the passages, which are facets too, from the second on. */
  private static final List<String> FACETS = List.of("region", "year", "agency", "section", "level");

  private static final List<String> COLUMNS = List.of("id", "year", "region", "agency", "section", "level");

  private Peer() {}

  public static void main(String[] args) throws IOException {
    switch (args[0]) {
      case "index" -> index(Path.of(args[1]), Path.of(args[2]), args[3].equals("bigrams"));
      case "query" -> query(Path.of(args[1]), Path.of(args[2]), args[3], Integer.parseInt(args[4]));
      default -> throw new IllegalArgumentException(args[0]);
    }
  }

  private static Analyzer analyzer() {
    Analyzer bigrams = new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        return new TokenStreamComponents(new Bigrams());
      }
    };
    return new PerFieldAnalyzerWrapper(new WhitespaceAnalyzer(), Map.of("bigrams", bigrams));
  }

  private static void index(Path passages, Path folder, boolean both) throws IOException {
    IndexWriterConfig config = new IndexWriterConfig(analyzer());
    config.setRAMBufferSizeMB(256);
    FieldType words = new FieldType(TextField.TYPE_NOT_STORED);
    if (both) {
      words.setIndexOptions(IndexOptions.DOCS_AND_FREQS);
    }
    words.freeze();
    try (FSDirectory directory = FSDirectory.open(folder);
        IndexWriter writer = new IndexWriter(directory, config);
        BufferedReader lines = Files.newBufferedReader(passages)) {
      List<Thread> threads = new ArrayList<>();
      for (int number = 0; number < 2; number++) {
        threads.add(Thread.ofPlatform().start(() -> {
          try {
            for (String line = next(lines); line != null; line = next(lines)) {
              writer.addDocument(document(line.split("\t", -1), words, both));
            }
          } catch (IOException error) {
            throw new UncheckedIOException(error);
          }
        }));
      }
      for (Thread thread : threads) {
        try {
          thread.join();
        } catch (InterruptedException error) {
          throw new IOException(error);
        }
      }
      writer.forceMerge(1);
      writer.commit();
    }
  }

  private static Document document(String[] parts, FieldType words, boolean both) {
    Document document = new Document();
    document.add(new StoredField("id", parts[0]));
    document.add(new StoredField("text", parts[6]));
    document.add(new Field("words", parts[7], words));
    if (!both) {
      return document;
    }
    document.add(new TextField("bigrams", parts[6], Field.Store.NO));
    for (String facet : FACETS) {
      String value = parts[COLUMNS.indexOf(facet)];
      if (!value.isEmpty()) {
        document.add(new SortedDocValuesField(facet, new BytesRef(value)));
        if (facet.equals("year")) {
          document.add(new IntPoint("number", Integer.parseInt(value)));
        }
        if (facet.equals("agency")) {
          document.add(new StringField("agency-term", value, Field.Store.NO));
        }
      }
    }
    return document;
  }

  private static String next(BufferedReader lines) throws IOException {
    synchronized (lines) {
      return lines.readLine();
    }
  }

  private static void query(Path folder, Path queries, String field, int warm) throws IOException {
    PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    try (Questions questions = new Questions(folder, field, FACETS, analyzer())) {
      // Queries by class, since each class goes round for itself.
      Map<String, List<Questions.Asked>> classes = new LinkedHashMap<>();
      List<Questions.Asked> all = new ArrayList<>();
      for (String line : Files.readAllLines(queries)) {
        Questions.Asked asked = questions.read(line);
        all.add(asked);
        classes.computeIfAbsent(asked.kind, kind -> new ArrayList<>()).add(asked);
      }
      for (int round = 0; round < warm; round++) {
        for (Questions.Asked asked : all) {
          questions.answer(asked);
        }
      }
      out.println("ready");
      out.flush();
      BufferedReader wishes = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
      for (String wish = wishes.readLine(); wish != null; wish = wishes.readLine()) {
        int rounds = Integer.parseInt(wish);
        for (List<Questions.Asked> own : classes.values()) {
          own.forEach(asked -> asked.times.clear());
          // The first round is not counted.
          for (int round = 0; round <= rounds; round++) {
            for (Questions.Asked asked : own) {
              long started = System.nanoTime();
              asked.found = questions.answer(asked);
              if (round > 0) {
                asked.times.add((System.nanoTime() - started) / 1e3);
              }
            }
          }
        }
        for (Questions.Asked asked : all) {
          asked.times.sort(null);
          double median = asked.query == null ? 0 : asked.times.get(asked.times.size() / 2);
          out.println(asked.found + "\t" + median);
        }
        out.flush();
      }
    }
  }
}
