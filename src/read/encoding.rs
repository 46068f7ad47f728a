//! Bytes → text: which character encoding, and what could not be decoded.
//!
//! Invariant: nothing is replaced silently; every U+FFFD that decoding adds is counted.

use encoding_rs::{BIG5, Encoding, GB18030, UTF_16BE, UTF_16LE};

/// Decoded bytes.
#[derive(Debug)]
pub(super) struct Decoded {
    /// The text, without byte order mark.
    pub(super) text: String,
    /// Name of the encoding: `UTF-8`, `GB18030` …
    pub(super) encoding: &'static str,
    /// Number of byte sequences that could not be decoded.
    pub(super) undecodable: usize,
}

/// How many bytes are looked at to tell the encoding.
const SAMPLE: usize = 64 * 1024;

/// Texts of at most so many bytes may be valid UTF-8 by accident.
const SHORT: usize = 32;

/// One undecodable sequence among so many two-byte characters is still a damaged text; more is none.
const TOLERATED: usize = 20;

/// One NUL among so many bytes is still a damaged text; more is none.
const NULS_TOLERATED: usize = 20;

/// Decodes text; `None` if the bytes are no text at all.
///
/// UTF-8 needs no copy. A text without a byte order mark is taken as what it is most plausible as:
/// UTF-8, UTF-16 (its characters are nearly all Han, punctuation or ASCII), then GB18030 or Big5.
pub(super) fn decode(mut bytes: Vec<u8>) -> Option<Decoded> {
    if let Some((encoding, length)) = Encoding::for_bom(&bytes) {
        if encoding == encoding_rs::UTF_8 {
            bytes.drain(..length);
            return Some(decode_utf8(bytes));
        }
        return Some(decode_with(encoding, &bytes[length..]));
    }
    // Long valid UTF-8 is no accident; a few bytes may be.
    let may_be_utf8 = bytes.len() > SHORT && !bytes[..bytes.len().min(SAMPLE)].contains(&0);
    if may_be_utf8 {
        match String::from_utf8(bytes) {
            Ok(text) => return Some(utf8(text, 0)),
            Err(error) => bytes = error.into_bytes(),
        }
    }
    let sample = &bytes[..bytes.len().min(SAMPLE)];
    if may_be_utf8 && is_valid_utf8(sample) {
        return Some(decode_utf8(bytes));
    }
    if let Some(encoding) = guess_utf16(sample) {
        return Some(decode_with(encoding, &bytes));
    }
    if sample.iter().filter(|byte| **byte == 0).count() * NULS_TOLERATED > sample.len() {
        return None;
    }
    if is_mostly_utf8(sample) {
        return Some(decode_utf8(bytes));
    }
    let encoding = guess_double_byte(sample)?;
    Some(decode_with(encoding, &bytes))
}

/// Decodes text that names its encoding, as web pages do. The name is believed unless the bytes
/// say otherwise: pages are stored in another encoding than their head names.
pub(super) fn decode_named(bytes: Vec<u8>, name: &str) -> Option<Decoded> {
    let named = Encoding::for_label(name.trim().as_bytes())
        // Its bytes have been read to find the name, so they are no UTF-16.
        .filter(|encoding| ![encoding_rs::UTF_8, UTF_16LE, UTF_16BE].contains(encoding))
        // Servers name Latin letters by default.
        .filter(|encoding| *encoding != encoding_rs::WINDOWS_1252);
    let Some(encoding) = named.filter(|_| Encoding::for_bom(&bytes).is_none()) else {
        return decode(bytes);
    };
    if std::str::from_utf8(&bytes).is_ok() {
        return Some(decode_utf8(bytes));
    }
    let decoded = decode_with(encoding, &bytes);
    match decoded.undecodable * TOLERATED * 3 > decoded.text.len() {
        true => decode(bytes),
        false => Some(decoded),
    }
}

