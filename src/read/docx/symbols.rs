//! Characters of symbol fonts → Unicode.

/// Stands for bullets whose glyph only a font knows.
const BULLET: &str = "•";

/// Stands for symbols that are not known.
const UNKNOWN: char = '□';

/// Characters of Wingdings that documents use as text.
const WINGDINGS: &[(u8, char)] = &[
    (0x28, '☎'),
    (0x2a, '✉'),
    (0x46, '☞'),
    (0x6c, '●'),
    (0x6e, '■'),
    (0x6f, '□'),
    (0x71, '❑'),
    (0x72, '❒'),
    (0x74, '◆'),
    (0x75, '◆'),
    (0x76, '❖'),
    (0x77, '◆'),
    (0x80, '⓪'),
    (0x9f, '•'),
    (0xa1, '○'),
    (0xa7, '▪'),
    (0xa8, '□'),
    (0xaa, '✦'),
    (0xab, '★'),
    (0xb2, '☆'),
    (0xd8, '➢'),
    (0xdf, '←'),
    (0xe0, '→'),
    (0xe1, '↑'),
    (0xe2, '↓'),
    (0xe8, '➔'),
    (0xf0, '⇨'),
    (0xfb, '✗'),
    (0xfc, '✓'),
    (0xfd, '☒'),
    (0xfe, '☑'),
];

/// Characters of Wingdings 2 that documents use as text.
const WINGDINGS_2: &[(u8, char)] = &[
    (0x4f, '✗'),
    (0x50, '✓'),
    (0x51, '☒'),
    (0x52, '☑'),
    (0x53, '☒'),
    (0x54, '☒'),
    (0x97, '●'),
    (0x98, '●'),
    (0xa2, '■'),
    (0xa3, '□'),
    (0xea, '★'),
];

/// Letters of Symbol from A on, then from a on.
const SYMBOL_LETTERS: [&str; 2] = ["ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ", "αβχδεφγηιϕκλμνοπθρστυϖωξψζ"];

/// Other characters of Symbol.
const SYMBOL: &[(u8, char)] = &[
    (0xa3, '≤'),
    (0xa5, '∞'),
    (0xab, '↔'),
    (0xac, '←'),
    (0xad, '↑'),
    (0xae, '→'),
    (0xaf, '↓'),
    (0xb0, '°'),
    (0xb1, '±'),
    (0xb3, '≥'),
    (0xb4, '×'),
    (0xb7, '•'),
    (0xb8, '÷'),
    (0xb9, '≠'),
    (0xba, '≡'),
    (0xbb, '≈'),
    (0xbc, '…'),
    (0xd0, '∠'),
    (0xd5, '∏'),
    (0xd6, '√'),
    (0xd7, '·'),
    (0xe5, '∑'),
];

/// Returns the character that a font shows at a place.
pub(super) fn character(font: &str, code: u32) -> char {
    let Some(place) = place(code) else {
        return char::from_u32(code).unwrap_or(UNKNOWN);
    };
    let listed = |table: &[(u8, char)]| {
        let entry = table.iter().find(|(listed, _)| *listed == place);
        entry.map(|(_, character)| *character)
    };
    let after = |first: char, from: u8| char::from_u32(first as u32 + u32::from(place - from));
    let found = match font.to_ascii_lowercase().as_str() {
        "wingdings" => match place {
            0x81..=0x8a => after('①', 0x81),
            0x8c..=0x95 => after('❶', 0x8c),
            _ => listed(WINGDINGS),
        },
        "wingdings 2" => listed(WINGDINGS_2),
        "symbol" => match place {
            b'A'..=b'Z' => SYMBOL_LETTERS[0].chars().nth((place - b'A').into()),
            b'a'..=b'z' => SYMBOL_LETTERS[1].chars().nth((place - b'a').into()),
            b' '..=b'?' => Some(char::from(place)),
            _ => listed(SYMBOL),
        },
        _ => None,
    };
    found.unwrap_or(UNKNOWN)
}

/// Returns the place in a symbol font that a code means; `None` for what is Unicode already.
/// Word keeps these fonts in the private area.
fn place(code: u32) -> Option<u8> {
    match code {
        0xf000..=0xf0ff => Some((code - 0xf000) as u8),
        0..=0xff => Some(code as u8),
        _ => None,
    }
}

/// Returns a list's bullet; one mark for all that only a font knows.
pub(super) fn bullet(text: &str) -> &str {
    let is_mark = |c: char| !c.is_alphanumeric() && !matches!(c, '\u{e000}'..='\u{f8ff}');
    match text.trim() {
        text if !text.is_empty() && text.chars().all(is_mark) => text,
        _ => BULLET,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symbols_are_unicode() {
        assert_eq!(character("Wingdings", 0xf0fe), '☑');
        assert_eq!(character("Wingdings", 0x83), '③');
        assert_eq!(character("Wingdings 2", 0xf052), '☑');
        assert_eq!(character("Symbol", 0xf062), 'β');
        assert_eq!(character("Symbol", 0xf0b3), '≥');
        assert_eq!(character("宋体", 0x2460), '①');
        assert_eq!(character("Webdings", 0xf099), UNKNOWN);
        assert_eq!(bullet("\u{f06c}"), "•");
        assert_eq!(bullet("o"), "•");
        assert_eq!(bullet("◆"), "◆");
        assert_eq!(bullet(""), "•");
    }
}
