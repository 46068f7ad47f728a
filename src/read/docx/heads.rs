//! Headers and footers → body text, where they hold any: a title that stands nowhere else, or all
//! there is.

use std::collections::HashSet;

use super::format::Section;
use super::package::Relation;
use crate::read::transcript::Paragraph;

/// Titles are no longer than this.
const MAX_TITLE: usize = 40;

/// What titles of reports say they are. Running heads that name an office, a grade of secrecy or a
/// page say none of it.
const NAMES: [&str; 10] = [
    "报告", "总结", "计划", "规划", "纲要", "要点", "公报", "汇报", "讲话", "方案",
];

/// Returns the relation to the header of the first page.
pub(super) fn first_page<'r>(section: &Section, relations: &'r [Relation]) -> Option<&'r Relation> {
    let pages = match section.title_page {
        true => "first",
        false => "default",
    };
    let (id, _) = section.headers.iter().find(|(_, kind)| kind == pages)?;
    relations.iter().find(|relation| relation.id == *id)
}

/// Returns the title among the lines of a header, if the body opens without one.
pub(super) fn title(header: &[Paragraph], body: &[Paragraph]) -> Option<Paragraph> {
    let mut texts = body.iter().map(|line| line.text.trim());
    let first = texts.find(|text| !text.is_empty())?;
    if is_title(first) {
        return None;
    }
    let pieces = header.iter().flat_map(|line| line.text.split(['\t', '\n']));
    let title = pieces
        .map(str::trim)
        .find(|piece| is_title(piece) && NAMES.iter().any(|name| piece.contains(name)))?;
    let repeated = body.iter().any(|line| line.text.trim() == title);
    (!repeated).then(|| Paragraph {
        level: 1,
        ..Paragraph::plain(title)
    })
}

/// Returns whether a line may be a title: short, and neither a sentence nor an address.
fn is_title(text: &str) -> bool {
    !text.is_empty()
        && text.chars().nth(MAX_TITLE).is_none()
        && !text.ends_with(['。', '！', '？', '；', '，', '：', ':', '、'])
        && !text.starts_with(['一', '（', '(', '1'])
}

/// Returns the lines of all headers and footers, each once, without page numbers.
pub(super) fn lines(parts: Vec<Vec<Paragraph>>) -> Vec<Paragraph> {
    let mut seen = HashSet::new();
    let mut lines: Vec<Paragraph> = parts.into_iter().flatten().collect();
    lines.retain(|line| {
        line.text.chars().any(char::is_alphabetic) && seen.insert(line.text.clone())
    });
    lines
}
