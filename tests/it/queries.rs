//! Random queries of the whole grammar against a scan of the passages.
//!
//! Each query is a tree that the test draws, writes in punctuation of either width, and evaluates by
//! itself over the exported passages:
//!
//! 1. as many passages match as the scan finds, in each way of matching;
//! 2. a query and its negation split the index, and no passage is in both;
//! 3. facet counts equal the scan, under filters as well;
//! 4. highlights cut what was asked for, and miss nothing that stands there verbatim;
//! 5. the answer and the printed query read back to themselves.

use std::collections::{BTreeMap, HashSet};

use zhengsou::Engine;
use zhengsou::analyze::{Analyzer, strip_blanks};
use zhengsou::model::{
    FacetField, Filter, Hit, Matching, PassageRecord, SearchRequest, SearchResponse,
};
use zhengsou::query;

use crate::properties::{Draw, Fixture, fixture, values};

/// How many queries are drawn.
const QUERIES: u64 = 5_000;

/// Numbers of queries that failed once; each number draws the same query for ever.
///
/// 768: years and NOT made the library seek a range backwards.
/// 2767: a year before a segment's first one matched the whole segment.
const REGRESSIONS: &[u64] = &[768, 2767];

/// A passage as the scan sees it.
struct Scanned {
    text: Vec<char>,
    folded: String,
    words: HashSet<String>,
    title: String,
    headings: Vec<String>,
    openings: Vec<String>,
    /// Behind which characters its sentences end.
    ends: Vec<usize>,
}

/// A query as the test means it.
#[derive(Debug, Clone)]
enum Tree {
    /// Characters in the text.
    Text {
        piece: Piece,
        how: How,
    },
    /// Characters in the title or a heading.
    In {
        field: &'static str,
        piece: Piece,
    },
    /// Two texts with so many characters between them.
    Wild {
        head: String,
        tail: String,
        least: usize,
        most: usize,
    },
    /// Texts close together.
    Near {
        parts: Vec<Piece>,
        within: Within,
    },
    /// A facet's value, with the characters typed for it.
    Facet {
        field: FacetField,
        value: String,
        typed: String,
    },
    And(Vec<Tree>),
    Or(Vec<Tree>),
    Not(Box<Tree>),
}

/// Characters as typed, with the folded forms of which one must stand there.
#[derive(Debug, Clone)]
struct Piece {
    typed: String,
    forms: Vec<String>,
    words: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    Quoted,
    Plain,
    Prefix,
}

#[derive(Debug, Clone, Copy)]
enum Within {
    Characters(usize),
    Sentence,
    Passage,
}

fn scanned(passage: &PassageRecord, folded: &str, analyzer: &Analyzer) -> Scanned {
    let dense = |text: &str| strip_blanks(&analyzer.fold(text));
    let text: Vec<char> = folded.chars().collect();
    let mut ends = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let ends_here = "。!?".contains(text[at]);
        at += 1;
        if ends_here {
            while at < text.len() && "。!?”’\"')」』]》".contains(text[at]) {
                at += 1;
            }
            ends.push(at);
        }
    }
    Scanned {
        text,
        folded: folded.to_owned(),
        words: analyzer.words(&passage.text).into_iter().collect(),
        title: dense(&passage.report_title),
        headings: passage
            .section_path
            .iter()
            .map(|text| dense(text))
            .collect(),
        openings: passage
            .opens
            .iter()
            .map(|heading| dense(&heading.text))
            .collect(),
        ends,
    }
}

/// Where a piece stands, `[start, end)`.
fn places(text: &[char], piece: &Piece) -> Vec<(usize, usize)> {
    let mut places = Vec::new();
    for form in &piece.forms {
        let form: Vec<char> = form.chars().collect();
        let found = text.windows(form.len()).enumerate();
        let found = found.filter(|(_, window)| *window == form.as_slice());
        places.extend(found.map(|(start, _)| (start, start + form.len())));
    }
    places
}

