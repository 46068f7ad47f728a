//! Votes on the place of a report, and the path that agrees with most of them.

use super::ballot::{Ballot, Witness};
use super::census::{Census, own_rank};
use super::origin::Hearing;
use super::place::Place;
use super::scene::Line;
use crate::model::{Evidence, Level};
use crate::schema::Regions;

/// Places of this weight or more need no count of the body.
const ENOUGH: f32 = 5.0;

#[derive(Debug)]
struct Vote {
    ids: Vec<usize>,
    unlisted: Option<String>,
    weight: f32,
}

/// The votes on a report's place.
#[derive(Debug)]
pub(super) struct PlaceVotes<'a> {
    regions: &'a Regions,
    votes: Vec<Vote>,
    ballot: Ballot,
}

/// The place that was found.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Verdict {
    /// Path, unknown parts left out.
    pub(super) region: Option<String>,
    /// Name of its narrowest part.
    pub(super) name: Option<String>,
    /// Rank of its narrowest part.
    pub(super) rank: Option<Level>,
}

impl Verdict {
    /// The whole country.
    pub(super) fn nation() -> Self {
        Verdict {
            region: Some("全国".to_owned()),
            name: None,
            rank: Some(Level::Nation),
        }
    }
}

impl<'a> PlaceVotes<'a> {
    /// Opens the vote.
    pub(super) fn new(regions: &'a Regions) -> Self {
        PlaceVotes {
            regions,
            votes: Vec::new(),
            ballot: Ballot::new("region"),
        }
    }

    /// Casts a vote for a place; one without a name says nothing.
    pub(super) fn vote(&mut self, place: &Place, witness: &Witness<'_>, weight: f32) {
        if place.ids.is_empty() && place.unlisted.is_none() {
            return;
        }
        let first = place.ids.first().and_then(|&id| self.regions.get(id));
        let path = first.map(|row| row.path.as_str());
        let parts = path.into_iter().chain(place.unlisted.as_deref());
        let value = parts.collect::<Vec<_>>().join("/");
        self.ballot.vote(value, witness, weight);
        self.votes.push(Vote {
            ids: place.ids.clone(),
            unlisted: place.unlisted.clone(),
            weight,
        });
    }

    /// Returns the weight of the heaviest vote.
    fn heaviest(&self) -> f32 {
        self.votes
            .iter()
            .map(|vote| vote.weight)
            .fold(0.0, f32::max)
    }

    /// Finds the place that agrees with most votes: a vote for a place or for what holds it speaks
    /// for it, a vote for another place against it. A place narrower than the author's level is
    /// only mentioned.
    pub(super) fn verdict(&self, level: Option<Level>) -> Verdict {
        let named = self.best(level);
        let row = named.and_then(|id| self.regions.get(id));
        let unlisted = self
            .votes
            .iter()
            .filter(|vote| vote.weight > 1.0)
            .find(|vote| vote.ids.is_empty() || named.is_some_and(|id| vote.ids.contains(&id)))
            .and_then(|vote| vote.unlisted.clone());
        let path = row.map(|row| row.path.clone());
        let rank = match (&unlisted, row) {
            (Some(_), _) => level.or(Some(Level::County)),
            (None, row) => row.map(|row| row.level),
        };
        let name = unlisted.clone().or(row.map(|row| row.name.clone()));
        let parts: Vec<String> = path.into_iter().chain(unlisted).collect();
        Verdict {
            region: (!parts.is_empty()).then(|| parts.join("/")),
            name,
            rank,
        }
    }

    fn best(&self, level: Option<Level>) -> Option<usize> {
        let mut candidates: Vec<usize> = Vec::new();
        for id in self.votes.iter().flat_map(|vote| &vote.ids) {
            let mut here = Some(*id);
            while let Some(id) = here {
                let Some(row) = self.regions.get(id) else {
                    break;
                };
                if level.is_none_or(|level| row.level <= level) && !candidates.contains(&id) {
                    candidates.push(id);
                }
                here = row.parent;
            }
        }
        let score = |candidate: usize| -> f32 {
            let votes = self.votes.iter().filter(|vote| !vote.ids.is_empty());
            votes
                .map(|vote| {
                    let holds = |a: usize, b: usize| self.regions.lies_in(a, b);
                    if vote.ids.iter().any(|&id| holds(candidate, id)) {
                        vote.weight
                    } else if vote.ids.iter().any(|&id| holds(id, candidate)) {
                        // A narrower vote leaves the broader place possible.
                        vote.weight * 0.9
                    } else {
                        -vote.weight
                    }
                })
                .sum()
        };
        // Of equals the one named first: today's division, then the broader one.
        let mut best: Option<(usize, f32)> = None;
        for candidate in candidates {
            let score = score(candidate);
            if score > 0.0 && best.is_none_or(|(_, most)| score > most) {
                best = Some((candidate, score));
            }
        }
        best.map(|(id, _)| id)
    }

    /// Closes the vote; what agrees with the path is marked.
    pub(super) fn close(self, region: Option<&str>) -> Vec<Evidence> {
        let mut votes = self.ballot.close(None);
        for vote in &mut votes {
            let within = |whole: &str, part: &str| {
                whole
                    .strip_prefix(part)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            };
            vote.chosen = region.is_some_and(|region| within(region, &vote.value));
        }
        votes
    }
}

/// Lets the body speak where title, session and opening said too little.
pub(super) fn hear_body(hearing: &mut Hearing<'_>, body: &[Line]) {
    let regions = &hearing.schema.regions;
    let line = body.first().map_or(0, |line| line.number);
    let from = "body";
    if hearing.level.heaviest().is_none()
        && let Some((level, word)) = own_rank(body)
    {
        let quote = word;
        hearing
            .level
            .vote(level, &Witness { from, line, quote }, 2.0);
    }
    let level = hearing.level.heaviest().and_then(Level::parse);
    if hearing.places.heaviest() >= ENOUGH || level == Some(Level::Nation) {
        return;
    }
    let census = Census::take(regions, body);
    let ranks = [Level::Province, Level::City, Level::County];
    for rank in ranks
        .into_iter()
        .filter(|rank| level.is_none_or(|level| *rank <= level))
    {
        if let Some((id, score)) = census.home(rank)
            && let Some(row) = regions.get(id)
        {
            let place = Place {
                ids: vec![id],
                level: Some(rank),
                ..Place::default()
            };
            let quote = &format!("{}×{score}", row.name);
            hearing
                .places
                .vote(&place, &Witness { from, line, quote }, 2.0);
        }
    }
}
