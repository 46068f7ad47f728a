//! Words with frequencies → a double array over characters, as bytes that can be embedded.
//!
//! `build.rs` makes the embedded one at compile time, so that nothing is parsed or built at start;
//! the same code makes one at run time when `--schema` brings other words. This file therefore
//! uses the standard library alone.
//!
//! A trie lies in one array (Aoe, 1989): the child of a node by the character code `c` stands at
//! `base + c` and names its parent's place. A node takes 8 bytes, little-endian: base (24 bits),
//! parent (24 bits), index of its frequency (16 bits).
//! Codes are given by how often characters occur in words: what is often walked lies together.
//!
//! Invariant: the bytes depend on the words alone, not on the machine that makes them.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Code of characters that no word holds.
pub(crate) const NO_CODE: u16 = 0;

/// Most different characters, and most different frequencies, that 16 bits can number.
const MOST: usize = u16::MAX as usize;

/// Most places that 24 bits can number.
const MOST_PLACES: usize = 1 << 24;

/// Place of the root; its own base is 0, and no character has the code 0.
const ROOT: u32 = 0;

/// How many times 64 bases are tried for the children of a node before the search moves on for
/// good, for nodes of as many children.
const PATIENCE: usize = 16;

/// The trie of a dictionary.
#[derive(Clone, PartialEq)]
pub(crate) struct Automaton {
    /// For each character up to the last that a word holds, its code: 2 bytes.
    pub(crate) codes: Cow<'static, [u8]>,
    /// The nodes, 8 bytes each; the root has base 0.
    pub(crate) nodes: Cow<'static, [u8]>,
    /// Frequencies, 8 bytes each: that of all words together, then the different ones of single
    /// words; a node's index of 0 says that no word ends there.
    pub(crate) frequencies: Cow<'static, [u8]>,
}

impl std::fmt::Debug for Automaton {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Automaton").finish_non_exhaustive()
    }
}

/// A node of the trie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    place: u32,
    bits: u64,
}

impl Node {
    /// The root.
    pub(crate) const ROOT: Node = Node {
        place: ROOT,
        bits: 0,
    };

    /// Index of the frequency of the word that ends here; 0 if none does.
    #[inline]
    pub(crate) fn frequency(self) -> u16 {
        self.bits as u16
    }

    #[inline]
    fn base(self) -> u32 {
        (self.bits >> 40) as u32
    }

    #[inline]
    fn parent(self) -> u32 {
        (self.bits >> 16) as u32 & 0xff_ffff
    }
}

/// The nodes, as [`Automaton::nodes`] holds them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Nodes<'a>(&'a [[u8; 8]]);

impl Nodes<'_> {
    /// Returns the child of a node by the code of a character.
    #[inline]
    pub(crate) fn child(self, node: Node, code: u16) -> Option<Node> {
        let place = node.base() + u32::from(code);
        let bits = u64::from_le_bytes(*self.0.get(place as usize)?);
        let child = Node { place, bits };
        (child.parent() == node.place && code != NO_CODE).then_some(child)
    }
}

impl Automaton {
    /// Makes the automaton of words with their frequencies; a later entry replaces an earlier one.
    ///
    /// # Errors
    /// If the words hold more than 65,535 different characters or frequencies, the frequencies add
    /// up to more than 64 bits hold, or the words need more than 16,777,216 nodes.
    pub(crate) fn build<'a>(
        entries: impl IntoIterator<Item = (&'a str, u64)>,
    ) -> Result<Self, &'static str> {
        let entries: BTreeMap<&str, u64> = entries
            .into_iter()
            .filter(|(word, _)| !word.is_empty())
            .collect();
        let codes = codes(entries.keys().copied())?;
        let frequencies = frequencies(entries.values().copied())?;
        let mut words: Vec<(Vec<u16>, u16)> = entries
            .iter()
            .map(|(word, frequency)| {
                let word = word.chars().map(|character| codes[character as usize]);
                let index = frequencies[1..].partition_point(|other| other < frequency) + 1;
                (word.collect(), index as u16)
            })
            .collect();
        words.sort_unstable();
        let nodes = Branches::of(&words).place()?;
        Ok(Automaton {
            codes: codes.iter().flat_map(|code| code.to_le_bytes()).collect(),
            nodes: nodes.iter().flat_map(|node| node.to_le_bytes()).collect(),
            frequencies: frequencies
                .iter()
                .flat_map(|frequency| frequency.to_le_bytes())
                .collect(),
        })
    }

    /// Returns the nodes.
    pub(crate) fn nodes(&self) -> Nodes<'_> {
        Nodes(self.nodes.as_chunks().0)
    }

    /// Returns the codes by character.
    pub(crate) fn codes(&self) -> &[[u8; 2]] {
        self.codes.as_chunks().0
    }

    /// Returns the frequencies: of all words together, then the different ones of single words.
    pub(crate) fn frequencies(&self) -> impl Iterator<Item = u64> {
        let frequencies = self.frequencies.as_chunks().0;
        frequencies.iter().map(|bytes| u64::from_le_bytes(*bytes))
    }
}

/// Numbers the characters of words from 1, the most frequent first; returns the numbers by
/// character.
fn codes<'a>(words: impl Iterator<Item = &'a str>) -> Result<Vec<u16>, &'static str> {
    let mut counts: BTreeMap<char, usize> = BTreeMap::new();
    for character in words.flat_map(str::chars) {
        *counts.entry(character).or_default() += 1;
    }
    if counts.len() > MOST {
        return Err("more than 65,535 different characters");
    }
    let last = counts.keys().next_back().copied().unwrap_or_default();
    let mut codes = vec![NO_CODE; last as usize + 1];
    let mut order: Vec<(char, usize)> = counts.into_iter().collect();
    order.sort_by_key(|&(character, count)| (std::cmp::Reverse(count), character));
    for (code, (character, _)) in (1..).zip(order) {
        codes[character as usize] = code;
    }
    Ok(codes)
}

