//! A text in one line, without indents → paragraphs, cut where a number or a title opens a sentence.

use super::chars::{SENTENCE_ENDS, prefix, squeeze};
use super::numbering::{Marker, han_digit, marker};
use crate::schema::{Digits, HeadingRules};

/// A heading that no mark closes has at most so many bytes before its first child.
const MAX_OPEN_HEADING: usize = 90;

/// A title within running text has at most so many bytes.
const MAX_TITLE: usize = 150;

/// Cuts a line and hands the pieces to `each`: start and end in bytes.
pub(super) fn cut(line: &str, rules: &HeadingRules, each: &mut dyn FnMut(usize, usize)) {
    let mut start = 0;
    let mut cut_at = |place: usize| {
        if place > start {
            each(start, place);
            start = place;
        }
    };
    // Where a title ends: a number right behind it opens the report's body.
    let mut behind_title = 0;
    if let Some(end) = title_end(line, rules) {
        cut_at(end);
        behind_title = end;
    }
    // The number that opened the current piece, and where its text begins.
    let mut open: Option<(Marker, usize)> = None;
    // Where the current sentence begins, and where a heading that only its wording closes ends.
    let (mut sentence, mut named_until) = (0, 0);
    let mut previous = None;
    let mut after_blank = false;
    for (place, c) in line.char_indices() {
        let rest = &line[place..];
        let after_sentence = previous.is_none_or(|c| SENTENCE_ENDS.contains(&c));
        let found = match may_open(c) {
            true => marker(rest, &rules.numbering),
            false => None,
        };
        let opening = found.filter(|found| {
            place == behind_title
                || after_blank
                || opens_paragraph(*found, previous, after_sentence, rest, rules)
                || is_child(*found, open, line, place)
        });
        if let Some(found) = opening {
            cut_at(place);
            let text = place + found.length;
            open = Some((found, text));
            let name = name_length(&line[text..], rules).or_else(|| blank_end(&line[text..]));
            if let Some(length) = name {
                named_until = text + length;
            }
        } else if place > 0 && place == named_until {
            cut_at(place);
            open = None;
        } else if let Some(found) = found
            && found.value == 1
            && place - sentence <= MAX_OPEN_HEADING
            && rules.unnumbered(&squeeze(&line[sentence..place]))
        {
            // 下一步工作打算（一）…: a heading without number or mark.
            cut_at(sentence);
            cut_at(place);
            open = Some((found, place + found.length));
        } else if after_sentence && previous.is_some() && !c.is_whitespace() {
            if let Some(end) = title_end(rest, rules) {
                cut_at(place);
                cut_at(place + end);
                behind_title = place + end;
                open = None;
            }
        } else if let Some((_, text)) = open
            && rest.starts_with("一是")
            && place > text
            && place - text <= MAX_OPEN_HEADING / 2
            && !has_stop(&line[text..place])
        {
            // 二、存在问题一是…: a heading that no mark closes, its list right behind.
            cut_at(place);
            open = None;
        }
        after_blank = c.is_whitespace() && previous.is_some();
        if !c.is_whitespace() {
            previous = Some(c);
            if SENTENCE_ENDS.contains(&c) {
                sentence = place + c.len_utf8();
            }
        }
    }
    cut_at(line.len());
}

/// Returns the length of a heading that is known by its wording, if running text follows it.
///
/// 存在问题当前…: without a mark between them, only the wording tells heading from body.
fn name_length(text: &str, rules: &HeadingRules) -> Option<usize> {
    let window = prefix(text, MAX_OPEN_HEADING);
    let window = match window.find(['。', '，', '；', '：', '！', '？', '（']) {
        Some(stop) => &window[..stop],
        None => window,
    };
    let names = window
        .char_indices()
        .map(|(place, _)| place)
        .chain([window.len()])
        .filter(|end| *end > 0 && rules.unnumbered(&squeeze(&window[..*end])));
    names.max()
}

/// Returns the length of a heading that a blank closes: 五、支持对象 受到影响的企业，….
fn blank_end(text: &str) -> Option<usize> {
    let blank = prefix(text, MAX_OPEN_HEADING).find(char::is_whitespace)?;
    let stop = text.find(['。', '：']).unwrap_or(text.len());
    let short = !has_stop(&text[..blank]) && blank > 0;
    // A sentence as long as a heading closes the heading itself.
    (short && stop > MAX_OPEN_HEADING).then_some(blank)
}

