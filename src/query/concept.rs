//! A word list → [`Concept`]s.
//!
//! ```text
//! # 环境词表                                   a line that begins with # is a comment
//! 环保: 环保|环境保护                           a name, a colon, words with | between
//! 党组: 党组|-党组织                            党组, but not where it is a part of 党组织
//! 碳达峰                                        a word that is its own name
//! 时刻: "12:30"|"-40%"                          quotes hold what is a sign otherwise
//! ```
//!
//! Colons and bars count in both widths; blanks around words count for nothing.
//!
//! Invariant: never panics; a printed concept reads back to an equal one.

use std::collections::HashMap;

use crate::error::{Error, ErrorKind, Result};
use crate::model::{CharSpan, Concept};

/// Most concepts of a list.
pub const MAX_CONCEPTS: usize = 10_000;
/// Longest word of a concept, in characters.
pub const MAX_WORD: usize = 200;

/// Reads one concept, as it is typed on the command line.
///
/// ```
/// use zhengsou::query::concept;
/// let concept = concept::one("党组: 党组|-党组织")?;
/// assert_eq!(concept.words, ["党组"]);
/// assert_eq!(concept.except, ["党组织"]);
/// assert!(concept::one("党组: |党委").is_err());
/// # Ok::<(), zhengsou::Error>(())
/// ```
///
/// # Errors
/// [`ErrorKind::Query`] with the place.
pub fn one(text: &str) -> Result<Concept> {
    let characters: Vec<char> = text.chars().collect();
    read(&characters, 0..characters.len(), None).map_err(|fault| fault.in_text(text))
}

/// Reads a list, a concept a line.
///
/// # Errors
/// [`ErrorKind::Query`] with line, column and place; also for two concepts of one name and for a
/// list without any.
pub fn list(text: &str) -> Result<Vec<Concept>> {
    let characters: Vec<char> = text.trim_start_matches('\u{feff}').chars().collect();
    let mut concepts: Vec<Concept> = Vec::new();
    let mut named: HashMap<String, usize> = HashMap::new();
    let mut start = 0;
    for (number, line) in (1..).zip(characters.split(|&character| character == '\n')) {
        let range = start..start + line.len();
        start = range.end + 1;
        let content = trimmed(&characters, range.clone());
        if content.is_empty() || characters[content.start] == '#' {
            continue;
        }
        let at = Some((number, range.start));
        let concept = read(&characters, content.clone(), at);
        let fault = match concept {
            Ok(concept) => match named.insert(concept.name.clone(), number) {
                None if concepts.len() == MAX_CONCEPTS => Fault::new(
                    content,
                    at,
                    (
                        format!("词表最多 {MAX_CONCEPTS} 个概念"),
                        format!("a list holds at most {MAX_CONCEPTS} concepts"),
                    ),
                ),
                None => {
                    concepts.push(concept);
                    continue;
                }
                Some(before) => Fault::new(
                    content,
                    at,
                    (
                        format!("名称「{}」在第 {before} 行已用过", concept.name),
                        format!("the name {} was used in line {before}", concept.name),
                    ),
                ),
            },
            Err(fault) => fault,
        };
        let text: String = characters.iter().collect();
        return Err(fault.in_text(&text));
    }
    match concepts.is_empty() {
        true => Err(
            Error::new(ErrorKind::Query, "词表里没有词", "the list holds no words").with_hint(
                "每行一个概念：名称: 词1|词2|-排除词",
                "one concept a line: NAME: WORD|WORD|-EXCEPTION",
            ),
        ),
        false => Ok(concepts),
    }
}

/// What is wrong, and where.
struct Fault {
    span: std::ops::Range<usize>,
    /// Number of the line (1-based) and the character that it begins with.
    line: Option<(usize, usize)>,
    zh: String,
    en: String,
}

impl Fault {
    fn new(
        span: std::ops::Range<usize>,
        line: Option<(usize, usize)>,
        (zh, en): (String, String),
    ) -> Self {
        Fault { span, line, zh, en }
    }

    fn in_text(self, text: &str) -> Error {
        let (mut zh, mut en) = (self.zh, self.en);
        if let Some((line, start)) = self.line {
            let column = self.span.start - start + 1;
            zh = format!("第 {line} 行第 {column} 字：{zh}");
            en = format!("line {line}, character {column}: {en}");
        }
        Error::new(ErrorKind::Query, zh, en)
            .with_place(text, CharSpan::new(self.span.start, self.span.end))
            .with_hint(
                "写作 名称: 词1|词2|-排除词；含 : | - 的词加引号",
                "write NAME: WORD|WORD|-EXCEPTION; quote words that hold : | or -",
            )
    }
}

