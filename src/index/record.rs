//! A passage's record ↔ bytes, as the library stores them.
//!
//! The text stands first, since it is often all that is read; then, in one piece, what all passages
//! of a report share, so that a group of neighbours repeats it for the price of a reference. Ids are
//! left out: nothing compresses them, and they have columns of their own.
//!
//! Invariant: reading never panics; bytes that no record makes are `None`.

use super::bytes::{Bytes, push_varint};
use crate::model::{CharSpan, Heading, PassageRecord};

/// Writes a record.
pub(super) fn bytes(record: &PassageRecord) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(record.text.len() + 512);
    let out = &mut bytes;
    push_text(out, &record.text);
    for text in [&record.source, &record.report_title, &record.report_kind] {
        push_text(out, text);
    }
    for text in [
        &record.record_id,
        &record.agency,
        &record.agency_raw,
        &record.system,
        &record.level,
        &record.region,
        &record.date,
    ] {
        push_some(out, text.as_deref(), push_text);
    }
    push_some(out, record.report_year, push_year);
    push_all(out, &record.section_path, |out, text| push_text(out, text));
    push_text(out, &record.section_kind);
    push_some(out, record.year, push_year);
    push_text(out, &record.role);
    push_all(out, &record.opens, |out, heading| {
        out.extend([heading.level, heading.depth]);
        push_text(out, &heading.number);
        push_text(out, &heading.text);
        push_varint(out, u64::from(heading.line));
        push_span(out, [heading.chars.start, heading.chars.end]);
    });
    push_varint(out, u64::from(record.sequence));
    push_varint(out, u64::from(record.line));
    push_span(out, record.chars);
    push_span(out, record.bytes);
    bytes
}

/// Reads what [`bytes`] wrote of the passage `id` of a report.
pub(super) fn read(bytes: &[u8], id: u64, report: u64) -> Option<PassageRecord> {
    let from = &mut Bytes { rest: bytes };
    let written = text(from)?;
    let record = PassageRecord {
        id: hex(id),
        source: text(from)?,
        report_id: hex(report),
        report_title: text(from)?,
        report_kind: text(from)?,
        record_id: some(from, text)?,
        agency: some(from, text)?,
        agency_raw: some(from, text)?,
        system: some(from, text)?,
        level: some(from, text)?,
        region: some(from, text)?,
        date: some(from, text)?,
        report_year: some(from, year)?,
        section_path: all(from, text)?,
        section_kind: text(from)?,
        year: some(from, year)?,
        role: text(from)?,
        opens: all(from, |from| {
            let [level, depth] = [byte(from)?, byte(from)?];
            let (number, text, line) = (text(from)?, text(from)?, from.varint_u32()?);
            let [start, end] = span(from)?;
            Some(Heading {
                level,
                depth,
                number,
                text,
                line,
                chars: CharSpan { start, end },
            })
        })?,
        sequence: from.varint_u32()?,
        line: from.varint_u32()?,
        chars: span(from)?,
        bytes: span(from)?,
        text: written,
    };
    from.rest.is_empty().then_some(record)
}

/// Returns an id as it is shown: 16 hexadecimal digits.
fn hex(id: u64) -> String {
    format!("{id:016x}")
}

/// Reads the text of what [`bytes`] wrote.
pub(super) fn text_of(bytes: &[u8]) -> Option<String> {
    text(&mut Bytes { rest: bytes })
}

fn push_text(out: &mut Vec<u8>, text: &str) {
    push_varint(out, text.len() as u64);
    out.extend(text.as_bytes());
}

fn push_year(out: &mut Vec<u8>, year: i32) {
    out.extend(year.to_le_bytes());
}

fn push_span(out: &mut Vec<u8>, [start, end]: [usize; 2]) {
    push_varint(out, start as u64);
    push_varint(out, end as u64);
}

fn push_some<T>(out: &mut Vec<u8>, value: Option<T>, push: impl Fn(&mut Vec<u8>, T)) {
    out.push(u8::from(value.is_some()));
    if let Some(value) = value {
        push(out, value);
    }
}

fn push_all<T>(out: &mut Vec<u8>, values: &[T], push: impl Fn(&mut Vec<u8>, &T)) {
    push_varint(out, values.len() as u64);
    values.iter().for_each(|value| push(out, value));
}

