//! A [`SimilarResponse`] → text for reading: when the wording stands where, and what differs.

use std::io::{Result, Write};

use super::copies::marked;
use super::layout::{block, clean, shorten};
use super::search::{place, tags};
use super::{Ink, Look, grouped};
use crate::model::{Language, SimilarHit, SimilarResponse, YearCount};
use crate::say;

/// Columns of the sought text that are repeated.
const REPEATED: usize = 80;
/// Characters of a stretch that are shown around each change.
const AROUND: usize = 12;
/// Blanks before everything that belongs to a hit.
const INDENT: usize = 4;

/// Writes an answer for reading; the number of the first hit is `first` (1-based).
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(
    out: &mut dyn Write,
    response: &SimilarResponse,
    first: usize,
    look: &Look,
) -> Result<()> {
    let language = look.language;
    let text = look.paint(Ink::Strong, &shorten(&clean(&response.text), REPEATED));
    writeln!(out, "{}{text}", language.pick("查找：", "looked for: "))?;
    if let Some(passage) = &response.passage {
        let label = language.pick("出自：", "from: ");
        writeln!(
            out,
            "{label}{}  {}",
            clean(&passage.report_title),
            place(passage)
        )?;
    }
    writeln!(out, "{}", totals(response, language))?;
    if !response.years.is_empty() {
        let label = language.pick("历年：", "by year: ");
        writeln!(out, "{label}{}", years(&response.years, language))?;
    }
    for note in &response.notes {
        let label = look.paint(Ink::Faint, language.pick("说明：", "note: "));
        writeln!(out, "{label}{}", clean(language.pick(&note.zh, &note.en)))?;
    }
    for (number, found) in (first..).zip(&response.hits) {
        hit(out, number, &response.text, found, look)?;
    }
    if response.total.passages == 0 {
        let advice = language.pick(
            "没有找到相近的说法。可以缩短文字、用 --least 0.1 放宽，或去掉筛选",
            "nothing like it was found; try a shorter text, --least 0.1, or fewer filters",
        );
        return writeln!(out, "\n{advice}");
    }
    let next = first - 1 + response.hits.len();
    if (next as u64) < response.total.passages {
        let more = say!(
            language,
            "后面还有：--offset {next}",
            "there is more: --offset {next}"
        );
        writeln!(out, "\n{}", look.paint(Ink::Faint, &more))?;
    }
    Ok(())
}

fn totals(response: &SimilarResponse, language: Language) -> String {
    let total = &response.total;
    let (passages, reports) = (grouped(total.passages), grouped(total.reports));
    let took = format!("{:.1}", response.took_ms);
    let of_year = response
        .passage
        .as_ref()
        .and_then(|passage| passage.report_year);
    let order = match of_year {
        Some(year) => {
            let (earlier, later) = (grouped(total.earlier), grouped(total.later));
            say!(
                language,
                "（早于 {year} 年的 {earlier} 段，更晚的 {later} 段）",
                " (before {year}: {earlier}, after: {later})"
            )
        }
        None => String::new(),
    };
    say!(
        language,
        "共 {passages} 段{order}，{reports} 份报告，{took} 毫秒",
        "passages: {passages}{order}, reports: {reports}, {took} ms"
    )
}

/// Returns how often the wording stands in each year: `2018 ×1（0.85）  2019 ×3（1.00）`.
fn years(years: &[YearCount], language: Language) -> String {
    let year = |found: &YearCount| {
        let (year, passages, best) = (found.year, grouped(found.passages), share(found.best));
        say!(
            language,
            "{year} ×{passages}（{best}）",
            "{year} ×{passages} ({best})"
        )
    };
    years.iter().map(year).collect::<Vec<_>>().join("  ")
}

/// Returns a share with two digits, rounded down: only the whole is 1.00.
fn share(share: f64) -> String {
    format!("{:.2}", (share * 100.0).floor() / 100.0)
}

