//! Numbers ↔ bytes: fixed ones little-endian, others seven bits a byte.
//!
//! Invariant: reading never panics; what lies outside of the bytes is `None`.

/// Appends a number, seven bits a byte, the lowest first.
pub(super) fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A place in bytes, from which numbers are read one after the other.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a> {
    pub(super) rest: &'a [u8],
}

impl Bytes<'_> {
    /// Reads what [`push_varint`] wrote.
    #[inline]
    pub(super) fn varint(&mut self) -> Option<u64> {
        let (&first, rest) = self.rest.split_first()?;
        self.rest = rest;
        // Mostly one byte.
        match first < 0x80 {
            true => Some(u64::from(first)),
            false => self.varint_from(first),
        }
    }

    /// Reads the bytes behind the first of several.
    fn varint_from(&mut self, first: u8) -> Option<u64> {
        let mut number = u64::from(first & 0x7f);
        let mut last = first;
        let mut shift = 7;
        while last >= 0x80 {
            let (&next, rest) = self.rest.split_first()?;
            self.rest = rest;
            number |= u64::from(next & 0x7f).checked_shl(shift)?;
            last = next;
            shift += 7;
        }
        Some(number)
    }

    /// Reads what [`push_varint`] wrote, if it is of 32 bits.
    #[inline]
    pub(super) fn varint_u32(&mut self) -> Option<u32> {
        u32::try_from(self.varint()?).ok()
    }
}

/// Reads four bytes.
#[inline]
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(four.try_into().ok()?))
}

/// Reads eight bytes.
#[inline]
pub(super) fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    let eight = bytes.get(at..at.checked_add(8)?)?;
    Some(u64::from_le_bytes(eight.try_into().ok()?))
}
