//! The day on which a report was given.

use std::collections::BTreeMap;

use super::ballot::{Ballot, Witness};
use super::dates::{Date, dates, first_day};
use super::scene::{Scene, fold};
use crate::model::Evidence;
use crate::schema::Schema;

/// When a report was given.
#[derive(Debug, Default)]
pub(super) struct Delivery {
    /// The date, as far as it is known.
    pub(super) date: Option<Date>,
    /// Why; the heaviest vote for the date stands first.
    pub(super) evidence: Vec<Evidence>,
}

/// Finds the date of delivery: a session's day weighs most, then the title's, then any other day
/// below the title or at the end.
pub(super) fn delivery(schema: &Schema, scene: &Scene<'_>) -> Delivery {
    let cues = &schema.cues;
    let mut ballot = Ballot::new("date");
    let mut found: BTreeMap<String, Date> = BTreeMap::new();
    let mut vote = |date: Date, witness: &Witness<'_>, weight: f32| {
        ballot.vote(date, witness, weight);
        found.insert(date.to_string(), date);
    };
    for line in &scene.bylines {
        let session = cues.session.is_match(&line.text);
        let witness = Witness::new(
            if session { "session line" } else { "byline" },
            line.number,
            &line.text,
        );
        if let Some(day) = first_day(cues, &line.text) {
            vote(day.date, &witness, if session { 10.0 } else { 6.0 });
        } else if session && let Some(year) = dates(cues, &line.text).next() {
            vote(year.date, &witness, 4.0);
        }
    }
    let titles = [
        (&scene.title.text, "title", scene.title.number, 8.0),
        (&scene.given_title, "source title", 0, 7.0),
    ];
    for (title, from, line, weight) in titles {
        let quote = &fold(title);
        if let Some(day) = first_day(cues, quote) {
            vote(day.date, &Witness::new(from, line, quote), weight);
        }
    }
    for line in &scene.closing {
        let witness = Witness::new("signature", line.number, &line.text);
        if let Some(day) = first_day(cues, &line.text) {
            vote(day.date, &witness, 5.0);
        }
    }
    let heaviest = ballot.heaviest().map(str::to_owned);
    Delivery {
        date: heaviest.as_ref().and_then(|date| found.get(date).copied()),
        evidence: ballot.close(heaviest.as_deref()),
    }
}
