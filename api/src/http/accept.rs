//! Reads `Accept` and `Content-Type`.

use actix_web::{
    HttpRequest,
    http::header::{ACCEPT, CONTENT_ENCODING, CONTENT_TYPE, HeaderName},
};

use super::fault::{Code, Fault};

/// The media types in which answers are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    /// `application/json`: faults of the document carry 200.
    Json,
    /// `application/graphql-response+json`: every fault carries its status.
    GraphqlResponse,
    /// `text/event-stream`.
    EventStream,
}

impl Media {
    /// The value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
            Self::EventStream => "text/event-stream",
        }
    }

    const fn essence(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::GraphqlResponse => "application/graphql-response+json",
            Self::EventStream => "text/event-stream",
        }
    }
}

/// Chooses what to answer with among `offers`, of which the first stands for a missing header and for wildcards.
///
/// The higher quality wins, then the type that is named over a wildcard, then the one named first (RFC 9110, section 12.5.1).
pub fn negotiate(request: &HttpRequest, offers: &[Media]) -> Result<Media, Fault> {
    let accept = joined(request, &ACCEPT);
    choose(&accept, offers).ok_or_else(|| {
        let offered: Vec<_> = offers.iter().map(|media| media.essence()).collect();
        Fault::new(Code::NotAcceptable, format!("only {} can be answered here", offered.join(" or ")))
    })
}

fn choose(accept: &str, offers: &[Media]) -> Option<Media> {
    if accept.trim().is_empty() {
        return offers.first().copied();
    }
    let ranges: Vec<Range<'_>> = accept.split(',').filter_map(Range::parse).collect();
    let mut best: Option<(Rank, Media)> = None;
    for &media in offers {
        let Some(rank) = rank(media, &ranges) else { continue };
        if best.as_ref().is_none_or(|(found, _)| rank > *found) {
            best = Some((rank, media));
        }
    }
    best.map(|(_, media)| media)
}

/// Quality in thousandths, how exactly the type is named, and how early.
type Rank = (u32, u8, std::cmp::Reverse<usize>);

fn rank(media: Media, ranges: &[Range<'_>]) -> Option<Rank> {
    let matching = ranges.iter().enumerate().filter_map(|(at, range)| Some((range.exactness(media)?, at, range.quality)));
    let (exactness, at, quality) = matching.max_by_key(|(exactness, at, _)| (*exactness, std::cmp::Reverse(*at)))?;
    (quality > 0).then_some((quality, exactness, std::cmp::Reverse(if exactness == 2 { at } else { 0 })))
}

struct Range<'a> {
    name: &'a str,
    quality: u32,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let mut quality = 1_000;
        for part in parts {
            if let Some(value) = part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")) {
                quality = thousandths(value)?;
            }
        }
        Some(Self { name, quality })
    }

    fn exactness(&self, media: Media) -> Option<u8> {
        let essence = media.essence();
        let family = essence.split_once('/').map_or(essence, |(family, _)| family);
        if self.name.eq_ignore_ascii_case(essence) {
            Some(2)
        } else if self.name.strip_suffix("/*").is_some_and(|name| name.eq_ignore_ascii_case(family)) {
            Some(1)
        } else {
            (self.name == "*/*").then_some(0)
        }
    }
}

fn thousandths(value: &str) -> Option<u32> {
    let (whole, part) = value.split_once('.').unwrap_or((value, ""));
    let whole: u32 = whole.parse().ok().filter(|whole| *whole <= 1)?;
    let part: u32 = format!("{part:0<3}").get(..3)?.parse().ok()?;
    Some(whole.saturating_mul(1_000).saturating_add(part).min(1_000))
}

/// Refuses a body that is not JSON in UTF-8 as it stands.
pub fn check_content_type(request: &HttpRequest) -> Result<(), Fault> {
    let refused = || Fault::new(Code::UnsupportedMediaType, "the body must be application/json in UTF-8");
    let header = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).ok_or_else(refused)?;
    let mut parts = header.split(';').map(str::trim);
    if !parts.next().is_some_and(|essence| essence.eq_ignore_ascii_case("application/json")) {
        return Err(refused());
    }
    for part in parts {
        let Some((name, value)) = part.split_once('=') else { continue };
        let value = value.trim_matches('"');
        if name.trim().eq_ignore_ascii_case("charset")
            && !value.eq_ignore_ascii_case("utf-8")
            && !value.eq_ignore_ascii_case("utf8")
        {
            return Err(refused());
        }
    }
    let encoding = joined(request, &CONTENT_ENCODING);
    if encoding.is_empty() || encoding.eq_ignore_ascii_case("identity") { Ok(()) } else { Err(refused()) }
}

fn joined(request: &HttpRequest, name: &HeaderName) -> String {
    let values: Vec<_> = request.headers().get_all(name).filter_map(|value| value.to_str().ok()).collect();
    values.join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_of_what_is_accepted_is_chosen() {
        use Media::{GraphqlResponse, Json};
        let offers = [Json, GraphqlResponse];
        for (accept, expected) in [
            ("", Some(Json)),
            ("*/*", Some(Json)),
            ("application/*", Some(Json)),
            ("application/json", Some(Json)),
            ("application/graphql-response+json", Some(GraphqlResponse)),
            ("application/graphql-response+json, application/json", Some(GraphqlResponse)),
            ("application/json, application/graphql-response+json", Some(Json)),
            ("application/graphql-response+json, application/json;q=0.9", Some(GraphqlResponse)),
            ("application/json;q=0.5, application/graphql-response+json;q=0.25", Some(Json)),
            ("application/graphql-response+json; charset=utf-8, */*", Some(GraphqlResponse)),
            ("application/json;q=0, */*", Some(GraphqlResponse)),
            ("application/json;q=0", None),
            ("text/html", None),
            ("application/json;q=x", None),
        ] {
            assert_eq!(choose(accept, &offers), expected, "{accept}");
        }
    }
}