impl Tree {
    /// Returns whether the scan keeps a passage.
    fn keeps(&self, passage: &PassageRecord, scanned: &Scanned, mode: Matching) -> bool {
        let holds = |text: &str, piece: &Piece| piece.forms.iter().any(|form| text.contains(form));
        let any = |texts: &[String], piece: &Piece| texts.iter().any(|text| holds(text, piece));
        match self {
            Tree::And(parts) => parts.iter().all(|part| part.keeps(passage, scanned, mode)),
            Tree::Or(parts) => parts.iter().any(|part| part.keeps(passage, scanned, mode)),
            Tree::Not(inner) => !inner.keeps(passage, scanned, mode),
            Tree::In {
                field: "title",
                piece,
            } => holds(&scanned.title, piece),
            Tree::In { piece, .. } => any(&scanned.headings, piece),
            Tree::Facet { field, value, .. } => keeps(passage, *field, value),
            Tree::Text { piece, how } => {
                let opening =
                    mode == Matching::Auto && *how != How::Quoted && any(&scanned.openings, piece);
                let words = mode != Matching::Verbatim
                    && *how == How::Plain
                    && !piece.words.is_empty()
                    && piece.words.iter().all(|word| scanned.words.contains(word));
                let is_verbatim =
                    mode != Matching::Words || *how != How::Plain || piece.words.is_empty();
                opening || words || (is_verbatim && holds(&scanned.folded, piece))
            }
            Tree::Wild {
                head,
                tail,
                least,
                most,
            } => {
                let in_text = |text: &str| {
                    let text: Vec<char> = text.chars().collect();
                    let places = |of: &str| {
                        let (forms, words) = (vec![of.to_owned()], Vec::new());
                        places(
                            &text,
                            &Piece {
                                typed: String::new(),
                                forms,
                                words,
                            },
                        )
                    };
                    let tails = places(tail);
                    places(head).iter().any(|(_, end)| {
                        tails
                            .iter()
                            .any(|(start, _)| (end + least..=end + most).contains(start))
                    })
                };
                in_text(&scanned.folded)
            }
            Tree::Near { parts, within } => {
                let places: Vec<_> = parts
                    .iter()
                    .map(|part| places(&scanned.text, part))
                    .collect();
                chosen(&places, &mut Vec::new(), &mut |choice| {
                    within.holds(choice, &scanned.ends)
                })
            }
        }
    }

    /// Calls `each` with every piece and run that is asked for, not those under NOT.
    fn asked<'t>(&'t self, each: &mut dyn FnMut(&'t str)) {
        match self {
            Tree::And(parts) | Tree::Or(parts) => parts.iter().for_each(|part| part.asked(each)),
            Tree::Text { piece, .. } => piece.all().for_each(each),
            Tree::Near { parts, .. } => parts.iter().flat_map(Piece::all).for_each(each),
            Tree::Wild { head, tail, .. } => {
                each(head);
                each(tail);
            }
            Tree::Not(_) | Tree::In { .. } | Tree::Facet { .. } => {}
        }
    }

    /// Calls `each` with every piece that must be marked wherever it stands in the text.
    fn marked<'t>(&'t self, mode: Matching, each: &mut dyn FnMut(&'t Piece)) {
        match self {
            Tree::And(parts) | Tree::Or(parts) => {
                parts.iter().for_each(|part| part.marked(mode, each));
            }
            Tree::Text { piece, how } if *how != How::Plain || mode != Matching::Words => {
                each(piece);
            }
            _ => {}
        }
    }

    /// Returns whether most of the words may be enough where nothing is found.
    fn is_plain(&self) -> bool {
        match self {
            Tree::And(parts) => parts.iter().all(Tree::is_plain),
            Tree::Text { how, .. } => *how == How::Plain,
            _ => false,
        }
    }