fn slice<'a>(from: &mut Bytes<'a>, length: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.rest.split_at_checked(length)?;
    from.rest = rest;
    Some(taken)
}

fn byte(from: &mut Bytes<'_>) -> Option<u8> {
    slice(from, 1).map(|taken| taken[0])
}

fn text(from: &mut Bytes<'_>) -> Option<String> {
    let length = usize::try_from(from.varint()?).ok()?;
    let text = std::str::from_utf8(slice(from, length)?).ok()?;
    Some(text.to_owned())
}

fn year(from: &mut Bytes<'_>) -> Option<i32> {
    Some(i32::from_le_bytes(slice(from, 4)?.try_into().ok()?))
}

fn span(from: &mut Bytes<'_>) -> Option<[usize; 2]> {
    let [start, end] = [from.varint()?, from.varint()?];
    Some([usize::try_from(start).ok()?, usize::try_from(end).ok()?])
}

fn some<T>(from: &mut Bytes<'_>, read: impl Fn(&mut Bytes<'_>) -> Option<T>) -> Option<Option<T>> {
    match byte(from)? {
        0 => Some(None),
        1 => read(from).map(Some),
        _ => None,
    }
}

fn all<T>(from: &mut Bytes<'_>, read: impl Fn(&mut Bytes<'_>) -> Option<T>) -> Option<Vec<T>> {
    let count = from.varint()?;
    // Each takes a byte at least: a damaged number makes no large list.
    (0..count.min(from.rest.len() as u64 + 1))
        .map(|_| read(from))
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn record() -> impl Strategy<Value = PassageRecord> {
        let text = || "\\PC{0,12}";
        let some = || proptest::option::of(text());
        let span = || (0_usize..90_000, 0_usize..90_000).prop_map(|(start, end)| [start, end]);
        let heading = (any::<[u8; 2]>(), text(), text(), any::<u32>(), span()).prop_map(
            |([level, depth], number, text, line, [start, end])| Heading {
                level,
                depth,
                number,
                text,
                line,
                chars: CharSpan { start, end },
            },
        );
        let lists = (
            proptest::collection::vec(text(), 0..4),
            proptest::collection::vec(heading, 0..4),
        );
        let numbers = (any::<u32>(), any::<u32>(), span(), span());
        let ids = any::<(u64, u64)>();
        let years = (any::<Option<i32>>(), any::<Option<i32>>());
        let texts = proptest::collection::vec(text(), 6);
        let options = proptest::collection::vec(some(), 7);
        (ids, texts, options, lists, numbers, years).prop_map(
            |(
                ids,
                texts,
                options,
                (section_path, opens),
                (line, sequence, chars, bytes),
                years,
            )| {
                let mut texts = texts.into_iter();
                let mut text = || texts.next().unwrap_or_default();
                let mut options = options.into_iter();
                let mut some = || options.next().flatten();
                PassageRecord {
                    id: hex(ids.0),
                    source: text(),
                    line,
                    chars,
                    bytes,
                    sequence,
                    report_id: hex(ids.1),
                    report_title: text(),
                    report_kind: text(),
                    record_id: some(),
                    agency: some(),
                    agency_raw: some(),
                    system: some(),
                    level: some(),
                    region: some(),
                    report_year: years.0,
                    date: some(),
                    section_path,
                    section_kind: text(),
                    year: years.1,
                    role: text(),
                    opens,
                    text: text(),
                }
            },
        )
    }

    proptest! {
        #[test]
        fn a_record_reads_back_and_a_cut_one_does_not(record in record(), cut in 1_usize..40) {
            let bytes = bytes(&record);
            let id = |id: &str| u64::from_str_radix(id, 16).unwrap();
            let (id, report) = (id(&record.id), id(&record.report_id));
            prop_assert_eq!(read(&bytes[..bytes.len().saturating_sub(cut)], id, report), None);
            prop_assert_eq!(text_of(&bytes), Some(record.text.clone()));
            prop_assert_eq!(read(&bytes, id, report), Some(record));
        }

        #[test]
        fn damaged_bytes_are_no_panic(record in record(), at: usize, byte: u8) {
            let mut bytes = bytes(&record);
            let length = bytes.len();
            bytes[at % length] = byte;
            let _ = read(&bytes, 0, 0);
        }
    }
}
