//! Bytes of a part → its XML elements, one at a time.
//!
//! Invariant: nothing outside the part is ever read, and entities other than the five of XML and
//! character references are left out, so none expands; nesting and time are bounded.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

use crate::error::{Error, ErrorKind, Result};
use crate::read::Limits;

/// Elements stand in elements so deep; tables in tables take three each.
const MAX_DEPTH: usize = 256;

/// Namespaces that may be in scope at once.
const MAX_NAMESPACES: usize = 1024;

/// The clock is looked at once in so many events.
const EVENTS_A_CHECK: u32 = 1 << 10;

/// Returns the text of a part and the number of places that could not be decoded.
pub(super) fn decode(bytes: Vec<u8>) -> (String, usize) {
    let encoding = encoding_of(&bytes);
    if encoding == UTF_8 {
        match String::from_utf8(bytes) {
            Ok(text) => return (text, 0),
            Err(error) => return replaced(error.as_bytes(), encoding),
        }
    }
    replaced(&bytes, encoding)
}

fn replaced(bytes: &[u8], encoding: &'static Encoding) -> (String, usize) {
    let (text, damaged) = encoding.decode_with_bom_removal(bytes);
    let count = match damaged {
        true => text.matches('\u{fffd}').count(),
        false => 0,
    };
    (text.into_owned(), count)
}

/// Tells the encoding as the XML standard does: byte order mark, zeros, declaration.
fn encoding_of(bytes: &[u8]) -> &'static Encoding {
    if let Some((encoding, _)) = Encoding::for_bom(bytes) {
        return encoding;
    }
    match bytes {
        [b'<', 0, ..] => return UTF_16LE,
        [0, b'<', ..] => return UTF_16BE,
        _ => {}
    }
    let head = &bytes[..bytes.len().min(200)];
    let declared = memchr::memmem::find(head, b"encoding=").and_then(|at| {
        let rest = &head[at + "encoding=".len()..];
        let (quote, rest) = rest.split_first()?;
        let end = memchr::memchr(*quote, rest)?;
        Encoding::for_label(&rest[..end])
    });
    match declared {
        // Said in single bytes, it cannot be true.
        Some(encoding) if encoding == UTF_16LE || encoding == UTF_16BE => UTF_8,
        Some(encoding) => encoding,
        None => UTF_8,
    }
}

/// The vocabulary that an element's name belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vocabulary {
    /// WordprocessingML, transitional or strict.
    Word,
    /// Markup compatibility: alternatives.
    Compatibility,
    /// Formulas.
    Math,
    /// Any other.
    Other,
}

impl Vocabulary {
    fn of(namespace: &str) -> Self {
        match namespace {
            "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
            | "http://purl.oclc.org/ooxml/wordprocessingml/main" => Vocabulary::Word,
            "http://schemas.openxmlformats.org/markup-compatibility/2006" => {
                Vocabulary::Compatibility
            }
            "http://schemas.openxmlformats.org/officeDocument/2006/math"
            | "http://purl.oclc.org/ooxml/officeDocument/math" => Vocabulary::Math,
            _ => Vocabulary::Other,
        }
    }
}

/// The start of an element.
#[derive(Debug)]
pub(super) struct Element<'x> {
    /// What its name belongs to.
    pub(super) vocabulary: Vocabulary,
    start: BytesStart<'x>,
}

impl Element<'_> {
    /// Returns its name without prefix.
    pub(super) fn name(&self) -> &str {
        self.start.local_name().into_inner()
    }

    /// Returns its name if it is one of WordprocessingML, an empty text otherwise.
    pub(super) fn word(&self) -> &str {
        match self.vocabulary {
            Vocabulary::Word => self.name(),
            _ => "",
        }
    }

    /// Returns an attribute by its name without prefix; no element that is read has two of a name.
    pub(super) fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        self.start
            .attributes()
            .with_checks(false)
            .flatten()
            .find(|attribute| attribute.key.local_name().into_inner() == name)
            .map(
                |attribute| match attribute.normalized_value(XmlVersion::Implicit1_0) {
                    Ok(value) => Cow::Owned(value.into_owned()),
                    Err(_) => attribute.value,
                },
            )
    }

    /// Returns the attribute `val`.
    pub(super) fn value(&self) -> Option<Cow<'_, str>> {
        self.attribute("val")
    }

    /// Returns the attribute `val` as a number.
    pub(super) fn number<N: std::str::FromStr>(&self) -> Option<N> {
        self.value()?.trim().parse().ok()
    }

    /// Returns whether a property that is there switches on: it does unless its value says no.
    pub(super) fn is_on(&self) -> bool {
        !matches!(
            self.value().as_deref(),
            Some("0" | "false" | "off" | "none")
        )
    }
}

/// A part that is read from start to end.
pub(super) struct Xml<'x> {
    reader: NsReader<&'x [u8]>,
    limits: Limits,
    depth: usize,
    events: u32,
}

impl<'x> Xml<'x> {
    /// Opens a part.
    pub(super) fn new(text: &'x str, limits: Limits) -> Self {
        let mut reader = NsReader::from_str(text);
        reader.config_mut().expand_empty_elements = true;
        let resolver = reader.resolver_mut();
        resolver.set_max_namespace_bindings(MAX_NAMESPACES);
        Xml {
            reader,
            limits,
            depth: 0,
            events: 0,
        }
    }

