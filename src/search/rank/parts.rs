//! The parts of scores: of one passage, and of many in columns.

/// The parts of a score.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Parts {
    /// Words of the query.
    pub words: f32,
    /// Character pairs of the query.
    pub bigrams: f32,
    /// Single letters of the query.
    pub letters: f32,
    /// What the passages before hold.
    pub context: f32,
    /// What the whole report holds.
    pub report: f32,
    /// The leaves side by side.
    pub exact: f32,
    /// Other names of the leaves.
    pub alias: f32,
    /// In headings.
    pub heading: f32,
    /// In the title.
    pub title: f32,
}

impl Parts {
    /// Returns the sum.
    pub fn total(&self) -> f32 {
        // In the order of their names, so that the parts that are told make up the same bits.
        self.words
            + self.bigrams
            + self.letters
            + self.context
            + self.report
            + self.exact
            + self.alias
            + self.heading
            + self.title
    }

    /// Returns the parts that are not nothing, with their Chinese names.
    pub fn named(&self) -> Vec<(String, f32)> {
        let parts = self.named_parts().into_iter();
        parts
            .filter(|(_, amount)| *amount > 0.0)
            .map(|(name, amount)| (name.to_owned(), amount))
            .collect()
    }

    fn named_parts(&self) -> [(&'static str, f32); 9] {
        [
            ("词语", self.words),
            ("字组", self.bigrams),
            ("单字", self.letters),
            ("上文", self.context),
            ("全篇", self.report),
            ("逐字", self.exact),
            ("别名", self.alias),
            ("小标题", self.heading),
            ("标题", self.title),
        ]
    }
}

/// Number of the parts.
const PARTS: usize = 9;

/// The parts of the scores of several passages, each in a column of its own; those that are nothing
/// for all of them take no room.
#[derive(Debug, Default)]
pub(in crate::search) struct Scores {
    /// Number of the passages.
    count: usize,
    /// In the order in which [`Parts::total`] adds them up.
    columns: [Vec<f32>; PARTS],
}

/// A part by its column.
#[derive(Debug, Clone, Copy)]
pub(super) enum Part {
    Words,
    Bigrams,
    Letters,
    // What the passages before hold is added later, to the best ones.
    Report = 4,
    Exact,
    Alias,
    Heading,
    Title,
}

impl Scores {
    /// Begins with nothing for so many passages.
    pub(super) fn of(count: usize) -> Self {
        Scores {
            count,
            ..Scores::default()
        }
    }

    /// Returns a part of all passages, to be added to.
    pub(super) fn part(&mut self, part: Part) -> &mut [f32] {
        let column = &mut self.columns[part as usize];
        column.resize(self.count, 0.0);
        column
    }

    /// Returns the sums: [`Parts::total`] of each, to the bit.
    pub(in crate::search) fn totals(&self) -> Vec<f32> {
        let mut totals = vec![0.0; self.count];
        for column in &self.columns {
            for (total, own) in totals.iter_mut().zip(column) {
                *total += own;
            }
        }
        totals
    }

    /// Returns the parts of one passage.
    pub(in crate::search) fn parts(&self, number: usize) -> Parts {
        let [
            words,
            bigrams,
            letters,
            context,
            report,
            exact,
            alias,
            heading,
            title,
        ] = &self.columns;
        let own = |column: &Vec<f32>| column.get(number).copied().unwrap_or(0.0);
        Parts {
            words: own(words),
            bigrams: own(bigrams),
            letters: own(letters),
            context: own(context),
            report: own(report),
            exact: own(exact),
            alias: own(alias),
            heading: own(heading),
            title: own(title),
        }
    }

    /// Returns whether one of the passages holds a leaf verbatim.
    pub(in crate::search) fn has_verbatim(&self) -> bool {
        self.columns[Part::Exact as usize]
            .iter()
            .any(|own| *own > 0.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [Part; 8] = [
        Part::Words,
        Part::Bigrams,
        Part::Letters,
        Part::Report,
        Part::Exact,
        Part::Alias,
        Part::Heading,
        Part::Title,
    ];

    proptest! {
        #[test]
        fn sums_of_columns_are_those_of_parts(
            amounts in prop::collection::vec((0..8_usize, 0..5_usize, 0.0_f32..30.0), 0..40),
        ) {
            let mut scores = Scores::of(5);
            for (part, passage, amount) in amounts {
                scores.part(COLUMNS[part])[passage] += amount;
            }
            for (number, total) in scores.totals().into_iter().enumerate() {
                prop_assert_eq!(total.to_bits(), scores.parts(number).total().to_bits());
            }
        }
    }
}
