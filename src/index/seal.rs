//! A JSON object ↔ the same with a checksum of itself as its last member, `seal`.
//!
//! The seal is written with what it seals, so that a kill cannot part them; the file stays JSON, and
//! readers that do not know the member pass over it.

const OPEN: &str = "\n  \"seal\": \"";
const CLOSE: &str = "\"\n}\n";
const TAIL: usize = OPEN.len() + 64 + CLOSE.len();

/// Returns the object with its seal; a text that is no object comes back as it is.
pub(crate) fn seal(object: &str) -> String {
    let Some(body) = object.trim_end().strip_suffix('}') else {
        return object.to_owned();
    };
    let mut sealed = body.trim_end().to_owned();
    if !sealed.ends_with('{') {
        sealed.push(',');
    }
    let tail = tail(&sealed);
    sealed + &tail
}

/// Returns whether a text carries its own seal: every byte of it is as it was written.
pub(crate) fn is_sealed(text: &str) -> bool {
    let body = text.len().checked_sub(TAIL).and_then(|end| text.get(..end));
    body.is_some_and(|body| text[body.len()..] == tail(body))
}

fn tail(body: &str) -> String {
    format!("{OPEN}{}{CLOSE}", blake3::hash(body.as_bytes()).to_hex())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_counts_and_it_stays_json() {
        for object in ["{}", "{\n  \"a\": 1\n}\n", "{\"名\":[{\"b\":\"}\"}]}"] {
            let sealed = seal(object);
            assert!(is_sealed(&sealed), "{sealed}");
            let mut value: serde_json::Value = serde_json::from_str(&sealed).unwrap();
            value.as_object_mut().unwrap().shift_remove("seal").unwrap();
            let plain: serde_json::Value = serde_json::from_str(object).unwrap();
            assert_eq!(value, plain);
            for at in 0..sealed.len() {
                for bit in 0..8 {
                    let mut bytes = sealed.clone().into_bytes();
                    bytes[at] ^= 1 << bit;
                    assert!(
                        !std::str::from_utf8(&bytes).is_ok_and(is_sealed),
                        "{at}.{bit}"
                    );
                }
            }
            assert!(!is_sealed(object));
            assert!(!is_sealed(&sealed[1..]));
        }
        assert_eq!(seal("[1]"), "[1]");
        assert!(!is_sealed(""));
    }
}