    /// Returns the next child of the element that is open, `None` at its end. A child must be read
    /// to its own end, by this, [`Xml::skip`] or [`Xml::text`], before the next is asked for.
    ///
    /// # Errors
    /// If the part is damaged or nested too deep, or the time is over.
    pub(super) fn child(&mut self) -> Result<Option<Element<'x>>> {
        loop {
            match self.event()? {
                (vocabulary, Event::Start(start)) => {
                    return Ok(Some(Element { vocabulary, start }));
                }
                (_, Event::End(_) | Event::Eof) => return Ok(None),
                _ => {}
            }
        }
    }

    /// Reads the open element to its end.
    ///
    /// # Errors
    /// As [`Xml::child`].
    pub(super) fn skip(&mut self) -> Result<()> {
        let outside = self.depth.saturating_sub(1);
        while self.depth > outside {
            self.event()?;
        }
        Ok(())
    }

    /// Returns the text of the open element, without that of its children.
    ///
    /// # Errors
    /// As [`Xml::child`].
    pub(super) fn text(&mut self) -> Result<String> {
        let mut text = String::new();
        let inside = self.depth;
        loop {
            match self.event()?.1 {
                Event::End(_) if self.depth < inside => return Ok(text),
                Event::Eof => return Ok(text),
                _ if self.depth > inside => {}
                Event::Text(part) => text.push_str(&part.xml10_content()),
                Event::CData(part) => text.push_str(&part.xml10_content()),
                Event::GeneralRef(name) => match name.resolve_char_ref() {
                    Ok(Some(character)) => text.push(character),
                    Ok(None) => text.push_str(predefined(&name.xml10_content())),
                    Err(_) => text.push('\u{fffd}'),
                },
                _ => {}
            }
        }
    }

    fn event(&mut self) -> Result<(Vocabulary, Event<'x>)> {
        self.events = self.events.wrapping_add(1);
        if self.events.is_multiple_of(EVENTS_A_CHECK) {
            self.limits.check()?;
        }
        let (namespace, event) = self.reader.read_resolved_event().map_err(damaged)?;
        let vocabulary = match namespace {
            ResolveResult::Bound(namespace) => Vocabulary::of(namespace.0),
            _ => Vocabulary::Other,
        };
        match event {
            Event::Start(_) => {
                self.depth += 1;
                if self.depth > MAX_DEPTH {
                    return Err(Error::new(
                        ErrorKind::Limit,
                        format!("XML 嵌套超过 {MAX_DEPTH} 层，已放弃"),
                        format!("the XML is nested more than {MAX_DEPTH} deep and was given up"),
                    ));
                }
            }
            Event::End(_) => self.depth = self.depth.saturating_sub(1),
            Event::Eof if self.depth > 0 => return Err(cut_off()),
            _ => {}
        }
        Ok((vocabulary, event))
    }
}

fn predefined(name: &str) -> &'static str {
    match name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        _ => "",
    }
}

fn damaged(cause: quick_xml::Error) -> Error {
    Error::new(
        ErrorKind::Input,
        "文档的 XML 已损坏",
        "the document's XML is damaged",
    )
    .with_cause(cause)
}

fn cut_off() -> Error {
    Error::new(
        ErrorKind::Input,
        "文档的 XML 不完整",
        "the document's XML is cut off",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_decoded_by_mark_zeros_and_declaration() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><a>政</a>";
        let utf16 = |order: fn(u16) -> [u8; 2], mark: bool| -> Vec<u8> {
            let units = "\u{feff}".encode_utf16().filter(|_| mark);
            units.chain(text.encode_utf16()).flat_map(order).collect()
        };
        for mark in [true, false] {
            assert_eq!(decode(utf16(u16::to_le_bytes, mark)).0, text);
            assert_eq!(decode(utf16(u16::to_be_bytes, mark)).0, text);
        }
        let (gbk, _, _) = encoding_rs::GBK.encode("<?xml encoding='gb2312'?><a>政</a>");
        assert!(decode(gbk.into_owned()).0.contains('政'));
        assert_eq!(
            decode(b"\xef\xbb\xbf<a/>".to_vec())
                .0
                .trim_start_matches('\u{feff}'),
            "<a/>"
        );
        assert_eq!(
            decode(b"<a>\xff</a>".to_vec()),
            ("<a>\u{fffd}</a>".to_owned(), 1)
        );
    }

    #[test]
    fn entities_do_not_expand() {
        let text = "<!DOCTYPE a [<!ENTITY x \"bomb\"><!ENTITY y SYSTEM \"file:///etc/passwd\">]>\
                    <a>1&x;2&y;3&amp;&#25919;<b>no</b></a>";
        let mut xml = Xml::new(text, Limits::default());
        assert_eq!(xml.child().unwrap().unwrap().name(), "a");
        assert_eq!(xml.text().unwrap(), "123&政");
        assert!(xml.child().unwrap().is_none());
    }

    #[test]
    fn depth_is_bounded_and_ends_are_checked() {
        let deep = "<a>".repeat(100_000);
        let mut xml = Xml::new(&deep, Limits::default());
        xml.child().unwrap();
        assert_eq!(xml.skip().unwrap_err().kind(), ErrorKind::Limit);
        for broken in ["<a><b></a>", "<a>", "<a b"] {
            let mut xml = Xml::new(broken, Limits::default());
            let end = loop {
                match xml.child() {
                    Ok(_) if xml.depth == 0 => break None,
                    Ok(_) => {}
                    Err(error) => break Some(error.kind()),
                }
            };
            assert_eq!(end, Some(ErrorKind::Input), "{broken}");
        }
    }
}
