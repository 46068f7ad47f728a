//! The places of a report where its author is named, and what each of them says.

use super::author::{Author, Setting, author_at};
use super::ballot::Witness;
use super::census::{Census, is_redacted, own_rank};
use super::dates::dates;
use super::hearing::{Hearing, weight};
use super::place::{Place, place_at, rank_level};
use super::scene::{Line, Scene, fold};
use crate::model::{Level, ReportKind};

/// So many clauses of a first paragraph may have the author as their subject.
const CLAUSES: usize = 4;

/// A title names its author at its start, behind the year, or behind a break.
pub(super) fn title(
    hearing: &mut Hearing<'_>,
    title: &str,
    from: &'static str,
    line: u32,
    weight: f32,
) {
    let schema = hearing.schema;
    let folded = fold(title);
    let witness = Witness::new(from, line, &folded);
    let mut best: Option<(Author<'_>, String)> = None;
    for piece in title.split(|c: char| c.is_whitespace() || "-—–―─|:(".contains(c)) {
        let piece = fold(piece);
        let piece = piece.trim_start_matches(['《', '【', '“']);
        let lead = ["关于印发", "关于", "印发"];
        let piece = lead
            .iter()
            .find_map(|word| piece.strip_prefix(word))
            .unwrap_or(piece);
        // Titles inside this one name other authors.
        let piece = piece.split('《').next().unwrap_or(piece);
        let after_years = dates(&schema.cues, piece).map(|found| found.end);
        for start in std::iter::once(0).chain(after_years) {
            let rest = piece[start..].trim_start_matches(['年', '度']);
            let Some(author) = author_at(schema, rest, Setting::Title) else {
                continue;
            };
            let better = best
                .as_ref()
                .is_none_or(|(known, _)| known.unit.is_none() && author.unit.is_some());
            if better {
                best = Some((author, rest.to_owned()));
            }
        }
    }
    if let Some((author, text)) = best {
        hearing.author(&author, &text, &witness, weight);
    }
    session(hearing, &folded, &witness, weight);
}

/// Between title and body stand the session and the speaker.
pub(super) fn bylines(hearing: &mut Hearing<'_>, lines: &[Line]) {
    let mut placed = false;
    for line in lines {
        let witness = Witness::new("session line", line.number, &line.text);
        placed |= session(hearing, &line.text, &witness, weight::SESSION);
        speaker(hearing, line);
    }
    if let Some(first) = lines.first().filter(|_| !placed) {
        // 2020年1月12日在浙江省 | 第十三届人民代表大会第三次会议上: broken over two lines.
        let text: String = lines.iter().map(|line| line.text.as_str()).collect();
        let witness = Witness::new("session line", first.number, &text);
        session(hearing, &text, &witness, weight::SESSION);
    }
}

/// The place of the congress is the government's place. Says whether one was named.
fn session(hearing: &mut Hearing<'_>, text: &str, witness: &Witness<'_>, weight: f32) -> bool {
    let mut placed = false;
    for found in hearing.schema.cues.session.captures_iter(text) {
        let before = found.name("place").map_or("", |place| place.as_str());
        let name = before.rsplit(['在', '于', '向']).next().unwrap_or(before);
        let place = place_at(hearing.schema, name);
        let nation = found.name("nation").is_some() && place.end == 0;
        if nation || name.contains("中华人民共和国") {
            hearing.level(Some(Level::Nation), witness, weight);
            hearing.agency("国务院", witness, weight);
            placed = true;
            continue;
        }
        let level = hearing.place(&place, witness, weight);
        hearing.level(level, witness, weight);
        placed |= level.is_some();
    }
    placed
}

/// A line may hold the speaker's office, behind the session or alone, or the author's name.
fn speaker(hearing: &mut Hearing<'_>, line: &Line) {
    let behind = line.text.rsplit("会议上").next().unwrap_or(&line.text);
    let alone = behind.len() == line.text.len();
    let text = behind.trim_start_matches(|c: char| !c.is_alphabetic());
    let witness = Witness::new("speaker", line.number, text);
    let schema = hearing.schema;
    let Some(found) = schema.cues.office.captures(text) else {
        let author = author_at(schema, text, Setting::Name)
            .filter(|author| alone && author.end == text.len() && author.unit.is_some());
        if let Some(author) = author {
            hearing.author(&author, text, &witness, weight::SPEAKER);
        }
        return;
    };
    let part = |name| found.name(name).map_or("", |part| part.as_str());
    let (office, post) = (part("office"), part("post"));
    if !office.is_empty() {
        hearing.read(office, Setting::Name, &witness, weight::SPEAKER);
        return;
    }
    let level = match post {
        "总理" => Some(Level::Nation),
        "主席" => Some(Level::Province),
        _ => post.strip_suffix('长').and_then(rank_level),
    };
    hearing.level(level, &witness, weight::POST);
}

/// The first paragraphs say in whose name they speak, or whose work they sum up.
pub(super) fn opening(hearing: &mut Hearing<'_>, line: &Line, kind: ReportKind) {
    on_behalf(hearing, line);
    for (at, party) in line.text.match_indices("中共").take(3) {
        let rest = &line.text[at + party.len()..];
        let place = place_at(hearing.schema, rest);
        if !place.ids.is_empty() && rest[place.end..].starts_with('委') {
            let quote = &line.text[at..at + party.len() + place.end];
            let witness = Witness::new("opening", line.number, quote);
            hearing.place(&place, &witness, weight::PARTY);
        }
    }
    if kind != ReportKind::GovernmentWorkReport {
        subject(hearing, line);
    }
}

/// 我代表省人民政府，向省第六届人民代表大会第三次会议作报告
fn on_behalf(hearing: &mut Hearing<'_>, line: &Line) {
    let schema = hearing.schema;
    for found in schema.cues.on_behalf.captures_iter(&line.text) {
        let (Some(whole), Some(spoken)) = (found.get(0), found.name("author")) else {
            continue;
        };
        let author = spoken.as_str().trim_start_matches([':', ',']);
        let witness = Witness::new("opening", line.number, whole.as_str());
        if hearing.read(author, Setting::Name, &witness, weight::ON_BEHALF) != Some(true) {
            continue;
        }
        let rest = line.text[spoken.end()..].trim_start_matches(',');
        let addressed = rest.split_inclusive("会议").next().unwrap_or("");
        if addressed.starts_with('向') {
            let witness = Witness::new("opening", line.number, addressed);
            session(hearing, addressed, &witness, weight::SUBJECT);
        }
    }
}

/// 2023年，县卫健委紧紧围绕…; 现将县财政局2023年工作总结如下
fn subject(hearing: &mut Hearing<'_>, line: &Line) {
    let schema = hearing.schema;
    for clause in clauses(&line.text).take(CLAUSES) {
        let presented = ["现将", "现就"]
            .iter()
            .find_map(|word| clause.strip_prefix(word));
        let (text, setting) = match presented {
            Some(rest) => (rest, Setting::Title),
            None => {
                let dated = dates(&schema.cues, clause).next();
                let skipped = dated.filter(|found| found.start == 0);
                let rest = &clause[skipped.map_or(0, |found| found.end)..];
                (
                    rest.trim_start_matches(['年', '度', '以', '来']),
                    Setting::Clause,
                )
            }
        };
        let author = author_at(schema, text, setting).filter(|author| author.unit.is_some());
        if let Some(author) = author {
            let quote = text.get(..author.end).unwrap_or(text);
            let witness = Witness::new("opening", line.number, quote);
            hearing.author(&author, text, &witness, weight::SUBJECT);
        }
    }
}

/// Returns the text from the start of each clause on.
fn clauses(text: &str) -> impl Iterator<Item = &str> {
    let behind_marks = text
        .match_indices([',', '。', ';', ':'])
        .map(|(at, mark)| &text[at + mark.len()..]);
    std::iter::once(text).chain(behind_marks)
}

/// The addressee is not the author, but it has the author in its place.
pub(super) fn salutation(hearing: &mut Hearing<'_>, line: &Line) {
    let place = place_at(hearing.schema, &line.text);
    let witness = Witness::new("salutation", line.number, &line.text);
    hearing.place(&place, &witness, weight::SALUTATION);
}

/// The author signs.
pub(super) fn signature(hearing: &mut Hearing<'_>, line: &Line) {
    let witness = Witness::new("signature", line.number, &line.text);
    hearing.read(&line.text, Setting::Name, &witness, weight::SIGNATURE);
}

/// Folder and file names say something where the text is silent.
pub(super) fn path(hearing: &mut Hearing<'_>, path: &str) {
    let schema = hearing.schema;
    for component in fold(path).split('/') {
        let stem = component
            .rsplit_once('.')
            .map_or(component, |(stem, _)| stem);
        let named = stem.char_indices().find_map(|(start, _)| {
            let rest = &stem[start..];
            let author = author_at(schema, rest, Setting::Title)?;
            let says = !author.place.ids.is_empty() || author.unit.is_some();
            says.then_some((author, rest))
        });
        if let Some((author, text)) = named {
            let witness = Witness::new("path", 0, component);
            hearing.author(&author, text, &witness, weight::PATH);
        }
    }
}

/// Lets the body speak where title, session and opening said too little.
///
/// A government speaks of its own place throughout; others name many places, and one that hides its
/// own names only others'. 我市 may be a county.
pub(super) fn body(hearing: &mut Hearing<'_>, scene: &Scene<'_>, kind: ReportKind) {
    let regions = &hearing.schema.regions;
    let line = scene.opening.first().map_or(0, |line| line.number);
    let government = kind == ReportKind::GovernmentWorkReport;
    if hearing.heard_level().is_none()
        && let Some((level, word)) = own_rank(scene.body())
        && (government || level != Level::City)
    {
        let witness = Witness::new("body", line, word);
        hearing.level(Some(level), &witness, weight::BODY);
    }
    let level = hearing.heard_level();
    let known = hearing.placed() >= weight::ENOUGH || level == Some(Level::Nation);
    if known || !government && is_redacted(scene.body()) {
        return;
    }
    let census = Census::take(regions, scene.body());
    for rank in [Level::Province, Level::City, Level::County] {
        if level.is_some_and(|level| rank > level) {
            return;
        }
        let Some((id, score)) = census.home(rank) else {
            continue;
        };
        let name = regions.get(id).map_or("", |row| &row.name);
        let quote = format!("{name}×{score}");
        let place = Place {
            ids: vec![id],
            level: Some(rank),
            ..Place::default()
        };
        hearing.place(&place, &Witness::new("body", line, &quote), weight::BODY);
    }
}
