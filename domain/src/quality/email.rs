//! E-mail addresses: their form, and whose they are.

use crate::value::EmailAddress;
use crate::value::free_mail::is_free_mail;

use super::check::QualityCheck;
use super::list::List;
use super::review::Fault;

/// Providers of throw-away addresses.
static THROWAWAY: List = List::new(|| include_str!("../../reference/email_throwaway.txt").lines().collect());
/// Local parts of roles.
static ROLES: List = List::new(|| include_str!("../../reference/email_roles.txt").lines().collect());

/// Domains that many people have, as targets of typing errors. Short ones are left out: too many other domains are one letter away.
const TARGETS: [&str; 21] = [
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.de",
    "hotmail.fr",
    "outlook.com",
    "outlook.de",
    "yahoo.com",
    "yahoo.de",
    "icloud.com",
    "t-online.de",
    "freenet.de",
    "posteo.de",
    "mailbox.org",
    "bluewin.ch",
    "protonmail.com",
    "laposte.net",
    "wanadoo.fr",
    "libero.it",
    "tutanota.com",
    "gmx.net",
];
/// Typing errors of short domains, by what was meant.
const SHORT_SLIPS: [(&str, &str); 10] = [
    ("gxm.de", "gmx.de"),
    ("gmx.dee", "gmx.de"),
    ("gmx.d", "gmx.de"),
    ("gmc.de", "gmx.de"),
    ("gnx.de", "gmx.de"),
    ("wbe.de", "web.de"),
    ("web.dee", "web.de"),
    ("we.de", "web.de"),
    ("webb.de", "web.de"),
    ("gxm.net", "gmx.net"),
];
/// Domains one letter away from a target that are others'.
const OTHERS: [&str; 3] = ["email.com", "cloud.com", "hotmail.dk"];
/// Top levels that do not exist, by what was meant.
const TOP_SLIPS: [(&str, &str); 13] = [
    ("con", "com"),
    ("cmo", "com"),
    ("ocm", "com"),
    ("vom", "com"),
    ("xom", "com"),
    ("comm", "com"),
    ("coom", "com"),
    ("cpm", "com"),
    ("dee", "de"),
    ("ded", "de"),
    ("nte", "net"),
    ("ent", "net"),
    ("ogr", "org"),
];

/// Whether a domain, or one above it, gives throw-away addresses.
pub fn is_throwaway(domain: &str) -> bool {
    let mut rest = domain;
    loop {
        if THROWAWAY.contains(rest) {
            return true;
        }
        match rest.split_once('.') {
            Some((_, above)) if above.contains('.') => rest = above,
            Some(_) | None => return false,
        }
    }
}

/// Whether a domain is of a free provider, so that it tells nothing of a company.
pub fn is_free(domain: &str) -> bool {
    is_free_mail(domain)
}

/// Whether the local part of an address is of a role, as listed or after RFC 2142; what follows a `+` does not count.
pub fn is_role(address: &EmailAddress) -> bool {
    let key = address.key();
    let (local, _) = key.rsplit_once('@').unwrap_or_default();
    let local = local.split('+').next().unwrap_or_default();
    ROLES.contains(local)
}

/// An address that has not the form of one.
pub(super) fn syntax(typed: &str) -> Option<Fault> {
    let error = EmailAddress::parse(typed).err()?;
    Some(Fault::unreadable(QualityCheck::EmailSyntax, error, repaired(typed)))
}

/// The address that was meant, when only what stands around it or its signs are wrong.
fn repaired(typed: &str) -> Option<String> {
    let inner = typed.rsplit_once('<').map_or(typed, |(_, inner)| inner).split('>').next().unwrap_or_default();
    let bare: String = inner.split_whitespace().collect();
    let bare = bare.strip_prefix("mailto:").unwrap_or(&bare);
    let bare = bare.replace("(at)", "@").replace("[at]", "@").replace("(dot)", ".").replace("[dot]", ".");
    let bare = bare.replace("@@", "@").replace("..", ".");
    let bare = bare.trim_matches(|letter: char| matches!(letter, '.' | ',' | ';' | ':' | '\'' | '"' | '(' | ')'));
    let (local, domain) = bare.rsplit_once('@')?;
    let candidate = format!("{}@{}", local.trim_end_matches('.'), domain.trim_start_matches('.').replace(',', "."));
    EmailAddress::parse(&candidate).ok().map(|address| address.to_string())
}

/// A domain that looks mistyped.
pub(super) fn typo(typed: &str) -> Option<Fault> {
    let address = EmailAddress::parse(typed).ok()?;
    let better = meant(&address.domain())?;
    let (local, _) = address.as_str().rsplit_once('@')?;
    let message = "the domain looks mistyped";
    Some(Fault::improvable(QualityCheck::EmailTypo, message, format!("{local}@{better}")))
}

