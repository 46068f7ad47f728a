//! Bytes of a stream → numbers and tables at checked places.

/// Returns the byte at `at`.
pub(super) fn u8_at(bytes: &[u8], at: usize) -> Option<u8> {
    bytes.get(at).copied()
}

/// Returns the 16-bit number at `at`.
pub(super) fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    let bytes = bytes.get(at..at.checked_add(2)?)?;
    Some(u16::from_le_bytes(bytes.try_into().ok()?))
}

/// Returns the 32-bit number at `at`.
pub(super) fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    let bytes = bytes.get(at..at.checked_add(4)?)?;
    Some(u32::from_le_bytes(bytes.try_into().ok()?))
}

/// Returns the bytes from `at` on; none behind the end.
pub(super) fn from(bytes: &[u8], at: usize) -> &[u8] {
    bytes.get(at..).unwrap_or_default()
}

/// A table of positions with an entry for each stretch between two (a "PLC"): all positions first,
/// one more than entries, then the entries.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Stretches<'a> {
    bytes: &'a [u8],
    count: usize,
    width: usize,
}

impl<'a> Stretches<'a> {
    /// Makes the table of entries of `width` bytes; the length of `bytes` says how many there are.
    pub(super) fn new(bytes: &'a [u8], width: usize) -> Self {
        Stretches {
            bytes,
            count: bytes.len().saturating_sub(4) / (4 + width),
            width,
        }
    }

    /// Returns the number of stretches.
    pub(super) fn len(&self) -> usize {
        self.count
    }

    /// Returns where a stretch begins; for the number of stretches, where the last one ends.
    pub(super) fn position(&self, index: usize) -> u32 {
        u32_at(self.bytes, index * 4).unwrap_or(u32::MAX)
    }

    /// Returns a stretch's entry.
    pub(super) fn entry(&self, index: usize) -> &'a [u8] {
        let start = (self.count + 1) * 4 + index * self.width;
        self.bytes
            .get(start..start + self.width)
            .unwrap_or_default()
    }
}
