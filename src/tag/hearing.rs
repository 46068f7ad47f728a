//! What the lines of a report say of its author, taken down as votes on agency, level and place.

use super::author::{Author, Setting, Unit, author_at};
use super::ballot::{Ballot, Witness};
use super::place::Place;
use super::region::{PlaceVotes, Verdict};
use crate::model::{Evidence, Level};
use crate::schema::Schema;

/// How much a place in the report weighs, when it names the author.
///
/// The day's protocol outweighs a title that an archive may have given; body and path only speak
/// where all else is silent.
pub(super) mod weight {
    /// The session at which the report was given.
    pub(in crate::tag) const SESSION: f32 = 9.0;
    /// The title in the text.
    pub(in crate::tag) const TITLE: f32 = 6.0;
    /// The title that the source states beside its text.
    pub(in crate::tag) const SOURCE_TITLE: f32 = 4.0;
    /// The speaker's office below the title.
    pub(in crate::tag) const SPEAKER: f32 = 6.0;
    /// A speaker's rank without a place: 省长.
    pub(in crate::tag) const POST: f32 = 3.0;
    /// 我代表…
    pub(in crate::tag) const ON_BEHALF: f32 = 6.0;
    /// The subject of a first clause, or the congress addressed in it.
    pub(in crate::tag) const SUBJECT: f32 = 5.0;
    /// 中共…委 in a first paragraph: the author's superior, seldom another's.
    pub(in crate::tag) const PARTY: f32 = 3.0;
    /// The name at the end.
    pub(in crate::tag) const SIGNATURE: f32 = 6.0;
    /// The addressee's place.
    pub(in crate::tag) const SALUTATION: f32 = 3.0;
    /// Counts of the body.
    pub(in crate::tag) const BODY: f32 = 2.0;
    /// Folder and file names.
    pub(in crate::tag) const PATH: f32 = 1.0;
    /// With a place of this weight or more the body need not be counted.
    pub(in crate::tag) const ENOUGH: f32 = 5.0;
}

/// Stands for the government of whatever place the report is from, until the place is known.
pub(super) const GOVERNMENT: &str = "人民政府";

/// Everything heard about the author.
pub(super) struct Hearing<'a> {
    /// The names that can be heard.
    pub(super) schema: &'a Schema,
    /// The year in which the report was probably given.
    year: Option<i32>,
    /// Votes on the place.
    places: PlaceVotes<'a>,
    /// Votes on the level.
    level: Ballot,
    /// Votes on the canonical name.
    agency: Ballot,
    /// Canonical name, name as written, weight.
    written: Vec<(String, String, f32)>,
}

impl<'a> Hearing<'a> {
    /// Opens a hearing on a report that was probably given in `year`.
    pub(super) fn new(schema: &'a Schema, year: Option<i32>) -> Self {
        Hearing {
            schema,
            year,
            places: PlaceVotes::new(&schema.regions),
            level: Ballot::new("level"),
            agency: Ballot::new("agency"),
            written: Vec::new(),
        }
    }

    /// Takes down an author that stands at the start of `text`.
    pub(super) fn author(
        &mut self,
        author: &Author<'_>,
        text: &str,
        witness: &Witness<'_>,
        weight: f32,
    ) {
        let level = self.place(&author.place, witness, weight);
        // An agency may show a level of its own: 团市委, 镇人民政府.
        let level = match author.level == author.place.level {
            true => level,
            false => author.level,
        };
        self.level(level, witness, weight);
        let name = match &author.unit {
            None => return,
            Some(Unit::Government) => GOVERNMENT,
            Some(Unit::Township(name)) => name,
            Some(Unit::Agency(agency)) => agency.name,
        };
        self.agency(name, witness, weight);
        let raw = text.get(..author.end).unwrap_or(text);
        self.written.push((name.to_owned(), raw.to_owned(), weight));
    }

    /// Takes down a canonical name.
    pub(super) fn agency(&mut self, name: &str, witness: &Witness<'_>, weight: f32) {
        self.agency.vote(name, witness, weight);
    }

    /// Takes down a level, if there is one.
    pub(super) fn level(&mut self, level: Option<Level>, witness: &Witness<'_>, weight: f32) {
        if let Some(level) = level {
            self.level.vote(level, witness, weight);
        }
    }

    /// Takes down a place and returns its level. Of divisions of one name the one is meant that
    /// bore it in the report's year.
    pub(super) fn place(
        &mut self,
        place: &Place,
        witness: &Witness<'_>,
        weight: f32,
    ) -> Option<Level> {
        let regions = &self.schema.regions;
        let mut dated = place.clone();
        if let (Some(year), Some(&today)) = (self.year, place.ids.first())
            && let Some(at) = (place.ids.iter()).position(|&id| regions.bore_name(today, id, year))
        {
            dated.ids.swap(0, at);
            dated.level = regions.get(dated.ids[0]).map(|row| row.level);
        }
        self.places.vote(&dated, witness, weight);
        dated.level
    }

    /// Reads an author at the start of `text` and takes it down; says whether it was more than a
    /// place, or `None` if there was none.
    pub(super) fn read(
        &mut self,
        text: &str,
        setting: Setting,
        witness: &Witness<'_>,
        weight: f32,
    ) -> Option<bool> {
        let author = author_at(self.schema, text, setting)?;
        self.author(&author, text, witness, weight);
        Some(author.unit.is_some())
    }

    /// Returns the weight of the heaviest vote on the place.
    pub(super) fn placed(&self) -> f32 {
        self.places.heaviest()
    }

    /// Returns the level heard so far.
    pub(super) fn heard_level(&self) -> Option<Level> {
        self.level.heaviest().and_then(Level::parse)
    }

    /// Returns how a canonical name was written, where that weighs most.
    pub(super) fn as_written(&self, name: &str) -> Option<&str> {
        let named = self.written.iter().filter(|(known, ..)| known == name);
        // Of equals the one heard first.
        let best = named.rev().max_by(|a, b| a.2.total_cmp(&b.2))?;
        Some(&best.1)
    }

    /// Returns the canonical name heard most.
    pub(super) fn heard_agency(&self) -> Option<&str> {
        self.agency.heaviest()
    }

    /// Returns the place that agrees with most votes, not narrower than the level.
    pub(super) fn heard_place(&self, level: Option<Level>) -> Verdict {
        self.places.verdict(level)
    }

    /// Closes the hearing: what speaks for the values taken is marked.
    pub(super) fn close(
        self,
        agency: Option<&str>,
        level: Option<Level>,
        region: Option<&str>,
    ) -> Vec<Evidence> {
        let mut evidence = self.agency.close(agency);
        evidence.extend(self.level.close(level.map(Level::as_str)));
        evidence.extend(self.places.close(region));
        evidence
    }
}