/// Returns whether a sample is UTF-8, a character cut at its end left aside.
fn is_valid_utf8(sample: &[u8]) -> bool {
    match std::str::from_utf8(sample) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

/// Returns whether the first bytes of a source are UTF-8.
pub(super) fn begins_as_utf8(bytes: &[u8]) -> bool {
    is_valid_utf8(&bytes[..bytes.len().min(SAMPLE)])
}

fn decode_utf8(bytes: Vec<u8>) -> Decoded {
    let (text, undecodable) = match String::from_utf8(bytes) {
        Ok(text) => (text, 0),
        Err(error) => {
            // U+FFFD may stand in the source itself, so the broken sequences are counted, not it.
            let bytes = error.into_bytes();
            let broken = bytes
                .utf8_chunks()
                .filter(|chunk| !chunk.invalid().is_empty())
                .count();
            (String::from_utf8_lossy(&bytes).into_owned(), broken)
        }
    };
    utf8(text, undecodable)
}

fn utf8(text: String, undecodable: usize) -> Decoded {
    Decoded {
        text,
        encoding: "UTF-8",
        undecodable,
    }
}

fn decode_with(encoding: &'static Encoding, bytes: &[u8]) -> Decoded {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let undecodable = match damaged {
        true => text.matches('\u{fffd}').count(),
        false => 0,
    };
    Decoded {
        text: text.into_owned(),
        // They decode alike.
        encoding: match encoding == GB18030 || encoding == encoding_rs::GBK {
            true => "GB18030",
            false => encoding.name(),
        },
        undecodable,
    }
}

/// Returns whether valid sequences outnumber broken ones so far that the text is damaged UTF-8.
fn is_mostly_utf8(sample: &[u8]) -> bool {
    let (mut valid, mut broken) = (0, 0);
    for chunk in sample.utf8_chunks() {
        valid += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    // The sample or the file itself may end within a character.
    broken == 0 || (broken == 1 && valid > 0) || valid > broken * 4
}

/// Returns the byte order if the bytes read well as UTF-16.
fn guess_utf16(sample: &[u8]) -> Option<&'static Encoding> {
    let units = sample.len() / 2;
    if units == 0 {
        return None;
    }
    let share = |to_unit: fn([u8; 2]) -> u16| {
        let plausible = sample
            .as_chunks::<2>()
            .0
            .iter()
            .filter(|pair| is_plausible_unit(to_unit(**pair)))
            .count();
        plausible * 100 / units
    };
    let (little, big) = (share(u16::from_le_bytes), share(u16::from_be_bytes));
    // Han read in the wrong order is often Han again; punctuation and digits never are.
    match (little.max(big) >= 95, little.cmp(&big)) {
        (true, std::cmp::Ordering::Greater) => Some(UTF_16LE),
        (true, std::cmp::Ordering::Less) => Some(UTF_16BE),
        _ => None,
    }
}

fn is_plausible_unit(unit: u16) -> bool {
    matches!(unit,
        0x09 | 0x0a | 0x0d | 0x20..=0x7e | 0xb7 | 0xd7 | 0x2010..=0x2030 | 0x2190..=0x2193
        | 0x2460..=0x2473 | 0x3000..=0x3017 | 0x4e00..=0x9fa5 | 0xff01..=0xff5e)
}

/// Returns the double-byte encoding that text which is no UTF-8 is most plausible in.
pub(super) fn double_byte(bytes: &[u8]) -> &'static Encoding {
    guess_double_byte(&bytes[..bytes.len().min(SAMPLE)]).unwrap_or(GB18030)
}

