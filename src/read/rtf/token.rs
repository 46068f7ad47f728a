//! Bytes of an RTF file → braces, control words, characters.
//!
//! Invariant: every step consumes at least a byte, and nothing is read twice.

/// A piece of the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `{`
    Open,
    /// `}`
    Close,
    /// `\name` or `\name12`.
    Word(&'a [u8], Option<i32>),
    /// `\` and a character that is no letter.
    Symbol(u8),
    /// `\'d2`
    Hex(u8),
    /// A byte of text.
    Byte(u8),
}

/// The file, token by token.
#[derive(Debug)]
pub(super) struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Tokens { bytes, at: 0 }
    }

    /// Returns what has not been read.
    pub(super) fn rest(&self) -> &'a [u8] {
        &self.bytes[self.at.min(self.bytes.len())..]
    }

    /// Passes over so many bytes.
    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count).min(self.bytes.len());
    }

    /// Passes over the rest of the innermost group, up to its closing brace.
    pub(super) fn skip_group(&mut self) {
        let mut depth = 0usize;
        while let Some(offset) = memchr::memchr3(b'{', b'}', b'\\', self.rest()) {
            self.at += offset;
            match self.bytes[self.at] {
                b'{' => depth += 1,
                b'}' if depth == 0 => return,
                b'}' => depth -= 1,
                _ => {
                    self.next();
                    continue;
                }
            }
            self.at += 1;
        }
        self.at = self.bytes.len();
    }

    /// Returns the tokens up to the closing brace of the innermost group, which stays; braces of
    /// groups inside are told by `depth`.
    pub(super) fn next_inside(&mut self, depth: &mut usize) -> Option<Token<'a>> {
        let token = self.next()?;
        match token {
            Token::Open => *depth += 1,
            Token::Close if *depth == 0 => {
                self.at -= 1;
                return None;
            }
            Token::Close => *depth -= 1,
            _ => {}
        }
        Some(token)
    }

    fn control(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let letters = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphabetic())
            .count();
        if letters == 0 {
            let symbol = *rest.first()?;
            self.at += 1;
            return Some(match symbol {
                b'\'' => self.hex(),
                // A line end behind a backslash is a paragraph's.
                b'\r' | b'\n' => Token::Word(b"par", None),
                b'\t' => Token::Word(b"tab", None),
                _ => Token::Symbol(symbol),
            });
        }
        let (name, rest) = rest.split_at(letters);
        let minus = usize::from(rest.first() == Some(&b'-'));
        let digits = rest[minus..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let mut length = letters;
        let value = (digits > 0).then(|| {
            length += minus + digits;
            let number = rest[minus..minus + digits]
                .iter()
                .fold(0i32, |number, digit| {
                    let digit = i32::from(digit - b'0');
                    number.saturating_mul(10).saturating_add(digit)
                });
            if minus > 0 { -number } else { number }
        });
        self.at += length;
        if self.rest().first() == Some(&b' ') {
            self.at += 1;
        }
        Some(Token::Word(name, value))
    }

    fn hex(&mut self) -> Token<'a> {
        let digit = |at: usize| {
            let byte = *self.rest().get(at)?;
            char::from(byte).to_digit(16)
        };
        match (digit(0), digit(1)) {
            (Some(high), Some(low)) => {
                self.at += 2;
                Token::Hex((high * 16 + low) as u8)
            }
            _ => Token::Symbol(b'\''),
        }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let byte = *self.rest().first()?;
            self.at += 1;
            return Some(match byte {
                b'{' => Token::Open,
                b'}' => Token::Close,
                b'\\' => match self.control()? {
                    // Raw bytes, which may look like anything.
                    Token::Word(b"bin", Some(count)) => {
                        self.skip(usize::try_from(count).unwrap_or(0));
                        continue;
                    }
                    token => token,
                },
                // Line ends lay out the file, not the text.
                b'\r' | b'\n' | 0 => continue,
                byte => Token::Byte(byte),
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_told_apart() {
        let text = b"{\\b0 a\r\n\\'d2\\u-10;\\~\\bin3 }}}\\\nx\\'zz\\ansicpg99999999999}";
        let tokens: Vec<_> = Tokens::new(text).collect();
        assert_eq!(
            tokens,
            [
                Token::Open,
                Token::Word(b"b", Some(0)),
                Token::Byte(b'a'),
                Token::Hex(0xd2),
                Token::Word(b"u", Some(-10)),
                Token::Byte(b';'),
                Token::Symbol(b'~'),
                Token::Word(b"par", None),
                Token::Byte(b'x'),
                Token::Symbol(b'\''),
                Token::Byte(b'z'),
                Token::Byte(b'z'),
                Token::Word(b"ansicpg", Some(i32::MAX)),
                Token::Close,
            ]
        );
    }

    #[test]
    fn groups_are_skipped_whole() {
        let mut tokens = Tokens::new(b"a{b\\}{c}\\bin2 }}d} e}f");
        tokens.skip_group();
        assert_eq!(tokens.rest(), b"}f");
        let mut tokens = Tokens::new(b"a{b");
        tokens.skip_group();
        assert_eq!(tokens.rest(), b"");
    }
}
