//! A concept → where its words stand, passage by passage, from the postings of the verbatim face.
//!
//! That is exact: postings hold every character of every passage with its place, and passages are
//! matched as a scan of their folded text without blanks would match them. What postings do not
//! hold, headings and titles, is no passage and does not count.
//!
//! Invariant: places do not overlap; of those that would, the one that begins first counts, of those
//! that begin together the longest; none lies within an exception.

use tantivy::query::Scorer;
use tantivy::schema::Field;
use tantivy::{DocId, DocSet, SegmentReader, TERMINATED};

use super::Index;
use super::verbatim::{Place, VerbatimQuery, VerbatimScorer};
use crate::analyze::Analyzer;
use crate::error::{Error, ErrorKind, Result};
use crate::model::Concept;
use crate::plan::Form;

/// What is sought of a concept.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Folded forms of its words, each once.
    words: Vec<Form>,
    except: Vec<Form>,
    /// Whether its occurrences can be counted without looking at their places.
    is_plain: bool,
    /// Words that count in a restored form as well, with it.
    restored: Vec<(String, String)>,
}

impl Sought {
    /// Folds the words of a concept.
    ///
    /// # Errors
    /// [`ErrorKind::Query`] for a word without a character that counts, or a concept without words.
    pub fn new(concept: &Concept, analyzer: &Analyzer) -> Result<Self> {
        let mut restored = Vec::new();
        let words = forms(&concept.words, analyzer, &mut restored)?;
        let except = forms(&concept.except, analyzer, &mut Vec::new())?;
        if words.is_empty() {
            return Err(Error::new(
                ErrorKind::Query,
                format!("概念「{}」没有要数的词", concept.name),
                format!("the concept {} has no word to count", concept.name),
            ));
        }
        let is_plain = except.is_empty() && words.len() == 1 && !overlaps_itself(&words[0].head);
        Ok(Sought {
            words,
            except,
            is_plain,
            restored,
        })
    }

    /// Returns the words that count in a form without redactions as well, each with that form: D建
    /// is written for 党建, so that a typed D may stand for 党.
    pub fn restored(&self) -> &[(String, String)] {
        &self.restored
    }

    /// Opens the postings of a segment.
    pub(super) fn open(
        &self,
        field: Field,
        reader: &SegmentReader,
        places: bool,
        index: &Index<'_>,
    ) -> tantivy::Result<Occurrences> {
        let open = |forms: &[Form], places| {
            VerbatimQuery::new(field, forms.to_vec(), index).open(reader, places)
        };
        let by_place = places || !self.is_plain;
        Ok(Occurrences {
            words: open(&self.words, by_place)?,
            except: match self.except.is_empty() {
                true => None,
                false => Some(open(&self.except, true)?),
            },
            by_place,
            places: Vec::new(),
            excepted: Vec::new(),
        })
    }
}

/// Returns the folded forms of words, each once, and notes those that are restored.
fn forms(
    words: &[String],
    analyzer: &Analyzer,
    restored: &mut Vec<(String, String)>,
) -> Result<Vec<Form>> {
    let mut forms: Vec<Form> = Vec::new();
    for word in words {
        let own = analyzer.query_forms(word);
        if own.iter().all(String::is_empty) {
            return Err(Error::new(
                ErrorKind::Query,
                format!("「{word}」里没有可数的字"),
                format!("there is no character to count in '{word}'"),
            ));
        }
        let others = own.iter().skip(1);
        restored.extend(others.map(|form| (word.clone(), form.clone())));
        for form in own.into_iter().filter(|form| !form.is_empty()) {
            let form = Form::plain(form);
            if !forms.contains(&form) {
                forms.push(form);
            }
        }
    }
    Ok(forms)
}

/// Returns whether two occurrences of a text may overlap: it ends as it begins.
fn overlaps_itself(text: &str) -> bool {
    let ends = text.char_indices().skip(1);
    ends.map(|(at, _)| &text[at..])
        .any(|end| text.starts_with(end))
}

/// The occurrences of a concept in one segment, passage by passage.
pub(super) struct Occurrences {
    words: VerbatimScorer,
    except: Option<VerbatimScorer>,
    by_place: bool,
    places: Vec<Place>,
    excepted: Vec<Place>,
}

impl Occurrences {
    /// Returns the passage that holds one of the words, [`TERMINATED`] behind the last.
    pub(super) fn doc(&self) -> DocId {
        self.words.doc()
    }

    /// Moves on to the next passage.
    pub(super) fn advance(&mut self) -> DocId {
        self.words.advance()
    }

    /// Returns how many occurrences the passage holds: none if all are exceptions.
    pub(super) fn count(&mut self) -> u32 {
        match self.by_place {
            true => self.places().len() as u32,
            // A whole number, and far below those that a float cannot hold.
            false => self.words.score() as u32,
        }
    }

    /// Returns where they stand; it was opened with places.
    pub(super) fn places(&mut self) -> &[Place] {
        self.words.places(&mut self.places);
        self.excepted.clear();
        let doc = self.words.doc();
        if let Some(except) = &mut self.except {
            if except.doc() < doc {
                except.seek(doc);
            }
            if except.doc() == doc && doc != TERMINATED {
                except.places(&mut self.excepted);
            }
        }
        keep_apart(&mut self.places, &self.excepted);
        &self.places
    }
}

/// Keeps of sorted places those that count.
fn keep_apart(places: &mut Vec<Place>, excepted: &[Place]) {
    let mut kept: usize = 0;
    for at in 0..places.len() {
        let place = places[at];
        let within = |other: &Place| other.start <= place.start && place.end <= other.end;
        if excepted.iter().any(within) {
            continue;
        }
        match kept.checked_sub(1).map(|last: usize| places[last]) {
            // Sorted by end as well: this one is longer.
            Some(last) if last.start == place.start => places[kept - 1] = place,
            Some(last) if place.start < last.end => {}
            _ => {
                places[kept] = place;
                kept += 1;
            }
        }
    }
    places.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(places: &[(u32, u32)], excepted: &[(u32, u32)], expected: &[(u32, u32)]) {
        let of = |places: &[(u32, u32)]| -> Vec<Place> {
            let places = places.iter();
            places.map(|&(start, end)| Place { start, end }).collect()
        };
        let mut found = of(places);
        keep_apart(&mut found, &of(excepted));
        assert_eq!(found, of(expected), "{places:?} but {excepted:?}");
    }

    #[test]
    fn places_that_count() {
        check(&[], &[], &[]);
        check(&[(0, 2), (1, 3), (2, 4)], &[], &[(0, 2), (2, 4)]);
        check(&[(0, 2), (0, 4), (3, 5), (4, 6)], &[], &[(0, 4), (4, 6)]);
        check(&[(0, 2), (5, 7)], &[(0, 3)], &[(5, 7)]);
        check(&[(0, 2), (0, 4)], &[(0, 3)], &[(0, 4)]);
        check(&[(0, 2), (1, 3)], &[(0, 2)], &[(1, 3)]);
        check(&[(1, 3)], &[(0, 2)], &[(1, 3)]);
    }

    #[test]
    fn texts_that_overlap_themselves() {
        for (text, expected) in [
            ("哈哈", true),
            ("乡村振兴", false),
            ("abcab", true),
            ("a", false),
        ] {
            assert_eq!(overlaps_itself(text), expected, "{text}");
        }
    }
}
