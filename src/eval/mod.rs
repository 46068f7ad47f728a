//! Judged queries and the answers to them → the field's measures, and a run file.
//!
//! Three kinds of file, as the Text REtrieval Conference (TREC) has them: queries (`id TAB text`,
//! a third column names the kind of query), judgements or *qrels* (`query [0] document grade`) and
//! runs (`query Q0 document rank score tag`). Tools of the field read the run file and come to the
//! same figures.
//!
//! Invariant: no I/O, no search: what is judged and what was found come in, figures go out.

mod measures;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write;

pub use measures::{Measures, measure};

use crate::error::{Error, ErrorKind, Result};
use crate::model::PassageRecord;

/// A judged query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its name in both files.
    pub id: String,
    /// What is typed.
    pub text: String,
    /// What kind of query it is, if the file says so.
    pub class: Option<String>,
}

/// Judged queries with the documents that answer them.
#[derive(Debug, Clone, Default)]
pub struct Judged {
    /// The queries that have a judgement, in the order of their file.
    pub topics: Vec<Topic>,
    /// How many queries have none, and are left out.
    pub unjudged: usize,
    grades: HashMap<String, BTreeMap<String, u32>>,
    names: HashSet<String>,
}

impl Judged {
    /// Reads the text of both files.
    ///
    /// ```
    /// use zhengsou::eval::Judged;
    /// let judged = Judged::read("q1\t乡村振兴\n", "q1 0 报告.txt:12 1\n")?;
    /// assert_eq!(judged.topics[0].text, "乡村振兴");
    /// assert!(judged.by_passage());
    /// # Ok::<(), zhengsou::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`ErrorKind::Input`] with the file's part and line, or if no query is judged.
    pub fn read(queries: &str, qrels: &str) -> Result<Self> {
        let mut judged = Judged::default();
        for (number, line) in lines(qrels) {
            let columns: Vec<&str> = match line.contains('\t') {
                true => line.split('\t').map(str::trim).collect(),
                false => line.split_whitespace().collect(),
            };
            let (query, document, grade) = match columns.as_slice() {
                [query, document, grade] | [query, _, document, grade] => (query, document, grade),
                _ => return Err(broken(number, line, "query [0] document grade")),
            };
            let Ok(grade) = grade.parse::<i32>() else {
                return Err(broken(number, line, "query [0] document grade"));
            };
            let document = document.replace(' ', BLANK);
            judged.names.insert(document.clone());
            let grades = judged.grades.entry((*query).to_owned()).or_default();
            // A negative grade marks what was not judged, or spam: it answers nothing.
            grades.insert(document, grade.max(0).unsigned_abs());
        }
        for (number, line) in lines(queries) {
            let mut columns = line.split('\t').map(str::trim);
            let (Some(id), Some(text)) = (columns.next(), columns.next()) else {
                return Err(broken(number, line, "query TAB text"));
            };
            let topic = Topic {
                id: id.to_owned(),
                text: text.to_owned(),
                class: columns.next().map(str::to_owned),
            };
            match judged.grades.contains_key(id) {
                true => judged.topics.push(topic),
                false => judged.unjudged += 1,
            }
        }
        if judged.topics.is_empty() {
            return Err(Error::new(
                ErrorKind::Input,
                "没有一个查询有评判：两个文件的查询编号不同",
                "no query is judged: the two files name their queries differently",
            ));
        }
        Ok(judged)
    }

    /// Returns the grades of the documents judged for a query; 0 answers nothing.
    pub fn grades(&self, topic: &Topic) -> &BTreeMap<String, u32> {
        static NONE: BTreeMap<String, u32> = BTreeMap::new();
        self.grades.get(&topic.id).unwrap_or(&NONE)
    }

    /// Returns whether passages are judged, by their id or by `source:line`, and not records by
    /// their own ids.
    pub fn by_passage(&self) -> bool {
        let is_id = |name: &str| name.len() == 16 && name.bytes().all(|b| b.is_ascii_hexdigit());
        let is_place = |name: &str| {
            let line = name.rsplit_once(':').map(|(_, line)| line);
            line.is_some_and(|line| !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()))
        };
        self.names.iter().all(|name| is_id(name) || is_place(name))
    }

    /// Returns the name under which a passage may be judged: `source:line` where the judgements
    /// name it so (the source in full or its last parts), else the source's own id of the record,
    /// else the passage's id.
    pub fn name(&self, passage: &PassageRecord) -> String {
        if self.names.contains(&passage.id) {
            return passage.id.clone();
        }
        let source = passage.source.replace(' ', BLANK);
        let mut rest = source.as_str();
        loop {
            let place = format!("{rest}:{}", passage.line);
            if self.names.contains(&place) {
                return place;
            }
            match rest.split_once('/') {
                Some((_, inner)) => rest = inner,
                None => break,
            }
        }
        let own = passage.record_id.as_ref().unwrap_or(&passage.id);
        own.replace(' ', BLANK)
    }
}

/// Stands for a blank in a document's name: the field's files part their columns by blanks.
const BLANK: &str = "%20";

/// What was found for a query: names of documents with their scores, best first, each once.
pub type Ranked = Vec<(String, f32)>;

/// Writes the lines of a run file for one query.
///
/// Tools sort by score and break ties by name, in their own order; equal scores are told apart by
/// their last bit, so that the order stays.
pub fn run_lines(topic: &Topic, found: &Ranked, tag: &str) -> String {
    let mut lines = String::new();
    let mut last = f32::INFINITY;
    for (rank, (name, score)) in (1..).zip(found) {
        last = if *score < last {
            *score
        } else {
            last.next_down()
        };
        // A String takes any text.
        let _ = writeln!(lines, "{} Q0 {name} {rank} {last} {tag}", topic.id);
    }
    lines
}

fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let lines = (1..).zip(text.lines().map(|line| line.trim_end_matches('\r')));
    lines.filter(|(_, line)| !line.trim().is_empty())
}

fn broken(line: usize, text: &str, wanted: &str) -> Error {
    let shown: String = text.chars().take(40).collect();
    Error::new(
        ErrorKind::Input,
        format!("第 {line} 行不是「{wanted}」的样子：{shown}"),
        format!("line {line} has not the form {wanted}: {shown}"),
    )
}

#[cfg(test)]
mod tests;
