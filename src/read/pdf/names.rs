//! Codes and glyph names of fonts of one byte a character → characters.
//!
//! The names are those of Adobe's glyph list for Latin text and punctuation, besides `uniXXXX` and
//! `uXXXX`.

use encoding_rs::{MACINTOSH, WINDOWS_1252};

/// Punctuation and letters with a name of their own; letters with accents are put together.
const NAMES: &[(&str, char)] = &[
    ("AE", 'Æ'),
    ("Delta", '∆'),
    ("Euro", '€'),
    ("OE", 'Œ'),
    ("Omega", 'Ω'),
    ("Oslash", 'Ø'),
    ("ae", 'æ'),
    ("alpha", 'α'),
    ("ampersand", '&'),
    ("approxequal", '≈'),
    ("asciicircum", '^'),
    ("asciitilde", '~'),
    ("asterisk", '*'),
    ("at", '@'),
    ("backslash", '\\'),
    ("bar", '|'),
    ("beta", 'β'),
    ("braceleft", '{'),
    ("braceright", '}'),
    ("bracketleft", '['),
    ("bracketright", ']'),
    ("brokenbar", '¦'),
    ("bullet", '•'),
    ("cent", '¢'),
    ("colon", ':'),
    ("comma", ','),
    ("copyright", '©'),
    ("currency", '¤'),
    ("dagger", '†'),
    ("daggerdbl", '‡'),
    ("degree", '°'),
    ("divide", '÷'),
    ("dollar", '$'),
    ("dotlessi", 'ı'),
    ("eight", '8'),
    ("ellipsis", '…'),
    ("emdash", '—'),
    ("endash", '–'),
    ("equal", '='),
    ("exclam", '!'),
    ("exclamdown", '¡'),
    ("ff", 'ﬀ'),
    ("ffi", 'ﬃ'),
    ("ffl", 'ﬄ'),
    ("fi", 'ﬁ'),
    ("five", '5'),
    ("fl", 'ﬂ'),
    ("florin", 'ƒ'),
    ("four", '4'),
    ("fraction", '⁄'),
    ("germandbls", 'ß'),
    ("grave", '`'),
    ("greater", '>'),
    ("greaterequal", '≥'),
    ("guillemotleft", '«'),
    ("guillemotright", '»'),
    ("guilsinglleft", '‹'),
    ("guilsinglright", '›'),
    ("hyphen", '-'),
    ("infinity", '∞'),
    ("less", '<'),
    ("lessequal", '≤'),
    ("logicalnot", '¬'),
    ("minus", '−'),
    ("mu", 'µ'),
    ("multiply", '×'),
    ("nbspace", '\u{a0}'),
    ("nine", '9'),
    ("nonbreakingspace", '\u{a0}'),
    ("notequal", '≠'),
    ("numbersign", '#'),
    ("oe", 'œ'),
    ("one", '1'),
    ("onehalf", '½'),
    ("onequarter", '¼'),
    ("onesuperior", '¹'),
    ("oslash", 'ø'),
    ("paragraph", '¶'),
    ("parenleft", '('),
    ("parenright", ')'),
    ("percent", '%'),
    ("period", '.'),
    ("periodcentered", '·'),
    ("perthousand", '‰'),
    ("pi", 'π'),
    ("plus", '+'),
    ("plusminus", '±'),
    ("question", '?'),
    ("questiondown", '¿'),
    ("quotedbl", '"'),
    ("quotedblbase", '„'),
    ("quotedblleft", '“'),
    ("quotedblright", '”'),
    ("quoteleft", '‘'),
    ("quoteright", '’'),
    ("quotesinglbase", '‚'),
    ("quotesingle", '\''),
    ("registered", '®'),
    ("section", '§'),
    ("semicolon", ';'),
    ("seven", '7'),
    ("sfthyphen", '\u{ad}'),
    ("six", '6'),
    ("slash", '/'),
    ("softhyphen", '\u{ad}'),
    ("space", ' '),
    ("sterling", '£'),
    ("three", '3'),
    ("threequarters", '¾'),
    ("threesuperior", '³'),
    ("trademark", '™'),
    ("two", '2'),
    ("twosuperior", '²'),
    ("underscore", '_'),
    ("yen", '¥'),
    ("zero", '0'),
];

