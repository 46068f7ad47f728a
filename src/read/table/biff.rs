//! BIFF, the records of an XLS stream → records and strings.
//!
//! Invariant: every length comes from the file and ends where the file ends.

use std::borrow::Cow;

use encoding_rs::Encoding;

/// Goes on with the record before it, which was full.
const CONTINUE: u16 = 0x3c;

/// A record with what continues it.
#[derive(Debug, Clone)]
pub(super) struct Record<'s> {
    pub(super) kind: u16,
    pub(super) data: &'s [u8],
    continued: Vec<&'s [u8]>,
}

impl<'s> Record<'s> {
    /// Returns the number of two bytes at a place; 0 beyond the end.
    pub(super) fn u16(&self, at: usize) -> u16 {
        let bytes = self.data.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u16::from_le_bytes(*bytes))
    }

    /// Returns the number of four bytes at a place; 0 beyond the end.
    pub(super) fn u32(&self, at: usize) -> u32 {
        let bytes = self.data.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0, |bytes| u32::from_le_bytes(*bytes))
    }

    /// Returns the floating number at a place; 0 beyond the end.
    pub(super) fn f64(&self, at: usize) -> f64 {
        let bytes = self.data.get(at..).and_then(|rest| rest.first_chunk());
        bytes.map_or(0.0, |bytes| f64::from_le_bytes(*bytes))
    }

    /// Returns the byte at a place; 0 beyond the end.
    pub(super) fn u8(&self, at: usize) -> u8 {
        self.data.get(at).copied().unwrap_or(0)
    }

    /// Returns its bytes from a place on, across what continues it.
    pub(super) fn strings(&self, at: usize) -> Strings<'_> {
        let first = self.data.get(at..).unwrap_or_default();
        Strings {
            rest: first,
            continued: &self.continued,
        }
    }
}

/// The records of a stream from a place on.
pub(super) struct Records<'s> {
    rest: &'s [u8],
}

impl<'s> Records<'s> {
    pub(super) fn new(stream: &'s [u8], at: usize) -> Self {
        Records {
            rest: stream.get(at..).unwrap_or_default(),
        }
    }

    fn one(&mut self) -> Option<(u16, &'s [u8])> {
        let header: &[u8; 4] = self.rest.first_chunk()?;
        let kind = u16::from_le_bytes([header[0], header[1]]);
        let length = usize::from(u16::from_le_bytes([header[2], header[3]]));
        let data = &self.rest[4..];
        let (data, rest) = data.split_at(length.min(data.len()));
        self.rest = rest;
        Some((kind, data))
    }
}

impl<'s> Iterator for Records<'s> {
    type Item = Record<'s>;

    fn next(&mut self) -> Option<Record<'s>> {
        let (kind, data) = self.one()?;
        let mut continued = Vec::new();
        while self.rest.starts_with(&CONTINUE.to_le_bytes()) {
            let Some((_, data)) = self.one() else {
                break;
            };
            continued.push(data);
        }
        Some(Record {
            kind,
            data,
            continued,
        })
    }
}

/// Strings one behind the other, broken where a record was full.
pub(super) struct Strings<'r> {
    rest: &'r [u8],
    continued: &'r [&'r [u8]],
}

impl Strings<'_> {
    /// Returns whether nothing is left.
    pub(super) fn is_over(&self) -> bool {
        self.rest.is_empty() && self.continued.is_empty()
    }

    /// Reads a string: the number of its characters, two bytes wide or one, stands before it.
    pub(super) fn string(&mut self, wide_length: bool) -> Option<String> {
        let count = match wide_length {
            true => self.u16()?,
            false => self.u8()?.into(),
        };
        let flags = self.u8()?;
        let runs = if flags & 8 != 0 { self.u16()? } else { 0 };
        let phonetic = match flags & 4 != 0 {
            true => u32::from(self.u16()?) | u32::from(self.u16()?) << 16,
            false => 0,
        };
        let text = self.characters(count.into(), flags & 1 != 0);
        self.skip(usize::from(runs) * 4 + phonetic as usize);
        Some(text)
    }

    /// Reads characters. Where they are broken, the first byte behind says anew how wide they are.
    fn characters(&mut self, count: usize, mut wide: bool) -> String {
        let mut units: Vec<u16> = Vec::new();
        while units.len() < count {
            let left = count - units.len();
            if wide {
                let pairs = self.rest.as_chunks::<2>().0;
                let taken = pairs.len().min(left);
                units.extend(pairs[..taken].iter().map(|pair| u16::from_le_bytes(*pair)));
                self.rest = &self.rest[taken * 2..];
            } else {
                let taken = self.rest.len().min(left);
                units.extend(self.rest[..taken].iter().map(|byte| u16::from(*byte)));
                self.rest = &self.rest[taken..];
            }
            if units.len() < count {
                if !self.advance() {
                    break;
                }
                match self.u8() {
                    Some(flags) => wide = flags & 1 != 0,
                    None => break,
                }
            }
        }
        String::from_utf16_lossy(&units)
    }

    /// Goes on to what continues the record.
    fn advance(&mut self) -> bool {
        match self.continued.split_first() {
            Some((next, continued)) => {
                (self.rest, self.continued) = (next, continued);
                true
            }
            None => {
                self.rest = &[];
                false
            }
        }
    }

    fn u8(&mut self) -> Option<u8> {
        while self.rest.is_empty() {
            if !self.advance() {
                return None;
            }
        }
        let (first, rest) = self.rest.split_first()?;
        self.rest = rest;
        Some(*first)
    }

    fn u16(&mut self) -> Option<u16> {
        Some(u16::from_le_bytes([self.u8()?, self.u8()?]))
    }

    fn skip(&mut self, mut count: usize) {
        while count > 0 {
            let skipped = self.rest.len().min(count);
            self.rest = &self.rest[skipped..];
            count -= skipped;
            if count > 0 && !self.advance() {
                break;
            }
        }
    }
}

/// Decodes a string of a version before Excel 97.
pub(super) fn legacy_string(bytes: &[u8], encoding: &'static Encoding) -> String {
    let decoded: Cow<'_, str> = encoding.decode_without_bom_handling(bytes).0;
    decoded.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_go_on_in_the_next_record() {
        // 甲乙 wide, then AB narrow behind the break.
        let mut stream = vec![0xfc, 0, 7, 0, 4, 0, 1];
        stream.extend("甲乙".encode_utf16().flat_map(u16::to_le_bytes));
        stream.extend([0x3c, 0, 3, 0, 0, b'A', b'B']);
        stream.extend([0x0a, 0, 0, 0]);
        let records: Vec<Record<'_>> = Records::new(&stream, 0).collect();
        assert_eq!(records.len(), 2);
        let mut strings = records[0].strings(0);
        assert_eq!(strings.string(true).as_deref(), Some("甲乙AB"));
        assert!(strings.is_over());
        assert_eq!(strings.string(true), None);
    }

    #[test]
    fn lengths_that_lie_end_with_the_file() {
        let stream = [0xfc, 0, 0xff, 0xff, 0xff, 0xff, 1, b'x'];
        let record = Records::new(&stream, 0).next().expect("a record");
        assert_eq!(record.data.len(), 4);
        assert_eq!(record.strings(0).string(true), Some(String::new()));
        assert_eq!((record.u32(2), record.u16(9), record.f64(0)), (0, 0, 0.0));
        assert!(Records::new(&stream, 100).next().is_none());
    }
}
