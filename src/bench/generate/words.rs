//! Content words that repeat as in real text.

use std::collections::HashSet;

use crate::bench::draw::{Draw, is_han};
use crate::schema::Schema;

/// How fast new words come: of the first ones, and in the long run (0 for never, 1 for always).
const CONCENTRATION: f64 = 900.0;
const DISCOUNT: f64 = 0.55;

/// Words written before that the next one is drawn from.
const HISTORY: usize = 1 << 21;

/// Share of new words that are taken from the lexicon while it has some.
const FROM_LEXICON: f64 = 0.5;

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
    unused: Vec<String>,
    /// Every word that was written.
    written: Vec<String>,
    /// Numbers of words in the order of writing, as many as are remembered.
    history: Vec<u32>,
    /// How many words were written in all.
    count: u64,
    /// Characters that names are coined of, as often as the lexicon holds them.
    characters: Vec<char>,
    known: HashSet<String>,
}

impl Words {
    pub(super) fn new(schema: &Schema) -> Self {
        let mut terms: Vec<&(String, u64)> = schema.lexicon.terms().iter().collect();
        terms.sort_by(|one, two| (one.1, &one.0).cmp(&(two.1, &two.0)));
        let characters = terms.iter().flat_map(|(term, _)| term.chars());
        Words {
            characters: characters.filter(|c| is_han(*c)).collect(),
            unused: terms.into_iter().map(|(term, _)| term.clone()).collect(),
            written: Vec::new(),
            history: Vec::new(),
            count: 0,
            known: HashSet::new(),
        }
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
        let word = match self.unused.is_empty() || !draw.happens(FROM_LEXICON) {
            true => self.coin(draw),
            false => {
                // Mostly one of the commonest that are left.
                let back = (draw.share().powi(3) * self.unused.len() as f64) as usize;
                let at = self.unused.len() - 1 - back.min(self.unused.len() - 1);
                self.unused.remove(at)
            }
        };
        self.written.push(word);
        self.written.len() as u32 - 1
    }

    fn coin(&mut self, draw: &mut Draw) -> String {
        loop {
            let mut word = String::new();
            for _ in 0..2 {
                word.push(*draw.one(&self.characters));
            }
            if draw.happens(0.5) {
                word.push_str(draw.text(ENDINGS));
            }
            if self.known.insert(word.clone()) {
                return word;
            }
        }
    }
}