/// Tells GB18030 from Big5; `None` if the bytes are plausible as neither.
///
/// In GB text nearly every second byte is 0xA1 or higher; in Big5 text two of five are below 0x7F,
/// and the first bytes of its common characters are 0xA4 to 0xC6.
fn guess_double_byte(sample: &[u8]) -> Option<&'static Encoding> {
    // The sample may end within a character; an incomplete last pair says nothing.
    let errors = |encoding: &'static Encoding| {
        let (text, damaged) = encoding.decode_without_bom_handling(sample);
        let broken = match damaged {
            true => text
                .trim_end_matches('\u{fffd}')
                .matches('\u{fffd}')
                .count(),
            false => 0,
        };
        let control = text
            .chars()
            .filter(|c| c.is_control() && !c.is_whitespace())
            .count();
        (
            broken + control,
            text.chars().filter(|c| !c.is_ascii()).count(),
        )
    };
    let (mut low_trail, mut common_gb, mut common_big5, mut pairs) = (0, 0, 0, 0);
    let mut rest = sample;
    while let [lead, tail @ ..] = rest {
        rest = tail;
        if *lead < 0x81 {
            continue;
        }
        let [trail, tail @ ..] = rest else { break };
        rest = tail;
        pairs += 1;
        low_trail += usize::from(matches!(trail, 0x40..=0x7e));
        common_gb += usize::from(matches!(lead, 0xa1 | 0xa3 | 0xb0..=0xf7) && *trail >= 0xa1);
        common_big5 += usize::from(matches!(lead, 0xa1..=0xc6) && !matches!(trail, 0x7f..=0xa0));
    }
    let (gb_errors, gb_characters) = errors(GB18030);
    let (big5_errors, big5_characters) = errors(BIG5);
    let gb_plausible = gb_errors * TOLERATED <= gb_characters;
    let big5_plausible = big5_errors * TOLERATED <= big5_characters;
    let looks_big5 = low_trail * 6 > pairs && common_big5 > common_gb;
    match (gb_plausible, big5_plausible) {
        (true, true) if looks_big5 => Some(BIG5),
        (true, _) => Some(GB18030),
        (false, true) => Some(BIG5),
        // A single character that was cut off leaves nothing else to count.
        (false, false) if pairs > 0 && gb_characters > 0 && gb_errors <= 1 && sample.len() < 64 => {
            Some(GB18030)
        }
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(bytes: &[u8], encoding: &str, text: &str) {
        let decoded = decode(bytes.to_vec()).expect("text");
        assert_eq!((decoded.encoding, decoded.text.as_str()), (encoding, text));
    }

    fn utf16(text: &str, to_bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(to_bytes).collect()
    }

    const SHORT: &[&str] = &[
        "县水务局2023年工作总结",
        "一、基本情况",
        "江苏省人民政府工作报告。",
        "各位代表：",
    ];

    #[test]
    fn every_encoding_is_told_apart_on_short_texts() {
        for text in SHORT {
            check(text.as_bytes(), "UTF-8", text);
            check(format!("\u{feff}{text}").as_bytes(), "UTF-8", text);
            let little = utf16(&format!("\u{feff}{text}"), u16::to_le_bytes);
            check(&little, "UTF-16LE", text);
            check(
                &utf16(&format!("{text}\n"), u16::to_le_bytes),
                "UTF-16LE",
                &format!("{text}\n"),
            );
            check(
                &utf16(&format!("{text}\n"), u16::to_be_bytes),
                "UTF-16BE",
                &format!("{text}\n"),
            );
            check(&GB18030.encode(text).0, "GB18030", text);
        }
        for text in [
            "台北市政府施政報告",
            "各位議員女士先生：大家好",
            "經濟發展與民生建設，持續推動。",
        ] {
            check(&BIG5.encode(text).0, "Big5", text);
            check(&GB18030.encode(text).0, "GB18030", text);
        }
    }

    #[test]
    fn a_character_cut_in_two_is_counted() {
        let text = "县水务局工作总结";
        let utf8 = decode(text.as_bytes()[..text.len() - 1].to_vec()).expect("text");
        assert_eq!((utf8.encoding, utf8.undecodable), ("UTF-8", 1));
        let gb = GB18030.encode(text).0;
        let cut = decode(gb[..gb.len() - 1].to_vec()).expect("text");
        assert_eq!((cut.encoding, cut.undecodable), ("GB18030", 1));
    }

    #[test]
    fn a_name_is_believed_unless_the_bytes_say_otherwise() {
        let check = |bytes: &[u8], name: &str, encoding: &str| {
            let decoded = decode_named(bytes.to_vec(), name).expect("text");
            assert_eq!(
                (decoded.encoding, decoded.undecodable),
                (encoding, 0),
                "{name}"
            );
            assert_eq!(decoded.text, "县水务局工作总结，全县经济平稳运行。");
        };
        let text = "县水务局工作总结，全县经济平稳运行。";
        let gb = GB18030.encode(text).0;
        check(&gb, "gb2312", "GB18030");
        check(&gb, "utf-8", "GB18030");
        check(&gb, "iso-8859-1", "GB18030");
        check(&gb, "nonsense", "GB18030");
        check(text.as_bytes(), "gb2312", "UTF-8");
        check(text.as_bytes(), "utf-16", "UTF-8");
        check(
            &utf16(&format!("\u{feff}{text}"), u16::to_le_bytes),
            "gbk",
            "UTF-16LE",
        );
    }

    #[test]
    fn damage_is_counted_and_noise_is_refused() {
        let mut damaged = "全县经济平稳运行。".repeat(20).into_bytes();
        damaged[30] = 0xff;
        let decoded = decode(damaged).expect("text");
        assert_eq!(decoded.encoding, "UTF-8");
        assert!(decoded.undecodable > 0);
        assert!(decode(b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x03\0>\0".to_vec()).is_none());
        assert!(decode((0..=255u8).cycle().take(5000).collect()).is_none());
        let with_nul = format!("{}\0续。", "全县经济平稳运行。".repeat(3));
        check(with_nul.as_bytes(), "UTF-8", &with_nul);
        check(&GB18030.encode(&with_nul).0, "GB18030", &with_nul);
    }
}
