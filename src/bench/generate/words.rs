//! Content words that repeat as in real text.

use std::collections::HashSet;

use crate::bench::draw::{Draw, is_han};
use crate::error::Result;
use crate::schema::{Dictionary, Schema};

/// How fast new words come: of the first ones, and in the long run (0 for never, 1 for always).
const CONCENTRATION: f64 = 900.0;
const DISCOUNT: f64 = 0.43;

/// Words written before that the next one is drawn from.
const HISTORY: usize = 1 << 21;

/// Shares of new words: names that are coined, terms of the lexicon; the rest are words of the
/// dictionary.
const COINED: f64 = 0.1;
const FROM_LEXICON: f64 = 0.1;

/// Words of the dictionary that are used, the commonest.
const COMMONEST: usize = 120_000;

/// Words of the dictionary whose characters names are coined of.
const MODELS: usize = 20_000;

/// What coined names end in.
const ENDINGS: &[&str] = &[
    "镇",
    "乡",
    "村",
    "河",
    "湖",
    "山",
    "港",
    "桥",
    "路",
    "园区",
    "水库",
    "灌区",
    "工程",
    "项目",
    "产业园",
    "开发区",
    "示范区",
    "新城",
    "机场",
    "大道",
    "学校",
    "医院",
    "集团",
    "公司",
    "合作社",
    "基地",
    "平台",
    "中心",
    "品牌",
    "行动",
    "机制",
    "体系",
];

/// Draws content words.
pub(super) struct Words {
    /// Terms of the lexicon that were not written yet, the rarest first.
    terms: Vec<String>,
    /// Words of the dictionary that were not written yet, the rarest first but for the places of
    /// those that were taken.
    unused: Vec<String>,
    /// Every word that was written.
    written: Vec<String>,
    /// Numbers of words in the order of writing, as many as are remembered.
    history: Vec<u32>,
    /// How many words were written in all.
    count: u64,
    /// Characters that names are coined of, as often as common words hold them.
    characters: Vec<char>,
    known: HashSet<String>,
}

impl Words {
    /// Begins with nothing written.
    ///
    /// # Errors
    /// If the embedded dictionary breaks its rules, which the tests rule out.
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let mut unused = rarest_first(&Dictionary::embedded_words()?);
        unused.drain(..unused.len().saturating_sub(COMMONEST));
        let models = unused.iter().rev().take(MODELS);
        Ok(Words {
            characters: models.flat_map(|word| word.chars()).collect(),
            terms: rarest_first(schema.lexicon.terms()),
            unused,
            written: Vec::new(),
            history: Vec::new(),
            count: 0,
            known: HashSet::new(),
        })
    }

    /// Returns the next word.
    pub(super) fn next(&mut self, draw: &mut Draw) -> &str {
        let new = (CONCENTRATION + DISCOUNT * self.written.len() as f64)
            / (CONCENTRATION + self.count as f64);
        let number = match self.history.is_empty() || draw.happens(new) {
            true => self.add(draw),
            false => *draw.one(&self.history),
        };
        self.count += 1;
        if self.history.len() < HISTORY {
            self.history.push(number);
        } else {
            let at = draw.below(HISTORY);
            self.history[at] = number;
        }
        &self.written[number as usize]
    }

    fn add(&mut self, draw: &mut Draw) -> u32 {
        let mut word = self.fresh(draw);
        while !self.known.insert(word.clone()) {
            word = self.fresh(draw);
        }
        self.written.push(word);
        self.written.len() as u32 - 1
    }

    /// Returns a word that was most likely not written yet.
    fn fresh(&mut self, draw: &mut Draw) -> String {
        if self.unused.is_empty() || draw.happens(COINED) {
            return self.coin(draw);
        }
        if draw.happens(FROM_LEXICON)
            && let Some(term) = self.terms.pop()
        {
            return term;
        }
        // Mostly one of the commonest that are left; of rare ones the more, the more was written.
        let reach = self.unused.len().min(4 * self.written.len() + 2_000);
        let back = (draw.share().powi(2) * reach as f64) as usize;
        self.unused.swap_remove(self.unused.len() - 1 - back)
    }

    fn coin(&self, draw: &mut Draw) -> String {
        let mut word = String::new();
        for _ in 0..2 {
            word.push(*draw.one(&self.characters));
        }
        word.push_str(draw.text(ENDINGS));
        word
    }
}

/// Returns the terms of two to six Han characters, the rarest first.
fn rarest_first(terms: &[(String, u64)]) -> Vec<String> {
    let fits = |term: &str| (2..=6).contains(&term.chars().count()) && term.chars().all(is_han);
    let mut kept: Vec<_> = terms.iter().filter(|(term, _)| fits(term)).collect();
    kept.sort_by(|one, two| (one.1, &one.0).cmp(&(two.1, &two.0)));
    kept.into_iter().map(|(term, _)| term.clone()).collect()
}
