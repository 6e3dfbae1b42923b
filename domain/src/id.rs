//! Typed identifiers.
//!
//! Outside the process an id is a `TypeID` (specification 0.3): the noun's prefix, an underscore, and the 128 bits of a UUID in 26 letters of
//! Crockford's base 32 (lower case). Inside it is a newtype over [`Uuid`], so that a person's id cannot be passed where a lead's is wanted.
//! This module makes no ids: version 7 UUIDs come from the one generator at the edge.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use uuid::Uuid;

/// Crockford's base 32 in lower case, without `i`, `l`, `o`, `u`.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Letters of the part after the underscore: 130 bits, of which the first two are always zero.
const SUFFIX_LEN: usize = 26;

/// How much of a foreign prefix is repeated in a message.
const FOUND_CHARS_MAX: usize = 32;

/// Why a text is not an id of the wanted kind.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// The text starts with another prefix, or with none.
    #[error("expected an id that starts with `{expected}_`{}", found_prefix(found))]
    Prefix {
        /// The prefix of the wanted kind.
        expected: &'static str,
        /// What stood before the last underscore.
        found: String,
    },
    /// No kind of thing has this prefix.
    #[error("`{found}` is not the prefix of any kind of id")]
    UnknownPrefix {
        /// What stood before the last underscore.
        found: String,
    },
    /// The prefix is right, the rest is not 26 letters of the alphabet, or stands for more than 128 bits.
    #[error("expected `{expected}_` and 26 characters of 0-9 and a-z without i, l, o, u, the first at most 7")]
    Suffix {
        /// The prefix of the wanted kind.
        expected: &'static str,
    },
}

fn encode(uuid: Uuid) -> [u8; SUFFIX_LEN] {
    let mut rest = uuid.as_u128();
    let mut letters = [b'0'; SUFFIX_LEN];
    for letter in letters.iter_mut().rev() {
        let [low, ..] = rest.to_le_bytes();
        *letter = ALPHABET.get(usize::from(low & 31)).copied().unwrap_or(b'0');
        rest >>= 5;
    }
    letters
}

const fn digit(letter: u8) -> Option<u8> {
    match letter {
        b'0'..=b'9' => Some(letter - b'0'),
        b'a'..=b'h' => Some(letter - b'a' + 10),
        b'j' | b'k' => Some(letter - b'j' + 18),
        b'm' | b'n' => Some(letter - b'm' + 20),
        b'p'..=b't' => Some(letter - b'p' + 22),
        b'v'..=b'z' => Some(letter - b'v' + 27),
        _ => None,
    }
}

fn decode(suffix: &str) -> Option<Uuid> {
    let letters: &[u8; SUFFIX_LEN] = suffix.as_bytes().try_into().ok()?;
    // 26 letters hold 130 bits: the first letter may only use three of its five
    if *letters.first()? > b'7' {
        return None;
    }
    let mut bits = 0_u128;
    for letter in letters {
        bits = (bits << 5) | u128::from(digit(*letter)?);
    }
    Some(Uuid::from_u128(bits))
}

fn shorten(text: &str) -> String {
    text.chars().take(FOUND_CHARS_MAX).collect()
}

/// The prefix and the suffix, parted at the last underscore; a text without one has an empty prefix.
fn split(text: &str) -> (&str, &str) {
    text.rsplit_once('_').unwrap_or(("", text))
}

fn found_prefix(found: &str) -> String {
    if found.is_empty() { String::new() } else { format!(", found prefix `{found}`") }
}

fn parse_as(expected: &'static str, text: &str) -> Result<Uuid, IdError> {
    let (prefix, suffix) = split(text);
    if prefix != expected {
        return Err(IdError::Prefix { expected, found: shorten(prefix) });
    }
    decode(suffix).ok_or(IdError::Suffix { expected })
}

fn show(f: &mut fmt::Formatter<'_>, prefix: &str, uuid: Uuid) -> fmt::Result {
    let letters = encode(uuid);
    let suffix = std::str::from_utf8(&letters).map_err(|_| fmt::Error)?;
    write!(f, "{prefix}_{suffix}")
}

