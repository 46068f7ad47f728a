//! MHTML: a mail with parts → the bytes of its web page.
//!
//! A page saved by a browser or by Word is a narrow kind of mail: one level of parts (two where a
//! mail program wrote it), two transfer encodings. Only the page's own part is decoded; its bytes
//! are handed on, since the encoding of its text may stand in its head alone.

use crate::error::{Error, ErrorKind, Result};
use crate::read::limits::Limits;

/// Parts within parts are followed so far.
const DEPTH: usize = 4;

/// Most bytes of a part's header.
const MAX_HEADER: usize = 64 << 10;

/// The page of a mail.
#[derive(Debug)]
pub(super) struct Page {
    /// Its bytes.
    pub(super) content: Vec<u8>,
    /// The encoding that its header names.
    pub(super) charset: Option<String>,
}

/// Finds the page: the part that the header calls the root, else the first HTML part.
///
/// # Errors
/// [`ErrorKind::Input`] if there is none.
pub(super) fn page(mail: &[u8], limits: &Limits) -> Result<Page> {
    let entity = Entity::parse(mail);
    let mut found = Found::default();
    search(&entity, DEPTH, limits, &mut found)?;
    let part = found.root.or(found.first).ok_or_else(|| {
        Error::new(
            ErrorKind::Input,
            "文件里没有网页（MHTML 缺少 text/html 部分）",
            "there is no page in it (the MHTML file has no text/html part)",
        )
    })?;
    Ok(Page {
        charset: part.parameter("charset"),
        content: part.decoded(),
    })
}

#[derive(Debug, Default)]
struct Found<'m> {
    /// The part that `start` names.
    root: Option<Entity<'m>>,
    /// The first part that is a page.
    first: Option<Entity<'m>>,
}

fn search<'m>(
    entity: &Entity<'m>,
    depth: usize,
    limits: &Limits,
    found: &mut Found<'m>,
) -> Result<()> {
    limits.check()?;
    let boundary = match entity.kind().starts_with("multipart/") {
        true => entity.parameter("boundary"),
        false => None,
    };
    let Some(boundary) = boundary.filter(|boundary| depth > 0 && !boundary.is_empty()) else {
        if found.first.is_none() && entity.is_page() {
            found.first = Some(entity.clone());
        }
        return Ok(());
    };
    let start = entity.parameter("start");
    for part in parts(entity.body, &boundary) {
        let part = Entity::parse(part);
        let is_root = start.is_some() && part.field("content-id") == start;
        if is_root && part.is_page() && found.root.is_none() {
            found.root = Some(part);
        } else if part.kind().starts_with("multipart/") {
            search(&part, depth - 1, limits, found)?;
        } else if found.first.is_none() && part.is_page() {
            found.first = Some(part);
        }
    }
    Ok(())
}

/// A mail or one of its parts.
#[derive(Debug, Clone)]
struct Entity<'m> {
    /// Fields with their names in lower case, folded lines joined.
    fields: Vec<(String, String)>,
    body: &'m [u8],
}

impl<'m> Entity<'m> {
    fn parse(bytes: &'m [u8]) -> Self {
        let mut fields: Vec<(String, String)> = Vec::new();
        let mut rest = bytes;
        while bytes.len() - rest.len() < MAX_HEADER && !rest.is_empty() {
            let end = memchr::memchr(b'\n', rest).map_or(rest.len(), |end| end + 1);
            let (line, after) = rest.split_at(end);
            rest = after;
            let line = String::from_utf8_lossy(line);
            let line = line.trim_end_matches(['\r', '\n']);
            if line.is_empty() {
                break;
            }
            match (line.starts_with([' ', '\t']), fields.last_mut()) {
                (true, Some((_, value))) => {
                    value.push(' ');
                    value.push_str(line.trim());
                }
                _ => {
                    if let Some((name, value)) = line.split_once(':') {
                        let name = name.trim().to_ascii_lowercase();
                        fields.push((name, value.trim().to_owned()));
                    }
                }
            }
        }
        Entity { fields, body: rest }
    }

    fn field(&self, name: &str) -> Option<String> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.clone())
    }

    /// Returns the content's type without its parameters, in lower case.
    fn kind(&self) -> String {
        let kind = self.field("content-type").unwrap_or_default();
        let end = kind.find(';').unwrap_or(kind.len());
        kind[..end].trim().to_ascii_lowercase()
    }

    fn is_page(&self) -> bool {
        matches!(self.kind().as_str(), "text/html" | "application/xhtml+xml")
    }

    /// Returns a parameter of the content's type; semicolons may stand in quotes.
    fn parameter(&self, name: &str) -> Option<String> {
        let field = self.field("content-type")?;
        let mut rest = &field[field.find(';')? + 1..];
        loop {
            let (key, after) = rest.split_once('=')?;
            let after = after.trim_start();
            let (value, behind) = match after.strip_prefix('"') {
                Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
                None => after.split_at(after.find(';').unwrap_or(after.len())),
            };
            if key.trim().eq_ignore_ascii_case(name) {
                return Some(value.trim().to_owned());
            }
            rest = &behind[behind.find(';')? + 1..];
        }
    }

    /// Returns the body as it was before it was made fit for mail.
    fn decoded(&self) -> Vec<u8> {
        let transfer = self.field("content-transfer-encoding").unwrap_or_default();
        match transfer.to_ascii_lowercase().as_str() {
            "quoted-printable" => quoted_printable(self.body),
            "base64" => base64(self.body),
            _ => self.body.to_vec(),
        }
    }
}

