//! Streams of a document → their bytes.
//!
//! Invariant: nothing is unpacked before it is known that it fits into what is left of the
//! source's bound. The parser unpacks without a bound, so a stream's size is found out first:
//! by inflating it into nothing, or by the most that its filters can make of its bytes.

use std::borrow::Cow;
use std::io::Read;

use flate2::read::DeflateDecoder;
use hayro_syntax::Filter;
use hayro_syntax::object::{Dict, FromBytes, MaybeRef, Object, Stream};

use crate::error::Result;
use crate::read::Limits;

/// Most bytes that a byte becomes by DEFLATE: a match of 258 bytes in two bits.
const FLATE_RATIO: u64 = 1032;

/// Most bytes that cross-reference streams hold together: their entries become several times
/// larger in memory. A million objects take seven.
const CROSS_REFERENCES: u64 = 8 << 20;

/// The clock is looked at every so many dictionaries.
const DICTIONARIES_A_CHECK: usize = 64;

/// What is left of a source's bound.
#[derive(Debug, Clone, Copy)]
pub(super) struct Budget {
    limits: Limits,
    spent: u64,
}

impl Budget {
    pub(super) fn new(limits: Limits) -> Self {
        Budget { limits, spent: 0 }
    }

    /// Checks the clock.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Limit`] when the time is over.
    pub(super) fn check(&self) -> Result<()> {
        self.limits.check()
    }

    /// Takes bytes out of the budget.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Limit`] when it is over, or the time.
    pub(super) fn spend(&mut self, bytes: usize) -> Result<()> {
        self.spent = self.spent.saturating_add(bytes as u64);
        self.limits.check()?;
        self.limits.check_size(self.spent)
    }

    /// Returns a stream's bytes, `None` if it is damaged or a picture.
    ///
    /// # Errors
    /// [`crate::ErrorKind::Limit`] when it does not fit, or the time is over.
    pub(super) fn unpack<'a>(&mut self, stream: &Stream<'a>) -> Result<Option<Cow<'a, [u8]>>> {
        self.limits.check()?;
        let left = self.limits.bytes().saturating_sub(self.spent);
        let size = size(&stream.raw_data(), &stream.filters(), left);
        if size > left {
            self.limits.check_size(u64::MAX)?;
        }
        let Ok(bytes) = stream.decoded_data() else {
            return Ok(None);
        };
        self.spend(bytes.len())?;
        Ok(Some(bytes))
    }
}

/// Checks the streams that the parser unpacks by itself: those that hold objects or say where
/// objects are.
///
/// It finds them by references that may lead anywhere, so every dictionary before a stream counts,
/// whatever it stands in.
///
/// # Errors
/// [`crate::ErrorKind::Limit`] when they are over the bound, or the time is over.
pub(super) fn check_structure(bytes: &[u8], limits: Limits) -> Result<()> {
    let (mut objects, mut references) = (0, 0);
    let mut from = 0;
    let mut seen = 0;
    while let Some(found) = memchr::memmem::find(&bytes[from..], b"<<") {
        let start = from + found;
        from = start + 1;
        seen += 1;
        if usize::is_multiple_of(seen, DICTIONARIES_A_CHECK) {
            limits.check()?;
        }
        let Some(dict) = Dict::from_bytes(&bytes[start..]) else {
            continue;
        };
        let holds_objects = dict.contains_key("N") && dict.contains_key("First");
        let holds_references = dict.contains_key("W") && dict.contains_key("Size");
        if !holds_objects && !holds_references {
            continue;
        }
        let Some(stream) = Stream::from_bytes(&bytes[start..]) else {
            continue;
        };
        let (total, most) = match holds_references {
            true => (&mut references, CROSS_REFERENCES.min(limits.bytes())),
            false => (&mut objects, limits.bytes()),
        };
        let left = most.saturating_sub(*total);
        // A length that stands elsewhere may be longer than what is found without it.
        let data = match dict.get_raw::<Object<'_>>("Length") {
            Some(MaybeRef::NotRef(_)) => stream.raw_data(),
            _ => Cow::Borrowed(&bytes[(start + dict.data().len()).min(bytes.len())..]),
        };
        let is_elsewhere = |key: &str| {
            matches!(
                dict.get_raw::<Object<'_>>(key),
                Some(MaybeRef::Ref(_)) | None if dict.contains_key(key)
            )
        };
        let size = match is_elsewhere("Filter") || is_elsewhere("F") {
            true => u64::MAX,
            false => size(&data, &stream.filters(), left),
        };
        *total = total.saturating_add(size);
        if *total > most {
            limits.check_size(u64::MAX)?;
        }
    }
    Ok(())
}

