//! What the request behind a form tells of its visitor: the language of the browser and the device. The country comes from the address, which
//! only a data file of the operator can tell.

use crate::code::codes;
use crate::value::LanguageTag;

codes! {
    /// What a visitor holds in the hand.
    pub enum Device {
        /// A computer.
        Desktop = "DESKTOP",
        /// A telephone.
        Mobile = "MOBILE",
        /// No person: a crawler, a monitor, a script.
        Bot = "BOT",
        /// Anything else.
        Other = "OTHER",
    }
}

impl Device {
    /// The device that a `User-Agent` tells of. Browsers on telephones and tablets say `Mobi` (MDN, *Browser detection using the user agent*);
    /// programs that are no browser name themselves, or do not begin with `Mozilla/5.0` as every browser does. It is a hint, never a proof.
    pub fn of_user_agent(user_agent: &str) -> Self {
        let text = user_agent.to_ascii_lowercase();
        if text.trim().is_empty() {
            return Self::Other;
        }
        if !text.starts_with("mozilla/5.0") || BOT_WORDS.iter().any(|word| text.contains(word)) {
            return Self::Bot;
        }
        if text.contains("mobi") || text.contains("android") || text.contains("ipad") {
            return Self::Mobile;
        }
        if DESKTOP_WORDS.iter().any(|word| text.contains(word)) { Self::Desktop } else { Self::Other }
    }
}

/// What crawlers and monitors call themselves.
const BOT_WORDS: &[&str] = &["bot", "crawl", "spider", "slurp", "preview", "monitor", "headless", "http://", "https://"];

/// The systems of computers.
const DESKTOP_WORDS: &[&str] = &["windows nt", "macintosh", "x11", "cros "];

/// Most languages of one header that are looked at.
const LANGUAGES_MAX: usize = 32;

/// A quality of 1, in thousandths (RFC 9110, section 12.4.2).
const QUALITY_WHOLE: u16 = 1_000;

/// The language that a browser prefers: the one with the highest quality in its `Accept-Language` (RFC 9110, section 12.5.4), the first of
/// equals. `*`, quality 0 and what is no language tag are passed over.
pub fn preferred_language(accept_language: &str) -> Option<LanguageTag> {
    let mut best: Option<(u16, LanguageTag)> = None;
    for part in accept_language.split(',').take(LANGUAGES_MAX) {
        let mut pieces = part.split(';').map(str::trim);
        let Some(Ok(tag)) = pieces.next().map(LanguageTag::parse) else { continue };
        let quality = pieces.find_map(|piece| piece.strip_prefix("q=").or_else(|| piece.strip_prefix("Q=")));
        let Some(quality) = quality.map_or(Some(QUALITY_WHOLE), thousandths).filter(|quality| *quality > 0) else { continue };
        if best.as_ref().is_none_or(|(known, _)| quality > *known) {
            best = Some((quality, tag));
        }
    }
    best.map(|(_, tag)| tag)
}

/// A quality such as `0.8` in thousandths; nothing when it is none.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if fraction.len() > 3 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let fraction: u16 = format!("{fraction:0<3}").parse().ok()?;
    match whole {
        "0" => Some(fraction),
        "1" if fraction == 0 => Some(QUALITY_WHOLE),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn preferred(header: &str) -> Option<String> {
        preferred_language(header).map(|tag| tag.to_string())
    }

    #[test]
    fn the_highest_quality_wins_and_the_first_of_equals() {
        assert_eq!(preferred("de-DE,de;q=0.9,en;q=0.8").as_deref(), Some("de-DE"));
        assert_eq!(preferred("en;q=0.7, fr ; q=0.95 ,*;q=0.1").as_deref(), Some("fr"));
        assert_eq!(preferred("it, es").as_deref(), Some("it"));
        assert_eq!(preferred("en;q=0, pl;q=0.001").as_deref(), Some("pl"));
    }

    #[test]
    fn what_is_no_language_is_passed_over() {
        assert_eq!(preferred(""), None);
        assert_eq!(preferred("*"), None);
        assert_eq!(preferred("!!, de;q=2, en;q=0.1234, nl;q=0.5").as_deref(), Some("nl"));
    }

    #[test]
    fn devices_are_told_apart() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";
        let iphone =
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Mobile/15E148 Safari/604.1";
        let crawler = "Mozilla/5.0 (compatible; SomeBot/2.1; +https://bot.example/about)";
        let cases = [(firefox, Device::Desktop), (iphone, Device::Mobile), (crawler, Device::Bot), ("curl/8.5", Device::Bot)];
        for (agent, device) in cases {
            assert_eq!(Device::of_user_agent(agent), device, "{agent}");
        }
        assert_eq!(Device::of_user_agent(" "), Device::Other);
        assert_eq!(Device::of_user_agent("Mozilla/5.0 (SomethingElse)"), Device::Other);
    }

    proptest! {
        #[test]
        fn any_header_is_read(header in ".{0,200}") {
            let _ = preferred_language(&header);
            let _ = Device::of_user_agent(&header);
        }
    }
}
