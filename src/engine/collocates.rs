//! A node → the words that stand near it more often than by chance.

use super::Engine;
use crate::error::Result;
use crate::model::{Association, Collocate, CollocatesRequest, CollocatesResponse, Window};
use crate::search::collocates::neighbours;
use crate::search::corpus::{frequencies, says_something};
use crate::search::occurrences::Sought;
use crate::search::slices::Slices;
use crate::statistics::Contingency;
use crate::statistics::association::log_dice;

impl Engine {
    /// Finds the collocates of a node; what occurs is what [`Engine::count`] counts. Only the texts
    /// of the passages that hold the node are read.
    ///
    /// # Errors
    /// As for [`Engine::count`].
    pub fn collocates(&self, request: &CollocatesRequest) -> Result<CollocatesResponse> {
        let index = self.index();
        let sought = Sought::new(&request.node, &self.snapshot.analyzer)?;
        let slices = Slices::new(&[], &request.filters, request.copies, &index)?;
        if slices.whole.passages == 0 {
            return Err(super::empty_slice());
        }
        let near = neighbours(&sought, &slices, request.window, &index)?;
        let frequencies = frequencies([&slices], &index)?;
        let all = slices.whole.words.saturating_sub(near.node_words);
        let mut words = Vec::new();
        for (word, found) in &near.words {
            let [frequency] = frequencies.words.get(word).copied().unwrap_or_default();
            let table = Contingency {
                both: found.left + found.right,
                one: near.window_words,
                other: frequency.saturating_sub(found.node),
                all,
            };
            if table.both < request.least.max(1)
                || !table.is_attracted()
                || !(request.all_words || says_something(word, &index))
            {
                continue;
            }
            words.push(Collocate {
                word: word.clone(),
                together: table.both,
                left: found.left,
                right: found.right,
                corpus: table.other,
                expected: table.expected(),
                log_likelihood: table.log_likelihood(),
                mutual_information: table.mutual_information(),
                log_dice: log_dice(table.both, near.occurrences, table.other),
            });
        }
        let rank = |word: &Collocate| match request.measure {
            Association::LogLikelihood => word.log_likelihood,
            Association::MutualInformation => word.mutual_information,
            Association::LogDice => word.log_dice,
        };
        words.sort_by(|one, two| {
            let order = rank(two).total_cmp(&rank(one));
            order.then_with(|| one.word.cmp(&two.word))
        });
        let found = words.len() as u64;
        words.truncate(request.limit);
        Ok(CollocatesResponse {
            stamp: self.stamped(
                "collocates",
                vec![request.node.to_string()],
                &request.filters,
                request.copies,
                request.date.as_deref(),
                options(request),
            )?,
            notes: self.stale_copies(request.copies).into_iter().collect(),
            node: request.node.clone(),
            corpus: slices.whole,
            occurrences: near.occurrences,
            passages: near.passages,
            node_words: near.node_words,
            window_words: near.window_words,
            found,
            words,
        })
    }
}

fn options(request: &CollocatesRequest) -> Vec<(&'static str, String)> {
    let window = match request.window {
        Window::Words(words) => format!("{words} words"),
        Window::Characters(characters) => format!("{characters} characters"),
    };
    let measure = match request.measure {
        Association::LogLikelihood => "log-likelihood",
        Association::MutualInformation => "mi",
        Association::LogDice => "log-dice",
    };
    let mut options = vec![
        ("window", window),
        ("measure", measure.to_owned()),
        ("least", request.least.to_string()),
    ];
    options.extend(request.all_words.then(|| ("all-words", "true".to_owned())));
    options
}