    /// Writes the query in punctuation of either width.
    fn write(&self, draw: &mut Draw) -> String {
        let one = |of: &[&str], draw: &mut Draw| of[draw.below(of.len())].to_owned();
        match self {
            Tree::Text {
                piece,
                how: How::Plain,
            } => one(&["=", "＝"], draw) + &piece.typed,
            Tree::Text {
                piece,
                how: How::Prefix,
            } => piece.typed.clone() + &one(&["*", "＊"], draw),
            Tree::Text {
                piece,
                how: How::Quoted,
            } => quoted(&piece.typed, draw),
            Tree::In { field, piece } => {
                let names: &[&str] = match *field {
                    "title" => &["title:", "标题：", "题名:", "ＴＩＴＬＥ："],
                    _ => &["heading:", "小标题：", "章节： "],
                };
                one(names, draw) + &quoted(&piece.typed, draw)
            }
            Tree::Wild {
                head,
                tail,
                least,
                most,
            } => match (least, most) {
                (0, 20) => format!("{head}{}{tail}", one(&["*", "＊"], draw)),
                _ => format!("{head}{}{tail}", "?".repeat(*least)),
            },
            Tree::Near { parts, within } => match within {
                Within::Characters(count) if draw.below(2) == 0 => {
                    let parts: Vec<&str> = parts.iter().map(|part| part.typed.as_str()).collect();
                    let blank = one(&[" ", "　"], draw);
                    let tilde = one(&["~", "～"], draw);
                    quoted(&parts.join(&blank), draw) + &tilde + &count.to_string()
                }
                _ => {
                    let near = match within {
                        Within::Characters(count) => {
                            format!("{}{count}", one(&["NEAR/", "NEAR／", "ＮＥＡＲ/"], draw))
                        }
                        Within::Sentence => one(&["NEAR/S", "同句"], draw),
                        Within::Passage => one(&["NEAR/P", "同段"], draw),
                    };
                    let parts: Vec<String> =
                        parts.iter().map(|part| quoted(&part.typed, draw)).collect();
                    parts.join(&format!("{}{near} ", one(&[" ", "　"], draw)))
                }
            },
            Tree::Facet { field, typed, .. } => {
                let (colon, blank) = (one(&[":", "："], draw), one(&["", " ", "　"], draw));
                let name = match draw.below(2) {
                    0 => field.label(),
                    _ => field.name(),
                };
                format!("{name}{colon}{blank}{typed}")
            }
            Tree::And(parts) => {
                let joints = [
                    " ",
                    "　",
                    " AND ",
                    " 与 ",
                    " & ",
                    "＆",
                    " && ",
                    "　ＡＮＤ　",
                    " +",
                ];
                joined(parts, &joints, draw)
            }
            Tree::Or(parts) => joined(parts, &[" OR ", "|", "｜", " 或 ", " || ", "　ＯＲ "], draw),
            Tree::Not(inner) => {
                one(&["-", "－", "!", "！", "NOT ", "非　"], draw) + &inner.operand(draw)
            }
        }
    }

    /// Writes an operand: what is more than one part stands in brackets.
    fn operand(&self, draw: &mut Draw) -> String {
        let written = self.write(draw);
        let is_single = matches!(
            self,
            Tree::Text { .. } | Tree::In { .. } | Tree::Facet { .. }
        );
        match (
            is_single || matches!(self, Tree::Wild { .. }),
            draw.below(2),
        ) {
            (true, _) => written,
            (_, 0) => format!("({written})"),
            _ => format!("（{written}）"),
        }
    }
}

fn joined(parts: &[Tree], joints: &[&str], draw: &mut Draw) -> String {
    let joint = joints[draw.below(joints.len())];
    let parts: Vec<String> = parts.iter().map(|part| part.operand(draw)).collect();
    parts.join(joint)
}

