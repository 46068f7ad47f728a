//! A syntax tree → what to match and what to rank by, free of any engine.
//!
//! Every leaf is rewritten in place: verbatim forms, words, other names. Operators keep their
//! places, so that NOT excludes exactly what its operand would have matched.
//!
//! Invariant: no I/O; the same query under the same analyzer gives the same plan.

mod expand;
mod form;
mod numbers;
mod question;
mod terms;

use std::fmt;
use std::ops::Range;

use crate::analyze::{Analyzer, is_letter, strip_blanks};
use crate::error::{Error, ErrorKind, Result};
use crate::model::{FacetField, Filter, Matching, Note};
pub use crate::query::Within;
use crate::query::{Expr, Origin, Text};
use crate::schema::Schema;
pub use form::{Form, Gap};
use question::gather;
pub use question::{asks, is_plain, is_sentence, unquoted};
pub use terms::Terms;

/// What to match and what to rank by.
#[derive(Debug, Clone, PartialEq)]
pub struct Plan {
    /// The boolean tree over [`Plan::leaves`].
    pub tree: Node,
    /// The leaves, in reading order.
    pub leaves: Vec<Leaf>,
    /// What else is searched, for the reader.
    pub notes: Vec<Note>,
}

/// A node of the boolean tree.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Every passage.
    All,
    /// No passage.
    Nothing,
    /// `leaves[index]`.
    Leaf(usize),
    /// A facet's values.
    Facet(Filter),
    /// The report with this id.
    Report(String),
    /// All of them.
    And(Vec<Node>),
    /// One of them at least.
    Or(Vec<Node>),
    /// What the inner one does not match.
    Not(Box<Node>),
    /// Leaves that stand close together in one place.
    Near {
        /// For each part the leaves of which one must stand there, verbatim.
        parts: Vec<Vec<usize>>,
        /// How close.
        within: Within,
    },
}

/// Where a leaf is sought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// The passage's text.
    Passage,
    /// The headings above it.
    Heading,
    /// Its report's title.
    Title,
}

/// A leaf: a chunk of text with its faces.
#[derive(Debug, Clone, PartialEq)]
pub struct Leaf {
    /// The characters as typed.
    pub typed: String,
    /// Where it is sought.
    pub target: Target,
    /// Folded forms of which one must stand verbatim; the first is the typed one.
    pub forms: Vec<Form>,
    /// Other names and synonyms that count as well.
    pub aliases: Vec<Alias>,
    /// The leaf's words, folded, each once; all of them must occur. Empty where words do not count.
    pub words: Vec<String>,
    /// Its figures in their spellings; where words count, one spelling of each must stand verbatim.
    pub figures: Vec<Vec<Form>>,
    /// Whether verbatim forms count.
    pub verbatim: bool,
    /// Whether a heading that opens on the passage counts as its text.
    pub openings: bool,
    /// Instead of all words: the share of the words' weight that is enough.
    pub most: Option<f32>,
    /// What passages are ranked by where most of the words are enough.
    pub terms: Terms,
    /// Whether passages are ranked by it: not under NOT.
    pub ranked: bool,
}

/// Another name of a leaf.
#[derive(Debug, Clone, PartialEq)]
pub struct Alias {
    /// The name as the schema writes it.
    pub name: String,
    /// The name folded.
    pub form: Form,
    /// Whether it counts as a word only: inside longer words it means something else.
    pub as_word: bool,
    /// The last report year in which it was the thing's name; `None` for ever.
    pub until: Option<i32>,
}

/// Makes a plan.
///
/// # Errors
/// [`ErrorKind::Query`] if a field cannot hold what is sought in it.
pub fn plan(
    query: &Expr,
    mode: Matching,
    any: bool,
    analyzer: &Analyzer,
    schema: &Schema,
) -> Result<Plan> {
    let mut planner = Planner {
        mode,
        any,
        analyzer,
        schema,
        leaves: Vec::new(),
        notes: Vec::new(),
    };
    let tree = planner.node(query, Target::Passage, true)?;
    Ok(Plan {
        tree,
        leaves: planner.leaves,
        notes: planner.notes,
    })
}

struct Planner<'a> {
    mode: Matching,
    any: bool,
    analyzer: &'a Analyzer,
    schema: &'a Schema,
    leaves: Vec<Leaf>,
    notes: Vec<Note>,
}

