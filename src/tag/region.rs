//! Votes on the place of a report, and the path that agrees with most of them.

use super::ballot::{Ballot, Witness};
use super::hearing::weight;
use super::place::Place;
use crate::model::{Evidence, Level};
use crate::schema::Regions;

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

    /// Returns the weight of the heaviest vote for one place and no namesake.
    pub(super) fn heaviest(&self) -> f32 {
        let clear = self.votes.iter().filter(|vote| vote.ids.len() == 1);
        clear.map(|vote| vote.weight).fold(0.0, f32::max)
    }

    /// Finds the place that agrees with most votes: a vote for a place or for what holds it speaks
    /// for it, a vote for another place against it. A place narrower than the author's level is
    /// only mentioned.
    pub(super) fn verdict(&self, level: Option<Level>) -> Verdict {
        let best = self.best(level);
        let named = best.first().copied();
        let row = named.and_then(|id| self.regions.get(id));
        if let Some(row) = row.filter(|_| best.len() > 1) {
            // Which of its namesakes is meant stays unknown.
            return Verdict {
                region: Some(row.name.clone()),
                name: Some(row.name.clone()),
                rank: Some(row.level),
            };
        }
        let unlisted = self
            .votes
            .iter()
            .filter(|vote| vote.weight > weight::PATH)
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

    /// Returns the place with most votes, and those of its namesakes of today that have as many.
    fn best(&self, level: Option<Level>) -> Vec<usize> {
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
        // Of equals the one named first: today's division, or the former one of the report's year.
        let mut best: Vec<(usize, f32)> = Vec::new();
        for candidate in candidates {
            let score = score(candidate);
            let most = best.first().map_or(0.0, |(_, most)| *most);
            if score > most {
                best = vec![(candidate, score)];
            } else if score == most && score > 0.0 {
                best.push((candidate, score));
            }
        }
        let ids = best.into_iter().map(|(id, _)| id);
        let mut ids = ids.collect::<Vec<_>>().into_iter();
        let first = ids.next();
        let of_first = first.and_then(|id| self.regions.get(id));
        let namesakes = ids.filter(|&id| {
            self.regions
                .get(id)
                .zip(of_first)
                .is_some_and(|(row, first)| {
                    row.until.is_none() && (&row.name, row.level) == (&first.name, first.level)
                })
        });
        first.into_iter().chain(namesakes).collect()
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
