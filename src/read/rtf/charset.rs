//! Bytes in the code page of a font → text.
//!
//! Invariant: a double byte is put together again wherever its halves stand: both escaped, one
//! escaped and one literal, on two sides of a brace or a change of type.

use encoding_rs::{
    BIG5, Decoder, EUC_KR, Encoding, GB18030, IBM866, MACINTOSH, SHIFT_JIS, UTF_8, WINDOWS_874,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257, WINDOWS_1258,
};

/// What the bytes of a font mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// An encoding.
    Sure(&'static Encoding),
    /// Western, or the document's double-byte page: programs write Chinese in fonts that they
    /// declare as western.
    Western,
    /// The font's own glyphs.
    Symbol,
}

/// Returns the encoding of a Windows code page.
pub(super) fn of_code_page(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        932 | 10001 => SHIFT_JIS,
        936 | 10008 | 20936 | 54936 => GB18030,
        949 | 1361 | 10003 => EUC_KR,
        950 | 10002 => BIG5,
        866 => IBM866,
        874 => WINDOWS_874,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1252 => WINDOWS_1252,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10000 => MACINTOSH,
        65001 => UTF_8,
        _ => return None,
    })
}

/// Returns the code page that goes with a `\fcharset`; `None` where the document's own counts.
pub(super) fn of_charset(charset: i32) -> Option<Page> {
    let number = match charset {
        0 => return Some(Page::Western),
        2 => return Some(Page::Symbol),
        77 => 10000,
        78 | 128 => 932,
        79 | 129 | 130 => 949,
        80 | 134 => 936,
        81 | 136 => 950,
        161 => 1253,
        162 => 1254,
        163 => 1258,
        177 => 1255,
        178 => 1256,
        186 => 1257,
        204 => 1251,
        222 => 874,
        238 => 1250,
        _ => return None,
    };
    of_code_page(number).map(Page::Sure)
}

/// Returns the double-byte encoding of a language of East Asia.
pub(super) fn of_language(language: i32) -> Option<&'static Encoding> {
    match language {
        2052 | 4100 => Some(GB18030),
        1028 | 3076 | 5124 => Some(BIG5),
        1041 => Some(SHIFT_JIS),
        1042 => Some(EUC_KR),
        _ => None,
    }
}

/// Returns whether an encoding writes two bytes a character.
pub(super) fn is_double_byte(encoding: &'static Encoding) -> bool {
    [GB18030, BIG5, SHIFT_JIS, EUC_KR].contains(&encoding)
}

/// Bytes on their way to text.
pub(super) struct Decoding {
    bytes: Vec<u8>,
    page: Page,
    /// The decoder, which may hold the first half of a character.
    decoder: Option<Decoder>,
    /// Name of the encoding that the first character beyond ASCII stood in.
    pub(super) encoding: &'static str,
    /// Number of byte sequences that could not be decoded.
    pub(super) undecodable: usize,
}

impl Decoding {
    pub(super) fn new() -> Self {
        Decoding {
            bytes: Vec::new(),
            page: Page::Western,
            decoder: None,
            encoding: "",
            undecodable: 0,
        }
    }

    /// Returns whether a byte of this page may be added without [`finish`](Self::finish) before.
    pub(super) fn continues(&self, page: Page) -> bool {
        page == self.page || (self.bytes.is_empty() && self.decoder.is_none())
    }

    pub(super) fn push(&mut self, byte: u8, page: Page) {
        self.page = page;
        self.bytes.push(byte);
    }

    /// Adds the text of all bytes to `text`, but for half a character at their end. `double` is
    /// the document's double-byte page.
    pub(super) fn flush(&mut self, double: Option<&'static Encoding>, text: &mut String) {
        if !self.bytes.is_empty() {
            self.decode(double, false, text);
        }
    }

    /// Adds the text of all bytes to `text`.
    pub(super) fn finish(&mut self, double: Option<&'static Encoding>, text: &mut String) {
        if !self.bytes.is_empty() || self.decoder.is_some() {
            self.decode(double, true, text);
            self.decoder = None;
        }
    }

    fn decode(&mut self, double: Option<&'static Encoding>, last: bool, text: &mut String) {
        let is_ascii = self.bytes.is_ascii();
        if self.decoder.is_none() && is_ascii {
            text.extend(self.bytes.drain(..).map(char::from));
            return;
        }
        if self.page == Page::Symbol {
            // As Word does it: the private area holds the font's glyphs.
            text.extend(self.bytes.drain(..).map(|byte| match byte {
                0..=0x7f => char::from(byte),
                _ => char::from_u32(0xf000 + u32::from(byte)).unwrap_or('•'),
            }));
            return;
        }
        let decoder = self.decoder.get_or_insert_with(|| {
            let encoding = match self.page {
                Page::Sure(encoding) => encoding,
                _ => double
                    .filter(|double| holds_pairs(&self.bytes, double))
                    .unwrap_or(WINDOWS_1252),
            };
            if self.encoding.is_empty() {
                self.encoding = match encoding == GB18030 {
                    true => "GB18030",
                    false => encoding.name(),
                };
            }
            encoding.new_decoder_without_bom_handling()
        });
        let needed = decoder.max_utf8_buffer_length(self.bytes.len());
        text.reserve(needed.unwrap_or(0));
        let start = text.len();
        let (_, _, damaged) = decoder.decode_to_string(&self.bytes, text, last);
        if damaged {
            self.undecodable += text[start..].matches('\u{fffd}').count();
        }
        self.bytes.clear();
        // Only a decoder that holds half a character, or may, is worth keeping.
        let encoding = decoder.encoding();
        if !is_double_byte(encoding) && encoding != UTF_8 || self.page == Page::Western {
            self.decoder = None;
        }
    }
}

/// Returns whether bytes in a western font are double-byte text: all of them can be decoded, and
/// pairs above ASCII abound. Western quotation marks and accents stand alone.
fn holds_pairs(bytes: &[u8], double: &'static Encoding) -> bool {
    let (mut high_pairs, mut low_pairs) = (0, 0);
    let mut rest = bytes;
    while let [lead, tail @ ..] = rest {
        rest = tail;
        if lead.is_ascii() {
            continue;
        }
        let [trail, tail @ ..] = rest else {
            return false;
        };
        rest = tail;
        match trail.is_ascii() {
            true => low_pairs += 1,
            false => high_pairs += 1,
        }
    }
    high_pairs > 0 && low_pairs <= high_pairs && !double.decode_without_bom_handling(bytes).1
}
