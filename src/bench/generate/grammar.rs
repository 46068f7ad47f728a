//! The grammar of the reports: clauses, sentences, paragraphs, headings.

use super::words::Words;
use crate::bench::draw::{Draw, is_han};
use crate::error::Result;
use crate::schema::Schema;

/// Pairs of words and sentences that may come back.
const COMPOUNDS: usize = 30_000;
const SENTENCES: usize = 2_000;

/// Chances that a pair of words, a sentence is one of before.
const OLD_COMPOUND: f64 = 0.78;
const OLD_SENTENCE: f64 = 0.1;

const ADVERBS: &[&str] = &[
    "全面",
    "深入",
    "扎实",
    "大力",
    "加快",
    "持续",
    "着力",
    "积极",
    "稳步",
    "有序",
    "坚决",
    "切实",
    "统筹",
    "不断",
    "进一步",
];
const VERBS: &[&str] = &[
    "推进", "实施", "落实", "完善", "加强", "深化", "开展", "建设", "支持", "推动", "优化", "提升",
    "健全", "培育", "打造", "巩固", "扩大", "促进", "强化", "发展", "整治", "保障", "规范", "启动",
];
const RESULTS: &[&str] = &[
    "取得新进展",
    "成效明显",
    "稳步提升",
    "全面完成",
    "走在前列",
    "持续改善",
    "实现新突破",
    "有力有效",
    "位居前列",
    "建成投用",
    "顺利推进",
    "基本形成",
];
const MEASURES: &[&str] = &[
    "亿元",
    "万元",
    "万吨",
    "万亩",
    "公里",
    "个",
    "项",
    "家",
    "户",
    "万人",
    "万户",
    "所",
    "座",
    "万千瓦",
];
const MOVES: &[&str] = &["增长", "下降", "提高", "同比增长", "年均增长"];
const FRAMES: &[(&str, &str)] = &[
    ("以", "为抓手"),
    ("坚持把", "作为重中之重"),
    ("围绕", "精准发力"),
    ("聚焦", "补短板强弱项"),
    ("统筹", "各项工作"),
];
const OPENINGS: &[&str] = &["一年来", "过去一年", "今年", "同时", "全年", "五年来"];

/// Makes text.
pub(super) struct Grammar {
    words: Words,
    agencies: Vec<String>,
    /// Pairs of words that were written.
    compounds: Vec<String>,
    /// Sentences that were written.
    sentences: Vec<String>,
}

impl Grammar {
    /// Begins with nothing written.
    ///
    /// # Errors
    /// If the embedded dictionary breaks its rules, which the tests rule out.
    pub(super) fn new(schema: &Schema) -> Result<Self> {
        let agencies = schema.agencies.iter();
        Ok(Grammar {
            words: Words::new(schema)?,
            agencies: agencies
                .filter_map(|agency| agency.names.first().cloned())
                .collect(),
            compounds: Vec::new(),
            sentences: Vec::new(),
        })
    }

    /// Returns a heading, such as `扎实推进乡村振兴`.
    pub(super) fn heading(&mut self, draw: &mut Draw) -> String {
        let mut heading = String::new();
        self.adverb(&mut heading, draw);
        self.verb(&mut heading, draw);
        heading.push_str(self.words.next(draw));
        heading
    }

    /// Returns a paragraph of some 20 to 900 characters: a short one, or one whose length is
    /// log-normal.
    pub(super) fn paragraph(&mut self, region: &str, draw: &mut Draw) -> String {
        let length = if draw.happens(0.17) {
            20 + draw.below(60)
        } else {
            // The sum of twelve even draws is nearly normal.
            let normal = (0..12).map(|_| draw.share()).sum::<f64>() - 6.0;
            ((5.4 + 0.6 * normal).exp() - 15.0).clamp(20.0, 820.0) as usize
        };
        let mut paragraph = String::new();
        let mut written = 0;
        while written < length {
            let sentence = self.sentence(region, draw);
            written += sentence.chars().count();
            paragraph.push_str(&sentence);
        }
        paragraph
    }

    fn sentence(&mut self, region: &str, draw: &mut Draw) -> String {
        if !self.sentences.is_empty() && draw.happens(OLD_SENTENCE) {
            return early(&self.sentences, draw).clone();
        }
        let mut sentence = String::new();
        if draw.happens(0.08) {
            sentence.push_str(draw.text(OPENINGS));
            sentence.push('，');
        }
        if draw.happens(0.04) {
            sentence.push_str(region);
        }
        let clauses = 1 + draw.below(4);
        for clause in 0..clauses {
            if clause > 0 {
                sentence.push(if draw.happens(0.12) { '；' } else { '，' });
            }
            self.clause(&mut sentence, draw);
        }
        sentence.push('。');
        if self.sentences.len() < SENTENCES {
            self.sentences.push(sentence.clone());
        } else if draw.happens(0.02) {
            let at = draw.below(SENTENCES);
            self.sentences[at].clone_from(&sentence);
        }
        sentence
    }

