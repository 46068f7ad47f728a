//! A passage and its highlights → an excerpt to read.

use crate::model::{CharSpan, Snippet};

/// Characters after which an excerpt may begin or end.
const STOPS: &[char] = &['。', '；', '！', '？', ';', '!', '?'];
/// Weaker ones, for long sentences.
const PAUSES: &[char] = &['，', '：', ',', '、'];

/// Cuts the excerpt of at most `limit` characters (without the ellipses) that holds the most
/// highlighted text; it begins behind a stop where that is near, and ends at one.
///
/// `limit` 0 takes the whole text.
pub fn snippet(text: &str, highlights: &[CharSpan], limit: usize) -> Snippet {
    let chars: Vec<char> = text.chars().collect();
    if limit == 0 || chars.len() <= limit {
        let highlights = highlights
            .iter()
            .map(|span| [span.start, span.end])
            .collect();
        return Snippet {
            text: text.to_owned(),
            highlights,
        };
    }
    let start = best_start(&chars, highlights, limit);
    let first = highlights.iter().find(|span| span.start >= start);
    let start = first.map_or(start, |first| begin(&chars, start, first, limit));
    let end = finish(&chars, start, highlights, limit);
    let mut shown = String::new();
    let mut shift = 0;
    if start > 0 {
        shown.push('…');
        shift = 1;
    }
    shown.extend(&chars[start..end]);
    if end < chars.len() {
        shown.push('…');
    }
    let highlights = highlights
        .iter()
        .filter(|span| span.start < end && span.end > start)
        .map(|span| {
            [
                span.start.max(start) - start + shift,
                span.end.min(end) - start + shift,
            ]
        })
        .collect();
    Snippet {
        text: shown,
        highlights,
    }
}

/// Returns the start of the window that holds the most highlighted characters; the first such.
fn best_start(chars: &[char], highlights: &[CharSpan], limit: usize) -> usize {
    let mut best = (0, 0);
    let mut from = 0;
    let mut inside = 0;
    for (to, span) in highlights.iter().enumerate() {
        inside += span.len();
        while from < to && span.end - highlights[from].start > limit {
            inside -= highlights[from].len();
            from += 1;
        }
        if inside > best.0 {
            best = (inside, highlights[from].start);
        }
    }
    best.1.min(chars.len() - limit)
}

/// Moves the start to the nearest stop in front of it, if the highlight then still fits well.
fn begin(chars: &[char], start: usize, first: &CharSpan, limit: usize) -> usize {
    let room = limit.saturating_sub(first.len()) / 2;
    let earliest = first.start.saturating_sub(room);
    if earliest == 0 {
        return 0;
    }
    let stop = |stops: &[char]| {
        (earliest..=start)
            .rev()
            .find(|&at| stops.contains(&chars[at - 1]))
    };
    stop(STOPS)
        .or_else(|| stop(PAUSES))
        .unwrap_or(start.max(earliest).min(first.start))
}

/// Returns the end: the last stop within the limit that cuts no highlight of the window off.
fn finish(chars: &[char], start: usize, highlights: &[CharSpan], limit: usize) -> usize {
    let latest = (start + limit).min(chars.len());
    if latest == chars.len() {
        return latest;
    }
    let held = highlights
        .iter()
        .filter(|span| span.start >= start && span.end <= latest)
        .map(|span| span.end)
        .max()
        .unwrap_or(start);
    let least = held.max(start + limit / 2);
    let stop = |stops: &[char]| {
        (least..=latest)
            .rev()
            .find(|&at| at > start && stops.contains(&chars[at - 1]))
    };
    stop(STOPS).or_else(|| stop(PAUSES)).unwrap_or(latest)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn begins_and_ends_at_stops() {
        let text = "一是抓好春耕。二是推进乡村振兴，建设美丽乡村；三是保障供水。四是修路。";
        let at = text.chars().position(|c| c == '乡').unwrap();
        let cut = snippet(text, &[CharSpan::new(at, at + 4)], 20);
        assert_eq!(cut.text, "…二是推进乡村振兴，建设美丽乡村；…");
        assert_eq!(cut.highlights, [[5, 9]]);
    }

    proptest! {
        #[test]
        fn never_panics_and_keeps_its_limit(
            text in "[一二。，；]{0,80}",
            marks in proptest::collection::vec((0usize..80, 1usize..12), 0..5),
            limit in 0usize..40,
        ) {
            let length = text.chars().count();
            let mut spans: Vec<CharSpan> = Vec::new();
            for (start, size) in marks {
                let from = spans.last().map_or(0, |last| last.end) + start;
                if from + size <= length {
                    spans.push(CharSpan::new(from, from + size));
                }
            }
            let cut = snippet(&text, &spans, limit);
            let shown = cut.text.chars().count();
            prop_assert!(limit == 0 || shown <= limit + 2 || shown == length);
            for [start, end] in cut.highlights {
                prop_assert!(start < end && end <= shown);
            }
        }
    }
}
