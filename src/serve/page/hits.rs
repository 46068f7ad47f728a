//! Hits → what templates show of them.

use super::address::Address;
use super::pieces::{Piece, compared, marked};
use super::words;
use crate::model::{Difference, Hit, Language, NearCopy, PassageRecord, SimilarHit};
use crate::present::grouped;
use crate::say;

/// A passage in a list, with its report's name, tags and place.
pub(super) struct Item {
    /// Passage id.
    pub(super) id: String,
    /// Title of the report.
    pub(super) title: String,
    /// The report, with the passage in view.
    pub(super) link: String,
    /// Section and year, agency, region, date.
    pub(super) tags: Vec<String>,
    /// Headings above it.
    pub(super) path: String,
    /// The excerpt.
    pub(super) excerpt: Vec<Piece>,
    /// The whole passage, if the excerpt is not.
    pub(super) whole: Vec<Piece>,
    /// A remark above the excerpt: how alike, how different.
    pub(super) remark: String,
    /// Other forms that matched.
    pub(super) otherwise: String,
    /// `另有 12 处相近表述`; empty if there are none.
    pub(super) copies: String,
    /// Where those are shown.
    pub(super) copies_link: String,
    /// How they differ.
    pub(super) differs: String,
    /// The passages with the same wording.
    pub(super) similar_link: String,
    /// The source line that a copied passage carries.
    pub(super) citation: String,
    /// File and line.
    pub(super) place: String,
}

/// Returns the address of a passage in its report, with what the address asks marked there.
pub(super) fn reading(address: &Address, passage: &PassageRecord) -> String {
    let (report, id) = (&passage.report_id, &passage.id);
    let address = address.with(|params| {
        params.text.clear();
        params.id.clear();
    });
    format!("{}#p-{id}", address.link(&format!("/report/{report}")))
}

/// Returns the address of the passages whose wording is like this one's.
pub(super) fn similar_to(address: &Address, id: &str) -> String {
    let address = address.with(|params| {
        params.text.clear();
        id.clone_into(&mut params.id);
    });
    address.link("/similar")
}

impl Item {
    /// Makes an item of a passage, shown whole.
    pub(super) fn new(address: &Address, passage: &PassageRecord) -> Self {
        let language = address.language;
        Item {
            id: passage.id.clone(),
            title: words::title(&passage.report_title, language),
            link: reading(address, passage),
            tags: words::tags(passage, language),
            path: words::path(passage),
            excerpt: marked(&passage.text, &[], &[]),
            whole: Vec::new(),
            remark: String::new(),
            otherwise: String::new(),
            copies: String::new(),
            copies_link: String::new(),
            differs: String::new(),
            similar_link: similar_to(address, &passage.id),
            citation: words::citation(passage),
            place: words::place(passage),
        }
    }

    /// Makes an item of a hit.
    pub(super) fn of_hit(address: &Address, hit: &Hit) -> Self {
        let language = address.language;
        let passage = &hit.passage;
        let mut item = Item::new(address, passage);
        let whole = marked(&passage.text, &hit.highlights, &hit.highlight_kinds);
        // Only the whole passage knows why each stretch matched.
        (item.excerpt, item.whole) = match hit.snippet == passage.text {
            true => (whole, Vec::new()),
            false => (marked(&hit.snippet, &hit.snippet_highlights, &[]), whole),
        };
        item.otherwise = words::otherwise(hit, language);
        if hit.dup_count > 0 {
            let count = grouped(hit.dup_count);
            item.copies = say!(
                language,
                "另有 {count} 处相近表述",
                "{count} more with nearly the same wording"
            );
            item.copies_link = address.link(&format!("/copies/{}", passage.id));
            item.differs = words::differs(&hit.differs, language);
        }
        item
    }

    /// Makes an item of a near copy of a passage, with what it lacks and what it has instead.
    pub(super) fn of_copy(address: &Address, here: &str, copy: &NearCopy) -> Self {
        let language = address.language;
        let mut item = Item::new(address, &copy.passage);
        item.excerpt = compared(here, &copy.passage.text, &copy.changes);
        let how = match copy.differs {
            Difference::None => language.pick("文字相同", "the same words"),
            Difference::Figures => language.pick("数字不同", "other figures"),
            Difference::Wording => language.pick("文字有出入", "other words"),
        };
        let alike = percent(copy.jaccard);
        item.remark = say!(
            language,
            "相似度 {alike}，{how}",
            "similarity {alike}, {how}"
        );
        item
    }

    /// Makes an item of a passage that holds a wording, with that marked.
    pub(super) fn of_similar(address: &Address, hit: &SimilarHit) -> Self {
        let language = address.language;
        let passage = &hit.passage;
        let mut item = Item::new(address, passage);
        let whole = marked(&passage.text, &hit.highlights, &[]);
        (item.excerpt, item.whole) = match hit.snippet == passage.text {
            true => (whole, Vec::new()),
            false => (marked(&hit.snippet, &hit.snippet_highlights, &[]), whole),
        };
        let (overlap, longest) = (percent(hit.overlap), hit.longest);
        let when = match hit.years_later {
            None => String::new(),
            Some(0) => language.pick("，同年", ", same year").to_owned(),
            Some(years) if years > 0 => say!(language, "，晚 {years} 年", ", {years} years later"),
            Some(years) => {
                let years = -years;
                say!(language, "，早 {years} 年", ", {years} years earlier")
            }
        };
        item.remark = say!(
            language,
            "重合 {overlap}，最长相同 {longest} 字{when}",
            "overlap {overlap}, longest piece {longest}{when}"
        );
        item
    }
}

/// Returns a share in per cent, rounded down: only the whole is 100%.
fn percent(share: f64) -> String {
    format!("{}%", (share * 100.0).floor())
}

/// Returns what was left out of a list: `另有 12 处`; empty for nothing.
pub(super) fn left_out(count: u64, shown: usize, language: Language) -> String {
    match count.saturating_sub(shown as u64) {
        0 => String::new(),
        more => {
            let more = grouped(more);
            say!(
                language,
                "另有 {more} 处未列出",
                "{more} more are not listed"
            )
        }
    }
}
