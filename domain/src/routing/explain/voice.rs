//! What a language must be able to say.

use crate::routing::decision::CandidateRule;
use crate::routing::fairness::FairRule;
use crate::routing::place::QueueReason;
use crate::scoring::Tier;
use crate::value::LanguageTag;

/// Why somebody got it.
#[derive(Clone, Copy)]
pub(super) enum Why {
    Wish,
    Owner,
    Turn(Option<FairRule>),
}

/// What became of the lead's own language.
pub(super) enum Missed {
    /// It was found.
    Nothing,
    /// Nobody speaks it, and the pool lets anybody take it then.
    AnybodyInstead,
    /// Nobody speaks this one, and a fallback was taken.
    Another(String),
}

/// Whether others are told beside names.
#[derive(Clone, Copy)]
pub(super) enum Beside {
    Names,
    Nobody,
}

impl Beside {
    pub(super) const fn of(names: &[String]) -> Self {
        if names.is_empty() { Self::Nobody } else { Self::Names }
    }
}

/// A team or territory that may be missing, and whose name may be hidden.
#[derive(Clone, Copy)]
pub(super) enum Named<'a> {
    Missing,
    Hidden,
    Seen(&'a str),
}

impl<'a> Named<'a> {
    pub(super) fn of(name: Option<&'a str>) -> Self {
        name.map_or(Self::Hidden, Self::Seen)
    }
}

/// Figures of a member, in leads; behind is positive.
pub(super) struct Account {
    pub(super) share: f64,
    pub(super) before: f64,
    pub(super) after: f64,
}

/// How far somebody is from what is due, as it is said.
pub(super) enum Distance {
    Behind(f64),
    Even,
    Ahead(f64),
}

impl Distance {
    /// Less than what a figure with one decimal place shows is even.
    pub(super) fn of(deviation: f64) -> Self {
        if deviation.abs() < 0.05 {
            Self::Even
        } else if deviation > 0.0 {
            Self::Behind(deviation)
        } else {
            Self::Ahead(-deviation)
        }
    }
}

/// A language of the sentences. A name that is absent is one that the reader may not see.
pub(super) trait Voice {
    fn somebody(&self) -> &'static str;
    fn and(&self) -> &'static str;
    fn others(&self, count: usize, beside: Beside) -> String;
    fn assigned(&self, who: &str, why: Why) -> String;
    /// Where it waits: nowhere in particular, or with a team.
    fn waits(&self, team: Named<'_>) -> String;
    fn because(&self, reason: QueueReason) -> &'static str;
    fn help(&self, reason: QueueReason) -> &'static str;
    fn territory(&self, name: Option<&str>) -> String;
    /// The team, and the territory above that names it when it is not the same.
    fn team_by_territory(&self, team: Option<&str>, above: Named<'_>) -> String;
    fn team_by_country(&self, team: Option<&str>) -> String;
    fn team_of_owner(&self, team: Option<&str>) -> String;
    fn team_asked(&self, team: Option<&str>) -> String;
    fn equal_territories(&self, others: &str) -> String;
    fn pool(&self, tier: Tier, pool: Option<&str>) -> String;
    fn language(&self, tag: &LanguageTag) -> String;
    fn asked_for(&self, language: &str, missed: &Missed) -> String;
    /// Nothing for those who were not left out.
    fn left_out(&self, rule: CandidateRule, names: &str) -> Option<String>;
    fn account(&self, who: &str, account: &Account) -> String;
    fn more_accounts(&self, count: usize) -> String;
}

/// Languages that are often spoken in business: tag, English, German.
const LANGUAGES: &[(&str, &str, &str)] = &[
    ("ar", "Arabic", "Arabisch"),
    ("bg", "Bulgarian", "Bulgarisch"),
    ("cs", "Czech", "Tschechisch"),
    ("da", "Danish", "Dänisch"),
    ("de", "German", "Deutsch"),
    ("el", "Greek", "Griechisch"),
    ("en", "English", "Englisch"),
    ("es", "Spanish", "Spanisch"),
    ("et", "Estonian", "Estnisch"),
    ("fi", "Finnish", "Finnisch"),
    ("fr", "French", "Französisch"),
    ("hi", "Hindi", "Hindi"),
    ("hr", "Croatian", "Kroatisch"),
    ("hu", "Hungarian", "Ungarisch"),
    ("it", "Italian", "Italienisch"),
    ("ja", "Japanese", "Japanisch"),
    ("ko", "Korean", "Koreanisch"),
    ("lt", "Lithuanian", "Litauisch"),
    ("lv", "Latvian", "Lettisch"),
    ("nl", "Dutch", "Niederländisch"),
    ("no", "Norwegian", "Norwegisch"),
    ("pl", "Polish", "Polnisch"),
    ("pt", "Portuguese", "Portugiesisch"),
    ("ro", "Romanian", "Rumänisch"),
    ("ru", "Russian", "Russisch"),
    ("sk", "Slovak", "Slowakisch"),
    ("sl", "Slovene", "Slowenisch"),
    ("sr", "Serbian", "Serbisch"),
    ("sv", "Swedish", "Schwedisch"),
    ("tr", "Turkish", "Türkisch"),
    ("uk", "Ukrainian", "Ukrainisch"),
    ("zh", "Chinese", "Chinesisch"),
];

/// The name of a language, English and German; none when it is not in the list.
pub(super) fn language_names(tag: &LanguageTag) -> Option<(&'static str, &'static str)> {
    LANGUAGES.iter().find(|(known, ..)| *known == tag.primary()).map(|(_, english, german)| (*english, *german))
}