macro_rules! ids {
    ($( $(#[$meta:meta])* $name:ident, $variant:ident, $prefix:literal; )+) => {
        $(
            $(#[$meta])*
            #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
            pub struct $name(Uuid);

            impl $name {
                /// What the id starts with, before the underscore.
                pub const PREFIX: &'static str = $prefix;

                /// The UUID within.
                pub const fn uuid(self) -> Uuid {
                    self.0
                }

                /// Reads a `TypeID` of this kind (exact, lower case).
                ///
                /// # Errors
                /// [`IdError::Prefix`] for another kind's id, [`IdError::Suffix`] when the part after the underscore is malformed.
                pub fn parse(text: &str) -> Result<Self, IdError> {
                    parse_as(Self::PREFIX, text).map(Self)
                }
            }

            impl From<Uuid> for $name {
                fn from(uuid: Uuid) -> Self {
                    Self(uuid)
                }
            }

            impl FromStr for $name {
                type Err = IdError;

                fn from_str(text: &str) -> Result<Self, Self::Err> {
                    Self::parse(text)
                }
            }

            impl fmt::Display for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    show(f, Self::PREFIX, self.0)
                }
            }

            impl fmt::Debug for $name {
                fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                    show(f, Self::PREFIX, self.0)
                }
            }

            impl Serialize for $name {
                fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                    serializer.collect_str(self)
                }
            }

            impl<'de> Deserialize<'de> for $name {
                fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                    let text = String::deserialize(deserializer)?;
                    Self::parse(&text).map_err(D::Error::custom)
                }
            }

            impl From<$name> for AnyId {
                fn from(id: $name) -> Self {
                    Self::$variant(id)
                }
            }
        )+

        /// An id of any kind, told apart by its prefix: what `node(id)` takes.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum AnyId {
            $( $(#[$meta])* $variant($name), )+
        }

        impl AnyId {
            /// Reads a `TypeID` of any known kind.
            ///
            /// # Errors
            /// [`IdError::UnknownPrefix`] when no kind has the prefix, [`IdError::Suffix`] when the rest is malformed.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                let (prefix, _) = split(text);
                match prefix {
                    $( $prefix => $name::parse(text).map(Self::$variant), )+
                    unknown => Err(IdError::UnknownPrefix { found: shorten(unknown) }),
                }
            }

            /// The id of the kind that has a prefix; nothing when none has it.
            pub fn of(prefix: &str, uuid: Uuid) -> Option<Self> {
                match prefix {
                    $( $prefix => Some(Self::$variant($name::from(uuid))), )+
                    _ => None,
                }
            }

            /// The UUID within.
            pub const fn uuid(self) -> Uuid {
                match self {
                    $( Self::$variant(id) => id.uuid(), )+
                }
            }

            /// What the id starts with, before the underscore.
            pub const fn prefix(self) -> &'static str {
                match self {
                    $( Self::$variant(_) => $name::PREFIX, )+
                }
            }
        }
    };
}

ids! {
    /// A lead: one person's demand for one product area.
    LeadId, Lead, "lead";
    /// A passage: one trip of a lead down its track.
    PassageId, Passage, "passage";
    /// A transition: one step a lead took.
    TransitionId, Transition, "transition";
    /// A person who may buy.
    PersonId, Person, "person";
    /// A company that may buy.
    CompanyId, Company, "company";
    /// A campaign that brings leads.
    CampaignId, Campaign, "campaign";
    /// A user of this system: a colleague or a partner's machine.
    UserId, User, "user";
    /// A team of users.
    TeamId, Team, "team";
    /// A session of a signed-in user.
    SessionId, Session, "session";
    /// A version of a track.
    TrackId, Track, "track";
    /// A version of an agreement between two departments.
    AgreementId, Agreement, "agreement";
    /// A sales opportunity.
    OpportunityId, Opportunity, "opportunity";
    /// A customer handed to customer service.
    CustomerId, Customer, "customer";
    /// An event of the journal.
    EventId, Event, "event";
    /// A partner's key.
    ApiKeyId, ApiKey, "key";
    /// A run of an import.
    ImportId, Import, "import";
    /// A version of the score model.
    ScoreModelId, ScoreModel, "scoremodel";
    /// Something a person did.
    ActivityId, Activity, "activity";
    /// A trained model of the chance to win.
    ForecastModelId, ForecastModel, "forecast";
    /// A pair of records that may be the same.
    DuplicateId, Duplicate, "duplicate";
    /// A merge of two records.
    MergeId, Merge, "merge";
    /// A word about a consent, as it was recorded.
    ConsentRecordId, ConsentRecord, "consent";
    /// A request for consent that waits for its confirmation.
    OptInId, OptIn, "optin";
    /// A territory.
    TerritoryId, Territory, "territory";
    /// A pool of those who may receive leads.
    PoolId, Pool, "pool";
    /// The account of one routing.
    RoutingDecisionId, RoutingDecision, "decision";
    /// A draft of another routing.
    RoutingDraftId, RoutingDraft, "draft";
    /// A time in which somebody is absent.
    AbsenceId, Absence, "absence";
    /// Identifies a calendar of working hours.
    CalendarId, Calendar, "calendar";
    /// Identifies a running promise.
    ClockId, Clock, "clock";
    /// Identifies a notification.
    NotificationId, Notification, "notice";
    /// Identifies a rating of a lead by whoever took it.
    FeedbackId, Feedback, "feedback";
    /// Identifies a custom attribute of leads.
    AttributeId, Attribute, "attribute";
}

