//! Field characters → what of a field is seen: its result, not its instruction.

use std::ops::Range;

/// Marks of a field among the characters.
const BEGIN: u16 = 0x13;
const SEPARATOR: u16 = 0x14;
const END: u16 = 0x15;

/// A mark of a field that is whole.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Mark {
    Begin,
    Separator,
    End,
}

/// A field that is open while the text is walked through.
#[derive(Debug, Default)]
struct Open {
    instruction: String,
    is_result: bool,
}

/// Fields of a text, walked through once from its start.
#[derive(Debug, Default)]
pub(super) struct Fields {
    /// Marks with their positions, the next one last.
    marks: Vec<(u32, Mark)>,
    open: Vec<Open>,
    /// Open fields that are in their instruction.
    instructions: usize,
}

/// What a character is to the fields around it.
#[derive(Debug, PartialEq)]
pub(super) enum Seen {
    /// Part of what is read.
    Text,
    /// A mark, or part of an instruction.
    Hidden,
    /// The end of a field that has no result, but shows a part of its instruction.
    Instead(String),
}

impl Fields {
    /// Finds the fields. A begin without an end, which would swallow all that follows, is none.
    pub(super) fn find(units: &[u16], positions: Range<u32>) -> Self {
        let mut open: Vec<(u32, Option<u32>)> = Vec::new();
        let mut marks = Vec::new();
        for (position, unit) in positions.zip(units) {
            match *unit {
                BEGIN => open.push((position, None)),
                SEPARATOR => {
                    if let Some((_, separator @ None)) = open.last_mut() {
                        *separator = Some(position);
                    }
                }
                END => {
                    if let Some((begin, separator)) = open.pop() {
                        marks.push((begin, Mark::Begin));
                        marks.extend(separator.map(|separator| (separator, Mark::Separator)));
                        marks.push((position, Mark::End));
                    }
                }
                _ => {}
            }
        }
        marks.sort_unstable_by_key(|(position, _)| std::cmp::Reverse(*position));
        Fields {
            marks,
            ..Fields::default()
        }
    }

    /// Takes the next character.
    pub(super) fn take(&mut self, position: u32, unit: u16) -> Seen {
        let mark = match self.marks.last() {
            Some((at, mark)) if *at == position => *mark,
            _ if self.instructions == 0 => return Seen::Text,
            _ => {
                if let Some(open) = self.open.last_mut()
                    && !open.is_result
                {
                    open.instruction
                        .push(char::from_u32(unit.into()).unwrap_or(' '));
                }
                return Seen::Hidden;
            }
        };
        self.marks.pop();
        match mark {
            Mark::Begin => {
                self.open.push(Open::default());
                self.instructions += 1;
            }
            Mark::Separator => {
                if let Some(open) = self.open.last_mut() {
                    open.is_result = true;
                    self.instructions -= 1;
                }
            }
            Mark::End => {
                if let Some(open) = self.open.pop()
                    && !open.is_result
                {
                    self.instructions -= 1;
                    if self.instructions == 0
                        && let Some(text) = overstruck(&open.instruction)
                    {
                        return Seen::Instead(text.to_owned());
                    }
                }
            }
        }
        Seen::Hidden
    }
}

/// Returns the text under a circle or a reading, which stands in the instruction of a field:
/// `EQ \o\ac(○,甲)`, `EQ \* jc2 \o\ad(\s\up 9(jiǎ),甲)`.
fn overstruck(instruction: &str) -> Option<&str> {
    let instruction = instruction.trim();
    let rest = instruction
        .strip_prefix("EQ")
        .or(instruction.strip_prefix("eq"))?;
    let (_, rest) = rest.split_once("\\o")?;
    let (_, layers) = rest.split_once('(')?;
    let (_, last) = layers.strip_suffix(')')?.rsplit_once([',', ';'])?;
    Some(last.trim()).filter(|text| !text.is_empty() && !text.contains(['(', ')', '\\']))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> String {
        let units: Vec<u16> = text.encode_utf16().collect();
        let mut fields = Fields::find(&units, 10..10 + units.len() as u32);
        let mut seen = Vec::new();
        for (position, unit) in (10..).zip(units) {
            match fields.take(position, unit) {
                Seen::Text => seen.push(unit),
                Seen::Hidden => {}
                Seen::Instead(text) => seen.extend(text.encode_utf16()),
            }
        }
        String::from_utf16(&seen).expect("UTF-16")
    }

    #[test]
    fn results_are_seen_and_instructions_are_not() {
        let cases = [
            ("见\u{13} REF a \u{14}第二节\u{15}。", "见第二节。"),
            ("\u{13} PAGE \u{15}页", "页"),
            // One in another, in the instruction and in the result.
            (
                "\u{13} IF \u{13} A \u{14}1\u{15} \u{14}甲\u{13} B \u{14}乙\u{15}\u{15}丙",
                "甲乙丙",
            ),
            // Marks without a partner are no field.
            ("甲\u{13}乙\u{13} C \u{14}丙\u{15}丁", "甲\u{13}乙丙丁"),
            ("甲\u{15}乙", "甲\u{15}乙"),
            ("\u{13} EQ \\o\\ac(○,1)\u{15}项", "1项"),
            (
                "\u{13} EQ \\* jc2 \\o\\ad(\\s\\up 9(jia),甲)\u{15}方",
                "甲方",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(seen(text), expected, "{text:?}");
        }
    }
}
