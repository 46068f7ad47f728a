//! Spans with their unit in the type.

use serde::{Deserialize, Serialize};

/// A half-open range of bytes, 0-based.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct ByteSpan {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

/// A half-open range of Unicode scalar values ("characters"), 0-based.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[cfg_attr(feature = "serve", derive(utoipa::ToSchema))]
pub struct CharSpan {
    /// First character.
    pub start: usize,
    /// One past the last character.
    pub end: usize,
}

macro_rules! span {
    ($name:ident) => {
        impl $name {
            /// Makes a span from `start` to `end` (exclusive).
            pub fn new(start: usize, end: usize) -> Self {
                $name { start, end }
            }

            /// Returns the length in the span's unit.
            pub fn len(&self) -> usize {
                self.end.saturating_sub(self.start)
            }

            /// Returns whether the span holds nothing.
            pub fn is_empty(&self) -> bool {
                self.end <= self.start
            }

            /// Returns the span as a range.
            pub fn range(&self) -> std::ops::Range<usize> {
                self.start..self.end
            }
        }
    };
}
span!(ByteSpan);
span!(CharSpan);