impl Planner<'_> {
    fn node(&mut self, query: &Expr, target: Target, ranked: bool) -> Result<Node> {
        Ok(match query {
            Expr::All => Node::All,
            Expr::And(_) if self.any => self.most_of(query, target, ranked)?,
            Expr::Text(text) => self.leaf(text, target, ranked),
            Expr::And(parts) => {
                let (marks, others): (Vec<&Expr>, Vec<&Expr>) =
                    parts.iter().partition(|part| match part {
                        Expr::Text(text) => self.is_mark(text),
                        _ => false,
                    });
                // Dashes and commas between terms ask for nothing, unless nothing else is asked for.
                let kept = match others.is_empty() {
                    true => marks,
                    false => {
                        self.leave_out(&marks);
                        others
                    }
                };
                match kept.as_slice() {
                    [only] => self.node(only, target, ranked)?,
                    _ => Node::And(self.nodes(kept, target, ranked)?),
                }
            }
            Expr::Or(parts) => Node::Or(self.nodes(parts.iter(), target, ranked)?),
            Expr::Not(inner) => Node::Not(Box::new(self.node(inner, target, false)?)),
            Expr::Near { parts, within } => self.near(parts, *within, target, ranked),
            Expr::Field { field, inner } => match *field {
                "title" => self.node(inner, Target::Title, ranked)?,
                "heading" => self.node(inner, Target::Heading, ranked)?,
                field => values(field, inner)?,
            },
        })
    }

    /// Returns whether a text is a chunk without a letter that is not quoted.
    fn is_mark(&self, text: &Text) -> bool {
        !text.quoted && !self.analyzer.fold(&text.text).chars().any(is_letter)
    }

    fn leave_out(&mut self, marks: &[&Expr]) {
        let typed: Vec<String> = marks.iter().map(|mark| mark.to_string()).collect();
        if !typed.is_empty() {
            self.notes.push(Note::new(
                format!("未计入标点：{}（要找它请加引号）", typed.join(" ")),
                format!(
                    "left out, since it is punctuation only: {} (quote it to find it)",
                    typed.join(" ")
                ),
            ));
        }
    }

    fn nodes<'q>(
        &mut self,
        parts: impl IntoIterator<Item = &'q Expr>,
        target: Target,
        ranked: bool,
    ) -> Result<Vec<Node>> {
        parts
            .into_iter()
            .map(|part| self.node(part, target, ranked))
            .collect()
    }

    /// Makes one most-of-words leaf of several plain chunks; all else must still be.
    fn most_of(&mut self, query: &Expr, target: Target, ranked: bool) -> Result<Node> {
        let (mut plain, mut others) = (Vec::new(), Vec::new());
        gather(query, &mut plain, &mut others);
        if !plain.iter().all(|text| self.is_mark(text)) || !others.is_empty() {
            plain.retain(|text| !self.is_mark(text));
        }
        let chunks: Vec<&str> = plain.iter().map(|text| text.text.as_str()).collect();
        let text = Text {
            text: chunks.join(" "),
            quoted: false,
            plain: true,
            wildcards: false,
            origin: Origin::default(),
        };
        let mut nodes = Vec::new();
        if !plain.is_empty() {
            nodes.push(self.leaf(&text, target, ranked));
        }
        for other in others {
            nodes.push(self.node(other, target, ranked)?);
        }
        Ok(match nodes.len() {
            1 => nodes.remove(0),
            _ => Node::And(nodes),
        })
    }

    /// Makes the leaves of texts that stand close together: characters only, since words have no
    /// places.
    fn near(&mut self, parts: &[Expr], within: Within, target: Target, ranked: bool) -> Node {
        fn texts<'a>(part: &'a Expr, found: &mut Vec<&'a Text>) {
            match part {
                Expr::Text(text) => found.push(text),
                Expr::Or(parts) => parts.iter().for_each(|part| texts(part, found)),
                _ => {}
            }
        }
        let mut places = Vec::with_capacity(parts.len());
        for part in parts {
            let mut found = Vec::new();
            texts(part, &mut found);
            let mut leaves = Vec::with_capacity(found.len());
            for text in found {
                if let Node::Leaf(leaf) = self.leaf(text, target, ranked) {
                    let leaf_ = &mut self.leaves[leaf];
                    leaf_.words.clear();
                    leaf_.figures.clear();
                    leaf_.most = None;
                    leaf_.terms = Terms::default();
                    leaf_.verbatim = true;
                    leaf_.openings = false;
                    leaves.push(leaf);
                }
            }
            places.push(leaves);
        }
        // Texts of nothing but blanks restrict nothing.
        places.retain(|leaves| !leaves.is_empty());
        match places.len() {
            0 => Node::All,
            _ => Node::Near {
                parts: places,
                within,
            },
        }
    }

    /// Returns the words of a text, each once, and the figures in it, which are no words.
    fn words(&self, text: &str, respelt: bool) -> (Vec<String>, Vec<Vec<Form>>) {
        let folded = self.analyzer.fold(text);
        let ranges = self.analyzer.word_ranges(&folded);
        let figures = numbers::figures(&folded, &ranges);
        let mut words: Vec<String> = Vec::new();
        for range in ranges {
            let word = &folded[range.clone()];
            let inside =
                |figure: &Range<usize>| figure.start <= range.start && range.end <= figure.end;
            if !figures.iter().any(inside) && !words.iter().any(|known| known == word) {
                words.push(word.to_owned());
            }
        }
        let spelt = figures.into_iter().map(|figure| {
            let figure = &folded[figure];
            let others = respelt
                .then(|| numbers::spellings(figure))
                .into_iter()
                .flatten();
            let spellings = std::iter::once(figure.to_owned()).chain(others);
            spellings
                .map(|spelling| Form::plain(strip_blanks(&spelling)))
                .collect()
        });
        (words, spelt.collect())
    }

    fn leaf(&mut self, text: &Text, target: Target, ranked: bool) -> Node {
        let mode = if text.quoted {
            Matching::Verbatim
        } else {
            self.mode
        };
        let forms = form::forms(text, self.analyzer);
        if forms.is_empty() {
            // Only white space or invisible characters: restricts nothing.
            return Node::All;
        }
        let mut aliases: Vec<Alias> = Vec::new();
        let mut words: Vec<String> = Vec::new();
        let mut figures: Vec<Vec<Form>> = Vec::new();
        if mode != Matching::Verbatim && !text.wildcards {
            (words, figures) = self.words(&text.text, !text.plain);
            if !text.plain {
                aliases = expand::aliases(&text.text, self.analyzer, self.schema);
                aliases.retain(|alias| !forms.contains(&alias.form));
                self.notes.extend(expand::note(&text.text, &aliases));
            }
        }
        if target != Target::Passage || words.is_empty() {
            // Figures alone are the characters themselves.
            words.clear();
            figures.clear();
        }
        let verbatim = mode != Matching::Words || words.is_empty();
        if verbatim
            && mode == Matching::Auto
            && !self.any
            && words.len() == 1
            && figures.is_empty()
            && forms[0].is(&words[0])
        {
            // A single word is found verbatim wherever it is found as a word.
            words.clear();
        }
        let mut most = None;
        let mut terms = Terms::default();
        if self.any && !text.quoted && words.len() + figures.len() > 1 {
            most = Some(self.schema.ranking.most);
            terms = terms::terms(&text.text, self.analyzer, self.schema);
            let says_little = |word: &String| self.schema.function_words.contains(word);
            if !words.iter().all(says_little) {
                words.retain(|word| !says_little(word));
            }
        }
        // Headings stand side by side in their field: a gap might reach from one into the next.
        let is_whole = forms.iter().all(|form| form.tail.is_empty());
        self.leaves.push(Leaf {
            typed: text.text.clone(),
            target,
            forms,
            aliases,
            words,
            figures,
            verbatim,
            openings: mode == Matching::Auto && target == Target::Passage && is_whole,
            most,
            terms,
            ranked,
        });
        Node::Leaf(self.leaves.len() - 1)
    }
}

