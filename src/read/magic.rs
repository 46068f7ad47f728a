//! Files that call themselves text and are something else: told by their first bytes.

/// Signatures of formats that are not read, with their names.
const SIGNATURES: &[(&[u8], &str)] = &[
    (b"%PDF-", "PDF"),
    (b"PK\x03\x04", "ZIP/DOCX/XLSX"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "DOC/XLS/WPS"),
    (b"{\\rtf", "RTF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf\x27\x1c", "7Z"),
    (b"\x1f\x8b\x08", "GZIP"),
    (b"\x7fELF", "ELF"),
];

/// Returns the name of the format whose signature the bytes begin with.
pub(super) fn signature(bytes: &[u8]) -> Option<&'static str> {
    if let Some((_, name)) = SIGNATURES
        .iter()
        .find(|(signature, _)| bytes.starts_with(signature))
    {
        return Some(name);
    }
    let start = bytes.trim_ascii_start();
    let start = &start[..start.len().min(15)];
    ["<!doctype html", "<html"]
        .iter()
        .any(|tag| {
            start
                .get(..tag.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(tag.as_bytes()))
        })
        .then_some("HTML")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_known_by_their_first_bytes() {
        assert_eq!(signature(b"%PDF-1.7\n"), Some("PDF"));
        assert_eq!(signature(b"\n<!DOCTYPE HTML>"), Some("HTML"));
        assert_eq!(signature("政府工作报告".as_bytes()), None);
        assert_eq!(signature(b""), None);
    }
}