/// The domain that was meant by a mistyped one; also by one that somebody holds to catch mistyped mail, as some of the throw-away domains are.
fn meant(domain: &str) -> Option<String> {
    if is_free(domain) || OTHERS.contains(&domain) {
        return None;
    }
    if let Some((_, short)) = SHORT_SLIPS.iter().find(|(slip, _)| *slip == domain) {
        return Some((*short).to_owned());
    }
    let typed: Vec<char> = domain.chars().collect();
    if let Some(target) = TARGETS.iter().filter(|target| target.len() > 8).find(|target| is_one_slip(&typed, target)) {
        return Some((*target).to_owned());
    }
    let (name, top) = domain.rsplit_once('.')?;
    let (_, better) = TOP_SLIPS.iter().find(|(slip, _)| *slip == top)?;
    let corrected = format!("{name}.{better}");
    Some(meant(&corrected).unwrap_or(corrected))
}

/// Whether one letter was left out, added, replaced, or swapped with its neighbour (Damerau, 1964: four of five slips are such).
#[expect(clippy::match_same_arms, reason = "one arm a slip: left out, added, replaced, swapped")]
fn is_one_slip(typed: &[char], target: &str) -> bool {
    let target: Vec<char> = target.chars().collect();
    let head = typed.iter().zip(&target).take_while(|(a, b)| a == b).count();
    let (typed, target) = (typed.get(head..).unwrap_or_default(), target.get(head..).unwrap_or_default());
    match (typed, target) {
        ([], []) => false,
        ([_, rest @ ..], wanted) if rest == wanted => true,
        (found, [_, rest @ ..]) if found == rest => true,
        ([_, found @ ..], [_, rest @ ..]) if found == rest => true,
        ([a, b, found @ ..], [c, d, rest @ ..]) => a == d && b == c && found == rest,
        (_, _) => false,
    }
}

/// An address of a provider of throw-away addresses.
pub(super) fn throwaway(typed: &str) -> Option<Fault> {
    let domain = EmailAddress::parse(typed).ok()?.domain();
    let is_meant = is_throwaway(&domain) && meant(&domain).is_none();
    is_meant.then(|| Fault::unwanted(QualityCheck::EmailThrowaway, "is of a provider of throw-away addresses"))
}

/// An address of a role.
pub(super) fn role(typed: &str) -> Option<Fault> {
    let address = EmailAddress::parse(typed).ok()?;
    is_role(&address).then(|| Fault::unwanted(QualityCheck::EmailRole, "belongs to a role, not to a person"))
}

/// An address of a free provider.
pub(super) fn free(typed: &str) -> Option<Fault> {
    let domain = EmailAddress::parse(typed).ok()?.domain();
    let is_noted = is_free(&domain) && !is_throwaway(&domain);
    is_noted.then(|| Fault::unwanted(QualityCheck::EmailFree, "is of a free provider, not of a company"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted() {
        assert!(THROWAWAY.is_sorted() && ROLES.is_sorted());
        for big in ["gmail.com", "gmx.de", "gmx.net", "web.de", "t-online.de", "outlook.com", "yahoo.com"] {
            assert!(is_free(big) && !is_throwaway(big), "{big}");
        }
        assert!(is_throwaway("mailinator.com") && is_throwaway("inbox.mailinator.com") && !is_throwaway("example.com"));
    }

    #[test]
    fn slips_are_told_from_other_domains() {
        for (typed, expected) in [
            ("gmial.com", Some("gmail.com")),
            ("gmai.com", Some("gmail.com")),
            ("gmaill.com", Some("gmail.com")),
            ("gmail.con", Some("gmail.com")),
            ("hotmial.com", Some("hotmail.com")),
            ("gxm.de", Some("gmx.de")),
            ("example.con", Some("example.com")),
            ("gmail.com", None),
            ("mail.com", None),
            ("email.com", None),
            ("example.com", None),
            ("siemens.de", None),
        ] {
            assert_eq!(meant(typed).as_deref(), expected, "{typed}");
        }
    }

    #[test]
    fn signs_around_an_address_are_taken_away() {
        for (typed, expected) in [
            ("Anna <anna@example.com>", Some("anna@example.com")),
            ("mailto:anna@example.com", Some("anna@example.com")),
            ("anna@example.com.", Some("anna@example.com")),
            ("anna @ example.com", Some("anna@example.com")),
            ("anna(at)example.com", Some("anna@example.com")),
            ("anna@example,com", Some("anna@example.com")),
            ("anna", None),
            ("anna@", None),
        ] {
            assert_eq!(syntax(typed).unwrap().better.as_deref(), expected, "{typed}");
        }
    }
}
