//! Text → tokens: jieba's algorithm without its hidden Markov model.
//!
//! Of all ways to cut a run of dictionary characters into words, the one whose frequencies make
//! the largest product is taken; among equals the one with the longer word. Latin letters and
//! digits that stay single join with their neighbours. Every other character is a token by itself.
//!
//! The products are sums of logarithms from the end of the run to its start, as `Jieba::calc` of
//! jieba-rs 0.11 (MIT) adds them: the same operations on the same numbers in the same order, since
//! rounding decides between ways that are nearly equal. The walk through the words is fused into
//! it, so that no graph of candidates is written.
//!
//! Invariant: tokens are those of jieba-rs, `cut(text, false)`, over the same words.

use std::ops::Range;

use crate::analyze::is_letter;
use crate::schema::{Dictionary, NO_CODE, Node};

/// Steps that are kept between texts; a longer run gives its memory back.
const KEPT: usize = 1 << 14;

/// The dictionary with its words' weights.
#[derive(Debug)]
pub(super) struct Router {
    dictionary: Dictionary,
    /// ln(frequency ÷ frequency of all words), by the automaton's index. The first belongs to no
    /// word: it is that of a character that is none, as if its frequency were 1.
    weights: Vec<f64>,
}

/// A token of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Token {
    /// Its place in bytes.
    pub(super) range: Range<usize>,
    /// Whether it holds a letter or a digit.
    pub(super) is_word: bool,
}

/// Memory for cutting, kept from text to text.
#[derive(Debug, Default, Clone)]
pub struct Scratch {
    steps: Vec<Step>,
}

/// A character of a run, and the best way on from it.
#[derive(Debug, Clone, Copy)]
struct Step {
    /// Logarithm of the probability of the best way from here to the end of the run.
    weight: f64,
    /// Offset in the text, in bytes.
    offset: usize,
    /// How many characters the first word of the best way has.
    length: u32,
    /// The character's code in the automaton.
    code: u16,
    class: Class,
}

/// What a character is to the cutting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Han,
    /// A letter or digit of ASCII.
    Latin,
    /// One of `+#&._%-`: may be part of a word.
    Mark,
    /// Ends a run and is a token by itself.
    Apart,
}

impl Router {
    pub(super) fn new(dictionary: Dictionary) -> Self {
        let frequencies = dictionary.automaton().frequencies();
        let mut logarithms = frequencies.map(|frequency| (frequency as f64).ln());
        let all = logarithms.next().unwrap_or_default();
        let weights = std::iter::once(0.0)
            .chain(logarithms)
            .map(|logarithm| logarithm - all)
            .collect();
        Router {
            dictionary,
            weights,
        }
    }

    /// Gives the tokens of a text in order.
    pub(super) fn cut(&self, text: &str, scratch: &mut Scratch, mut emit: impl FnMut(Token)) {
        let codes = self.dictionary.automaton().codes();
        let steps = &mut scratch.steps;
        let mut rest = text.char_indices().peekable();
        while rest.peek().is_some() {
            steps.clear();
            let mut apart = None;
            for (offset, character) in rest.by_ref() {
                let class = class(character);
                if class == Class::Apart {
                    apart = Some((offset, character));
                    break;
                }
                let code = codes.get(character as usize);
                steps.push(Step {
                    weight: 0.0,
                    offset,
                    length: 0,
                    code: code.map_or(NO_CODE, |code| u16::from_le_bytes(*code)),
                    class,
                });
            }
            let end = apart.map_or(text.len(), |(offset, _)| offset);
            steps.push(Step {
                weight: 0.0,
                offset: end,
                length: 0,
                code: NO_CODE,
                class: Class::Apart,
            });
            self.route(steps);
            run(steps, &mut emit);
            if let Some((offset, character)) = apart {
                let mut end = offset + character.len_utf8();
                if character == '\r' && rest.next_if(|&(_, next)| next == '\n').is_some() {
                    end += 1;
                }
                emit(Token {
                    range: offset..end,
                    is_word: is_letter(character),
                });
            }
        }
        if steps.len() > KEPT {
            *steps = Vec::new();
        }
    }

    /// Finds the best way from every character of a run, the last first; behind the run stands one
    /// step more.
    fn route(&self, steps: &mut [Step]) {
        let nodes = self.dictionary.automaton().nodes();
        for at in (0..steps.len().saturating_sub(1)).rev() {
            let (before, after) = steps.split_at_mut(at + 1);
            let step = &mut before[at];
            let mut best = f64::NEG_INFINITY;
            let mut length = 0;
            let mut node = nodes.child(Node::ROOT, step.code);
            for (count, next) in (1..).zip(after.iter()) {
                let Some(here) = node else { break };
                let index = here.frequency();
                if index > 0 {
                    let weight = self.weights[usize::from(index)] + next.weight;
                    if weight >= best {
                        (best, length) = (weight, count);
                    }
                }
                node = nodes.child(here, next.code);
            }
            if length == 0 {
                (best, length) = (self.weights[0] + after[0].weight, 1);
            }
            (step.weight, step.length) = (best, length);
        }
    }
}

/// Gives the tokens of a run along its best way; behind the run stands one step more.
fn run(steps: &[Step], emit: &mut impl FnMut(Token)) {
    let is_single_latin = |step: &Step| step.length == 1 && step.class == Class::Latin;
    let last = steps.len().saturating_sub(1);
    let mut at = 0;
    while at < last {
        let mut end = at + steps[at].length as usize;
        if is_single_latin(&steps[at]) {
            while is_single_latin(&steps[end]) {
                end += 1;
            }
        }
        emit(Token {
            range: steps[at].offset..steps[end].offset,
            is_word: steps[at..end].iter().any(|step| step.class != Class::Mark),
        });
        at = end;
    }
}

fn class(character: char) -> Class {
    match character {
        '\u{4e00}'..='\u{9fff}' => Class::Han,
        '0'..='9' | 'A'..='Z' | 'a'..='z' => Class::Latin,
        '+' | '#' | '&' | '.' | '_' | '%' | '-' => Class::Mark,
        '\u{3400}'..='\u{4dbf}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2ebef}'
        | '\u{2f800}'..='\u{2fa1f}' => Class::Han,
        _ => Class::Apart,
    }
}