/// Returns whether a number can begin with this character.
fn may_open(c: char) -> bool {
    matches!(c, '第' | '（' | '(' | '0'..='9' | '０'..='９') || han_digit(c).is_some()
}

fn has_stop(text: &str) -> bool {
    text.contains(['。', '，', '；', '：', '！', '？'])
}

/// Returns whether a number opens a paragraph, not an item of a list within a sentence.
fn opens_paragraph(
    found: Marker,
    previous: Option<char>,
    after_sentence: bool,
    rest: &str,
    rules: &HeadingRules,
) -> bool {
    if rules.numbering[found.style].digits == Digits::Circled {
        return false;
    }
    if after_sentence {
        return true;
    }
    // 报告分三个部分：一、…；二、…；三、…。 lists parts, it does not open them.
    matches!(previous, Some('：' | ':')) && {
        let text = &rest[found.length..];
        text.find(['。', '；'])
            .is_some_and(|stop| text[stop..].starts_with('。'))
    }
}

/// 一、工作总结（一）强化管理: a heading that no mark closes, its first child right behind.
fn is_child(found: Marker, open: Option<(Marker, usize)>, line: &str, place: usize) -> bool {
    let Some((open, text)) = open else {
        return false;
    };
    found.rank > open.rank
        && found.value == 1
        && place > text
        && place - text <= MAX_OPEN_HEADING
        && !has_stop(&line[text..place])
}

/// Returns where a title that opens a report ends, if `text` begins with one.
///
/// Nothing but its wording closes it: the longest beginning that follows a title rule is taken.
fn title_end(text: &str, rules: &HeadingRules) -> Option<usize> {
    let window = prefix(text, MAX_TITLE);
    let window = match window.find(['。', '，', '；', '：', '！', '？', '、', ':', ',']) {
        Some(stop) => &window[..stop],
        None => window,
    };
    // Most sentences leave here: titles end in one of few words.
    const LAST: [&str; 8] = [
        "总结", "报告", "计划", "要点", "安排", "打算", "思路", "汇报",
    ];
    LAST.iter()
        .flat_map(|word| window.match_indices(word))
        .map(|(place, word)| place + word.len())
        .filter(|end| {
            let title = squeeze(&window[..*end]);
            let whole = title.matches('《').count() == title.matches('》').count();
            whole && rules.title(&title).is_some_and(|rule| rule.opens)
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn check(pieces: &[&str]) {
        let schema = Schema::embedded().expect("schema");
        let text = pieces.concat();
        let mut found = Vec::new();
        cut(&text, &schema.headings, &mut |start, end| {
            found.push(&text[start..end])
        });
        assert_eq!(found, pieces);
    }

    #[test]
    fn numbers_open_paragraphs() {
        check(&[
            "县水务局2023年工作总结及2024年工作计划",
            "2023年，坚持安全第一、预防为主，五一、端午期间平稳。",
            "一、2023年工作总结",
            "（一）抓项目。投资1.6亿元，“双随机、一公开”全覆盖，增速排名全市第1.预计增长。",
            "（二）抓民生。",
            "1.保就业。新增5.2万人。",
            "二、存在问题",
            "一是人手不足；二是资金不足。",
            "三、2024年工作计划",
            "（一）抓项目。好。",
            "下一步工作打算",
            "（一）抓民生。好。",
            "四、存在的问题",
            "当前，人手不足。",
        ]);
    }

    #[test]
    fn a_list_of_parts_stays_whole() {
        check(&[
            "报告分三个部分：一、形势；二、任务；三、措施。报告的题目是奋斗。",
            "一、形势",
            "（一）国内。好。",
        ]);
    }

    #[test]
    fn blanks_stand_for_line_ends() {
        check(&[
            "一、复工管理 ",
            "（一）明确责任，落实措施 ",
            "（二）加强管理。好。 ",
            "二、支持对象",
            " 受到新型冠状病毒感染的肺炎疫情影响，生产经营遇到困难的企业和个体工商户以及农户。 ",
            "1.电话 ",
            "2.地址",
        ]);
    }

    #[test]
    fn a_second_title_opens_a_second_report() {
        check(&[
            "街道2023年工作总结及2024年工作计划",
            "今年以来，街道平稳。",
            "县林业局2023年工作总结及2024年工作计划",
            "一、2023年工作总结",
            "2023年，林业平稳。印发《2023年林业工作要点》并落实。",
        ]);
    }
}
