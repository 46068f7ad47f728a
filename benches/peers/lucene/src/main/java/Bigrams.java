import java.io.IOException;
import org.apache.lucene.analysis.Tokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;

/**
 * Every two characters side by side, then the last one alone: the tokens of our verbatim field.
 *
 * <p>Characters are code points.
 */
final class Bigrams extends Tokenizer {
  private final CharTermAttribute term = addAttribute(CharTermAttribute.class);
  private final OffsetAttribute offset = addAttribute(OffsetAttribute.class);
  /** Next character to take and where it stands; -1 at the end. */
  private int next;
  private int at;

  @Override
  public boolean incrementToken() throws IOException {
    if (next < 0) {
      return false;
    }
    clearAttributes();
    int first = next;
    int start = at;
    at += Character.charCount(first);
    next = read();
    term.append(Character.toString(first));
    int end = at;
    if (next >= 0) {
      term.append(Character.toString(next));
      end += Character.charCount(next);
    }
    offset.setOffset(correctOffset(start), correctOffset(end));
    return true;
  }

  private int read() throws IOException {
    int high = input.read();
    if (high < 0 || !Character.isHighSurrogate((char) high)) {
      return high;
    }
    return Character.toCodePoint((char) high, (char) input.read());
  }

  @Override
  public void reset() throws IOException {
    super.reset();
    at = 0;
    next = read();
  }
}
