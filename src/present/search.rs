//! A [`SearchResponse`] → text for reading: what was understood, hits, facets.

use std::io::{Result, Write};

use super::layout::{block, clean, padding, painted_block, width};
use super::table::{Align, Table};
use super::{Ink, Look, advice, grouped, labels};
use crate::model::{
    Differs, FacetCount, FacetField, Filter, HighlightKind, Hit, Language, PassageRecord,
    SearchRequest, SearchResponse,
};
use crate::say;

/// Blanks before everything that belongs to a hit, so that its number stands out.
const INDENT: usize = 4;
/// Most names and restored forms that a hit lists.
const NAMED_MATCHES: usize = 5;

/// Writes an answer for reading.
///
/// # Errors
/// If `out` cannot be written.
pub fn answer(
    out: &mut dyn Write,
    request: &SearchRequest,
    response: &SearchResponse,
    look: &Look,
) -> Result<()> {
    header(out, request, response, look)?;
    for (index, found) in response.hits.iter().enumerate() {
        writeln!(out)?;
        hit(out, request.offset + index + 1, found, look)?;
    }
    facets(out, request, response, look)?;
    if response.hits.is_empty() {
        advice::write(out, request, response, look)
    } else {
        next_page(out, request, response, look)
    }
}

fn header(
    out: &mut dyn Write,
    request: &SearchRequest,
    response: &SearchResponse,
    look: &Look,
) -> Result<()> {
    let language = look.language;
    let understood = match response.understood.trim() {
        "" => language.pick("全部段落", "every passage").to_owned(),
        understood => clean(understood),
    };
    let label = language.pick("查询：", "query: ");
    writeln!(out, "{label}{}", look.paint(Ink::Strong, &understood))?;

    if !request.filters.is_empty() {
        let label = language.pick("筛选：", "filters: ");
        writeln!(out, "{label}{}", filters(&request.filters, language))?;
    }
    if response.total.passages > 0 {
        writeln!(out, "{}", totals(response, language))?;
    }
    for note in &response.notes {
        let text = language.pick(&note.zh, &note.en);
        let label = language.pick("说明：", "note: ");
        writeln!(out, "{}{}", look.paint(Ink::Faint, label), clean(text))?;
    }
    Ok(())
}

/// Returns filters as typed: `年份 2021..2022，部门 非 教育局`.
fn filters(filters: &[Filter], language: Language) -> String {
    let shown = filters.iter().map(|filter| {
        let (label, value) = (facet_label(filter.field, language), &filter.value);
        if filter.negated {
            say!(language, "{label} 非 {value}", "{label} not {value}")
        } else {
            format!("{label} {value}")
        }
    });
    let shown: Vec<String> = shown.collect();
    clean(&shown.join(language.pick("，", ", ")))
}

fn totals(response: &SearchResponse, language: Language) -> String {
    let total = &response.total;
    let (passages, reports) = (grouped(total.passages), grouped(total.reports));
    let took = format!("{:.1}", response.took_ms);
    let folded = if total.folded == total.passages {
        String::new()
    } else {
        let folded = grouped(total.folded);
        say!(
            language,
            "（相近的合并后 {folded} 段）",
            " ({folded} after folding)"
        )
    };
    say!(
        language,
        "共 {passages} 段{folded}，{reports} 份报告，{took} 毫秒",
        "passages: {passages}{folded}, reports: {reports}, {took} ms"
    )
}

/// Writes one hit under its number (1-based).
///
/// # Errors
/// If `out` cannot be written.
pub fn hit(out: &mut dyn Write, number: usize, hit: &Hit, look: &Look) -> Result<()> {
    let language = look.language;
    let number = format!("{number}.");
    let title = match hit.passage.report_title.as_str() {
        "" => language.pick("（无题）", "(untitled)").to_owned(),
        title => clean(title),
    };
    let tags = tags(&hit.passage);
    let lead = format!("{number}{} ", padding(&number, INDENT - 1));
    let line = width(&lead) + width(&title) + 2 + width(&tags);
    let title = look.paint(Ink::Strong, &title);
    match look.width {
        // A narrow screen gets the tags beneath the title; pipes get one line.
        Some(columns) if line > columns => {
            let tags = painted_block(&tags, Ink::Faint, INDENT, look);
            write!(out, "{lead}{title}\n{tags}")?;
        }
        _ => writeln!(out, "{lead}{title}  {}", look.paint(Ink::Faint, &tags))?,
    }
    let snippet = block(&hit.snippet, &hit.snippet_highlights, INDENT, look);
    out.write_all(snippet.as_bytes())?;

    let blank = " ".repeat(INDENT);
    let otherwise = matched_otherwise(hit, language);
    if !otherwise.is_empty() {
        writeln!(out, "{blank}{}", look.paint(Ink::Faint, &otherwise))?;
    }
    let place = format!("{}  {}", place(&hit.passage), hit.passage.id);
    writeln!(out, "{blank}{}", look.paint(Ink::Faint, &place))?;
    if hit.dup_count > 0 {
        let count = grouped(hit.dup_count);
        let how = differs(&hit.differs, language);
        let folded = say!(
            language,
            "另有 {count} 处相近表述{how}",
            "{count} more with nearly the same wording{how}"
        );
        writeln!(out, "{blank}{folded}")?;
    }
    if !hit.explanation.is_empty() {
        let parts: Vec<String> = hit
            .explanation
            .iter()
            .map(|(name, amount)| format!("{} {amount:.3}", labels::label(name, language)))
            .collect();
        let (score, parts) = (hit.score, clean(&parts.join(" + ")));
        let explained = say!(
            language,
            "得分 {score:.3} = {parts}",
            "score {score:.3} = {parts}"
        );
        writeln!(out, "{blank}{explained}")?;
    }
    Ok(())
}