/// Returns the facet that a field of a query names; `None` for the others.
pub fn facet(field: &str) -> Option<FacetField> {
    match field {
        "section" => Some(FacetField::Section),
        _ => FacetField::parse(field),
    }
}

/// Turns `field:value` and combinations of values into facet nodes.
fn values(field: &'static str, value: &Expr) -> Result<Node> {
    let parts = |parts: &[Expr]| {
        parts
            .iter()
            .map(|part| values(field, part))
            .collect::<Result<Vec<_>>>()
    };
    Ok(match value {
        Expr::Text(text) if field == "report" => Node::Report(text.text.clone()),
        Expr::Text(text) => Node::Facet(Filter {
            field: facet(field).ok_or_else(|| unknown_field(field))?,
            value: text.text.clone(),
            negated: false,
        }),
        Expr::And(inner) => Node::And(parts(inner)?),
        Expr::Or(inner) => Node::Or(parts(inner)?),
        Expr::Not(inner) => Node::Not(Box::new(values(field, inner)?)),
        Expr::All | Expr::Field { .. } | Expr::Near { .. } => return Err(unknown_field(field)),
    })
}

fn unknown_field(field: &str) -> Error {
    Error::new(
        ErrorKind::Query,
        format!("{field}: 后面应是一个值"),
        format!("{field}: wants a value"),
    )
    .with_hint(
        "例如 部门:卫健委 年份:2019..2023",
        "for example agency:卫健委 year:2019..2023",
    )
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.write_node(f, &self.tree, 0)
    }
}

