//! Asking for consent with a link that proves whose address it is (double opt-in).

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{How, Proof, Sender};
use super::{ConsentStatus, ConsentWord, ContactChannel, LegalBasis, Purpose};
use crate::code::codes;
use crate::id::{OptInId, PersonId, UserId};
use crate::person::Person;
use crate::value::LanguageTag;
use crate::violation::{ViolationCode, Violations};

/// How long the link can be followed: four days and four hours, so that a mail of a Friday evening is still good on Tuesday.
pub const OPT_IN_VALID: TimeDelta = TimeDelta::hours(100);

/// Most requests to one person within [`ASKED_WITHIN`], whatever they are for: each of them is a mail that nobody may have wanted.
pub const ASKED_MAX: usize = 3;

/// The time in which [`ASKED_MAX`] counts.
pub const ASKED_WITHIN: TimeDelta = TimeDelta::hours(24);

codes! {
    /// What became of a request for consent.
    pub enum OptInState {
        /// It waits to be confirmed, or was never confirmed in time.
        Open = "OPEN",
        /// The person followed the link in time.
        Confirmed = "CONFIRMED",
        /// A newer request for the same purpose took its place.
        Superseded = "SUPERSEDED",
        /// The person withdrew meanwhile.
        Cancelled = "CANCELLED",
    }
}

/// A request for consent as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptInDraft {
    /// What for.
    pub purpose: Purpose,
    /// Over which channels.
    pub channels: Vec<ContactChannel>,
    /// The text that the person was shown and agrees to.
    pub text: String,
    /// Which version of that text.
    pub text_version: Option<String>,
    /// The language of the text and of the mail; the person's when absent.
    pub language: Option<String>,
    /// When the person filled the form in; now when absent.
    pub given_at: Option<DateTime<Utc>>,
    /// The internet address that the form was sent from.
    pub address: Option<String>,
    /// The browser that it was sent from.
    pub user_agent: Option<String>,
}

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptInWish {
    /// What for.
    pub purpose: Purpose,
    /// Over which channels; at least one, none twice.
    pub channels: Vec<ContactChannel>,
    /// What was shown, when, and where it came from. Without confirmation.
    pub proof: Proof,
    /// The language of the mail.
    pub language: LanguageTag,
}

/// What a new request is made of, beside what is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptInRequest {
    /// The request's id.
    pub id: OptInId,
    /// Who is asked.
    pub person: PersonId,
    /// A digest of the address that the link goes to.
    pub mailed_to: String,
    /// The user who asks in the person's name.
    pub actor: Option<UserId>,
}

/// A request for consent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OptIn {
    /// Stable identity.
    pub id: OptInId,
    /// Who is asked.
    pub person: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// Over which channels.
    pub channels: Vec<ContactChannel>,
    /// What was shown, when, and where it came from.
    pub proof: Proof,
    /// A digest of the address that the link went to: following it proves that address and no other.
    pub mailed_to: String,
    /// The user who asked in the person's name.
    pub actor: Option<UserId>,
    /// When it was asked.
    pub requested_at: DateTime<Utc>,
    /// When the link stops working.
    pub expires_at: DateTime<Utc>,
    /// What became of it.
    pub state: OptInState,
    /// When that became of it; absent while it is open.
    pub closed_at: Option<DateTime<Utc>>,
}

/// Why following a link confirms nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConfirmFault {
    /// It was followed before, or something else took its place.
    NotOpen,
    /// It is too late.
    Expired,
    /// The person has another address by now.
    OtherAddress,
}

impl OptInDraft {
    /// Reads the request for a person.
    ///
    /// # Errors
    /// Every fault, under the field names of the API. A person without an e-mail address cannot be asked; one who withdrew is only asked again
    /// at their own request, which the internet address of their form shows.
    pub fn parse(&self, person: &Person, now: DateTime<Utc>) -> Result<OptInWish, Violations> {
        let mut faults = Violations::new();
        let draft = super::ConsentDraft {
            proof: super::ProofDraft {
                how: Some(How::DoubleOptIn),
                text: Some(self.text.clone()),
                text_version: self.text_version.clone(),
                language: self.language.clone(),
                given_at: self.given_at,
                address: self.address.clone(),
                user_agent: self.user_agent.clone(),
                ..super::ProofDraft::default()
            },
            ..super::ConsentDraft::bare(self.purpose, ContactChannel::Email, ConsentStatus::Granted)
        };
        let word = draft.parse(now).map_err(|found| faults.append(unnested(found))).ok();
        if self.text.trim().is_empty() {
            faults.add("text", ViolationCode::Required, "must be given");
        }
        self.check_channels(&mut faults);
        if person.email.is_none() {
            faults.add("person", ViolationCode::Conflict, "the person has no e-mail address");
        }
        let withdrew = self.channels.iter().any(|channel| person.consent(self.purpose, *channel) == ConsentStatus::Withdrawn);
        let own_form = self.address.as_deref().is_some_and(|address| !address.trim().is_empty());
        if withdrew && !own_form {
            let message =
                "the person withdrew and is only asked again at their own request: name the internet address of their form";
            faults.add("address", ViolationCode::Required, message);
        }
        let language = self.language_of(word.as_ref(), person, &mut faults);
        faults.into_result()?;
        let (Some(word), Some(language)) = (word, language) else { return Err(Violations::new()) };
        let proof = Proof { language: Some(language.clone()), ..word.proof };
        Ok(OptInWish { purpose: self.purpose, channels: self.channels.clone(), proof, language })
    }

