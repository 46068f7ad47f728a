//! Markdown → marks: what is markup and what is text.
//!
//! Only what a reader would not see is marked; an unpaired or doubtful character stays text.

use std::ops::Range;

use crate::model::{ByteSpan, Mark, Markup, Warning};

/// How much of a text is looked at to tell whether it is Markdown.
const SAMPLE: usize = 64 * 1024;

/// Addresses and tags have at most so many bytes.
const MAX_MARKUP: usize = 2000;

/// Returns whether a text that is not called Markdown is written in it.
pub(super) fn looks_like_markdown(text: &str) -> bool {
    let sample = prefix(text, SAMPLE);
    // One memory scan spares nearly all plain texts the rest.
    if memchr::memchr3(b'*', b'#', b'<', sample.as_bytes()).is_none() {
        return super::front_matter::find(text).is_some_and(|range| text[range].contains(':'));
    }
    let bold = sample.matches("**").count();
    bold >= 2
        || sample.contains("<!--")
        || sample.lines().any(|line| heading_marker(line).is_some())
        || super::front_matter::find(text).is_some()
}

/// Returns the markup of `text`, sorted and without overlap.
pub(super) fn marks(
    text: &str,
    front_matter: Option<Range<usize>>,
    warnings: &mut Vec<Warning>,
) -> Vec<Mark> {
    let mut scanner = Scanner {
        text,
        marks: Vec::new(),
        place: 0,
    };
    if let Some(range) = front_matter {
        scanner.place = range.end;
        scanner.push(range, Markup::FrontMatter);
    }
    scanner.run(warnings);
    scanner.marks
}

/// Returns the length of `# `, `## ` … at the start of a line, if it opens a heading.
///
/// The blank behind the hashes is often forgotten before Han; `##paidend##` is none.
fn heading_marker(line: &str) -> Option<usize> {
    let hashes = line.bytes().take_while(|byte| *byte == b'#').count();
    if !(1..=6).contains(&hashes) {
        return None;
    }
    let rest = &line[hashes..];
    let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\u{3000}']).len();
    match rest.chars().next() {
        Some(first) if blank > 0 || !first.is_ascii() => Some(hashes + blank),
        _ => None,
    }
}

struct Scanner<'t> {
    text: &'t str,
    marks: Vec<Mark>,
    place: usize,
}