/// Returns what matched that was typed otherwise: `匹配：D建（还原）、卫计委（别名）`; empty for nothing.
fn matched_otherwise(hit: &Hit, language: Language) -> String {
    let text: Vec<char> = hit.passage.text.chars().collect();
    let mut matched: Vec<String> = Vec::new();
    for ([start, end], kind) in hit.highlights.iter().zip(&hit.highlight_kinds) {
        let how = match kind {
            HighlightKind::Restored => language.pick("还原", "restored"),
            HighlightKind::Alias => language.pick("别名", "other name"),
            HighlightKind::Phrase | HighlightKind::Word => continue,
        };
        let written: String = text.get(*start..*end).unwrap_or_default().iter().collect();
        let written = say!(language, "{}（{how}）", "{} ({how})", clean(&written));
        if !matched.contains(&written) && matched.len() < NAMED_MATCHES {
            matched.push(written);
        }
    }
    match matched.as_slice() {
        [] => String::new(),
        matched => {
            let matched = matched.join(language.pick("、", ", "));
            say!(language, "匹配：{matched}", "matched: {matched}")
        }
    }
}

/// Returns how copies differ, in parentheses: `（其中 2 处数字不同，1 处文字有出入）`; empty where they
/// do not.
fn differs(differs: &Differs, language: Language) -> String {
    let mut parts = Vec::new();
    if differs.figures > 0 {
        let count = grouped(differs.figures);
        parts.push(say!(
            language,
            "{count} 处数字不同",
            "{count} with other figures"
        ));
    }
    if differs.wording > 0 {
        let count = grouped(differs.wording);
        parts.push(say!(
            language,
            "{count} 处文字有出入",
            "{count} with other words"
        ));
    }
    if parts.is_empty() {
        return String::new();
    }
    let parts = parts.join(language.pick("，", ", "));
    say!(language, "（其中 {parts}）", " ({parts})")
}

/// Returns a passage's tags in one line: `卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领`.
pub(super) fn tags(passage: &PassageRecord) -> String {
    let path = passage.section_path.join(" › ");
    let parts = [
        passage.agency.clone(),
        passage.region.clone(),
        passage
            .year
            .or(passage.report_year)
            .map(|year| year.to_string()),
        (!path.is_empty()).then_some(path),
    ];
    clean(&parts.into_iter().flatten().collect::<Vec<_>>().join(" · "))
}

/// Returns a passage's place as it is cited: `seed.txt:27`, or the path alone where a format has
/// no lines.
pub(super) fn place(passage: &PassageRecord) -> String {
    match passage.line {
        0 => clean(&passage.source),
        line => format!("{}:{line}", clean(&passage.source)),
    }
}

/// Returns the name of a facet in the reader's language.
pub fn facet_label(field: FacetField, language: Language) -> &'static str {
    language.pick(field.label(), field.name())
}

fn facets(
    out: &mut dyn Write,
    request: &SearchRequest,
    response: &SearchResponse,
    look: &Look,
) -> Result<()> {
    let language = look.language;
    for field in &request.facets {
        let Some(counts) = response.facets.get(field).filter(|list| !list.is_empty()) else {
            continue;
        };
        writeln!(out)?;
        facet_table(out, *field, counts, look)?;
        let all = response.facet_values.get(field).copied().unwrap_or(0);
        let more = all.saturating_sub(counts.len() as u64);
        if more > 0 {
            let name = field.name();
            let more = say!(
                language,
                "  另有 {more} 个（--facet-limit 0 全部列出，--facets {name}=… 按字查找）",
                "  {more} more (--facet-limit 0 lists all, --facets {name}=… finds some)"
            );
            writeln!(out, "{}", look.paint(Ink::Faint, &more))?;
        }
    }
    Ok(())
}