/// Puts a text between quotes that do not stand in it.
fn quoted(text: &str, draw: &mut Draw) -> String {
    let kinds = ["\"\"", "“”", "「」", "『』", "〝〞", "＂＂"];
    let free = kinds
        .iter()
        .filter(|kind| !kind.chars().any(|quote| text.contains(quote)));
    let free: Vec<Vec<char>> = free.map(|kind| kind.chars().collect()).collect();
    let kind = &free[draw.below(free.len())];
    format!("{}{text}{}", kind[0], kind[1])
}

impl Within {
    fn holds(self, choice: &[(usize, usize)], ends: &[usize]) -> bool {
        let starts = choice.iter().map(|(start, _)| *start);
        let (first, last) = (starts.clone().min().unwrap(), starts.max().unwrap());
        let behind = choice.iter().map(|(_, end)| *end);
        match self {
            Within::Characters(count) => last <= behind.min().unwrap() + count,
            Within::Sentence => {
                let end = behind.max().unwrap();
                !ends.iter().any(|at| first < *at && *at < end)
            }
            Within::Passage => true,
        }
    }
}

/// A stretch of a text, `[start, end)`.
type Place = (usize, usize);

/// Tries every choice of one place for each part.
fn chosen(
    parts: &[Vec<Place>],
    choice: &mut Vec<Place>,
    holds: &mut dyn FnMut(&[Place]) -> bool,
) -> bool {
    let Some((first, rest)) = parts.split_first() else {
        return holds(choice);
    };
    first.iter().any(|place| {
        choice.push(*place);
        let found = chosen(rest, choice, holds);
        choice.pop();
        found
    })
}

/// Returns whether a passage has a facet's value: a year or a range, a region with all below it.
fn keeps(passage: &PassageRecord, field: FacetField, value: &str) -> bool {
    let own = values(passage, field);
    match (field, value.split_once("..")) {
        (FacetField::Year | FacetField::ReportYear, Some((from, to))) => own.iter().any(|year| {
            let year: i32 = year.parse().unwrap();
            from.parse().is_ok_and(|from: i32| from <= year)
                && to.parse().is_ok_and(|to: i32| year <= to)
        }),
        _ => own.iter().any(|own| own == value),
    }
}

impl Piece {
    fn new(typed: String, analyzer: &Analyzer) -> Option<Self> {
        let mut forms = analyzer.query_forms(&typed);
        forms.retain(|form| !form.is_empty());
        let mut words: Vec<String> = Vec::new();
        for word in analyzer.words(&typed) {
            if !words.contains(&word) {
                words.push(word);
            }
        }
        (!forms.is_empty()).then_some(Piece {
            typed,
            forms,
            words,
        })
    }

    fn all(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().chain(&self.words).map(String::as_str)
    }
}

/// Draws trees over the passages of an index.
struct Generator<'a> {
    fixture: &'a Fixture,
    draw: Draw,
}