impl Plan {
    /// Returns the plan that every passage matches.
    pub fn all() -> Self {
        Plan {
            tree: Node::All,
            leaves: Vec::new(),
            notes: Vec::new(),
        }
    }

    fn write_node(&self, f: &mut fmt::Formatter<'_>, node: &Node, depth: usize) -> fmt::Result {
        write!(f, "{:1$}", "", depth * 2)?;
        match node {
            Node::All => writeln!(f, "all"),
            Node::Nothing => writeln!(f, "nothing"),
            Node::Leaf(index) => self.leaves[*index].write(f, depth),
            Node::Facet(filter) => writeln!(f, "facet {}: {}", filter.field, filter.value),
            Node::Report(id) => writeln!(f, "report {id}"),
            Node::Near { parts, within } => {
                writeln!(f, "{within}")?;
                for leaf in parts.iter().flatten() {
                    self.write_node(f, &Node::Leaf(*leaf), depth + 1)?;
                }
                Ok(())
            }
            Node::Not(inner) => {
                writeln!(f, "not")?;
                self.write_node(f, inner, depth + 1)
            }
            Node::And(parts) | Node::Or(parts) => {
                writeln!(
                    f,
                    "{}",
                    if matches!(node, Node::And(_)) {
                        "and"
                    } else {
                        "or"
                    }
                )?;
                parts
                    .iter()
                    .try_for_each(|part| self.write_node(f, part, depth + 1))
            }
        }
    }
}

impl Leaf {
    /// Returns the forms of which one must simply stand there: the leaf's own, and other names
    /// that hold at any time and in any surroundings.
    pub fn standing(&self) -> Vec<Form> {
        let forms = self.forms.iter().chain(self.standing_names());
        forms.cloned().collect()
    }

    /// Returns the forms of the other names that hold at any time and in any surroundings.
    pub fn standing_names(&self) -> impl Iterator<Item = &Form> {
        let names = self.aliases.iter();
        names
            .filter(|alias| !alias.as_word && alias.until.is_none())
            .map(|alias| &alias.form)
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        let place = match self.target {
            Target::Passage => "text",
            Target::Heading => "heading",
            Target::Title => "title",
        };
        writeln!(f, "{place} {:?}", self.typed)?;
        let indent = (depth + 1) * 2;
        if self.verbatim {
            let forms: Vec<String> = self.forms.iter().map(Form::to_string).collect();
            writeln!(f, "{:indent$}verbatim: {}", "", forms.join(" | "))?;
        }
        for alias in &self.aliases {
            let how = if alias.as_word {
                "as a word"
            } else {
                "verbatim"
            };
            let until = match alias.until {
                Some(year) => format!(", in reports up to {year}"),
                None => String::new(),
            };
            writeln!(f, "{:indent$}or {how}: {}{until}", "", alias.form)?;
        }
        if !self.words.is_empty() {
            let how = self.most.map_or("all".to_owned(), |share| {
                format!("{:.0}% by weight", share * 100.0)
            });
            let mut sought = self.words.clone();
            sought.extend(self.figures.iter().map(|spellings| {
                let spellings: Vec<String> = spellings.iter().map(Form::to_string).collect();
                spellings.join("|")
            }));
            writeln!(f, "{:indent$}words ({how}): {}", "", sought.join(" "))?;
        }
        if self.openings {
            writeln!(
                f,
                "{:indent$}or verbatim in a heading that opens on the passage",
                ""
            )?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