/// Writes the counts of one facet; regions as a tree.
///
/// # Errors
/// If `out` cannot be written.
pub fn facet_table(
    out: &mut dyn Write,
    field: FacetField,
    counts: &[FacetCount],
    look: &Look,
) -> Result<()> {
    let language = look.language;
    let head = [
        facet_label(field, language),
        language.pick("段", "passages"),
        language.pick("报告", "reports"),
    ];
    let mut table = Table::new(&[Align::Left, Align::Right, Align::Right]).with_head(head);
    let mut row = |value: String, found: &FacetCount| {
        table.row([
            format!("  {value}"),
            grouped(found.count),
            grouped(found.reports),
        ]);
    };
    match field {
        FacetField::Region => {
            // Siblings keep their order; what lies below a region follows it.
            let mut listed: Vec<(Vec<usize>, &FacetCount)> = Vec::with_capacity(counts.len());
            for (rank, found) in counts.iter().enumerate() {
                let place = |path: &str| counts.iter().position(|other| other.value == path);
                let ends = found.value.match_indices('/').map(|(end, _)| end);
                let above = ends.map(|end| place(&found.value[..end]).unwrap_or(rank));
                listed.push((above.chain([rank]).collect(), found));
            }
            listed.sort_by(|one, two| one.0.cmp(&two.0));
            for (path, found) in listed {
                let name = found.value.rsplit('/').next().unwrap_or_default();
                row(format!("{}{name}", "  ".repeat(path.len() - 1)), found);
            }
        }
        _ => counts
            .iter()
            .for_each(|found| row(found.value.clone(), found)),
    }
    table.write(out, look)
}

fn next_page(
    out: &mut dyn Write,
    request: &SearchRequest,
    response: &SearchResponse,
    look: &Look,
) -> Result<()> {
    let all = match (request.group_by_report, request.fold) {
        (true, _) => response.total.reports,
        (false, true) => response.total.folded,
        (false, false) => response.total.passages,
    };
    let next = request.offset + response.hits.len();
    if (next as u64) < all {
        let more = say!(
            look.language,
            "后面还有：--offset {next}（或 --all 全部列出）",
            "there is more: --offset {next} (or --all for everything)"
        );
        writeln!(out, "\n{}", look.paint(Ink::Faint, &more))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::present::samples;

    fn shown(request: &SearchRequest, response: &SearchResponse, look: &Look) -> String {
        let mut out = Vec::new();
        answer(&mut out, request, response, look).unwrap();
        String::from_utf8(out).unwrap()
    }

    fn request() -> SearchRequest {
        SearchRequest {
            query: "乡村振兴".to_owned(),
            facets: vec![FacetField::Year, FacetField::Agency],
            ..SearchRequest::default()
        }
    }

    #[test]
    fn plain() {
        let text = shown(&request(), &samples::answer(), &Look::default());
        insta::assert_snapshot!(text, @r"
        查询：乡村振兴
        共 1,027 段（相近的合并后 998 段），46 份报告，3.2 毫秒
        说明：也检索了：农村振兴

        1.  县卫健委2023年度工作总结和2024年工作计划  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            …脱贫攻坚成果同乡村振兴有效衔接。
            samples/seed.txt:27  00000000000000a1
            另有 2 处相近表述（其中 1 处数字不同）

        年份       段  报告
          2024     12    12
          2023  1,015    46

        部门                 段  报告
          卫生健康委员会  1,027    46
          另有 8 个（--facet-limit 0 全部列出，--facets agency=… 按字查找）

        后面还有：--offset 1（或 --all 全部列出）
        ");
    }

    #[test]
    fn narrow_and_colored() {
        let look = Look {
            color: true,
            width: Some(40),
            ..Look::default()
        };
        let mut out = Vec::new();
        hit(&mut out, 12, &samples::hit(), &look).unwrap();
        let text = String::from_utf8(out).unwrap().replace('\x1b', "ESC");
        insta::assert_snapshot!(text, @r"
        12. ESC[1m县卫健委2023年度工作总结和2024年工作计划ESC[0m
            ESC[2m卫生健康委员会 · 江苏省/南京市 ·ESC[0m
            ESC[2m2023 · 工作总结 › 党建引领ESC[0m
            …脱贫攻坚成果同ESC[1;31m乡村振兴ESC[0m有效衔接。
            ESC[2msamples/seed.txt:27  00000000000000a1ESC[0m
            另有 2 处相近表述（其中 1 处数字不同）
        ");
    }

    #[test]
    fn english_with_explanation() {
        let look = Look {
            language: Language::En,
            ..Look::default()
        };
        let mut hit_with_parts = samples::hit();
        hit_with_parts.explanation = vec![("verbatim".to_owned(), 8.0), ("title".to_owned(), 4.5)];
        let response = SearchResponse {
            hits: vec![hit_with_parts],
            ..samples::answer()
        };
        insta::assert_snapshot!(shown(&request(), &response, &look), @r"
        query: 乡村振兴
        passages: 1,027 (998 after folding), reports: 46, 3.2 ms
        note: also searched: 农村振兴

        1.  县卫健委2023年度工作总结和2024年工作计划  卫生健康委员会 · 江苏省/南京市 · 2023 · 工作总结 › 党建引领
            …脱贫攻坚成果同乡村振兴有效衔接。
            samples/seed.txt:27  00000000000000a1
            2 more with nearly the same wording (1 with other figures)
            score 12.500 = verbatim 8.000 + title 4.500

        year    passages  reports
          2024        12       12
          2023     1,015       46

        agency            passages  reports
          卫生健康委员会     1,027       46
          8 more (--facet-limit 0 lists all, --facets agency=… finds some)

        there is more: --offset 1 (or --all for everything)
        ");
    }
}
