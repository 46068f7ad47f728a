//! Which places and ranks a body of text names, and how often.

use std::collections::BTreeMap;

use super::scene::Line;
use crate::model::Level;
use crate::schema::Regions;

/// Words by which a text speaks of its own place, by rank.
const OWN_RANK: [(Level, &[&str]); 5] = [
    (Level::Nation, &["我国", "全国"]),
    (Level::Province, &["全省", "我省", "自治区"]),
    (
        Level::City,
        &["全市", "我市", "全州", "我州", "全盟", "我盟"],
    ),
    (Level::County, &["全县", "我县", "县域", "全旗", "我旗"]),
    (Level::Township, &["全镇", "我镇", "全乡", "我乡", "街道"]),
];
/// A rank is the author's own if it is named so often …
const RANK_LEAST: usize = 3;
/// … and so many times as often as any other but the nation, of which everyone speaks.
const RANK_MARGIN: usize = 2;
/// A place is the author's own if it is named so often, its parts counting half …
const PLACE_LEAST: f32 = 3.0;
/// … and so many times as often as the next of its rank.
const PLACE_MARGIN: f32 = 2.0;

/// Counts of the places named in a body of text.
#[derive(Debug)]
pub(super) struct Census<'a> {
    regions: &'a Regions,
    counts: BTreeMap<usize, u32>,
}

impl<'a> Census<'a> {
    /// Counts places outside book-title marks; names with more than one bearer are left out.
    ///
    /// Below the provinces a name of two characters counts only beside the full one: 新乡 stands in
    /// 创新乡村, 大理 in 重大理论.
    pub(super) fn take(regions: &'a Regions, body: &[Line]) -> Self {
        let mut counts: BTreeMap<usize, u32> = BTreeMap::new();
        let mut short: BTreeMap<usize, u32> = BTreeMap::new();
        for line in body {
            let mut quoted = 0_usize;
            let mut skip_to = 0;
            for (at, c) in line.text.char_indices() {
                match c {
                    '《' => quoted += 1,
                    '》' => quoted = quoted.saturating_sub(1),
                    _ => {}
                }
                if quoted > 0 || at < skip_to {
                    continue;
                }
                if let Some((name, ids)) = regions.longest_at(&line.text[at..]) {
                    skip_to = at + name.len();
                    if let Some(id) = bearer(regions, ids) {
                        let province = regions
                            .get(id)
                            .is_some_and(|row| row.level == Level::Province);
                        let counts = match province || name.chars().count() > 2 {
                            true => &mut counts,
                            false => &mut short,
                        };
                        *counts.entry(id).or_default() += 1;
                    }
                }
            }
        }
        for (id, count) in short {
            if let Some(full) = counts.get_mut(&id) {
                *full += count;
            }
        }
        Census { regions, counts }
    }

    /// Returns the place of a rank that the text is about, with its score; `None` if none stands
    /// out.
    pub(super) fn home(&self, level: Level) -> Option<(usize, f32)> {
        let mut scores: BTreeMap<usize, f32> = BTreeMap::new();
        for (&id, &count) in &self.counts {
            let mut here = Some(id);
            let mut share = 1.0;
            while let Some(place) = here {
                let Some(row) = self.regions.get(place) else {
                    break;
                };
                if row.level == level {
                    *scores.entry(place).or_default() += count as f32 * share;
                }
                share = 0.5;
                here = row.parent;
            }
        }
        let (&best, &score) = scores
            .iter()
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        let next = scores
            .iter()
            .filter(|(id, _)| **id != best)
            .map(|(_, score)| *score)
            .fold(0.0, f32::max);
        (score >= PLACE_LEAST && score >= PLACE_MARGIN * next).then_some((best, score))
    }
}

/// Returns whether a text hides its own place: XX县, 某市. The places that it shows are then others'.
pub(super) fn is_redacted(body: &[Line]) -> bool {
    let hidden = |rest: &str| {
        let rest = rest.trim_start_matches(['X', '×', '*', '某']);
        rest.starts_with(['省', '市', '县', '区', '州', '旗', '镇', '乡'])
            || rest.starts_with("街道")
    };
    body.iter().any(|line| {
        let mut marks = line.text.match_indices(['X', '×', '*', '某']);
        marks.any(|(at, _)| hidden(&line.text[at..]))
    })
}

