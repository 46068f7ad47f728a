//! Headings in reading order → depth and parents.

use super::headings::{Emphasis, Heading, Style};
use super::numbering::Marker;

/// A heading that is open: what follows stands under it.
#[derive(Debug, Clone, Copy)]
struct Open {
    style: Style,
    /// Emphasis and rank of a numbered heading: what is greater stands below.
    rank: Option<(Emphasis, u8)>,
    value: u32,
    /// Block of the heading.
    block: usize,
    /// Whether anything but a heading followed it.
    has_body: bool,
    /// Whether its body began in its own line.
    run_in: bool,
}

/// The outermost open heading.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outermost {
    /// How it is set.
    pub(super) style: Style,
    /// Its number; 0 for none.
    pub(super) value: u32,
    /// Its block.
    pub(super) block: usize,
}

/// The headings above the place that is being read.
///
/// A number of a style that is open closes everything down to its sibling. A number of a new style
/// closes what ranks below it, unless it opens a list right behind a heading without body text:
/// then it hangs there, whatever its rank (`3、外资外贸方面` → `（一）在实际利用外资方面`).
#[derive(Debug, Default)]
pub(super) struct Tree {
    open: Vec<Open>,
}

impl Tree {
    /// Places a heading and returns its level and depth, both 1-based.
    ///
    /// `continues` says whether the outermost open list goes on further down; a heading without a
    /// number that names a main part stands beside that list if it does not.
    pub(super) fn place(
        &mut self,
        heading: &Heading,
        block: usize,
        run_in: bool,
        continues: bool,
    ) -> (u8, u8) {
        let rank = match (heading.style, heading.marker) {
            (Style::Numbered(_, emphasis), Some(marker)) => Some((emphasis, marker.rank)),
            _ => None,
        };
        let value = heading.marker.map_or(0, |marker| marker.value);
        let sibling = self.sibling(heading.style, value);
        match (sibling, rank) {
            (Some(sibling), _) => self.open.truncate(sibling),
            (None, Some(rank)) => self.close_below(rank, value),
            (None, None) => self.close_for_unnumbered(heading.style, continues),
        }
        let depth = u8::try_from(self.open.len() + 1).unwrap_or(u8::MAX);
        self.open.push(Open {
            style: heading.style,
            rank,
            value,
            block,
            has_body: run_in,
            run_in,
        });
        (heading.marker.map_or(depth, |marker| marker.level), depth)
    }

    /// Returns the open heading beside which one of this style and number stands.
    ///
    /// Emphasis is often forgotten within a list, so the next number will do without it.
    fn sibling(&self, style: Style, value: u32) -> Option<usize> {
        let exact = self.open.iter().rposition(|open| open.style == style);
        exact.or_else(|| {
            self.open
                .iter()
                .rposition(|open| match (open.style, style) {
                    (Style::Numbered(open_style, _), Style::Numbered(style, _)) => {
                        open_style == style && value == open.value + 1
                    }
                    _ => false,
                })
        })
    }

    fn close_below(&mut self, rank: (Emphasis, u8), value: u32) {
        let hangs = value == 1 && self.open.last().is_some_and(|open| !open.has_body);
        if hangs {
            return;
        }
        if let Some(first) = self
            .open
            .iter()
            .position(|open| open.rank.is_some_and(|open| open > rank))
        {
            self.open.truncate(first);
        }
    }

    fn close_for_unnumbered(&mut self, style: Style, continues: bool) {
        if let Style::Hashes(hashes) = style {
            // More hashes stand below fewer.
            if let Some(first) = self
                .open
                .iter()
                .position(|open| matches!(open.style, Style::Hashes(other) if other > hashes))
            {
                self.open.truncate(first);
            }
            return;
        }
        if style == Style::Named && !continues {
            self.open.clear();
            return;
        }
        while self.open.last().is_some_and(|open| open.run_in) {
            self.open.pop();
        }
    }

    /// Closes the sibling before a numbered sentence that is body text: an item of a list hangs
    /// where its list does, not under the heading that came before it. Returns how many headings
    /// stay open.
    pub(super) fn item(&mut self, marker: Marker) -> usize {
        let sibling = self.open.iter().rposition(|open| {
            matches!(open.style, Style::Numbered(style, _) if style == marker.style)
                && open.value + 1 == marker.value
        });
        if let Some(sibling) = sibling {
            self.open.truncate(sibling);
        }
        self.open.len()
    }

    /// Notes that body text follows the last heading.
    pub(super) fn body(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.has_body = true;
        }
    }

    /// Returns the blocks of the open headings, outermost first.
    pub(super) fn path(&self) -> Vec<usize> {
        self.open.iter().map(|open| open.block).collect()
    }

    /// Returns the outermost open heading.
    pub(super) fn outermost(&self) -> Option<Outermost> {
        self.open.first().map(|open| Outermost {
            style: open.style,
            value: open.value,
            block: open.block,
        })
    }

    /// Closes everything.
    pub(super) fn clear(&mut self) {
        self.open.clear();
    }
}
