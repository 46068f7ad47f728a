//! What each line of a report is.

use super::apart::{head, tail};
use super::headings::{Heading, Numbered, heading};
use super::lines::Line;
use super::numbering::marker;
use crate::model::{Given, Role};
use crate::schema::Schema;

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Shape {
    /// A line of the title.
    Title,
    /// What stands apart from the body: salutation, signature …
    Apart(Role),
    /// A heading, perhaps with body text behind it.
    Heading(Heading),
    /// Body text.
    Body,
}

/// What every line of a report is.
pub(super) struct Shapes {
    /// What each line is.
    pub(super) shapes: Vec<Shape>,
    /// For each line, the next number of the outermost style behind it: whether that list goes on.
    pub(super) next_outermost: Vec<Option<u32>>,
    /// The outermost numbering style.
    pub(super) outermost: Option<usize>,
    /// Number of headings of the outermost style.
    pub(super) main_parts: usize,
}

impl Shapes {
    /// Reads the lines of a report.
    pub(super) fn of(lines: &[&Line<'_>], given: &Given, schema: &Schema) -> Self {
        let rules = &schema.headings;
        let markers: Vec<_> = lines
            .iter()
            .map(|line| marker(&line.text, &rules.numbering))
            .collect();
        let mut shapes = vec![Shape::Body; lines.len()];
        let body = head(lines, &mut shapes, given, schema);
        tail(lines, &mut shapes, body, schema);
        let numbered = |index: usize, shapes: &[Shape]| {
            lines.get(index).map(|line| Numbered {
                line,
                marker: markers[index].filter(|_| !matches!(shapes[index], Shape::Apart(_))),
                apart: matches!(shapes[index], Shape::Title | Shape::Apart(_)),
            })
        };
        let mut after_item = false;
        for index in body..lines.len() {
            if shapes[index] != Shape::Body {
                after_item = false;
                continue;
            }
            let Some(current) = numbered(index, &shapes) else {
                continue;
            };
            let before = index
                .checked_sub(1)
                .and_then(|index| numbered(index, &shapes));
            let after = numbered(index + 1, &shapes);
            let found = heading(current, before, after, after_item, rules);
            after_item = found.is_none() && current.marker.is_some();
            if let Some(found) = found {
                shapes[index] = Shape::Heading(found);
            }
        }
        let outermost = shapes
            .iter()
            .filter_map(|shape| match shape {
                Shape::Heading(heading) => heading.marker,
                _ => None,
            })
            .min_by_key(|marker| marker.rank)
            .map(|marker| marker.style);
        let (mut next, mut main_parts) = (None, 0);
        let mut next_outermost = vec![None; lines.len()];
        for index in (0..lines.len()).rev() {
            next_outermost[index] = next;
            if let Shape::Heading(Heading {
                marker: Some(marker),
                ..
            }) = shapes[index]
                && Some(marker.style) == outermost
            {
                next = Some(marker.value);
                main_parts += 1;
            }
        }
        Shapes {
            shapes,
            next_outermost,
            outermost,
            main_parts,
        }
    }
}