/// Reads the concept that stands in a range of characters.
fn read(
    characters: &[char],
    range: std::ops::Range<usize>,
    line: Option<(usize, usize)>,
) -> std::result::Result<Concept, Fault> {
    let fault = |span: std::ops::Range<usize>, zh: &str, en: &str| {
        Err(Fault::new(span, line, (zh.to_owned(), en.to_owned())))
    };
    let mut parts: Vec<Part> = Vec::new();
    let mut name: Option<Part> = None;
    let mut at = range.start;
    let mut start = at;
    let mut quote: Option<(usize, char)> = None;
    let mut closed = false;
    while at <= range.end {
        let character = (at < range.end).then(|| characters[at]);
        match (quote, character) {
            (Some((_, close)), Some(character)) if character == close => {
                quote = None;
                closed = true;
            }
            (Some((open, _)), None) => {
                return fault(open..range.end, "引号没有配对", "a quote is not closed");
            }
            (Some(_), _) => {}
            (None, Some('"')) if is_blank(characters, start..at) => quote = Some((at, '"')),
            (None, Some('“')) if is_blank(characters, start..at) => quote = Some((at, '”')),
            (None, Some(':' | '：')) if name.is_none() && parts.is_empty() => {
                name = Some(Part::of(characters, start..at));
                (start, closed) = (at + 1, false);
            }
            (None, Some('|' | '｜') | None) => {
                parts.push(Part::of(characters, start..at));
                (start, closed) = (at + 1, false);
            }
            (None, Some(character)) if closed && !character.is_whitespace() => {
                return fault(
                    at..at + 1,
                    "引号后面应是 | 或行尾",
                    "behind a quote stands | or the end of the line",
                );
            }
            (None, Some(_)) => {}
        }
        at += 1;
    }
    let mut concept = Concept::default();
    for part in &parts {
        if part.text.is_empty() {
            return fault(part.span.clone(), "这里缺一个词", "a word is missing here");
        }
        if part.text.chars().count() > MAX_WORD {
            return Err(Fault::new(
                part.span.clone(),
                line,
                (
                    format!("一个词最多 {MAX_WORD} 字"),
                    format!("a word has at most {MAX_WORD} characters"),
                ),
            ));
        }
        let words = match part.except {
            true => &mut concept.except,
            false => &mut concept.words,
        };
        if words.contains(&part.text) {
            return fault(
                part.span.clone(),
                "这个词写了两次",
                "this word was written before",
            );
        }
        words.push(part.text.clone());
    }
    if concept.words.is_empty() {
        return fault(
            range,
            "只有排除词，没有要数的词",
            "there are only exceptions, no word to count",
        );
    }
    concept.name = match name {
        Some(name) if name.text.is_empty() || name.except => {
            return fault(name.span, "这里缺名称", "a name is missing here");
        }
        Some(name) => name.text,
        None => concept.words.join("|"),
    };
    Ok(concept)
}

/// A word or a name.
struct Part {
    text: String,
    except: bool,
    /// Where it stands, without blanks around it.
    span: std::ops::Range<usize>,
}

impl Part {
    fn of(characters: &[char], range: std::ops::Range<usize>) -> Self {
        let span = trimmed(characters, range);
        let mut inner = span.clone();
        let except = characters[inner.clone()].starts_with(&['-']);
        if except {
            inner = trimmed(characters, inner.start + 1..inner.end);
        }
        let is_quoted = matches!(characters[inner.clone()], ['"', .., '"'] | ['“', .., '”']);
        if is_quoted {
            inner = inner.start + 1..inner.end - 1;
        }
        Part {
            text: characters[inner].iter().collect(),
            except,
            span,
        }
    }
}

fn is_blank(characters: &[char], range: std::ops::Range<usize>) -> bool {
    let before = trimmed(characters, range);
    before.is_empty() || characters[before] == ['-']
}

fn trimmed(characters: &[char], range: std::ops::Range<usize>) -> std::ops::Range<usize> {
    let is_text = |character: &char| !character.is_whitespace();
    let text = &characters[range.clone()];
    match text.iter().position(is_text) {
        Some(first) => {
            let last = text.iter().rposition(is_text).unwrap_or(first);
            range.start + first..range.start + last + 1
        }
        None => range.start..range.start,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Language;

    fn check(text: &str, expected: std::result::Result<(&str, &[&str], &[&str]), &str>) {
        let found = list(text).map_err(|error| error.message(Language::En).to_owned());
        let expected = expected.map_err(str::to_owned);
        match (found, expected) {
            (Ok(concepts), Ok((name, words, except))) => {
                assert_eq!(concepts[0].name, name, "{text}");
                assert_eq!(concepts[0].words, words, "{text}");
                assert_eq!(concepts[0].except, except, "{text}");
            }
            (found, expected) => assert_eq!(found.map(|_| ()), expected.map(|_| ()), "{text}"),
        }
    }

    #[test]
    fn lists() {
        check("乡村振兴", Ok(("乡村振兴", &["乡村振兴"], &[])));
        check(
            "# 词表\n\n环保： 环保｜环境保护 \n",
            Ok(("环保", &["环保", "环境保护"], &[])),
        );
        check(
            "\u{feff}党组:党组|-党组织\r\n",
            Ok(("党组", &["党组"], &["党组织"])),
        );
        check("a|b", Ok(("a|b", &["a", "b"], &[])));
        check("时: \"12:30\"|-\"-4|0\"", Ok(("时", &["12:30"], &["-4|0"])));
        check("“-40.6%”", Ok(("-40.6%", &["-40.6%"], &[])));
        check("比:1:2", Ok(("比", &["1:2"], &[])));
        check(
            "甲: 乙|",
            Err("line 1, character 6: a word is missing here"),
        );
        check("\n: 乙", Err("line 2, character 1: a name is missing here"));
        check(
            "甲: -乙",
            Err("line 1, character 1: there are only exceptions, no word to count"),
        );
        check(
            "甲\n 甲",
            Err("line 2, character 2: the name 甲 was used in line 1"),
        );
        check(
            "甲: 乙|乙",
            Err("line 1, character 6: this word was written before"),
        );
        check(
            "甲: \"乙",
            Err("line 1, character 4: a quote is not closed"),
        );
        check("# 只有注释", Err("the list holds no words"));
    }

    proptest! {
        #[test]
        fn any_text_reads_and_prints(text in "[甲乙a:：|｜\"“”# \\-\n]{0,12}") {
            if let Ok(concepts) = list(&text) {
                for concept in concepts {
                    let printed = concept.to_string();
                    prop_assert_eq!(one(&printed).ok(), Some(concept), "{}", printed);
                }
            }
        }
    }
}