/// Returns the size that data unpack to, or more; counting ends beyond `most`.
fn size(data: &[u8], filters: &[Filter], most: u64) -> u64 {
    if let [Filter::FlateDecode] = filters {
        return inflated(data, most);
    }
    let length = data.len() as u64;
    filters.iter().fold(length, |size, filter| {
        size.saturating_mul(match filter {
            Filter::FlateDecode => FLATE_RATIO,
            // A code of twelve bits stands for at most as many bytes as there are codes.
            Filter::LzwDecode => 4096,
            Filter::RunLengthDecode => 64,
            // `z` is four zeros.
            Filter::Ascii85Decode => 4,
            _ => 1,
        })
    })
}

fn inflated(data: &[u8], most: u64) -> u64 {
    // As the parser does it: a header is passed over where there is one.
    let has_header = matches!(data, [method, flags, ..] if method & 0x0f == 8
        && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0
        && flags & 0x20 == 0);
    let mut decoder = DeflateDecoder::new(if has_header { &data[2..] } else { data });
    let mut chunk = vec![0; 32 << 10];
    let mut size = 0;
    loop {
        match decoder.read(&mut chunk) {
            Ok(0) => return size,
            Ok(count) => size += count as u64,
            // The parser goes on behind a fault.
            Err(_) => return (data.len() as u64).saturating_mul(FLATE_RATIO),
        }
        if size > most {
            return size;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::time::Duration;

    use flate2::Compression;
    use flate2::write::ZlibEncoder;

    use super::*;
    use crate::error::ErrorKind;

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes).expect("memory can be written");
        encoder.finish().expect("memory can be written")
    }

    #[test]
    fn sizes_are_never_too_small() {
        let packed = zlib(&[0; 100_000]);
        assert_eq!(size(&packed, &[Filter::FlateDecode], u64::MAX), 100_000);
        let cut = &packed[..packed.len() / 2];
        assert!(size(cut, &[Filter::FlateDecode], u64::MAX) >= cut.len() as u64 * FLATE_RATIO);
        let twice = zlib(&packed);
        let filters = [Filter::FlateDecode, Filter::FlateDecode];
        assert!(size(&twice, &filters, u64::MAX) >= 100_000);
        assert_eq!(size(b"00", &[Filter::AsciiHexDecode], u64::MAX), 2);
        assert_eq!(size(b"abc", &[], u64::MAX), 3);
    }

    #[test]
    fn structure_is_checked_wherever_it_stands() {
        let bomb = zlib(&vec![b' '; 9 << 20]);
        let file = |dictionary: &str| {
            let mut bytes = format!("%PDF-1.5\n1 0 obj <<{dictionary}").into_bytes();
            bytes.extend_from_slice(format!("/Length {}>> stream\n", bomb.len()).as_bytes());
            bytes.extend_from_slice(&bomb);
            bytes.extend_from_slice(b"\nendstream endobj");
            bytes
        };
        let check = |dictionary: &str, bound: u64| {
            let limits = Limits::start(bound, Duration::ZERO);
            check_structure(&file(dictionary), limits).map_err(|error| error.kind())
        };
        let objects = "/Type/ObjStm/N 1/First 4/Filter/FlateDecode";
        assert_eq!(check(objects, 8 << 20), Err(ErrorKind::Limit));
        assert_eq!(check(objects, 10 << 20), Ok(()));
        let hidden = "/X(stream endobj)/#4e 1/First 4/Filter[/FlateDecode/FlateDecode]";
        assert_eq!(check(hidden, 8 << 20), Err(ErrorKind::Limit));
        let elsewhere = "/N 1/First 4/Filter 7 0 R";
        assert_eq!(check(elsewhere, 8 << 20), Err(ErrorKind::Limit));
        let references = "/W[1 2 1]/Size 9/Filter/FlateDecode";
        assert_eq!(check(references, 64 << 20), Err(ErrorKind::Limit));
        assert_eq!(check("/Filter/FlateDecode", 1 << 20), Ok(()));
    }
}
