//! Characters side by side → where they start, over all texts of a segment.

use super::bigrams;
use crate::index::bigrams::{Ascending, END, Entry, Places, Texts};

/// How many places are given at a time.
const FILLED: usize = 128;

/// Where characters side by side start, over all texts of a segment.
#[expect(
    clippy::large_enum_variant,
    reason = "it stands in a box, and its commonest variant is the largest"
)]
pub(super) enum Starts {
    /// One bigram: its list says everything.
    Pair(Places),
    /// Several bigrams at fixed distances.
    Run(Run),
    /// A single character, gathered from all bigrams that begin with it.
    Single(Vec<u32>, usize),
}

impl Starts {
    /// Opens the lists of a run; `None` if it stands nowhere.
    ///
    /// # Errors
    /// If the file is damaged.
    pub(super) fn open(texts: &Texts, run: &str) -> tantivy::Result<Option<Self>> {
        let bigrams = bigrams(run);
        if bigrams.is_empty() {
            let Some(character) = run.chars().next() else {
                return Ok(None);
            };
            let entries = texts.beginning(character)?;
            let places = gathered(texts, &entries)?;
            return Ok((!places.is_empty()).then_some(Starts::Single(places, 0)));
        }
        let mut entries: Vec<(Entry, u32)> = Vec::with_capacity(bigrams.len());
        for (offset, (first, second)) in bigrams {
            match texts.pair(first, second)? {
                Some(entry) => entries.push((entry, offset)),
                None => return Ok(None),
            }
        }
        entries.sort_by_key(|(entry, offset)| (entry.count, *offset));
        let mut lists = Vec::with_capacity(entries.len());
        for (entry, offset) in &entries {
            lists.push((texts.places(entry)?, *offset));
        }
        Ok(Some(match <[_; 1]>::try_from(lists) {
            Ok([(only, _)]) => Starts::Pair(only),
            Err(lists) => Starts::Run(Run::new(lists)),
        }))
    }
}

impl Ascending for Starts {
    #[inline]
    fn place(&self) -> u32 {
        match self {
            Starts::Pair(places) => places.place(),
            Starts::Run(run) => run.place,
            Starts::Single(places, at) => places.get(*at).copied().unwrap_or(END),
        }
    }

    #[inline]
    fn advance(&mut self) -> u32 {
        match self {
            Starts::Pair(places) => return places.advance(),
            Starts::Run(run) => {
                run.lists[0].0.advance();
                run.settle();
            }
            Starts::Single(_, at) => *at += 1,
        }
        self.place()
    }

    fn seek(&mut self, target: u32) -> u32 {
        match self {
            Starts::Pair(places) => return places.seek(target),
            Starts::Run(run) if run.place < target => {
                let (lead, offset) = &mut run.lists[0];
                lead.seek(target.saturating_add(*offset));
                run.settle();
            }
            Starts::Run(_) => {}
            Starts::Single(places, at) => {
                let rest = places.get(*at..).unwrap_or_default();
                *at += rest.partition_point(|place| *place < target);
            }
        }
        self.place()
    }

    fn fill(&mut self, places: &mut Vec<u32>) {
        match self {
            Starts::Pair(list) => list.fill(places),
            Starts::Run(run) => run.fill(places),
            Starts::Single(own, at) => {
                let end = own.len().min(at.saturating_add(FILLED));
                places.extend_from_slice(own.get(*at..end).unwrap_or_default());
                *at = end;
            }
        }
    }

    fn most(&self) -> u32 {
        match self {
            Starts::Pair(places) => places.most(),
            Starts::Run(run) => run.lists[0].0.most(),
            Starts::Single(places, _) => places.len() as u32,
        }
    }
}

/// Returns the places of several bigrams in order.
fn gathered(texts: &Texts, entries: &[Entry]) -> tantivy::Result<Vec<u32>> {
    let count: usize = entries.iter().map(|entry| entry.count as usize).sum();
    let end = texts.end() as usize;
    let mut gathered = Vec::new();
    let each = |take: &mut dyn FnMut(u32)| -> tantivy::Result<()> {
        for entry in entries {
            let mut places = texts.places(entry)?;
            while places.place() != END {
                take(places.place());
                places.advance();
            }
        }
        Ok(())
    };
    if count < end / 64 {
        each(&mut |place| gathered.push(place))?;
        gathered.sort_unstable();
        return Ok(gathered);
    }
    // A common character: a bit for each place is cheaper than sorting.
    let mut bits = vec![0_u64; end.div_ceil(64)];
    each(&mut |place| {
        if let Some(word) = bits.get_mut(place as usize / 64) {
            *word |= 1 << (place % 64);
        }
    })?;
    for (base, mut word) in (0_u32..).step_by(64).zip(bits) {
        while word != 0 {
            gathered.push(base + word.trailing_zeros());
            word &= word - 1;
        }
    }
    Ok(gathered)
}

/// Bigrams at fixed distances.
pub(super) struct Run {
    /// Each with its offset in the run, the rarest first.
    lists: Vec<(Places, u32)>,
    /// Where the run starts.
    place: u32,
}

impl Run {
    fn new(lists: Vec<(Places, u32)>) -> Self {
        let mut run = Run { lists, place: 0 };
        run.settle();
        run
    }

    /// Appends some starts from the current one on, and moves on behind them.
    fn fill(&mut self, places: &mut Vec<u32>) {
        for _ in 0..FILLED {
            if self.place == END {
                return;
            }
            places.push(self.place);
            self.lists[0].0.advance();
            self.settle();
        }
    }

    /// Moves on from the lead's place to the next at which all bigrams stand at their distances.
    fn settle(&mut self) {
        self.place = END;
        let Some(((lead, first), others)) = self.lists.split_first_mut() else {
            return;
        };
        'again: while lead.place() != END {
            let Some(start) = lead.place().checked_sub(*first) else {
                lead.advance();
                continue;
            };
            for (list, offset) in others.iter_mut() {
                let wanted = start.saturating_add(*offset);
                let found = list.seek(wanted);
                if found == END {
                    return;
                }
                if found != wanted {
                    // No start before this one fits; of a damaged list, it may lie behind.
                    let next = found.saturating_sub(*offset).saturating_add(*first);
                    lead.seek(next.max(lead.place().saturating_add(1)));
                    continue 'again;
                }
            }
            self.place = start;
            return;
        }
    }
}