    /// Writes a clause and what goes on from it without a mark, at most three times.
    fn clause(&mut self, sentence: &mut String, draw: &mut Draw) {
        self.plain(sentence, draw);
        for _ in 0..3 {
            if !sentence.ends_with(is_han) || !draw.happens(0.33) {
                break;
            }
            if draw.happens(0.5) {
                self.verb(sentence, draw);
            }
            self.compound(sentence, draw);
        }
    }

    fn plain(&mut self, sentence: &mut String, draw: &mut Draw) {
        match draw.below(10) {
            0..=3 => {
                self.adverb(sentence, draw);
                self.verb(sentence, draw);
                self.nouns(sentence, draw);
            }
            4 | 5 => {
                self.nouns(sentence, draw);
                if draw.happens(0.12) {
                    sentence.push_str(draw.text(RESULTS));
                } else {
                    self.adverb(sentence, draw);
                    sentence.push_str(self.words.next(draw));
                }
            }
            6 if draw.happens(0.6) => {
                self.nouns(sentence, draw);
                let step = if draw.happens(0.6) {
                    "增长"
                } else {
                    draw.text(MOVES)
                };
                sentence.push_str(step);
                sentence.push_str(&format!("{}.{}%", draw.below(30), draw.below(10)));
            }
            6 => {
                self.nouns(sentence, draw);
                sentence.push('为');
                sentence.push_str(self.words.next(draw));
            }
            7 => {
                self.verb(sentence, draw);
                self.nouns(sentence, draw);
                let amount = (10_f64.powf(draw.share() * 4.0)) as u64 + 1;
                sentence.push_str(&amount.to_string());
                sentence.push_str(draw.text(MEASURES));
            }
            8 if draw.happens(0.12) => {
                let (before, after) = *draw.one(FRAMES);
                sentence.push_str(before);
                self.nouns(sentence, draw);
                sentence.push_str(after);
            }
            8 => {
                self.verb(sentence, draw);
                self.nouns(sentence, draw);
            }
            _ => self.subject(sentence, draw),
        }
    }

    /// Writes a clause that begins otherwise: with an agency, a name in quotation marks, a place.
    fn subject(&mut self, sentence: &mut String, draw: &mut Draw) {
        if draw.happens(0.1) {
            sentence.push_str(draw.one::<String>(&self.agencies));
            sentence.push_str("牵头");
            self.verb(sentence, draw);
        } else if draw.happens(0.2) {
            sentence.push('“');
            sentence.push_str(self.words.next(draw));
            sentence.push('”');
            self.verb(sentence, draw);
        } else if draw.happens(0.3) {
            sentence.push('在');
            sentence.push_str(self.words.next(draw));
            sentence.push('中');
            self.verb(sentence, draw);
        } else {
            self.verb(sentence, draw);
            sentence.push('了');
        }
        self.nouns(sentence, draw);
    }

    fn nouns(&mut self, sentence: &mut String, draw: &mut Draw) {
        if draw.happens(0.5) {
            self.compound(sentence, draw);
        } else {
            sentence.push_str(self.words.next(draw));
        }
        if draw.happens(0.2) {
            sentence.push(if draw.happens(0.7) { '、' } else { '和' });
            sentence.push_str(self.words.next(draw));
        }
    }

    /// Writes a pair of words, mostly one that was written before.
    fn compound(&mut self, sentence: &mut String, draw: &mut Draw) {
        if !self.compounds.is_empty() && draw.happens(OLD_COMPOUND) {
            sentence.push_str(early(&self.compounds, draw));
            return;
        }
        let mut compound = self.words.next(draw).to_owned();
        if draw.happens(0.3) {
            compound.push('的');
        }
        compound.push_str(self.words.next(draw));
        sentence.push_str(&compound);
        if self.compounds.len() < COMPOUNDS {
            self.compounds.push(compound);
        } else {
            let at = draw.below(COMPOUNDS);
            self.compounds[at] = compound;
        }
    }

    fn adverb(&self, sentence: &mut String, draw: &mut Draw) {
        if draw.happens(0.45) {
            sentence.push_str(draw.text(ADVERBS));
        }
    }

    fn verb(&mut self, sentence: &mut String, draw: &mut Draw) {
        if draw.happens(0.5) {
            sentence.push_str(self.words.next(draw));
        } else {
            sentence.push_str(draw.text(VERBS));
        }
    }
}

/// Draws one of the texts, the first ones oftener.
fn early<'a>(texts: &'a [String], draw: &mut Draw) -> &'a String {
    let at = (draw.share().powi(2) * texts.len() as f64) as usize;
    &texts[at.min(texts.len() - 1)]
}