impl Scanner<'_> {
    fn push(&mut self, range: Range<usize>, markup: Markup) {
        self.marks.push(Mark {
            bytes: ByteSpan::new(range.start, range.end),
            markup,
        });
    }

    fn run(&mut self, warnings: &mut Vec<Warning>) {
        let mut unclosed = false;
        while self.place < self.text.len() {
            let rest = &self.text[self.place..];
            let line =
                &rest[..memchr::memchr2(b'\n', b'\r', rest.as_bytes()).unwrap_or(rest.len())];
            let end = self.place + line.len();
            if self.line_start(line) {
                self.place = end;
            }
            while self.place < end {
                self.inline(end, &mut unclosed);
            }
            // A comment may have ended lines further down.
            self.place = self.place.max(end) + usize::from(self.place <= end);
        }
        if unclosed {
            warnings.push(Warning::new(
                0,
                "有 <!-- 没有对应的 -->，只略去记号本身",
                "a <!-- has no -->; only the mark itself is left out",
            ));
        }
    }

    /// Marks what opens a line; returns whether all of the line is markup.
    fn line_start(&mut self, line: &str) -> bool {
        let indent = line.len() - line.trim_start_matches([' ', '\t']).len();
        let content = &line[indent..];
        let start = self.place + indent;
        match content.as_bytes() {
            [b'#', ..] => {
                if let Some(length) = heading_marker(content) {
                    self.push(start..start + length, Markup::Hashes);
                    self.place = start + length;
                }
            }
            [b'-' | b'*' | b'_' | b'=' | b'|', ..] if is_rule(content) => {
                self.push(start..start + content.trim_end().len(), Markup::Other);
                return true;
            }
            // `- 3 -` is a page number.
            [b'-' | b'*' | b'+', b' ' | b'\t', ..]
                if !(content.starts_with('-') && content.trim_end().ends_with('-')) =>
            {
                self.push(start..start + 2, Markup::Other);
                self.place = start + 2;
            }
            [b'>', ..] => {
                let length = content.len() - content.trim_start_matches(['>', ' ']).len();
                self.push(start..start + length, Markup::Other);
                self.place = start + length;
            }
            [b'[', b'^', ..] => {
                if let Some(length) = footnote(content) {
                    let colon = content[length..].starts_with([':', '：']);
                    let length = match content[length..].chars().next() {
                        Some(mark) if colon => length + mark.len_utf8(),
                        _ => length,
                    };
                    self.push(start..start + length, Markup::FootnoteMark);
                    self.place = start + length;
                }
            }
            _ => {}
        }
        false
    }

    /// Goes to the next character in question before `end` and marks it if it is markup.
    fn inline(&mut self, end: usize, unclosed: &mut bool) {
        let bytes = self.text.as_bytes();
        let Some(offset) = special(&bytes[self.place..end]) else {
            self.place = end;
            return;
        };
        let start = self.place + offset;
        let rest = &self.text[start..end];
        let (length, markup) = match bytes[start] {
            b'*' if rest.starts_with("**") => {
                let stars = rest.len() - rest.trim_start_matches('*').len();
                (stars, Markup::Bold)
            }
            b'*' => match self.emphasis(rest, start) {
                Some(length) => (length, Markup::Other),
                None => (0, Markup::Other),
            },
            b'_' if rest.starts_with("__") && self.paired_underscores(rest, start) => {
                (2, Markup::Bold)
            }
            b'~' if rest.starts_with("~~") => (2, Markup::Other),
            b'`' => (
                rest.len() - rest.trim_start_matches('`').len(),
                Markup::Other,
            ),
            b'\\' if rest.as_bytes().get(1).is_some_and(u8::is_ascii_punctuation) => {
                // The escaped character is text, whatever it is.
                self.push(start..start + 1, Markup::Other);
                self.place = start + 2;
                return;
            }
            b'<' if rest.starts_with("<!--") => {
                // One that is not closed says that no later one is, so it is looked for only once.
                let close = match *unclosed {
                    true => None,
                    false => memchr::memmem::find(&bytes[start..], b"-->"),
                };
                *unclosed |= close.is_none();
                (close.map_or(4, |close| close + 3), Markup::Comment)
            }
            b'<' => (tag(rest).unwrap_or(0), Markup::Other),
            b'&' => (entity(rest).unwrap_or(0), Markup::Other),
            b'!' if rest.starts_with("![") => (
                link(&rest[1..]).map_or(0, |(_, all)| all + 1),
                Markup::Other,
            ),
            b'[' => match footnote(rest) {
                Some(length) => (length, Markup::FootnoteMark),
                None => match link(rest) {
                    Some((close, all)) => {
                        self.push(start..start + 1, Markup::Other);
                        self.link_end(start + close, start + all);
                        return;
                    }
                    None => (0, Markup::Other),
                },
            },
            _ => (0, Markup::Other),
        };
        if length > 0 {
            self.push(start..start + length, markup);
        }
        self.place = start + length.max(1);
    }

    /// Marks `](address)` of a link; what stands between is text, without further markup.
    fn link_end(&mut self, close: usize, end: usize) {
        self.push(close..end, Markup::Other);
        self.place = end;
    }

    /// Returns 1 if the single star at `start` opens or closes `*emphasis*`.
    fn emphasis(&self, rest: &str, start: usize) -> Option<usize> {
        let closes = self.marks.last().is_some_and(|mark| {
            mark.bytes.len() == 1 && self.text[mark.bytes.range()] == *"*" && {
                let between = &self.text[mark.bytes.end..start];
                !between.is_empty() && !between.contains(['*', '\n', '\r'])
            }
        });
        let inner = &rest[1..];
        let opens = inner.find('*').is_some_and(|close| {
            close > 0 && close < 400 && !inner.starts_with(' ') && !inner[close..].starts_with("**")
        });
        (closes || opens).then_some(1)
    }

    fn paired_underscores(&self, rest: &str, start: usize) -> bool {
        let open = self.marks.last().is_some_and(|mark| {
            mark.markup == Markup::Bold
                && self.text[mark.bytes.range()] == *"__"
                && !self.text[mark.bytes.end..start].contains(['\n', '\r'])
        });
        open || (rest[2..].find("__").is_some_and(|close| close > 0) && !rest[2..].starts_with('_'))
    }
}

/// Returns where the first byte stands that may be markup.
fn special(bytes: &[u8]) -> Option<usize> {
    /// Bytes that are looked at together, in a loop without a way out, of which compilers make
    /// comparisons of 16 at once.
    const STRETCH: usize = 64;
    let is_special = |byte: u8| {
        let is = |mark| byte == mark;
        is(b'*')
            | is(b'_')
            | is(b'~')
            | is(b'`')
            | is(b'\\')
            | is(b'<')
            | is(b'&')
            | is(b'!')
            | is(b'[')
    };
    let mut stretches = bytes.chunks(STRETCH);
    let holds = |stretch: &[u8]| {
        stretch
            .iter()
            .fold(false, |any, &byte| any | is_special(byte))
    };
    let start = stretches.position(holds)? * STRETCH;
    let found = bytes[start..].iter().position(|&byte| is_special(byte));
    found.map(|offset| start + offset)
}

