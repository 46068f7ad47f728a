//! Amounts of bytes as people write them: `512M`, `2G`, `1048576`.

use std::str::FromStr;

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size(pub(crate) u64);

impl FromStr for Size {
    type Err = &'static str;

    fn from_str(typed: &str) -> Result<Self, Self::Err> {
        let typed = typed.trim().to_ascii_uppercase();
        let digits = typed.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == ' ');
        let unit = typed[digits.len()..].trim();
        let unit = unit.trim_end_matches('B').trim_end_matches('I');
        let shift = match unit {
            "" => 0,
            "K" => 10,
            "M" => 20,
            "G" => 30,
            "T" => 40,
            _ => return Err("no unit of size"),
        };
        let number: u64 = digits.parse().map_err(|_| "no whole number")?;
        let bytes = number.checked_mul(1 << shift);
        bytes.map(Size).ok_or("more than can be counted")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes() {
        for (typed, expected) in [
            ("0", Some(0)),
            ("1048576", Some(1 << 20)),
            ("512M", Some(512 << 20)),
            ("2g", Some(2 << 30)),
            ("3 MB", Some(3 << 20)),
            ("1GiB", Some(1 << 30)),
            ("", None),
            ("M", None),
            ("1.5G", None),
            ("-1", None),
            ("5X", None),
            ("99999999T", None),
        ] {
            assert_eq!(typed.parse().ok(), expected.map(Size), "{typed}");
        }
    }
}