impl FromStr for AnyId {
    type Err = IdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl fmt::Display for AnyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        show(f, self.prefix(), self.uuid())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn follows_the_specification() {
        // pairs published with the TypeID specification
        for (uuid, suffix) in [
            ("00000000-0000-0000-0000-000000000000", "00000000000000000000000000"),
            ("00000000-0000-0000-0000-000000000001", "00000000000000000000000001"),
            ("00000000-0000-0000-0000-00000000000a", "0000000000000000000000000a"),
            ("00000000-0000-0000-0000-000000000010", "0000000000000000000000000g"),
            ("00000000-0000-0000-0000-000000000020", "00000000000000000000000010"),
            ("ffffffff-ffff-ffff-ffff-ffffffffffff", "7zzzzzzzzzzzzzzzzzzzzzzzzz"),
            ("0110c853-1d09-52d8-d73e-1194e95b5f19", "0123456789abcdefghjkmnpqrs"),
            ("01890a5d-ac96-774b-bcce-b302099a8057", "01h455vb4pex5vsknk084sn02q"),
        ] {
            let id = LeadId::from(Uuid::parse_str(uuid).unwrap());
            assert_eq!(id.to_string(), format!("lead_{suffix}"));
            assert_eq!(LeadId::parse(&format!("lead_{suffix}")).unwrap(), id);
        }
    }

    #[test]
    fn refuses_what_is_not_an_id_of_the_kind() {
        for text in [
            "lead_8zzzzzzzzzzzzzzzzzzzzzzzzz",
            "lead_01H455VB4PEX5VSKNK084SN02Q",
            "lead_01h455vb4pex5vsknk084sn02",
            "lead_01h455vb4pex5vsknk084sn02qq",
            "lead_01h455vb4pex5vsknk084sn02u",
            "lead_",
        ] {
            assert_eq!(LeadId::parse(text), Err(IdError::Suffix { expected: "lead" }), "{text}");
        }
        for text in ["person_01h455vb4pex5vsknk084sn02q", "01h455vb4pex5vsknk084sn02q", "_01h455vb4pex5vsknk084sn02q", ""] {
            assert!(matches!(LeadId::parse(text), Err(IdError::Prefix { expected: "lead", .. })), "{text}");
        }
        let error = LeadId::parse("person_01h455vb4pex5vsknk084sn02q").unwrap_err();
        assert_eq!(error.to_string(), "expected an id that starts with `lead_`, found prefix `person`");
    }

    #[test]
    fn any_id_finds_the_kind_by_its_prefix() {
        let id = ApiKeyId::from(Uuid::from_u128(7));
        assert_eq!(AnyId::parse(&id.to_string()), Ok(AnyId::ApiKey(id)));
        assert_eq!(AnyId::from(id).to_string(), id.to_string());
        assert_eq!(AnyId::of(ApiKeyId::PREFIX, id.uuid()), Some(AnyId::ApiKey(id)));
        assert_eq!(AnyId::of("cow", id.uuid()), None);
        assert!(matches!(AnyId::parse("cow_00000000000000000000000001"), Err(IdError::UnknownPrefix { .. })));
    }

    proptest! {
        #[test]
        fn round_trips_and_keeps_the_order(a in any::<u128>(), b in any::<u128>()) {
            let (first, second) = (PersonId::from(Uuid::from_u128(a)), PersonId::from(Uuid::from_u128(b)));
            prop_assert_eq!(PersonId::parse(&first.to_string()).unwrap(), first);
            prop_assert_eq!(first.to_string().cmp(&second.to_string()), first.cmp(&second));
            let json = serde_json::to_string(&first).unwrap();
            prop_assert_eq!(serde_json::from_str::<PersonId>(&json).unwrap(), first);
        }

        #[test]
        fn never_panics(text in "\\PC{0,40}") {
            let _ = AnyId::parse(&text);
            let _ = LeadId::parse(&format!("lead_{text}"));
        }

        #[test]
        fn what_parses_is_written_the_same(text in "[0-7][0-9a-z]{25}") {
            let typed = format!("lead_{text}");
            if let Ok(id) = LeadId::parse(&typed) {
                prop_assert_eq!(id.to_string(), typed);
            }
        }
    }
}