/// Returns the sum of frequencies, then the different ones, sorted.
fn frequencies(of_words: impl Iterator<Item = u64>) -> Result<Vec<u64>, &'static str> {
    let mut different: Vec<u64> = of_words.collect();
    let sum = different
        .iter()
        .try_fold(0u64, |sum, &frequency| sum.checked_add(frequency));
    let sum = sum.ok_or("the frequencies add up to more than 64 bits hold")?;
    different.sort_unstable();
    different.dedup();
    if different.len() > MOST {
        return Err("more than 65,535 different frequencies");
    }
    different.insert(0, sum);
    Ok(different)
}

/// The nodes that have children.
struct Branches {
    /// For each, its range of `edges`; the root is the first.
    ranges: Vec<std::ops::Range<usize>>,
    edges: Vec<Edge>,
}

/// The way to a child.
struct Edge {
    code: u16,
    /// Index of the frequency of the word that ends there.
    frequency: u16,
    /// The branch that the child is; 0 if it has no children.
    branch: usize,
}

impl Branches {
    /// Sorts words, as codes in order, into branches, breadth first.
    fn of(words: &[(Vec<u16>, u16)]) -> Self {
        let (mut ranges, mut edges) = (Vec::new(), Vec::new());
        // The words below a branch, and how many codes lead to it.
        let mut todo = vec![(0..words.len(), 0)];
        let mut at = 0;
        while let Some((range, depth)) = todo.get(at).cloned() {
            at += 1;
            let first = edges.len();
            let below = &words[range.clone()];
            let mut start = range.start;
            for group in below.chunk_by(|(one, _), (other, _)| one[depth] == other[depth]) {
                let is_whole = group[0].0.len() == depth + 1;
                let longer = start + usize::from(is_whole)..start + group.len();
                start += group.len();
                let branch = if longer.is_empty() { 0 } else { todo.len() };
                if branch > 0 {
                    todo.push((longer, depth + 1));
                }
                edges.push(Edge {
                    code: group[0].0[depth],
                    frequency: if is_whole { group[0].1 } else { 0 },
                    branch,
                });
            }
            ranges.push(first..edges.len());
        }
        Branches { ranges, edges }
    }

    /// Gives every branch a base, those of many children first, and returns the nodes.
    fn place(&self) -> Result<Vec<u64>, &'static str> {
        let mut order: Vec<usize> = (1..self.ranges.len()).collect();
        order.sort_by_key(|&branch| std::cmp::Reverse(self.ranges[branch].len()));
        let mut places = Places::default();
        places.take(ROOT as usize);
        let root = &self.edges[self.ranges[0].clone()];
        root.iter()
            .for_each(|edge| places.take(usize::from(edge.code)));
        let mut bases = vec![0; self.ranges.len()];
        let (mut children, mut start) = (0, 0);
        for branch in order {
            let edges = &self.edges[self.ranges[branch].clone()];
            if edges.len() != children {
                (children, start) = (edges.len(), 0);
            }
            bases[branch] = places.base_for(edges, &mut start);
        }
        if places.end > MOST_PLACES {
            return Err("the words need more than 16,777,216 nodes");
        }
        let mut nodes = vec![0; places.end];
        // Breadth first: a branch's own place is known when its turn comes.
        let mut own = vec![ROOT as usize; self.ranges.len()];
        for (branch, range) in self.ranges.iter().enumerate() {
            for edge in &self.edges[range.clone()] {
                let place = bases[branch] + usize::from(edge.code);
                if edge.branch > 0 {
                    own[edge.branch] = place;
                }
                nodes[place] = (bases[edge.branch] as u64) << 40
                    | (own[branch] as u64) << 16
                    | u64::from(edge.frequency);
            }
        }
        Ok(nodes)
    }
}

/// Which places of the array are taken.
#[derive(Default)]
struct Places {
    /// One bit a place; those behind the end are free.
    taken: Vec<u64>,
    /// Behind the last that is taken.
    end: usize,
}

impl Places {
    fn take(&mut self, place: usize) {
        let word = place / 64;
        if word >= self.taken.len() {
            self.taken.resize(word + 1, 0);
        }
        self.taken[word] |= 1 << (place % 64);
        self.end = self.end.max(place + 1);
    }

    /// Returns which of 64 places from `place` on are taken, the first in the lowest bit.
    fn taken_from(&self, place: usize) -> u64 {
        let word = |at: usize| self.taken.get(at).copied().unwrap_or(0);
        match place % 64 {
            0 => word(place / 64),
            shift => word(place / 64) >> shift | word(place / 64 + 1) << (64 - shift),
        }
    }

    /// Finds a base at which all children fit, the first of them at the place `start` or behind,
    /// and takes their places. A long search moves `start` for those that follow.
    fn base_for(&mut self, edges: &[Edge], start: &mut usize) -> usize {
        let first = usize::from(edges[0].code);
        // Base 0 means no children.
        let mut base = start.saturating_sub(first).max(1);
        let mut tried = 0;
        loop {
            let mut taken = 0;
            for edge in edges {
                taken |= self.taken_from(base + usize::from(edge.code));
                if taken == u64::MAX {
                    break;
                }
            }
            if taken != u64::MAX {
                base += taken.trailing_ones() as usize;
                break;
            }
            tried += 1;
            base += 64;
        }
        if tried > PATIENCE {
            *start = base + first;
        }
        for edge in edges {
            self.take(base + usize::from(edge.code));
        }
        base
    }
}
