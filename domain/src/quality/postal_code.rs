//! Postal codes.

use crate::value::{CountryCode, PostalCode};

use super::check::QualityCheck;
use super::review::Fault;

/// A code that has not the layout of its country.
pub(super) fn malformed(typed: &str, country: Option<CountryCode>) -> Option<Fault> {
    let error = PostalCode::parse(typed, country).err()?;
    Some(Fault::unreadable(QualityCheck::PostalCodeFormat, error, country.and_then(|country| repaired(typed, country))))
}

/// The code that was meant: the leading zero that spreadsheets drop, where codes of the country have one; `O` for zero and `I` for one.
fn repaired(typed: &str, country: CountryCode) -> Option<String> {
    let has_leading_zero = matches!(country.as_str(), "DE" | "FR" | "ES" | "IT" | "US" | "FI" | "MX" | "TR" | "UA" | "KR");
    let typed = typed.trim();
    let is_short = typed.len() == 4 && typed.bytes().all(|byte| byte.is_ascii_digit());
    let padded = (has_leading_zero && is_short).then(|| format!("0{typed}"));
    let alike = typed.to_uppercase().replace('O', "0").replace(['I', 'L'], "1");
    let candidates = [padded, Some(alike)];
    candidates.into_iter().flatten().find_map(|code| PostalCode::parse(&code, Some(country)).ok()).map(|code| code.to_string())
}
