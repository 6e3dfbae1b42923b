//! Addresses in the web.

use crate::value::HttpUrl;

use super::check::QualityCheck;
use super::review::Fault;

/// An address that is not whole.
pub(super) fn malformed(typed: &str) -> Option<Fault> {
    let error = HttpUrl::parse(typed).err()?;
    Some(Fault::unreadable(QualityCheck::Url, error, repaired(typed)))
}

/// The address that was meant: without a scheme, or with a mistyped one.
fn repaired(typed: &str) -> Option<String> {
    let bare: String = typed.split_whitespace().collect();
    let lower = bare.to_lowercase();
    let slips = ["https//", "http//", "https:/", "http:/", "htps://", "htp://", "hhtp://", "htttp://", "htttps://", "//"];
    let prefix = slips.iter().find(|slip| lower.starts_with(**slip)).map_or(0, |slip| slip.len());
    let host = bare.get(prefix..)?.trim_start_matches('/');
    let host = if lower.starts_with("www,") { host.replacen(',', ".", 1) } else { host.to_owned() };
    let (name, _) = host.split_once(['/', '?', '#', ':']).unwrap_or((&host, ""));
    let is_host = name.contains('.') && !name.starts_with('.') && !name.ends_with('.') && !host.contains(['@', '<', '>']);
    if !is_host || host.contains("://") {
        return None;
    }
    HttpUrl::parse(&format!("https://{host}")).ok().map(|url| url.to_string())
}
