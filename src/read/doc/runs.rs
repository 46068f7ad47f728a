//! Pages of formatting → runs of bytes of the stream with what is set on them ([MS-DOC] 2.9,
//! "FKP").

use std::collections::HashSet;

use crate::error::Result;
use crate::read::Limits;

use super::bytes::{Stretches, from, u8_at, u16_at, u32_at};
use super::modifiers::{self, CharacterProperties, ParagraphProperties};

/// Bytes of a page.
const PAGE: usize = 512;

/// Properties by place in the stream.
#[derive(Debug, Default)]
pub(super) struct Runs<P> {
    /// First byte, the byte behind the last, properties; sorted.
    runs: Vec<(u32, u32, P)>,
}

impl<P: Copy + Default> Runs<P> {
    /// Returns what is set at a byte of the stream, and the byte behind all that is set alike.
    pub(super) fn at(&self, offset: usize) -> (P, usize) {
        let next = self
            .runs
            .partition_point(|(start, _, _)| *start as usize <= offset);
        if let Some((_, end, properties)) = next.checked_sub(1).map(|index| self.runs[index])
            && (end as usize) > offset
        {
            return (properties, end as usize);
        }
        let end = self
            .runs
            .get(next)
            .map_or(usize::MAX, |(start, _, _)| *start as usize);
        (P::default(), end)
    }

    /// Reads the pages that `bins` names. `one` reads the properties of a run from its page, given
    /// the page and where the run's own entry begins.
    fn read(
        stream: &[u8],
        bins: Stretches<'_>,
        entry_width: usize,
        limits: &Limits,
        mut one: impl FnMut(&[u8], usize) -> P,
    ) -> Result<Self> {
        let mut runs = Vec::new();
        // A table that names a page twice cannot make more of it.
        let mut seen = HashSet::new();
        for index in 0..bins.len() {
            limits.check()?;
            let number = u32_at(bins.entry(index), 0).unwrap_or(0) & 0x003f_ffff;
            if !seen.insert(number) {
                continue;
            }
            let Some(page) = from(stream, number as usize * PAGE).get(..PAGE) else {
                continue;
            };
            let count = usize::from(page[PAGE - 1]);
            for run in 0..count {
                let entry = (count + 1) * 4 + run * entry_width;
                let (Some(start), Some(end)) = (u32_at(page, run * 4), u32_at(page, run * 4 + 4))
                else {
                    break;
                };
                if entry < PAGE && start < end {
                    runs.push((start, end, one(page, entry)));
                }
            }
        }
        runs.sort_by_key(|(start, _, _)| *start);
        Ok(Runs { runs })
    }
}

impl Runs<CharacterProperties> {
    /// Reads the properties of characters.
    pub(super) fn of_characters(
        stream: &[u8],
        bins: Stretches<'_>,
        limits: &Limits,
    ) -> Result<Self> {
        Runs::read(stream, bins, 1, limits, |page, entry| {
            let mut properties = CharacterProperties::default();
            let at = usize::from(u8_at(page, entry).unwrap_or(0)) * 2;
            if at > 0 {
                let length = usize::from(u8_at(page, at).unwrap_or(0));
                let list = page.get(at + 1..at + 1 + length).unwrap_or_default();
                modifiers::read(list).for_each(|modifier| properties.apply(modifier));
            }
            properties
        })
    }
}

impl Runs<ParagraphProperties> {
    /// Reads the properties of paragraphs; `data` is the stream that holds the long ones.
    pub(super) fn of_paragraphs(
        stream: &[u8],
        data: &[u8],
        bins: Stretches<'_>,
        limits: &Limits,
    ) -> Result<Self> {
        // No two paragraphs share their long properties, so more than all of them is a lie.
        let mut budget = data.len();
        Runs::read(stream, bins, 13, limits, |page, entry| {
            let mut properties = ParagraphProperties::default();
            let at = usize::from(u8_at(page, entry).unwrap_or(0)) * 2;
            if at == 0 {
                return properties;
            }
            // The length counts words, with itself unless it is told behind a zero.
            let (start, length) = match usize::from(u8_at(page, at).unwrap_or(0)) {
                0 => (at + 2, usize::from(u8_at(page, at + 1).unwrap_or(0)) * 2),
                words => (at + 1, words * 2 - 1),
            };
            let list = from(page, start);
            let list = &list[..length.min(list.len())];
            properties.style = u16_at(list, 0).unwrap_or(0);
            modifiers::read(from(list, 2)).for_each(|modifier| properties.apply(modifier));
            if let Some(place) = properties.elsewhere {
                let list = from(data, place as usize);
                let length = usize::from(u16_at(list, 0).unwrap_or(0));
                let list = from(list, 2);
                let list = &list[..length.min(list.len()).min(budget)];
                budget -= list.len();
                modifiers::read(list).for_each(|modifier| properties.apply(modifier));
            }
            properties
        })
    }
}