impl Generator<'_> {
    /// Draws a stretch of a passage, or of something that is said nowhere.
    fn stretch(&mut self, longest: usize, keeps: impl Fn(char) -> bool) -> String {
        loop {
            let passages = &self.fixture.passages;
            let passage = &passages[self.draw.below(passages.len())];
            let text: Vec<char> = passage.text.chars().collect();
            let length = 1 + self.draw.below(longest);
            if text.len() < length {
                continue;
            }
            let start = self.draw.below(text.len() - length + 1);
            let piece: String = text[start..start + length].iter().collect();
            if piece.chars().all(&keeps) {
                return piece;
            }
        }
    }

    /// Draws a piece of anything: punctuation, figures, redactions.
    fn any_piece(&mut self) -> Piece {
        loop {
            let quotes = "\"“”「」『』〝〞＂\n";
            let typed = match self.draw.below(30) {
                0 => "没有这样的话".to_owned(),
                1 => "Ｄ建".to_owned(),
                2 => "〔２０２２〕".to_owned(),
                _ => self.stretch(8, |character| !quotes.contains(character)),
            };
            if let Some(piece) = Piece::new(typed, &self.fixture.analyzer) {
                return piece;
            }
        }
    }

    /// Draws a piece of Han characters that is none of the operators.
    fn han_piece(&mut self, longest: usize) -> Piece {
        loop {
            let han = |character| ('\u{4e00}'..='\u{9fff}').contains(&character);
            let typed = self.stretch(longest, han);
            if !["与", "或", "非", "同句", "同段"].contains(&typed.as_str())
                && let Some(piece) = Piece::new(typed, &self.fixture.analyzer)
            {
                return piece;
            }
        }
    }

    fn leaf(&mut self) -> Tree {
        match self.draw.below(12) {
            0..3 => Tree::Text {
                piece: self.any_piece(),
                how: How::Quoted,
            },
            3..5 => Tree::Text {
                piece: self.han_piece(6),
                how: How::Plain,
            },
            5 => Tree::Text {
                piece: self.han_piece(3),
                how: How::Prefix,
            },
            6 => {
                let (head, tail) = (self.han_piece(2), self.han_piece(2));
                let (least, most) = match self.draw.below(3) {
                    0 => (0, 20),
                    count => (count, count),
                };
                let [head, tail] = [head, tail].map(|piece| piece.forms[0].clone());
                Tree::Wild {
                    head,
                    tail,
                    least,
                    most,
                }
            }
            7 | 8 => {
                let count = 2 + self.draw.below(2);
                let parts = (0..count).map(|_| self.han_piece(3)).collect();
                let within = match self.draw.below(3) {
                    0 => Within::Sentence,
                    1 => Within::Passage,
                    _ => Within::Characters(self.draw.below(40)),
                };
                Tree::Near { parts, within }
            }
            9 => {
                let field = ["title", "heading"][self.draw.below(2)];
                let passages = &self.fixture.passages;
                let passage = &passages[self.draw.below(passages.len())];
                let text = match (field, passage.section_path.first()) {
                    ("heading", Some(heading)) => heading,
                    _ => &passage.report_title,
                };
                let text: Vec<char> = text.chars().filter(|at| !"“”\"".contains(*at)).collect();
                let start = self.draw.below(text.len());
                let typed = text
                    .iter()
                    .skip(start)
                    .take(1 + self.draw.below(4))
                    .collect();
                match Piece::new(typed, &self.fixture.analyzer) {
                    Some(piece) => Tree::In { field, piece },
                    None => self.leaf(),
                }
            }
            _ => self.facet(),
        }
    }

    fn facet(&mut self) -> Tree {
        let fields = [
            FacetField::Agency,
            FacetField::Level,
            FacetField::Region,
            FacetField::Year,
            FacetField::ReportYear,
            FacetField::Section,
        ];
        loop {
            let field = fields[self.draw.below(fields.len())];
            let passages = &self.fixture.passages;
            let of = values(&passages[self.draw.below(passages.len())], field);
            if of.is_empty() {
                continue;
            }
            let value = of[self.draw.below(of.len())].clone();
            if !field.is_year() {
                let typed = match self.draw.below(3) {
                    0 => quoted(&value, &mut self.draw),
                    _ => value.clone(),
                };
                return Tree::Facet {
                    field,
                    value,
                    typed,
                };
            }
            let wide = |digit: char| char::from_u32(digit as u32 + 0xfee0).unwrap();
            let wide: String = value.chars().map(wide).collect();
            let (value, typed) = match self.draw.below(5) {
                0 => (format!("{value}..9999"), format!(">={value}")),
                1 => (format!("0..{value}"), format!("..{value}")),
                2 => (format!("2021..{value}"), format!("2021至{value}")),
                3 => (value, format!("{wide}年")),
                _ => (value.clone(), value),
            };
            let is_range = value.split_once("..").is_none_or(|(from, to)| {
                from.parse::<i32>().unwrap() <= to.parse::<i32>().unwrap()
            });
            if is_range {
                return Tree::Facet {
                    field,
                    value,
                    typed,
                };
            }
        }
    }

    fn tree(&mut self, depth: usize) -> Tree {
        let parts = |generator: &mut Self| {
            let count = 2 + generator.draw.below(2);
            (0..count).map(|_| generator.tree(depth - 1)).collect()
        };
        match self.draw.below(if depth == 0 { 5 } else { 10 }) {
            5 | 6 => Tree::And(parts(self)),
            7 | 8 => Tree::Or(parts(self)),
            9 => Tree::Not(Box::new(self.tree(depth - 1))),
            _ => self.leaf(),
        }
    }

    /// Draws filters, none twice on one facet.
    fn filters(&mut self) -> Vec<Filter> {
        let mut filters: Vec<Filter> = Vec::new();
        for _ in 0..self.draw.below(5).saturating_sub(2) {
            if let Tree::Facet { field, value, .. } = self.facet()
                && filters.iter().all(|filter| filter.field != field)
            {
                let negated = self.draw.below(2) == 0;
                filters.push(Filter {
                    field,
                    value,
                    negated,
                });
            }
        }
        filters
    }
}

