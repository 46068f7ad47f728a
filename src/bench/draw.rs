//! Seeded draws: the same seed over the same texts gives the same queries.

/// A generator of numbers (xorshift64*: Vigna, 2016, https://doi.org/10.1145/2845077).
#[derive(Debug, Clone)]
pub(super) struct Draw(u64);

impl Draw {
    /// Starts from a seed; any number will do.
    pub(super) fn new(seed: u64) -> Self {
        // Seeds that are near to each other give sequences that are not.
        Draw(seed.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Returns the next 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// Returns a number below `bound`; 0 for a bound of 0.
    pub(super) fn below(&mut self, bound: usize) -> usize {
        (((u128::from(self.next())) * (bound as u128)) >> 64) as usize
    }

    /// Returns a number from 0 to 1.
    pub(super) fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Returns whether something with the given chance happens.
    pub(super) fn happens(&mut self, chance: f64) -> bool {
        self.share() < chance
    }

    /// Returns one of the values.
    ///
    /// # Panics
    /// If there is none.
    pub(super) fn one<'a, T>(&mut self, values: &'a [T]) -> &'a T {
        &values[self.below(values.len())]
    }

    /// Returns one of the texts.
    ///
    /// # Panics
    /// If there is none.
    pub(super) fn text(&mut self, texts: &[&'static str]) -> &'static str {
        texts[self.below(texts.len())]
    }
}

/// Returns whether a character is a common Han character, which no rule of folding touches.
pub(super) fn is_han(character: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&character)
}

/// Draws a run of Han characters of the given length out of a text, any of them alike; `None` if it
/// holds none.
pub(super) fn piece(text: &str, length: usize, draw: &mut Draw) -> Option<String> {
    let chars: Vec<char> = text.chars().collect();
    let starts: Vec<usize> = (chars.windows(length).enumerate())
        .filter(|(_, window)| window.iter().all(|character| is_han(*character)))
        .map(|(start, _)| start)
        .collect();
    let start = *starts.get(draw.below(starts.len()))?;
    Some(chars[start..start + length].iter().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_repeat_and_stay_below() {
        let numbers = |seed| {
            let mut draw = Draw::new(seed);
            (0..100).map(|_| draw.below(7)).collect::<Vec<_>>()
        };
        assert_eq!(numbers(1), numbers(1));
        assert_ne!(numbers(1), numbers(2));
        assert!(numbers(3).iter().all(|number| *number < 7));
        assert_eq!(Draw::new(1).below(0), 0);
        for value in 0..7 {
            assert!(numbers(4).contains(&value), "{value}");
        }
    }

    #[test]
    fn pieces_are_runs_of_han() {
        let text = "全省GDP增长6.5%，粮食再获丰收。";
        let mut draw = Draw::new(1);
        for _ in 0..200 {
            let piece = piece(text, 3, &mut draw).unwrap();
            assert!(text.contains(&piece) && piece.chars().all(is_han));
            assert_eq!(piece.chars().count(), 3);
        }
        assert_eq!(
            piece("6.5%粮食再获丰收。", 6, &mut draw).unwrap(),
            "粮食再获丰收"
        );
        assert_eq!(piece("短", 2, &mut draw), None);
        assert_eq!(piece("6.5%", 1, &mut draw), None);
    }
}
