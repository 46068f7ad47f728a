//! Lines of all pages → those that belong to the text; running heads and page numbers go.
//!
//! A line belongs to the page where the same one, figures aside, stands on the same height of other
//! pages, with nothing but such lines between it and the edge; or where the document says so.

use super::lines::{Block, Line};

/// So many lines from the edge of a page are looked at.
const DEPTH: usize = 4;

/// Longer lines are text, in characters.
const MAX_CHARS: usize = 60;

/// A head stands on the same height, within so many points.
const TOLERANCE: f32 = 4.0;

/// Takes the furniture out of all pages and returns its lines, in the order of the pages.
pub(super) fn take(pages: &mut [Vec<Block>]) -> Vec<String> {
    let edges: Vec<[Vec<Edge>; 2]> = pages.iter().map(|blocks| edges(blocks)).collect();
    let mut repeated = Repeated::default();
    for (page, [top, bottom]) in edges.iter().enumerate() {
        for edge in top.iter().chain(bottom) {
            repeated.add(page, edge);
        }
    }
    let mut taken = Vec::new();
    for ((number, blocks), edges) in (1..).zip(pages.iter_mut()).zip(&edges) {
        let mut places: Vec<(usize, usize)> = Vec::new();
        for edge in edges {
            let is_furniture = |edge: &&Edge| {
                repeated.holds(edge) || edge.key == "0" && edge.number == Some(number)
            };
            let from_edge = edge.iter().take_while(is_furniture);
            places.extend(from_edge.map(|edge| edge.place));
        }
        for (index, block) in blocks.iter_mut().enumerate() {
            let mut line = 0;
            block.lines.retain_mut(|here| {
                let is_taken = places.contains(&(index, line));
                line += 1;
                if is_taken {
                    taken.push(std::mem::take(&mut here.text));
                }
                !is_taken
            });
        }
        blocks.retain(|block| !block.lines.is_empty());
    }
    take_artifacts(pages, &mut taken);
    taken
}

/// Takes out what the document says is none of its text, unless that is most of it.
fn take_artifacts(pages: &mut [Vec<Block>], taken: &mut Vec<String>) {
    let all = || pages.iter().flatten().flat_map(|block| &block.lines);
    let length = |lines: &mut dyn Iterator<Item = &Line>| -> usize {
        lines.map(|line| line.text.len()).sum()
    };
    let artifacts = length(&mut all().filter(|line| line.artifact));
    if artifacts == 0 || artifacts * 2 > length(&mut all()) {
        return;
    }
    for block in pages.iter_mut().flatten() {
        block.lines.retain_mut(|line| {
            if line.artifact {
                taken.push(std::mem::take(&mut line.text));
            }
            !line.artifact
        });
    }
}

/// A line at the edge of a page.
#[derive(Debug)]
struct Edge {
    /// Its text without blanks, every figure a zero.
    key: String,
    /// The figure, if it is nothing else.
    number: Option<usize>,
    base: f32,
    /// Block and line.
    place: (usize, usize),
}

/// Returns the lines at the top and the bottom of a page, from the edge inwards.
fn edges(blocks: &[Block]) -> [Vec<Edge>; 2] {
    let mut lines: Vec<(usize, usize, &Line)> = Vec::new();
    for (index, block) in blocks.iter().enumerate().filter(|(_, block)| block.upright) {
        let here = block.lines.iter().enumerate();
        lines.extend(here.map(|(line, here)| (index, line, here)));
    }
    lines.sort_by(|(.., a), (.., b)| b.base.total_cmp(&a.base));
    let edge = |(block, line, here): &(usize, usize, &Line)| {
        let is_long = here.row || here.text.chars().nth(MAX_CHARS).is_some();
        (!is_long).then(|| Edge {
            key: key(&here.text),
            number: here.text.trim().parse().ok(),
            base: here.base,
            place: (*block, *line),
        })
    };
    let top = lines.iter().take(DEPTH).map_while(edge).collect();
    let bottom = lines.iter().rev().take(DEPTH).map_while(edge).collect();
    [top, bottom]
}

fn key(text: &str) -> String {
    let mut key = String::with_capacity(text.len());
    for c in text.chars().filter(|c| !c.is_whitespace()) {
        let is_figure = c.is_ascii_digit() || ('０'..='９').contains(&c);
        if !is_figure {
            key.push(c);
        } else if !key.ends_with('0') {
            key.push('0');
        }
    }
    // Small Roman numerals number the pages before the first.
    match !key.is_empty() && key.chars().all(|c| matches!(c, 'i' | 'v' | 'x')) {
        true => "0".to_owned(),
        false => key,
    }
}

/// The edge lines of all pages by their keys: height, page.
#[derive(Debug, Default)]
struct Repeated {
    places: std::collections::HashMap<String, Vec<(f32, usize)>>,
    pages: usize,
}

impl Repeated {
    fn add(&mut self, page: usize, edge: &Edge) {
        let places = self.places.entry(edge.key.clone()).or_default();
        places.push((edge.base, page));
        self.pages = self.pages.max(page + 1);
    }

    /// Returns whether enough pages have the line on the same height.
    fn holds(&self, edge: &Edge) -> bool {
        let needed = if self.pages <= 4 { 2 } else { 3 };
        let mut last = None;
        let mut count = 0;
        let places = self.places.get(&edge.key).map_or(&[][..], Vec::as_slice);
        for (base, page) in places {
            if (base - edge.base).abs() < TOLERANCE && last != Some(page) {
                last = Some(page);
                count += 1;
                if count >= needed {
                    return true;
                }
            }
        }
        false
    }
}