/// Endings of names of letters with accents.
const ACCENTS: &[(&str, char)] = &[
    ("acute", '\u{301}'),
    ("caron", '\u{30c}'),
    ("cedilla", '\u{327}'),
    ("circumflex", '\u{302}'),
    ("dieresis", '\u{308}'),
    ("grave", '\u{300}'),
    ("macron", '\u{304}'),
    ("ring", '\u{30a}'),
    ("tilde", '\u{303}'),
];

/// A table that a font may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Table {
    /// Adobe's own; what differs from Windows' in ASCII are the quotes.
    Standard,
    Windows,
    Macintosh,
}

impl Table {
    /// Returns the table that a font names.
    pub(super) fn named(name: &[u8]) -> Option<Self> {
        match name {
            b"WinAnsiEncoding" => Some(Table::Windows),
            b"MacRomanEncoding" => Some(Table::Macintosh),
            b"StandardEncoding" => Some(Table::Standard),
            _ => None,
        }
    }

    /// Returns the character of a code.
    pub(super) fn character(self, code: u8) -> Option<char> {
        /// The upper half of Adobe's table from A1 on; blanks are empty places.
        const STANDARD: &str = "¡¢£⁄¥ƒ§¤'“«‹›ﬁﬂ –†‡· ¶•‚„”»…‰ ¿";
        if code < 0x20 || code == 0x7f {
            return None;
        }
        match (self, code) {
            (Table::Standard, b'\'') => Some('’'),
            (Table::Standard, b'`') => Some('‘'),
            (Table::Standard, 0xd0) => Some('—'),
            (Table::Standard, 0xa1..) => STANDARD
                .chars()
                .nth(usize::from(code - 0xa1))
                .filter(|c| *c != ' '),
            (Table::Macintosh, _) => decode(MACINTOSH, code),
            _ => decode(WINDOWS_1252, code),
        }
    }
}

fn decode(encoding: &'static encoding_rs::Encoding, code: u8) -> Option<char> {
    let bytes = [code];
    let (text, _) = encoding.decode_without_bom_handling(&bytes);
    text.chars().next().filter(|c| !c.is_control())
}

/// Returns the character that a glyph is named after.
pub(super) fn character(name: &str) -> Option<char> {
    // `a.alt` and `f_i` are kinds and joins of what stands before.
    let name = match name.split_once(['.', '_']) {
        Some((base, _)) if !base.is_empty() => base,
        _ => name,
    };
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return letter.is_ascii_alphabetic().then_some(letter);
    }
    if let Ok(index) = NAMES.binary_search_by_key(&name, |(name, _)| name) {
        return NAMES.get(index).map(|(_, character)| *character);
    }
    let hex = |digits: &str| {
        let is_hex = (4..=6).contains(&digits.len()) && !digits.contains('+');
        let code = u32::from_str_radix(digits, 16).ok().filter(|_| is_hex);
        code.and_then(char::from_u32)
    };
    if let Some(found) = name
        .strip_prefix("uni")
        .and_then(|digits| hex(digits.get(..4)?))
        .or_else(|| hex(name.strip_prefix('u')?))
    {
        return Some(found);
    }
    let letter = name.chars().next().filter(char::is_ascii_alphabetic)?;
    let (_, accent) = ACCENTS.iter().find(|(ending, _)| *ending == &name[1..])?;
    unicode_normalization::char::compose(letter, *accent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_order() {
        assert!(NAMES.is_sorted_by_key(|(name, _)| *name));
    }

    #[test]
    fn glyphs_are_named_after_characters() {
        let cases = [
            ("A", Some('A')),
            ("eacute", Some('é')),
            ("Udieresis", Some('Ü')),
            ("quotedblleft", Some('“')),
            ("uni653F", Some('政')),
            ("u20BB7", Some('𠮷')),
            ("one.oldstyle", Some('1')),
            ("g123", None),
            ("grave", Some('`')),
            ("uniXYZW", None),
            (".notdef", None),
            ("", None),
        ];
        for (name, expected) in cases {
            assert_eq!(character(name), expected, "{name}");
        }
    }

    #[test]
    fn tables_differ_above_ascii() {
        assert_eq!(Table::Windows.character(0x97), Some('—'));
        assert_eq!(Table::Macintosh.character(0xd1), Some('—'));
        assert_eq!(Table::Standard.character(0xd0), Some('—'));
        assert_eq!(Table::Standard.character(0xb1), Some('–'));
        assert_eq!(Table::Standard.character(b'`'), Some('‘'));
        assert_eq!(Table::Windows.character(7), None);
    }
}
