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
    /// OpenDocument: the document and its parts.
    Office,
    /// OpenDocument: styles.
    Style,
    /// OpenDocument: text.
    Text,
    /// OpenDocument: tables.
    Table,
    /// OpenDocument: drawings.
    Draw,
    /// Any other.
    Other,
}

impl Vocabulary {
    fn of(namespace: &str) -> Self {
        let name = namespace
            .strip_prefix("urn:oasis:names:tc:opendocument:xmlns:")
            .and_then(|name| name.strip_suffix(":1.0"));
        match name {
            Some("office") => Vocabulary::Office,
            Some("style") => Vocabulary::Style,
            Some("text") => Vocabulary::Text,
            Some("table") => Vocabulary::Table,
            Some("drawing") => Vocabulary::Draw,
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

    /// Returns an attribute as a number.
    pub(super) fn number<N: std::str::FromStr>(&self, name: &str) -> Option<N> {
        self.attribute(name)?.trim().parse().ok()
    }
}

/// What stands in an element.
#[derive(Debug)]
pub(super) enum Node<'x> {
    /// An element, which must be read to its own end.
    Element(Element<'x>),
    /// A piece of text.
    Text(Cow<'x, str>),
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
    /// to its own end, by this, [`Xml::node`] or [`Xml::skip`], before the next is asked for.
    ///
    /// # Errors
    /// If the part is damaged or nested too deep, or the time is over.
    pub(super) fn child(&mut self) -> Result<Option<Element<'x>>> {
        loop {
            match self.node()? {
                Some(Node::Element(element)) => return Ok(Some(element)),
                Some(Node::Text(_)) => {}
                None => return Ok(None),
            }
        }
    }

    /// Returns the next child or piece of text of the element that is open, `None` at its end.
    ///
    /// # Errors
    /// As [`Xml::child`].
    pub(super) fn node(&mut self) -> Result<Option<Node<'x>>> {
        loop {
            let text = match self.event()? {
                (vocabulary, Event::Start(start)) => {
                    return Ok(Some(Node::Element(Element { vocabulary, start })));
                }
                (_, Event::End(_) | Event::Eof) => return Ok(None),
                (_, Event::Text(part)) => part.xml10_content(),
                (_, Event::CData(part)) => part.xml10_content(),
                (_, Event::GeneralRef(name)) => match name.resolve_char_ref() {
                    Ok(Some(character)) => character.to_string().into(),
                    Ok(None) => predefined(&name.xml10_content()).into(),
                    Err(_) => "\u{fffd}".into(),
                },
                _ => continue,
            };
            return Ok(Some(Node::Text(text)));
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
        let mut read = String::new();
        while let Some(Node::Text(text)) = xml.node().unwrap() {
            read.push_str(&text);
        }
        assert_eq!(read, "123&政");
        xml.skip().unwrap();
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
