//! The near copies of a passage → text for reading: where they stand, how alike they are, what
//! differs.

use std::io::{Result, Write};
use std::ops::Range;

use super::layout::clean;
use super::search::{place, tags};
use super::{Ink, Look, grouped};
use crate::model::{Change, Difference, NearCopies, NearCopy};
use crate::say;

/// Characters shown around each place at which two texts differ.
const AROUND: usize = 8;
/// Places shown of one copy.
const PLACES: usize = 30;
/// Characters shown of one text at such a place.
const PIECE: usize = 60;

/// Writes the near copies of a passage with the text `here`; nothing if it has none.
///
/// # Errors
/// If `out` cannot be written.
pub fn write_copies(
    out: &mut dyn Write,
    here: &str,
    copies: &NearCopies,
    look: &Look,
) -> Result<()> {
    if copies.count == 0 {
        return Ok(());
    }
    let language = look.language;
    let count = grouped(copies.count);
    let heading = say!(
        language,
        "相近表述 {count} 处",
        "nearly the same wording elsewhere: {count}"
    );
    writeln!(out, "\n{}", look.paint(Ink::Strong, &heading))?;
    for copy in &copies.listed {
        write_copy(out, here, copy, look)?;
    }
    let more = copies.count.saturating_sub(copies.listed.len() as u64);
    if more > 0 {
        let more = grouped(more);
        let more = say!(language, "  另有 {more} 处", "  {more} more");
        writeln!(out, "{}", look.paint(Ink::Faint, &more))?;
    }
    Ok(())
}

fn write_copy(out: &mut dyn Write, here: &str, copy: &NearCopy, look: &Look) -> Result<()> {
    let language = look.language;
    let passage = &copy.passage;
    let title = clean(&passage.report_title);
    let tags = look.paint(Ink::Faint, &tags(passage));
    writeln!(out, "\n  {title}  {tags}")?;
    let place = format!("{}  {}", place(passage), passage.id);
    writeln!(out, "  {}", look.paint(Ink::Faint, &place))?;
    let how = match copy.differs {
        Difference::None => language.pick("文字相同", "the same words"),
        Difference::Figures => language.pick("数字不同", "other figures"),
        Difference::Wording => language.pick("文字有出入", "other words"),
    };
    // Rounded down: only what is equal is 1.00.
    let jaccard = (copy.jaccard * 100.0).floor() / 100.0;
    let mut line = say!(
        language,
        "相似度 {jaccard:.2}，{how}",
        "similarity {jaccard:.2}, {how}"
    );
    if !copy.changes.is_empty() {
        line.push_str(language.pick("：", ": "));
        line.push_str(&marked(
            here,
            &passage.text,
            &copy.changes,
            (0..usize::MAX, AROUND),
            look,
        ));
    }
    writeln!(out, "  {line}")
}

/// Returns what differs in its surroundings: `…粮食总产⟦60.7→61.2⟧万吨…`; what one of the texts lacks
/// is nothing on its side of the arrow. `shown` is the stretch of `here` that is shown, and how many
/// characters of it around each change.
pub(super) fn marked(
    here: &str,
    there: &str,
    changes: &[Change],
    (stretch, around): (Range<usize>, usize),
    look: &Look,
) -> String {
    let (here, there): (Vec<char>, Vec<char>) = (here.chars().collect(), there.chars().collect());
    let cut = |chars: &[char], start: usize, end: usize| -> String {
        let end = end.min(chars.len());
        clean(&chars[start.min(end)..end].iter().collect::<String>())
    };
    let last = stretch.end.min(here.len());
    let mut text = String::new();
    let mut shown = stretch.start;
    for change in changes.iter().take(PLACES) {
        let ([start, end], [from, to]) = (change.here, change.there);
        let before = if text.is_empty() { 0 } else { around };
        if start > shown + before + around {
            text.push_str(&cut(&here, shown, shown + before));
            text.push('…');
            text.push_str(&cut(&here, start - around, start));
        } else {
            text.push_str(&cut(&here, shown, start));
        }
        let piece = |chars: &[char], start: usize, end: usize| match end - start > PIECE {
            true => format!(
                "{}…{}",
                cut(chars, start, start + PIECE / 2),
                cut(chars, end - PIECE / 4, end)
            ),
            false => cut(chars, start, end),
        };
        let gone = look.paint(Ink::Gone, &piece(&here, start, end));
        let come = look.paint(Ink::Come, &piece(&there, from, to));
        text.push_str(&format!("⟦{gone}→{come}⟧"));
        shown = end;
    }
    text.push_str(&cut(&here, shown, last.min(shown.saturating_add(around))));
    if shown.saturating_add(around) < last || changes.len() > PLACES {
        text.push('…');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    const HERE: &str =
        "新建高标准农田5.4万亩，粮食总产60.7万吨，农产品加工转化率提高到63%，村集体收入41.2万元。";

    fn copies() -> NearCopies {
        let mut passage = samples::passage();
        passage.id = "00000000000000a2".to_owned();
        passage.line = 380;
        passage.text =
            "新建高标准农田5.4万亩，粮食总产61.2万吨，农产品加工率提高到63%，村集体收入41.2万元"
                .to_owned();
        let change = |here, there| Change { here, there };
        NearCopies {
            count: 3,
            listed: vec![NearCopy {
                jaccard: 0.8199,
                differs: Difference::Wording,
                changes: vec![
                    change([17, 21], [17, 21]),
                    change([29, 31], [29, 29]),
                    change([50, 51], [48, 48]),
                ],
                passage,
            }],
        }
    }

    fn shown(look: &Look) -> String {
        let mut out = Vec::new();
        write_copies(&mut out, HERE, &copies(), look).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_differs_stands_between_brackets() {
        insta::assert_snapshot!(shown(&Look::default()), @r"

        相近表述 3 处

          县卫健委2023年度工作总结和2024年工作计划  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
          samples/seed.txt:380  00000000000000a2
          相似度 0.81，文字有出入：…4万亩，粮食总产⟦60.7→61.2⟧万吨，农产品加工⟦转化→⟧率提高到63%，…收入41.2万元⟦。→⟧
          另有 2 处
        ");
    }

    #[test]
    fn in_english_and_colour() {
        let look = Look {
            color: true,
            language: crate::model::Language::En,
            ..Look::default()
        };
        insta::assert_snapshot!(shown(&look).replace('\x1b', "ESC"), @r"

        ESC[1mnearly the same wording elsewhere: 3ESC[0m

          县卫健委2023年度工作总结和2024年工作计划  ESC[2m卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领ESC[0m
          ESC[2msamples/seed.txt:380  00000000000000a2ESC[0m
          similarity 0.81, other words: …4万亩，粮食总产⟦ESC[31m60.7ESC[0m→ESC[32m61.2ESC[0m⟧万吨，农产品加工⟦ESC[31m转化ESC[0m→⟧率提高到63%，…收入41.2万元⟦ESC[31m。ESC[0m→⟧
        ESC[2m  2 moreESC[0m
        ");
    }

    #[test]
    fn a_passage_without_copies_says_nothing() {
        let mut out = Vec::new();
        write_copies(&mut out, HERE, &NearCopies::default(), &Look::default()).unwrap();
        assert!(out.is_empty());
    }
}