fn passes(passage: &PassageRecord, filter: &Filter) -> bool {
    keeps(passage, filter.field, &filter.value) != filter.negated
}

/// Draws the query with a number and checks all that this file promises.
fn check(number: u64, fixture: &Fixture, scan: &[Scanned]) {
    let seed = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut generator = Generator {
        fixture,
        draw: Draw(seed),
    };
    let depth = generator.draw.below(4);
    let tree = generator.tree(depth);
    let mode = [Matching::Verbatim, Matching::Auto, Matching::Words][generator.draw.below(3)];
    let filters = generator.filters();
    let typed = tree.write(&mut generator.draw);
    let named = format!("query {number}, {mode:?}, {filters:?}: {typed}");

    let matching: Vec<&PassageRecord> = fixture
        .passages
        .iter()
        .zip(scan)
        .filter(|(passage, scanned)| tree.keeps(passage, scanned, mode))
        .map(|(passage, _)| passage)
        .collect();
    let kept = matching
        .iter()
        .filter(|passage| filters.iter().all(|filter| passes(passage, filter)));
    let kept = kept.count() as u64;
    let ask = |query: &str, limit: usize| -> SearchResponse {
        let request = SearchRequest {
            query: query.to_owned(),
            mode,
            filters: filters.clone(),
            facets: FacetField::ALL.to_vec(),
            facet_limit: 0,
            fold: false,
            limit,
            ..SearchRequest::default()
        };
        fixture
            .engine
            .search(&request)
            .unwrap_or_else(|error| panic!("{named}: {error}"))
    };
    let answer = ask(&typed, 4);
    if kept == 0 && mode == Matching::Auto && tree.is_plain() {
        // Most of the words were enough.
        return;
    }
    assert_eq!(answer.total.passages, kept, "{named}");
    check_facets(&answer, &matching, &filters, &named);
    check_negation(&ask, &typed, kept, fixture, &filters, &named);
    for hit in &answer.hits {
        check_marks(hit, &tree, mode, &fixture.analyzer, &named);
    }
    let json = serde_json::to_string(&answer).unwrap();
    let again: SearchResponse = serde_json::from_str(&json).unwrap();
    // A time's last digit may change.
    let answer = SearchResponse {
        took_ms: again.took_ms,
        ..answer
    };
    assert_eq!(again, answer, "{named}");
    let read = query::parse(&typed).unwrap();
    assert_eq!(query::parse(&read.to_string()).unwrap(), read, "{named}");
}

fn check_negation(
    ask: &dyn Fn(&str, usize) -> SearchResponse,
    typed: &str,
    kept: u64,
    fixture: &Fixture,
    filters: &[Filter],
    named: &str,
) {
    let passes = |passage: &&PassageRecord| filters.iter().all(|filter| passes(passage, filter));
    let all = fixture.passages.iter().filter(passes).count() as u64;
    let without = ask(&format!("NOT ({typed})"), 0);
    assert_eq!(without.total.passages + kept, all, "{named}");
    let both = ask(&format!("({typed}) -（{typed}）"), 0);
    assert_eq!(both.total.passages, 0, "{named}");
}