/// Cuts a body at its boundary lines; what stands before the first belongs to no part.
fn parts<'m>(body: &'m [u8], boundary: &str) -> Vec<&'m [u8]> {
    let delimiter = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut open: Option<usize> = None;
    for at in memchr::memmem::find_iter(body, delimiter.as_bytes()) {
        if at > 0 && body[at - 1] != b'\n' {
            continue;
        }
        let behind = &body[at + delimiter.len()..];
        let end = memchr::memchr(b'\n', behind).map_or(behind.len(), |end| end + 1);
        let is_last = behind.starts_with(b"--");
        // Another boundary may begin with this one.
        if !is_last && !behind[..end].trim_ascii().is_empty() {
            continue;
        }
        if let Some(start) = open.take() {
            // The line end before the boundary is the boundary's.
            let part = &body[start..at.max(start)];
            let part = part.strip_suffix(b"\n").unwrap_or(part);
            parts.push(part.strip_suffix(b"\r").unwrap_or(part));
        }
        if is_last {
            return parts;
        }
        open = Some(body.len() - behind.len() + end);
    }
    // A file that was cut off has no last boundary.
    parts.extend(open.and_then(|start| body.get(start..)));
    parts
}

/// Decodes `=E4=B8` and soft line ends; what is no escape stays as it is.
fn quoted_printable(body: &[u8]) -> Vec<u8> {
    let digit = |byte: Option<&u8>| char::from(*byte?).to_digit(16).map(|digit| digit as u8);
    let mut decoded = Vec::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = memchr::memchr(b'=', rest) {
        decoded.extend_from_slice(&rest[..at]);
        let behind = &rest[at + 1..];
        if let (Some(high), Some(low)) = (digit(behind.first()), digit(behind.get(1))) {
            decoded.push(high << 4 | low);
            rest = &behind[2..];
            continue;
        }
        rest = match behind_line_end(behind) {
            Some(rest) => rest,
            None => {
                decoded.push(b'=');
                behind
            }
        };
    }
    decoded.extend_from_slice(rest);
    decoded
}

/// Returns what stands behind the end of a line, if only blanks stand before it.
fn behind_line_end(bytes: &[u8]) -> Option<&[u8]> {
    let blanks = bytes
        .iter()
        .take_while(|byte| matches!(byte, b' ' | b'\t'))
        .count();
    match &bytes[blanks..] {
        [b'\r', b'\n', rest @ ..] | [b'\n', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Decodes base64; bytes that are none of its digits are passed over.
fn base64(body: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(body.len() / 4 * 3);
    let (mut bits, mut count) = (0u32, 0);
    for byte in body {
        let digit = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => break,
            _ => continue,
        };
        bits = bits << 6 | u32::from(digit);
        count += 6;
        if count >= 8 {
            count -= 8;
            decoded.push((bits >> count) as u8);
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(mail: &str, content: &str, charset: Option<&str>) {
        let page = page(mail.as_bytes(), &Limits::default()).expect("a page");
        assert_eq!(String::from_utf8_lossy(&page.content), content);
        assert_eq!(page.charset.as_deref(), charset);
    }

    #[test]
    fn the_page_is_found_and_decoded() {
        check(
            "MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype=\"text/html\";\r\n\t\
             boundary=\"--a;b\"\r\n\r\nnot this\r\n----a;b\r\nContent-Type: image/png\r\n\r\nxx\r\n\
             ----a;b\r\nContent-Type: text/html; charset=gb2312\r\nContent-Transfer-Encoding: \
             quoted-printable\r\n\r\n<p>=\r\nA=3DB= \r\n=E4=B8=AD=zz\r\n----a;b--\r\n",
            "<p>A=B中=zz",
            Some("gb2312"),
        );
        check(
            "From: a\nContent-Type: multipart/related; boundary=x; start=\"<2@b>\"\n\n--x\n\
             Content-Type: text/html\nContent-ID: <1@b>\n\n<p>frame\n--x\nContent-Type: text/html\n\
             Content-ID: <2@b>\nContent-Transfer-Encoding: base64\n\nPHA+5Lit\n5paH\n--x--\n",
            "<p>中文",
            None,
        );
        // Cut off, and parts within parts.
        check(
            "Content-Type: multipart/mixed; boundary=a\n\n--a\nContent-Type: multipart/alternative; \
             boundary=ab\n\n--ab\nContent-Type: text/plain\n\nx\n--ab\nContent-Type: text/html\n\n<p>y",
            "<p>y",
            None,
        );
        check(
            "Content-Type: text/html; charset=\"utf-8\"\n\n<p>甲",
            "<p>甲",
            Some("utf-8"),
        );
        assert!(page(b"MIME-Version: 1.0\n\nno page", &Limits::default()).is_err());
    }
}