/// Returns the one division that a name means: the only one today, a province before its namesakes.
fn bearer(regions: &Regions, ids: &[usize]) -> Option<usize> {
    let row = |id: usize| regions.get(id);
    let today = || {
        ids.iter()
            .copied()
            .filter(|&id| row(id).is_some_and(|row| row.until.is_none()))
    };
    let province = today().find(|&id| row(id).is_some_and(|row| row.level == Level::Province));
    province.or_else(|| {
        let mut today = today();
        let only = today.next()?;
        today.next().is_none().then_some(only)
    })
}

/// Returns the rank of which a text speaks as its own, with the word that it uses most.
pub(super) fn own_rank(body: &[Line]) -> Option<(Level, &'static str)> {
    let counted = OWN_RANK.map(|(level, words)| {
        let counts = words.iter().map(|word| {
            let count = body.iter().map(|line| line.text.matches(word).count());
            (count.sum::<usize>(), *word)
        });
        let counts: Vec<_> = counts.collect();
        let total: usize = counts.iter().map(|(count, _)| count).sum();
        let word = counts.iter().max_by_key(|(count, _)| *count);
        (total, level, word.map_or("", |(_, word)| word))
    });
    let below = counted
        .iter()
        .filter(|(_, level, _)| *level != Level::Nation);
    let best = below.clone().max_by_key(|(total, ..)| *total)?;
    let next = below
        .filter(|other| other.1 != best.1)
        .map(|other| other.0)
        .max();
    if best.0 >= RANK_LEAST && best.0 >= RANK_MARGIN * next.unwrap_or(0) {
        return Some((best.1, best.2));
    }
    let nation = counted.first()?;
    (nation.0 >= 4 * RANK_LEAST && nation.0 >= 4 * RANK_MARGIN * best.0)
        .then_some((nation.1, nation.2))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::Schema;

    fn lines(text: &str) -> Vec<Line> {
        text.lines()
            .map(|line| Line {
                text: line.to_owned(),
                number: 1,
            })
            .collect()
    }

    #[test]
    fn home_needs_a_margin() {
        let schema = Schema::embedded().unwrap();
        let check = |text: &str, level: Level, wanted: Option<&str>| {
            let census = Census::take(&schema.regions, &lines(text));
            let home = census
                .home(level)
                .and_then(|(id, _)| schema.regions.get(id))
                .map(|row| row.path.as_str());
            assert_eq!(home, wanted, "{text}");
        };
        check(
            "江西发展,江西人民,建设江西,支援新疆",
            Level::Province,
            Some("江西省"),
        );
        check(
            "赣州市、九江市、吉安市、上饶市、南昌市、景德镇市",
            Level::Province,
            Some("江西省"),
        );
        check(
            "江西和湖南,江西与湖南,江西、湖南,江西",
            Level::Province,
            None,
        );
        check(
            "《江西省条例》《江西省办法》《江西省规定》",
            Level::Province,
            None,
        );
        check("向界首市学习", Level::County, None);
        check(
            "创新乡村治理,创新乡村建设,创新乡村文化,创新乡村发展",
            Level::City,
            None,
        );
        check(
            "衡阳市要发展,建设衡阳,衡阳人民",
            Level::City,
            Some("湖南省/衡阳市"),
        );
        check("", Level::City, None);
    }

    #[test]
    fn own_ranks() {
        let check = |text: &str, wanted: Option<(Level, &str)>| {
            assert_eq!(own_rank(&lines(text)), wanted, "{text}");
        };
        check(
            "全省经济,全省人民,我省外贸",
            Some((Level::Province, "全省")),
        );
        check("全省经济,全市人民,我市外贸", None);
        check(&"我国".repeat(12), Some((Level::Nation, "我国")));
        check("", None);
    }
}
