//! The grammar of the reports: clauses, sentences, paragraphs, headings.

use super::words::Words;
use crate::bench::draw::Draw;
use crate::schema::Schema;

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
    "",
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
}

impl Grammar {
    pub(super) fn new(schema: &Schema) -> Self {
        let agencies = schema.agencies.iter();
        Grammar {
            words: Words::new(schema),
            agencies: agencies
                .filter_map(|agency| agency.names.first().cloned())
                .collect(),
        }
    }

    /// Returns a heading, such as `扎实推进乡村振兴`.
    pub(super) fn heading(&mut self, draw: &mut Draw) -> String {
        let (adverb, verb) = (*draw.one(ADVERBS), *draw.one(VERBS));
        format!("{adverb}{verb}{}", self.words.next(draw))
    }

    /// Returns a paragraph of 30 to some 900 characters, whose lengths are log-normal.
    pub(super) fn paragraph(&mut self, region: &str, draw: &mut Draw) -> String {
        // The sum of twelve even draws is nearly normal.
        let normal = (0..12).map(|_| draw.share()).sum::<f64>() - 6.0;
        let length = (5.25 + 0.72 * normal).exp().clamp(30.0, 850.0) as usize;
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
        let mut sentence = String::new();
        if draw.happens(0.12) {
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
        sentence
    }

    fn clause(&mut self, sentence: &mut String, draw: &mut Draw) {
        match draw.below(10) {
            0..=3 => {
                sentence.push_str(draw.text(ADVERBS));
                sentence.push_str(draw.text(VERBS));
                self.nouns(sentence, draw);
            }
            4 | 5 => {
                self.nouns(sentence, draw);
                sentence.push_str(draw.text(RESULTS));
            }
            6 => {
                self.nouns(sentence, draw);
                sentence.push_str(draw.text(MOVES));
                sentence.push_str(&format!("{}.{}%", draw.below(30), draw.below(10)));
            }
            7 => {
                sentence.push_str(draw.text(VERBS));
                self.nouns(sentence, draw);
                let amount = (10_f64.powf(draw.share() * 4.0)) as u64 + 1;
                sentence.push_str(&amount.to_string());
                sentence.push_str(draw.text(MEASURES));
            }
            8 => {
                let (before, after) = *draw.one(FRAMES);
                sentence.push_str(before);
                self.nouns(sentence, draw);
                sentence.push_str(after);
            }
            _ if draw.happens(0.2) => {
                sentence.push_str(draw.one::<String>(&self.agencies));
                sentence.push_str("牵头");
                sentence.push_str(draw.text(VERBS));
                self.nouns(sentence, draw);
            }
            _ => {
                sentence.push('“');
                sentence.push_str(self.words.next(draw));
                sentence.push('”');
                sentence.push_str(draw.text(VERBS));
                self.nouns(sentence, draw);
            }
        }
    }

    fn nouns(&mut self, sentence: &mut String, draw: &mut Draw) {
        sentence.push_str(self.words.next(draw));
        if draw.happens(0.35) {
            sentence.push_str(self.words.next(draw));
        }
        if draw.happens(0.2) {
            sentence.push(if draw.happens(0.7) { '、' } else { '和' });
            sentence.push_str(self.words.next(draw));
        }
    }
}
