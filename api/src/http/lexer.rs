//! Counts the tokens of a document and its brackets before anything parses it: one pass, no memory, no recursion.

use super::fault::{Code, Fault};
use crate::limits::Limits;

/// Refuses a document with too many tokens or too deep brackets (GraphQL specification, section 2.1).
///
/// Faults of grammar are left to the parser.
pub fn check(document: &str, limits: &Limits) -> Result<u64, Fault> {
    let mut rest = document.as_bytes();
    let mut tokens = 0_u64;
    let mut nesting = 0_usize;
    while let Some((&first, after)) = rest.split_first() {
        let length = match first {
            b' ' | b'\t' | b'\n' | b'\r' | b',' | 0xEF | 0xBB | 0xBF => {
                rest = after;
                continue;
            }
            b'#' => {
                rest = rest.get(until(rest, |byte| byte == b'\n' || byte == b'\r')..).unwrap_or_default();
                continue;
            }
            b'{' | b'(' | b'[' => {
                nesting = nesting.saturating_add(1);
                1
            }
            b'}' | b')' | b']' => {
                nesting = nesting.saturating_sub(1);
                1
            }
            b'"' => string_length(rest),
            b'.' if rest.starts_with(b"...") => 3,
            b'-' | b'0'..=b'9' => until(rest, |byte| !is_name(byte) && !matches!(byte, b'.' | b'-' | b'+')),
            byte if is_name(byte) => name_length(rest, limits)?,
            _ => 1,
        };
        rest = rest.get(length..).unwrap_or_default();
        tokens = tokens.saturating_add(1);
        if tokens > limits.tokens_max {
            return Err(Fault::new(Code::TooManyTokens, format!("the document has more than {} tokens", limits.tokens_max)));
        }
        if nesting > limits.nesting_max {
            return Err(Fault::new(Code::TooDeep, format!("brackets nest deeper than {} levels", limits.nesting_max)));
        }
    }
    Ok(tokens)
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The bytes of the name at the start of `text`.
fn name_length(text: &[u8], limits: &Limits) -> Result<usize, Fault> {
    let length = until(text, |byte| !is_name(byte));
    if length > limits.name_bytes_max {
        let message = format!("a name has more than {} bytes", limits.name_bytes_max);
        return Err(Fault::new(Code::DocumentTooLarge, message));
    }
    Ok(length)
}

fn until(text: &[u8], end: impl Fn(u8) -> bool) -> usize {
    text.iter().position(|&byte| end(byte)).unwrap_or(text.len())
}

/// The bytes of the string at the start of `text`, its quotes included; all of it when the string is not closed.
fn string_length(text: &[u8]) -> usize {
    let (quotes, open): (&[u8], usize) = if text.starts_with(b"\"\"\"") { (b"\"\"\"", 3) } else { (b"\"", 1) };
    let mut at = open;
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with(quotes) {
            return at.saturating_add(quotes.len());
        }
        let escaped = if open == 3 { rest.starts_with(b"\\\"\"\"") } else { rest.starts_with(b"\\") };
        at = at.saturating_add(match (escaped, open) {
            (true, 3) => 4,
            (true, _) => 2,
            (false, _) => 1,
        });
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(document: &str) -> u64 {
        check(document, &Limits::default()).unwrap()
    }

    #[test]
    fn counts_tokens_as_the_specification_does() {
        assert_eq!(count("{ a }"), 3);
        assert_eq!(count("\u{feff}query Q($a: [Int!]! = [1, -2.5e3]) { x: y(b: $a) @skip(if: true) ...F } # end"), 37);
        assert_eq!(count(r#"{ a(b: "q\"}{", c: """block \""" " }""") }"#), 11);
        assert_eq!(count("\"never closed { { {"), 1);
        assert_eq!(count("{a...F}"), 5);
        assert_eq!(count(""), 0);
    }

    #[test]
    fn refuses_too_many_tokens_and_too_deep_brackets() {
        let limits = Limits::default();
        assert_eq!(check(&"a ".repeat(4_001), &limits).unwrap_err().code, Code::TooManyTokens);
        assert!(check(&"a ".repeat(4_000), &limits).is_ok());
        assert_eq!(check(&"a".repeat(257), &limits).unwrap_err().code, Code::DocumentTooLarge);
        assert!(check(&format!("{} \"{}\"", "a".repeat(256), "a".repeat(300)), &limits).is_ok());
        assert_eq!(check(&"[".repeat(65), &limits).unwrap_err().code, Code::TooDeep);
        assert!(check(&"{}".repeat(500), &limits).is_ok());
    }
}