fn check_facets(
    answer: &SearchResponse,
    matching: &[&PassageRecord],
    filters: &[Filter],
    named: &str,
) {
    for &field in FacetField::ALL {
        let mut counts: BTreeMap<String, u64> = BTreeMap::new();
        for passage in matching {
            let mut others = filters.iter().filter(|filter| filter.field != field);
            if others.all(|filter| passes(passage, filter)) {
                for value in values(passage, field) {
                    *counts.entry(value).or_default() += 1;
                }
            }
        }
        let counted = answer.facets[&field].iter();
        let counted: BTreeMap<String, u64> = counted
            .map(|found| (found.value.clone(), found.count))
            .collect();
        assert_eq!(counted, counts, "{field} of {named}");
    }
}

fn check_marks(hit: &Hit, tree: &Tree, mode: Matching, analyzer: &Analyzer, named: &str) {
    let text: Vec<char> = hit.passage.text.chars().collect();
    let mut marks: Vec<Vec<String>> = Vec::new();
    let mut last = 0;
    for &[start, end] in &hit.highlights {
        assert!(last <= start && start < end && end <= text.len(), "{named}");
        last = end;
        let mark: String = text[start..end].iter().collect();
        marks.push(analyzer.query_forms(&mark));
    }
    assert_eq!(hit.highlights.len(), hit.highlight_kinds.len(), "{named}");
    let mut asked = HashSet::new();
    tree.asked(&mut |piece| {
        asked.insert(piece);
    });
    for forms in &marks {
        // Those that overlap are marked as one; half of a redaction is marked as the whole.
        let is_redaction = forms[0].contains(|at: char| at.is_ascii_alphabetic());
        if is_redaction
            && forms
                .iter()
                .any(|form| asked.iter().any(|piece| form.contains(piece)))
        {
            continue;
        }
        let begins = |form: &String| asked.iter().any(|piece| form.starts_with(*piece));
        let ends = |form: &String| asked.iter().any(|piece| form.ends_with(*piece));
        assert!(
            forms.iter().any(|form| begins(form) && ends(form)),
            "{forms:?} of {named}"
        );
    }
    let folded = strip_blanks(&analyzer.fold(&hit.passage.text));
    tree.marked(mode, &mut |piece| {
        for form in piece.forms.iter().filter(|form| folded.contains(*form)) {
            let holds = |marks: &Vec<String>| marks.iter().any(|mark| mark.contains(form));
            assert!(
                marks.iter().any(holds),
                "{form} of {named} in {}",
                hit.passage.text
            );
        }
    });
    let shown: Vec<char> = hit.snippet.chars().collect();
    for &[start, end] in &hit.snippet_highlights {
        let cut: String = shown[start..end].iter().collect();
        assert!(hit.passage.text.contains(&cut), "{cut} of {named}");
    }
}

#[test]
fn random_queries_are_what_a_scan_finds() {
    let fixture = fixture();
    let scan: Vec<Scanned> = fixture
        .passages
        .iter()
        .zip(&fixture.folded)
        .map(|(passage, folded)| scanned(passage, folded, &fixture.analyzer))
        .collect();
    for number in REGRESSIONS.iter().copied().chain(0..QUERIES) {
        check(number, fixture, &scan);
    }
}

