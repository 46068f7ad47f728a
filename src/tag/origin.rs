//! Who wrote a report, at which level and where: witnesses are heard, then the verdict is found.

use super::author::{Author, Setting, Unit, author_at};
use super::ballot::{Ballot, Witness};
use super::place::{place_at, rank_level};
use super::region::{PlaceVotes, Verdict};
use super::scene::{Line, Scene, fold};
use crate::model::{Evidence, Level, ReportKind};
use crate::schema::Schema;

/// What is known of the author.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Origin {
    /// Canonical name.
    pub(super) agency: Option<String>,
    /// Name as written.
    pub(super) agency_raw: Option<String>,
    /// Policy field.
    pub(super) system: Option<String>,
    /// Level.
    pub(super) level: Option<Level>,
    /// Region path.
    pub(super) region: Option<String>,
    /// Why.
    pub(super) evidence: Vec<Evidence>,
}

/// Stands for the government of whatever place the report is from, until the place is known.
const GOVERNMENT: &str = "人民政府";
/// Policy field of governments.
const GOVERNMENT_SYSTEM: &str = "综合政务";
/// So many paragraphs at the start may say who is speaking.
const OPENING: usize = 3;
/// So many clauses of a paragraph may do so.
const CLAUSES: usize = 4;

/// Everything heard about the author.
pub(super) struct Hearing<'a> {
    pub(super) schema: &'a Schema,
    pub(super) places: PlaceVotes<'a>,
    pub(super) level: Ballot,
    agency: Ballot,
    /// Canonical name, name as written, weight.
    written: Vec<(String, String, f32)>,
}

impl<'a> Hearing<'a> {
    fn new(schema: &'a Schema) -> Self {
        Hearing {
            schema,
            places: PlaceVotes::new(&schema.regions),
            level: Ballot::new("level"),
            agency: Ballot::new("agency"),
            written: Vec::new(),
        }
    }

    /// Takes down what an author's name says of place, level and agency.
    fn author(&mut self, author: &Author<'_>, raw: &str, witness: &Witness<'_>, weight: f32) {
        self.places.vote(&author.place, witness, weight);
        if let Some(level) = author.level {
            self.level.vote(level, witness, weight);
        }
        let name = match &author.unit {
            None => return,
            Some(Unit::Government) => GOVERNMENT,
            Some(Unit::Township(name)) => name,
            Some(Unit::Agency(agency)) => agency.name,
        };
        self.agency.vote(name, witness, weight);
        self.written.push((name.to_owned(), raw.to_owned(), weight));
    }

    /// Reads an author at the start of `text` and takes it down; says whether there was one.
    fn read(
        &mut self,
        text: &str,
        setting: Setting,
        witness: &Witness<'_>,
        weight: f32,
    ) -> Option<bool> {
        let author = author_at(self.schema, text, setting)?;
        self.author(&author, &text[..author.end], witness, weight);
        Some(author.unit.is_some())
    }
}

/// Finds the author of a report.
pub(super) fn origin(schema: &Schema, scene: &Scene<'_>, kind: ReportKind) -> Origin {
    let mut hearing = Hearing::new(schema);
    hear_title(
        &mut hearing,
        &scene.title.text,
        "title",
        scene.title.number,
        6.0,
    );
    if fold(&scene.given_title) != fold(&scene.title.text) {
        hear_title(&mut hearing, &scene.given_title, "source title", 0, 4.0);
    }
    for line in &scene.bylines {
        hear_byline(&mut hearing, line);
    }
    if !scene
        .bylines
        .iter()
        .any(|line| schema.cues.session.is_match(&line.text))
        && let Some(first) = scene.bylines.first()
    {
        // 2020年1月12日在浙江省 | 第十三届人民代表大会第三次会议上: broken over two lines.
        let text: String = scene
            .bylines
            .iter()
            .map(|line| line.text.as_str())
            .collect();
        let quote = &text;
        let witness = Witness {
            from: "session line",
            line: first.number,
            quote,
        };
        hear_session(&mut hearing, &text, &witness, 9.0);
    }
    for line in scene.body.iter().take(OPENING) {
        hear_opening(&mut hearing, line, kind);
    }
    for line in &scene.salutations {
        hear_salutation(&mut hearing, line);
    }
    for line in &scene.closing {
        let witness = Witness {
            from: "signature",
            line: line.number,
            quote: &line.text,
        };
        hearing.read(&line.text, Setting::Name, &witness, 6.0);
    }
    hear_path(&mut hearing, scene.source);
    super::region::hear_body(&mut hearing, &scene.body);
    verdict(hearing, kind)
}