    fn check_channels(&self, faults: &mut Violations) {
        if self.channels.is_empty() {
            faults.add("channels", ViolationCode::Required, "must be given");
        }
        let twice =
            self.channels.iter().enumerate().any(|(at, channel)| self.channels.iter().skip(at + 1).any(|other| other == channel));
        if twice {
            faults.add("channels", ViolationCode::Duplicate, "each channel at most once");
        }
    }

    fn language_of(&self, word: Option<&ConsentWord>, person: &Person, faults: &mut Violations) -> Option<LanguageTag> {
        let shown = word.and_then(|word| word.proof.language.clone());
        if shown.is_some() || self.language.as_deref().is_some_and(|text| !text.trim().is_empty()) {
            return shown;
        }
        let known = person.language.clone();
        if known.is_none() {
            faults.add("language", ViolationCode::Required, "must be given, because the person's language is not known");
        }
        known
    }
}

/// The faults of a proof that is not nested in the API.
fn unnested(found: Violations) -> Violations {
    let mut faults = Violations::new();
    for fault in found {
        let field = fault.field.strip_prefix("proof.").unwrap_or(&fault.field).to_owned();
        faults.add(field, fault.code, fault.message);
    }
    faults
}

/// When the next request can be made, if too many were made at `asked`.
pub fn asked_too_often(asked: &[DateTime<Utc>], now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let mut lately: Vec<DateTime<Utc>> = asked.iter().copied().filter(|at| *at + ASKED_WITHIN > now).collect();
    lately.sort_unstable();
    let first_that_counts = lately.len().checked_sub(ASKED_MAX)?;
    lately.get(first_that_counts).map(|at| *at + ASKED_WITHIN)
}

impl OptIn {
    /// A request made `now`.
    pub fn new(request: OptInRequest, wish: OptInWish, now: DateTime<Utc>) -> Self {
        let OptInRequest { id, person, mailed_to, actor } = request;
        let OptInWish { purpose, channels, proof, language: _ } = wish;
        Self {
            id,
            person,
            purpose,
            channels,
            proof,
            mailed_to,
            actor,
            requested_at: now,
            expires_at: now + OPT_IN_VALID,
            state: OptInState::Open,
            closed_at: None,
        }
    }

    /// The words of a person who follows the link `now`: one for each channel that was asked for.
    ///
    /// INVARIANT: a link confirms once, within [`OPT_IN_VALID`], and only the address that it went to.
    ///
    /// # Errors
    /// [`ConfirmFault`] when it confirms nothing.
    pub fn confirm(&self, address_now: &str, from: &Sender, now: DateTime<Utc>) -> Result<Vec<ConsentWord>, ConfirmFault> {
        if self.state != OptInState::Open {
            return Err(ConfirmFault::NotOpen);
        }
        if self.expires_at <= now {
            return Err(ConfirmFault::Expired);
        }
        if self.mailed_to != address_now {
            return Err(ConfirmFault::OtherAddress);
        }
        let proof = Proof {
            how: Some(How::DoubleOptIn),
            confirmed_at: Some(now),
            confirmed_from: from.address,
            user_agent: self.proof.user_agent.clone().or_else(|| from.user_agent.clone()),
            ..self.proof.clone()
        };
        let word = |channel: &ContactChannel| ConsentWord {
            purpose: self.purpose,
            channel: *channel,
            status: ConsentStatus::Granted,
            basis: Some(LegalBasis::Consent),
            expires_at: None,
            proof: proof.clone(),
            at: now,
        };
        Ok(self.channels.iter().map(word).collect())
    }

    /// The request after something became of it.
    #[must_use]
    pub fn closed(&self, state: OptInState, at: DateTime<Utc>) -> Self {
        Self { state, closed_at: Some(at), ..self.clone() }
    }
}
