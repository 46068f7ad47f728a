//! Pieces of evidence as votes: each speaks for a value, the heaviest value is taken.

use crate::model::Evidence;

/// Where a piece of evidence was read.
#[derive(Debug, Clone)]
pub(super) struct Witness<'a> {
    /// Name of the place: `title`, `session line` …
    pub(super) from: &'static str,
    /// Line in the source (1-based, 0 for none).
    pub(super) line: u32,
    /// The characters that said so.
    pub(super) quote: &'a str,
}

impl<'a> Witness<'a> {
    /// Names place, line and words.
    pub(super) fn new(from: &'static str, line: u32, quote: &'a str) -> Self {
        Witness { from, line, quote }
    }
}

/// Longest quote kept, in characters.
const QUOTE_CHARS: usize = 60;

/// The votes on one tag.
#[derive(Debug)]
pub(super) struct Ballot {
    tag: &'static str,
    votes: Vec<Evidence>,
}

impl Ballot {
    /// Opens a ballot on a tag.
    pub(super) fn new(tag: &'static str) -> Self {
        Ballot {
            tag,
            votes: Vec::new(),
        }
    }

    /// Casts a vote. The same words at the same place speak for a value only once.
    pub(super) fn vote(&mut self, value: impl ToString, witness: &Witness<'_>, weight: f32) {
        let value = value.to_string();
        let quote: String = witness.quote.chars().take(QUOTE_CHARS).collect();
        let same = |vote: &Evidence| {
            vote.value == value && vote.from == witness.from && vote.quote == quote
        };
        if !self.votes.iter().any(same) {
            self.votes.push(Evidence {
                tag: self.tag.to_owned(),
                value,
                from: witness.from.to_owned(),
                quote,
                line: witness.line,
                weight,
                chosen: false,
            });
        }
    }

    /// Returns the votes cast so far.
    pub(super) fn votes(&self) -> &[Evidence] {
        &self.votes
    }

    /// Returns the value with the greatest weight, of equals the one named first.
    pub(super) fn heaviest(&self) -> Option<&str> {
        let mut best: Option<(&str, f32)> = None;
        for vote in &self.votes {
            let weight = self
                .votes
                .iter()
                .filter(|other| other.value == vote.value)
                .map(|other| other.weight)
                .sum();
            if best.is_none_or(|(_, most)| weight > most) {
                best = Some((&vote.value, weight));
            }
        }
        best.map(|(value, _)| value)
    }

    /// Closes the ballot: marks the votes for `chosen` and hands all of them over, heaviest first.
    pub(super) fn close(mut self, chosen: Option<&str>) -> Vec<Evidence> {
        for vote in &mut self.votes {
            vote.chosen = Some(vote.value.as_str()) == chosen;
        }
        self.votes
            .sort_by(|a, b| b.chosen.cmp(&a.chosen).then(b.weight.total_cmp(&a.weight)));
        self.votes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_heaviest_value_is_taken() {
        let witness = |quote| Witness::new("title", 1, quote);
        let mut ballot = Ballot::new("level");
        assert_eq!(ballot.heaviest(), None);
        ballot.vote("省", &witness("省"), 2.0);
        ballot.vote("市", &witness("市政府"), 1.5);
        ballot.vote("市", &witness("市政府"), 1.5);
        assert_eq!(ballot.heaviest(), Some("省"), "one quote votes once");
        ballot.vote("市", &witness("全市"), 1.0);
        assert_eq!(ballot.heaviest(), Some("市"));
        let votes = ballot.close(Some("市"));
        assert_eq!(votes.iter().filter(|vote| vote.chosen).count(), 2);
        assert!(votes[0].chosen);
    }
}
