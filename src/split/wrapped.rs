//! Text broken into lines of one width, as PDF gives it → paragraphs.

use super::chars::ends_sentence;
use super::lines::Physical;
use super::numbering::marker;
use crate::model::ByteSpan;
use crate::schema::HeadingRules;

/// Fewer lines than this show no width.
const MIN_LINES: usize = 20;

/// Widths, in half-width columns, at which texts are broken.
const WIDTHS: std::ops::RangeInclusive<usize> = 40..=120;

/// A full line may be so many columns narrower: a figure or a mark did not fit.
const SLACK: usize = 5;

/// Returns the width at which the lines of a text are broken, if they are.
///
/// Most lines of such a text are nearly as wide as the widest; paragraphs that stand in one line
/// each have any length.
pub(super) fn width(physical: Physical<'_>) -> Option<usize> {
    let mut counts = [0usize; 121];
    let mut lines = 0;
    for (_, bytes) in physical.lines() {
        let line = physical.text[bytes.range()].trim();
        // Longer than the widest width even if all of it were Han.
        let columns = match line.len() > 2 * WIDTHS.end() {
            true => return None,
            false => columns(line),
        };
        lines += usize::from(columns > 0);
        *counts.get_mut(columns)? += 1;
    }
    let widest = counts.iter().rposition(|count| *count > 0)?;
    let full: usize = counts[widest.saturating_sub(SLACK)..=widest].iter().sum();
    (lines >= MIN_LINES && WIDTHS.contains(&widest) && full * 2 > lines).then_some(widest)
}

/// Hands the paragraphs of a text broken at `width` to `each`: first line and place.
///
/// A line goes on in the next if it is full and ends no sentence, and the next opens no heading.
pub(super) fn unwrap(
    physical: Physical<'_>,
    width: usize,
    rules: &HeadingRules,
    each: &mut dyn FnMut(u32, ByteSpan),
) {
    let text = physical.text;
    let mut open: Option<(u32, ByteSpan)> = None;
    for (number, bytes) in physical.lines() {
        let line = text[bytes.range()].trim();
        let goes_on = open.filter(|(_, paragraph)| {
            let last = last_line(&text[paragraph.range()]);
            let full = columns(last) + SLACK >= width;
            !line.is_empty()
                && full
                && !ends_sentence(last)
                && marker(line, &rules.numbering).is_none()
        });
        match goes_on {
            Some((first, paragraph)) => {
                open = Some((first, ByteSpan::new(paragraph.start, bytes.end)));
            }
            None => {
                if let Some((first, paragraph)) = open.replace((number, bytes)) {
                    each(first, paragraph);
                }
            }
        }
    }
    if let Some((first, paragraph)) = open {
        each(first, paragraph);
    }
}

fn last_line(paragraph: &str) -> &str {
    paragraph
        .rsplit(['\n', '\r', '\u{85}', '\u{2028}', '\u{2029}'])
        .next()
        .unwrap_or(paragraph)
        .trim()
}

/// Returns the width in half-width columns.
fn columns(line: &str) -> usize {
    line.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    #[test]
    fn broken_lines_become_paragraphs() {
        let schema = Schema::embedded().expect("schema");
        let sentence =
            "全县上下坚持稳中求进工作总基调，完整、准确、全面贯彻新发展理念，经济运行总体平稳。";
        let mut text = String::from("一、2023年工作回顾\n");
        for _ in 0..3 {
            let paragraph: Vec<char> = sentence.repeat(8).chars().collect();
            for line in paragraph.chunks(30) {
                text.extend(line);
                text.push('\n');
            }
        }
        text += "（一）抓项目\n";
        let width = width(Physical::of(&text)).expect("width");
        assert_eq!(width, 60);
        let mut paragraphs = Vec::new();
        unwrap(
            Physical::of(&text),
            width,
            &schema.headings,
            &mut |_, bytes| {
                paragraphs.push(text[bytes.range()].trim().to_owned());
            },
        );
        paragraphs.retain(|paragraph| !paragraph.is_empty());
        assert_eq!(
            paragraphs.first().map(String::as_str),
            Some("一、2023年工作回顾")
        );
        assert_eq!(paragraphs.last().map(String::as_str), Some("（一）抓项目"));
        for paragraph in &paragraphs[1..paragraphs.len() - 1] {
            assert!(ends_sentence(paragraph), "{paragraph}");
        }
    }

    #[test]
    fn paragraphs_of_one_line_each_have_no_width() {
        let width = |text: &str| width(Physical::of(text));
        assert_eq!(width(&"全县经济平稳运行。\n".repeat(10)), None);
        assert_eq!(width(&format!("{}\n", "甲".repeat(200)).repeat(30)), None);
        assert_eq!(
            width(&"短\n全县经济平稳运行，各项事业全面进步，人民生活。\n短句\n".repeat(10)),
            None
        );
    }
}