fn hit(
    out: &mut dyn Write,
    number: usize,
    asked: &str,
    hit: &SimilarHit,
    look: &Look,
) -> Result<()> {
    let language = look.language;
    let passage = &hit.passage;
    let title = look.paint(Ink::Strong, &clean(&passage.report_title));
    let tags = look.paint(Ink::Faint, &tags(passage));
    let (overlap, longest) = (share(hit.overlap), hit.longest);
    let when = match hit.years_later {
        None => String::new(),
        Some(0) => language.pick("，同年", ", same year").to_owned(),
        Some(years) if years > 0 => {
            say!(language, "，晚 {years} 年", ", {years} years later")
        }
        Some(years) => {
            let years = -years;
            say!(language, "，早 {years} 年", ", {years} years earlier")
        }
    };
    let is_whole = hit.changes.is_empty() && hit.overlap >= 1.0;
    let how = match is_whole {
        true => language.pick("，一字不差", ", word for word"),
        false => "",
    };
    let like = say!(
        language,
        "重合 {overlap}，最长相同 {longest} 字{when}{how}",
        "overlap {overlap}, longest piece {longest}{when}{how}"
    );
    writeln!(out, "\n{number}.  {title}  {tags}\n    {like}")?;
    let snippet = block(&hit.snippet, &hit.snippet_highlights, INDENT, look);
    out.write_all(snippet.as_bytes())?;
    if !hit.changes.is_empty() {
        let label = language.pick("差异：", "differs: ");
        let stretch = hit.here[0]..hit.here[1];
        let text = marked(asked, &passage.text, &hit.changes, (stretch, AROUND), look);
        writeln!(out, "    {}{text}", look.paint(Ink::Faint, label))?;
    }
    let place = look.paint(Ink::Faint, &format!("{}  {}", place(passage), passage.id));
    writeln!(out, "    {place}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Change, IndexStamp, SimilarTotals};
    use crate::present::samples;

    fn response() -> SimilarResponse {
        let mut passage = samples::passage();
        passage.text = "我们巩固拓展脱贫攻坚成果同乡村全面振兴有效衔接，粮食增产。".to_owned();
        SimilarResponse {
            text: "巩固拓展脱贫攻坚成果同乡村振兴有效衔接。".to_owned(),
            passage: Some(samples::passage()),
            notes: Vec::new(),
            total: SimilarTotals {
                passages: 2,
                reports: 2,
                earlier: 1,
                later: 1,
                compared: 40,
            },
            years: vec![
                YearCount {
                    year: 2021,
                    passages: 1,
                    best: 1.0,
                },
                YearCount {
                    year: 2024,
                    passages: 1,
                    best: 0.7599,
                },
            ],
            hits: vec![SimilarHit {
                passage,
                overlap: 0.7599,
                jaccard: 0.6,
                longest: 13,
                highlights: vec![[2, 15], [17, 23]],
                snippet: "我们巩固拓展脱贫攻坚成果同乡村全面振兴有效衔接，粮食增产。".to_owned(),
                snippet_highlights: vec![[2, 15], [17, 23]],
                years_later: Some(1),
                here: [0, 20],
                there: [2, 24],
                changes: vec![
                    Change {
                        here: [13, 13],
                        there: [15, 17],
                    },
                    Change {
                        here: [19, 20],
                        there: [23, 24],
                    },
                ],
            }],
            took_ms: 4.2,
            index: IndexStamp::default(),
        }
    }

    #[test]
    fn what_differs_stands_between_brackets() {
        let mut out = Vec::new();
        answer(&mut out, &response(), 1, &Look::default()).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        查找：巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
        出自：县卫健委2023年度工作总结和2024年工作计划  samples/seed.txt:27
        共 2 段（早于 2023 年的 1 段，更晚的 1 段），2 份报告，4.2 毫秒
        历年：2021 ×1（1.00）  2024 ×1（0.75）

        1.  县卫健委2023年度工作总结和2024年工作计划  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            重合 0.75，最长相同 13 字，晚 1 年
            我们巩固拓展脱贫攻坚成果同乡村全面振兴有效衔接，粮食增产。
            差异：…固拓展脱贫攻坚成果同乡村⟦→全面⟧振兴有效衔接⟦。→，⟧
            samples/seed.txt:27  00000000000000a1

        后面还有：--offset 1
        ");
    }

    #[test]
    fn nothing_found() {
        let response = SimilarResponse {
            passage: None,
            hits: Vec::new(),
            years: Vec::new(),
            total: SimilarTotals::default(),
            ..response()
        };
        let look = Look {
            language: Language::En,
            ..Look::default()
        };
        let mut out = Vec::new();
        answer(&mut out, &response, 1, &look).unwrap();
        insta::assert_snapshot!(String::from_utf8(out).unwrap(), @r"
        looked for: 巩固拓展脱贫攻坚成果同乡村振兴有效衔接。
        passages: 0, reports: 0, 4.2 ms

        nothing like it was found; try a shorter text, --least 0.1, or fewer filters
        ");
    }
}