/// A title names its author at its start, behind the year, or behind a break.
fn hear_title(hearing: &mut Hearing<'_>, title: &str, from: &'static str, line: u32, weight: f32) {
    let schema = hearing.schema;
    let folded = fold(title);
    let witness = Witness {
        from,
        line,
        quote: &folded,
    };
    let mut best: Option<(Author<'_>, String)> = None;
    for piece in title.split(|c: char| c.is_whitespace() || "-—–―─|:(".contains(c)) {
        let piece = fold(piece);
        let piece = piece.trim_start_matches(['《', '【', '“']);
        let piece = ["关于印发", "关于", "印发"]
            .iter()
            .find_map(|word| piece.strip_prefix(word))
            .unwrap_or(piece);
        // Other texts' titles inside this one name other authors.
        let piece = piece.split('《').next().unwrap_or(piece);
        let after_years = super::dates::dates(&schema.cues, piece).map(|found| found.end);
        for start in std::iter::once(0).chain(after_years) {
            let rest = piece[start..].trim_start_matches(['年', '度']);
            if let Some(author) = author_at(schema, rest, Setting::Title)
                && best
                    .as_ref()
                    .is_none_or(|(known, _)| known.unit.is_none() && author.unit.is_some())
            {
                let raw = rest[..author.end].to_owned();
                best = Some((author, raw));
            }
        }
    }
    if let Some((author, raw)) = best {
        hearing.author(&author, &raw, &witness, weight);
    }
    hear_session(hearing, &folded, &witness, weight);
}

/// Between title and body stand the session and the speaker.
fn hear_byline(hearing: &mut Hearing<'_>, line: &Line) {
    let session = Witness {
        from: "session line",
        line: line.number,
        quote: &line.text,
    };
    hear_session(hearing, &line.text, &session, 9.0);
    let rest = match line.text.rfind("会议上") {
        Some(at) => &line.text[at + "会议上".len()..],
        None => line.text.as_str(),
    };
    let rest = rest.trim_start_matches(|c: char| !c.is_alphabetic());
    let witness = Witness {
        from: "speaker",
        line: line.number,
        quote: rest,
    };
    if let Some(found) = hearing.schema.cues.office.captures(rest)
        && let (Some(office), Some(post)) = (found.name("office"), found.name("post"))
    {
        let heard = hearing.read(office.as_str(), Setting::Name, &witness, 6.0);
        let level = match post.as_str() {
            "总理" => Some(Level::Nation),
            "主席" => Some(Level::Province),
            "区长" => Some(Level::County),
            post => post
                .chars()
                .next()
                .and_then(|rank| rank_level(rank.encode_utf8(&mut [0; 4]))),
        };
        if let Some(level) = level.filter(|_| heard.is_none() && office.as_str().is_empty()) {
            hearing.level.vote(level, &witness, 3.0);
        }
    } else if rest.len() == line.text.len() {
        // A byline may be nothing but the author's name.
        let author = author_at(hearing.schema, rest, Setting::Name);
        if let Some(author) =
            author.filter(|author| author.end == rest.len() && author.unit.is_some())
        {
            hearing.author(&author, rest, &witness, 5.0);
        }
    }
}

/// The place of the congress is the government's place.
fn hear_session(hearing: &mut Hearing<'_>, text: &str, witness: &Witness<'_>, weight: f32) {
    for found in hearing.schema.cues.session.captures_iter(text) {
        let place = found.name("place").map_or("", |place| place.as_str());
        let place = place.rsplit(['在', '于', '向']).next().unwrap_or(place);
        if place.contains("中华人民共和国")
            || (found.name("nation").is_some() && place_at(hearing.schema, place).end == 0)
        {
            hearing.level.vote(Level::Nation, witness, weight);
            hearing.agency.vote("国务院", witness, weight);
            continue;
        }
        let place = place_at(hearing.schema, place);
        hearing.places.vote(&place, witness, weight);
        if let Some(level) = place.level {
            hearing.level.vote(level, witness, weight);
        }
    }
}

/// The first paragraphs say in whose name they speak.
fn hear_opening(hearing: &mut Hearing<'_>, line: &Line, kind: ReportKind) {
    let schema = hearing.schema;
    let text = line.text.as_str();
    let witness = |quote| Witness {
        from: "opening",
        line: line.number,
        quote,
    };
    for found in schema.cues.on_behalf.captures_iter(text) {
        let (Some(whole), Some(spoken)) = (found.get(0), found.name("author")) else {
            continue;
        };
        let author = spoken.as_str().trim_start_matches([':', ',']);
        if hearing.read(author, Setting::Name, &witness(whole.as_str()), 6.0) == Some(true) {
            // 我代表省人民政府,向省第六届人民代表大会第三次会议作报告
            let rest = text[spoken.end()..].trim_start_matches(',');
            let addressed = rest.split_inclusive("会议").next().unwrap_or("");
            if addressed.starts_with('向') {
                hear_session(hearing, addressed, &witness(addressed), 5.0);
            }
        }
    }
    for (at, party) in text.match_indices("中共").take(3) {
        let rest = &text[at + party.len()..];
        let place = place_at(schema, rest);
        if !place.ids.is_empty() && rest[place.end..].starts_with('委') {
            hearing.places.vote(
                &place,
                &witness(&text[at..at + party.len() + place.end]),
                3.0,
            );
        }
    }
    if kind == ReportKind::GovernmentWorkReport {
        return;
    }
    let clauses = text.split([',', '。', ';', ':']).scan(0, |start, clause| {
        let here = *start;
        *start += clause.len()
            + text[here + clause.len()..]
                .chars()
                .next()
                .map_or(0, char::len_utf8);
        Some(here)
    });
    for start in clauses.take(CLAUSES) {
        let rest = &text[start..];
        let rest = match rest.strip_prefix("现将").or(rest.strip_prefix("现就")) {
            Some(rest) => {
                let author = author_at(schema, rest, Setting::Title);
                if let Some(author) = author.filter(|author| author.unit.is_some()) {
                    hearing.author(
                        &author,
                        &rest[..author.end],
                        &witness(&rest[..author.end]),
                        5.0,
                    );
                }
                continue;
            }
            None => rest,
        };
        let skipped = super::dates::dates(&schema.cues, rest)
            .next()
            .filter(|found| found.start == 0)
            .map_or(0, |found| found.end);
        let rest = rest[skipped..].trim_start_matches(['年', '度', '以', '来']);
        if let Some(author) = author_at(schema, rest, Setting::Clause) {
            hearing.author(
                &author,
                &rest[..author.end],
                &witness(&rest[..author.end]),
                5.0,
            );
        }
    }
}

/// The addressee is not the author, but it has the author in its place.
fn hear_salutation(hearing: &mut Hearing<'_>, line: &Line) {
    let place = place_at(hearing.schema, &line.text);
    let witness = Witness {
        from: "salutation",
        line: line.number,
        quote: &line.text,
    };
    hearing.places.vote(&place, &witness, 3.0);
}

/// Folder and file names say something where the text is silent.
fn hear_path(hearing: &mut Hearing<'_>, path: &str) {
    let path = fold(path);
    for component in path.split('/') {
        let stem = component
            .rsplit_once('.')
            .map_or(component, |(stem, _)| stem);
        let witness = Witness {
            from: "path",
            line: 0,
            quote: component,
        };
        let found = stem.char_indices().find_map(|(start, _)| {
            let rest = &stem[start..];
            author_at(hearing.schema, rest, Setting::Title)
                .filter(|author| !author.place.ids.is_empty() || author.unit.is_some())
                .map(|author| (author, rest))
        });
        if let Some((author, rest)) = found {
            hearing.author(&author, &rest[..author.end], &witness, 1.0);
        }
    }
}

/// Weighs what was heard.
fn verdict(hearing: Hearing<'_>, kind: ReportKind) -> Origin {
    let government = kind == ReportKind::GovernmentWorkReport;
    let mut heard = hearing.agency.heaviest().map(str::to_owned);
    let mut level = hearing.level.heaviest().and_then(Level::parse);
    if government && level != Some(Level::Nation) && level != Some(Level::Township) {
        heard = Some(GOVERNMENT.to_owned());
    }
    let Verdict { region, name, rank } = match level {
        Some(Level::Nation) => Verdict::nation(),
        level => hearing.places.verdict(level),
    };
    if level.is_none() && government {
        level = rank;
    }
    let raw = heard.as_ref().and_then(|heard| {
        let votes = hearing.written.iter().filter(|(name, ..)| name == heard);
        let best = votes.rev().max_by(|a, b| a.2.total_cmp(&b.2))?;
        Some(best.1.clone())
    });
    let agency = match heard.as_deref() {
        Some(GOVERNMENT) => Some(government_name(
            level,
            name.filter(|_| rank == level).as_deref(),
            raw.as_deref(),
        )),
        _ => heard.clone(),
    };
    let system = agency
        .as_deref()
        .and_then(|agency| system_of(hearing.schema, agency));
    let mut evidence = hearing.agency.close(heard.as_deref());
    for vote in &mut evidence {
        if vote.value == GOVERNMENT
            && let Some(agency) = agency.as_ref().filter(|_| vote.chosen)
        {
            vote.value.clone_from(agency);
        }
    }
    evidence.extend(hearing.level.close(level.map(Level::as_str)));
    evidence.extend(hearing.places.close(region.as_deref()));
    Origin {
        agency,
        agency_raw: raw,
        system,
        level,
        region,
        evidence,
    }
}

/// Names a government: with its place where that is known, with its rank where that is.
fn government_name(level: Option<Level>, place: Option<&str>, raw: Option<&str>) -> String {
    if let Some(place) = place {
        return format!("{place}{GOVERNMENT}");
    }
    let raw = raw.unwrap_or_default();
    let rank = match level {
        Some(Level::Nation) => return "国务院".to_owned(),
        Some(Level::Province) if raw.contains("自治区") => "自治区",
        Some(Level::Province) => "省",
        Some(Level::City) if raw.contains('州') => "州",
        Some(Level::City) => "市",
        Some(Level::County) if raw.contains('区') => "区",
        Some(Level::County) => "县",
        Some(Level::Township) if raw.contains('镇') => "镇",
        Some(Level::Township) => "乡",
        None => "",
    };
    format!("{rank}{GOVERNMENT}")
}

/// Returns the policy field of a canonical name.
pub(super) fn system_of(schema: &Schema, agency: &str) -> Option<String> {
    if let Some(found) = schema.agencies.named(agency) {
        return Some(found.agency.system.clone());
    }
    let township = ["乡人民政府", "镇人民政府", "街道办事处", "苏木人民政府"];
    if township.iter().any(|name| agency.ends_with(name)) {
        return Some("乡镇街道".to_owned());
    }
    if agency.ends_with(GOVERNMENT) {
        return Some(GOVERNMENT_SYSTEM.to_owned());
    }
    // A name with its place: 南京市教育局.
    let author = author_at(schema, agency, Setting::Name)?;
    match author.unit? {
        Unit::Agency(found) => Some(found.agency.system.clone()),
        Unit::Government => Some(GOVERNMENT_SYSTEM.to_owned()),
        Unit::Township(_) => Some("乡镇街道".to_owned()),
    }
}