/// Returns whether a line is a rule: `---`, `* * *`, `===`, `|---|---|`.
fn is_rule(line: &str) -> bool {
    let Some(first) = line.chars().next() else {
        return false;
    };
    let line = line.trim_end();
    if first == '|' {
        return line.contains("--")
            && line
                .bytes()
                .all(|byte| matches!(byte, b'|' | b'-' | b':' | b' '));
    }
    line.len() >= 3
        && line.chars().all(|c| c == first || c == ' ')
        && line.chars().filter(|c| *c == first).count() >= 3
}

/// Returns the length of `[^1]` or `[1]`.
fn footnote(rest: &str) -> Option<usize> {
    let close = rest
        .as_bytes()
        .iter()
        .take(24)
        .position(|byte| *byte == b']')?;
    let label = &rest[1..close];
    let named = label.strip_prefix('^').is_some_and(|name| !name.is_empty());
    let number = (1..=3).contains(&label.len()) && label.bytes().all(|byte| byte.is_ascii_digit());
    // `[1](address)` is a link whose text is a number; it is a footnote mark as well.
    (named || number).then_some(close + 1)
}

/// Returns the whole characters among the first bytes of a text.
fn prefix(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// Returns where `]` stands and where `[text](address)` ends.
fn link(rest: &str) -> Option<(usize, usize)> {
    // A bracket within brackets ends the search at once, so a run of them costs nothing.
    let close = 1 + memchr::memchr2(b'[', b']', &rest.as_bytes()[1..])?;
    if !rest[close..].starts_with("](") {
        return None;
    }
    let address = prefix(&rest[close..], MAX_MARKUP);
    Some((close, close + address.find(')')? + 1))
}

/// Returns the length of an HTML tag.
fn tag(rest: &str) -> Option<usize> {
    let inner = rest[1..].strip_prefix('/').unwrap_or(&rest[1..]);
    if !inner.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let window = &rest.as_bytes()[1..rest.len().min(MAX_MARKUP)];
    let end = 1 + memchr::memchr2(b'<', b'>', window)?;
    rest[end..].starts_with('>').then_some(end + 1)
}

/// Returns the length of an entity that stands for a blank.
fn entity(rest: &str) -> Option<usize> {
    ["&nbsp;", "&emsp;", "&ensp;", "&#160;", "&#12288;"]
        .iter()
        .find(|entity| rest.starts_with(**entity))
        .map(|entity| entity.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Renders the text with every mark in braces.
    fn check(text: &str, rendered: &str) {
        let mut out = String::new();
        let mut last = 0;
        let range = crate::read::front_matter::find(text);
        for mark in marks(text, range, &mut Vec::new()) {
            assert!(mark.bytes.start >= last, "overlap in {text}");
            out += &text[last..mark.bytes.start];
            out += &format!("{{{}}}", &text[mark.bytes.range()]);
            last = mark.bytes.end;
        }
        out += &text[last..];
        assert_eq!(out, rendered);
    }

    #[test]
    fn markup_is_marked_and_text_is_not() {
        check("**一、回顾**", "{**}一、回顾{**}");
        check("## 一、回顾\n正文", "{## }一、回顾\n正文");
        check("##paidend##", "##paidend##");
        check(
            "甲<!-- 乙\n丙 -->丁**戊**",
            "甲{<!-- 乙\n丙 -->}丁{**}戊{**}",
        );
        check("甲<!-- 乙\n丙", "甲{<!--} 乙\n丙");
        check(
            "预计[1]增长[^2]。\n[^2]: 注",
            "预计{[1]}增长{[^2]}。\n{[^2]:} 注",
        );
        check("见[网站](http://a.cn)。", "见{[}网站{](http://a.cn)}。");
        check("- 一、任务\n- 3 -\n* 乙", "{- }一、任务\n- 3 -\n{* }乙");
        check("---\n***\n1*2", "{---}\n{***}\n1*2");
        check("*甲*乙\\*丙", "{*}甲{*}乙{\\}*丙");
        check("> 〔注〕甲<br>乙&nbsp;", "{> }〔注〕甲{<br>}乙{&nbsp;}");
        check("---\ntitle: 甲\n---\n乙", "{---\ntitle: 甲\n---}\n乙");
        check("《甲》[2023]5号", "《甲》[2023]5号");
    }

    #[test]
    fn plain_text_is_not_taken_for_markdown() {
        for text in ["后##paidbegin##勤", "增长5%*注", "A<B", "一、回顾"] {
            assert!(!looks_like_markdown(text), "{text}");
        }
        for text in ["**回顾**", "# 回顾", "<!-- 注 -->甲"] {
            assert!(looks_like_markdown(text), "{text}");
        }
    }
}
