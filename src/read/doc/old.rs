//! Text of a Word 6 or 95 document → characters. The bytes are in the code page of its language.

use encoding_rs::{BIG5, EUC_KR, Encoding, GBK, SHIFT_JIS, WINDOWS_1252};

/// Decodes the text; returns the encoding with it.
pub(super) fn decode(bytes: &[u8], language: u16) -> (String, &'static str) {
    let encoding: &'static Encoding = match language {
        0x0804 | 0x1004 => GBK,
        0x0404 | 0x0c04 | 0x1404 => BIG5,
        0x0411 => SHIFT_JIS,
        0x0412 => EUC_KR,
        // An English Word on a Chinese system.
        _ if is_mostly_high(bytes) && !GBK.decode_without_bom_handling(bytes).1 => GBK,
        _ => WINDOWS_1252,
    };
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), encoding.name())
}

fn is_mostly_high(bytes: &[u8]) -> bool {
    bytes.iter().filter(|byte| **byte >= 0x80).count() * 2 > bytes.len()
}
