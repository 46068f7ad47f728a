//! Folded texts → their letters in one row, two bytes each.

use std::collections::HashMap;
use std::ops::Range;

use crate::analyze::is_letter;

/// Stands between runs of letters: no string reaches across punctuation.
pub(super) const BREAK: u16 = 0;

/// The letters of many texts.
#[derive(Debug)]
pub struct Texts {
    /// Numbers of letters in [`Texts::alphabet`], with a [`BREAK`] before, between and behind runs.
    pub(super) letters: Vec<u16>,
    /// By place in `letters`, whether a word begins there or ended before it; 64 a number.
    edges: Vec<u64>,
    /// The letters; the first stands for [`BREAK`].
    alphabet: Vec<char>,
    numbers: HashMap<char, u16>,
    /// Places in `letters` at which the texts begin.
    starts: Vec<u32>,
    /// The group of each text.
    groups: Vec<u32>,
}

impl Default for Texts {
    fn default() -> Self {
        Texts {
            letters: vec![BREAK],
            edges: vec![1],
            alphabet: vec!['\0'],
            numbers: HashMap::new(),
            starts: Vec::new(),
            groups: Vec::new(),
        }
    }
}

impl Texts {
    /// Returns whether so many more letters can be held: places are numbers of 32 bits.
    pub fn has_room(&self, letters: usize) -> bool {
        self.letters.len() + 2 * letters < u32::MAX as usize
    }

    /// Adds a folded text of a group; `words` are the byte ranges of its words, in order.
    pub fn add(&mut self, folded: &str, words: &[Range<usize>], group: u32) {
        self.starts.push(self.letters.len() as u32);
        self.groups.push(group);
        let mut edges = words
            .iter()
            .flat_map(|word| [word.start, word.end])
            .peekable();
        for (byte, character) in folded.char_indices() {
            let mut is_edge = false;
            while edges.next_if(|&edge| edge <= byte).is_some() {
                is_edge = true;
            }
            match self.number(character).filter(|_| is_letter(character)) {
                Some(number) => {
                    let is_first = self.letters.last() == Some(&BREAK);
                    self.push(number, is_edge || is_first);
                }
                None => self.cut(),
            }
        }
        self.cut();
    }

    fn push(&mut self, letter: u16, is_edge: bool) {
        let place = self.letters.len();
        if place.is_multiple_of(64) {
            self.edges.push(0);
        }
        self.letters.push(letter);
        self.edges[place / 64] |= u64::from(is_edge) << (place % 64);
    }

    fn cut(&mut self) {
        if self.letters.last() != Some(&BREAK) {
            self.push(BREAK, true);
        }
    }

    /// Returns a letter's number; `None` for the letters behind the first 65,534 different ones.
    fn number(&mut self, character: char) -> Option<u16> {
        if let Some(&number) = self.numbers.get(&character) {
            return Some(number);
        }
        let number = u16::try_from(self.alphabet.len()).ok()?;
        if number == u16::MAX {
            return None;
        }
        self.alphabet.push(character);
        self.numbers.insert(character, number);
        Some(number)
    }

    /// Returns whether a word begins at a place or ended before it.
    pub(super) fn is_edge(&self, place: usize) -> bool {
        self.edges[place / 64] >> (place % 64) & 1 == 1
    }

    /// Returns the text that a place lies in, by its number.
    pub(super) fn text_at(&self, place: u32) -> usize {
        self.starts.partition_point(|&start| start <= place) - 1
    }

    /// Returns the group of the text that a place lies in.
    pub(super) fn group_at(&self, place: u32) -> u32 {
        self.groups[self.text_at(place)]
    }

    /// Returns whether what stands at a place is a figure.
    pub(super) fn is_figure(&self, place: usize) -> bool {
        let letter = self.letters[place] as usize;
        self.alphabet[letter].is_ascii_digit()
    }

    /// Returns the letters as text.
    pub(super) fn spelt(&self, letters: &[u16]) -> String {
        letters
            .iter()
            .map(|&letter| self.alphabet[letter as usize])
            .collect()
    }

    /// Returns how many different letters there are, the break among them.
    pub(super) fn alphabet(&self) -> usize {
        self.alphabet.len()
    }
}