#[test]
fn a_prepared_engine_answers_as_any_other() {
    const DRAWN: u64 = 700;
    let fixture = fixture();
    let prepared = fixture.engine.reopened().unwrap();
    prepared.prepare().unwrap();
    let (mut many, mut copied) = (0, 0);
    for number in 0..DRAWN {
        let mut generator = Generator {
            fixture,
            draw: Draw(number.wrapping_add(7).wrapping_mul(0x9e37_79b9_7f4a_7c15)),
        };
        let depth = generator.draw.below(3);
        let tree = generator.tree(depth);
        let filters = generator.filters();
        let typed = tree.write(&mut generator.draw);
        let request = SearchRequest {
            query: typed.clone(),
            mode: [Matching::Verbatim, Matching::Auto, Matching::Words][generator.draw.below(3)],
            filters,
            facets: FacetField::ALL[..generator.draw.below(5)].to_vec(),
            limit: [0, 3, 10][generator.draw.below(3)],
            offset: generator.draw.below(3) * 4,
            fold: generator.draw.below(3) > 0,
            group_by_report: generator.draw.below(6) == 0,
            per_report: generator.draw.below(3),
            explain: true,
            ..SearchRequest::default()
        };
        // Nothing has been made of this one; the answer's time is its own.
        let plain = fixture.engine.reopened().unwrap();
        let answer = |engine: &Engine| SearchResponse {
            took_ms: 0.0,
            ..engine.search(&request).unwrap()
        };
        let (quick, slow) = (answer(&prepared), answer(&plain));
        assert_eq!(quick, slow, "query {number}, {request:?}");
        many += usize::from(quick.total.passages > 200);
        copied += usize::from(quick.hits.iter().any(|hit| hit.dup_count > 0));
    }
    assert!(
        many > 20 && copied > 5,
        "{many} with many matches, {copied} with copies"
    );
}

#[test]
fn a_question_answered_in_short_is_the_one_answered_at_length() {
    let fixture = fixture();
    let mut draw = Draw(29);
    let mut with_verbatim = 0;
    for round in 0..60 {
        let passage = &fixture.passages[draw.below(fixture.passages.len())];
        let chars: Vec<char> = passage.text.chars().collect();
        let length = 2 + draw.below(14).min(chars.len().saturating_sub(2));
        let start = draw.below(chars.len().saturating_sub(length) + 1);
        let piece: String = chars.iter().skip(start).take(length).collect();
        let piece: String = piece.chars().filter(|c| c.is_alphanumeric()).collect();
        let query = match round % 3 {
            0 => piece,
            1 => format!("如何{piece}"),
            _ => format!("{piece}的措施有哪些"),
        };
        let filters = match (round % 4, passage.report_year) {
            (1, Some(year)) => vec![Filter {
                field: FacetField::ReportYear,
                value: format!("{}..{}", year - 1, year + 1),
                negated: false,
            }],
            (2, _) => vec![Filter {
                field: FacetField::Section,
                value: passage.section_kind.clone(),
                negated: round % 8 == 2,
            }],
            _ => Vec::new(),
        };
        let short = SearchRequest {
            query: query.clone(),
            any: true,
            filters,
            facets: FacetField::ALL.to_vec(),
            facet_limit: 0,
            per_report: 0,
            ..SearchRequest::default()
        };
        let engine = &fixture.engine;
        let found = engine.search(&short).unwrap();
        // Beyond any end, every match is looked at.
        let long = SearchRequest {
            offset: usize::MAX,
            ..short.clone()
        };
        let whole = engine.search(&long).unwrap();
        assert_eq!(found.total, whole.total, "{query}");
        assert_eq!(found.facets, whole.facets, "{query}");
        let mut expected = Vec::new();
        engine
            .stream(&short, &mut |hit| {
                expected.push((hit.passage.id, hit.score));
                expected.len() < 10
            })
            .unwrap();
        let hits = found.hits.iter();
        let hits: Vec<(String, f32)> = hits
            .map(|hit| (hit.passage.id.clone(), hit.score))
            .collect();
        assert_eq!(hits, expected, "{query}");
        let texts = fixture.folded.iter();
        with_verbatim += usize::from(texts.filter(|text| text.contains(&query)).count() > 0);
    }
    assert!(with_verbatim > 10, "some stand verbatim: {with_verbatim}");
}
