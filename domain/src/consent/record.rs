//! What was said about being contacted, with the proof of it (Art. 7(1) GDPR: whoever relies on consent must be able to demonstrate it; § 7a UWG
//! for calls).

use core::net::IpAddr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::{ConsentState, ConsentStatus, ContactChannel, LegalBasis, Purpose};
use crate::code::codes;
use crate::id::{ConsentRecordId, OptInId, PersonId, UserId};
use crate::person::Person;
use crate::value::{LanguageTag, LongText, ShortText};
use crate::violation::{ValueError, ViolationCode, Violations};

/// How far another system's clock may run ahead of ours.
const AHEAD_MAX: TimeDelta = TimeDelta::minutes(5);

/// Most characters of a browser's name that are kept.
const USER_AGENT_CHARS_MAX: usize = 400;

codes! {
    /// How a word came to us.
    pub enum How {
        /// By a form and a link that the person followed from a mail to its address.
        DoubleOptIn = "DOUBLE_OPT_IN",
        /// By a form on a web page.
        WebForm = "WEB_FORM",
        /// By following the link of a mail.
        Link = "LINK",
        /// On the telephone.
        Phone = "PHONE",
        /// In person.
        InPerson = "IN_PERSON",
        /// On paper or by letter.
        Written = "WRITTEN",
        /// By a message that the person sent.
        Message = "MESSAGE",
        /// With a purchase.
        Sale = "SALE",
        /// Taken over from another system.
        Import = "IMPORT",
    }
}

/// Where a request came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sender {
    /// The internet address.
    pub address: Option<IpAddr>,
    /// The browser, as it names itself.
    pub user_agent: Option<String>,
}

impl Sender {
    /// A sender whose browser's name is cut to what is kept.
    pub fn new(address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        Self { address, user_agent: user_agent.and_then(agent) }
    }
}

fn agent(text: &str) -> Option<String> {
    let clean: String = text.trim().chars().filter(|letter| !letter.is_control()).take(USER_AGENT_CHARS_MAX).collect();
    (!clean.is_empty()).then_some(clean)
}

/// What proves a word. Text, address, browser and grounds are personal data: an erasure takes them out of the kept record and leaves the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// How the word came.
    pub how: Option<How>,
    /// The text that the person was shown.
    pub text: Option<LongText>,
    /// Which version of that text.
    pub text_version: Option<ShortText>,
    /// The language it was shown in.
    pub language: Option<LanguageTag>,
    /// When the person said it.
    pub given_at: Option<DateTime<Utc>>,
    /// The internet address it came from.
    pub address: Option<IpAddr>,
    /// The browser it came from.
    pub user_agent: Option<String>,
    /// When the person confirmed it by a link.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// The internet address that the confirmation came from.
    pub confirmed_from: Option<IpAddr>,
    /// Why a basis that is not the person's own word holds: the reasons for presumed consent, the sale of an existing customer, the interest.
    pub grounds: Option<LongText>,
}

impl Proof {
    /// What may stay after an erasure: how, which text version, which language and when; nothing that leads back to a person.
    #[must_use]
    pub fn without_personal_data(&self) -> Self {
        Self {
            how: self.how,
            text_version: self.text_version.clone(),
            language: self.language.clone(),
            given_at: self.given_at,
            confirmed_at: self.confirmed_at,
            ..Self::default()
        }
    }
}

/// A proof as typed. Blank texts count as absent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProofDraft {
    /// How the word came.
    pub how: Option<How>,
    /// The text that the person was shown.
    pub text: Option<String>,
    /// Which version of that text.
    pub text_version: Option<String>,
    /// The language it was shown in.
    pub language: Option<String>,
    /// When the person said it; now when absent.
    pub given_at: Option<DateTime<Utc>>,
    /// The internet address it came from.
    pub address: Option<String>,
    /// The browser it came from.
    pub user_agent: Option<String>,
    /// When the person confirmed it by a link of the system that asks.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// Why a basis that is not the person's own word holds.
    pub grounds: Option<String>,
}

/// A word about one purpose and channel as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentDraft {
    /// What for.
    pub purpose: Purpose,
    /// Over which channel.
    pub channel: ContactChannel,
    /// What was said.
    pub status: ConsentStatus,
    /// What GRANTED rests on; CONSENT when absent.
    pub basis: Option<LegalBasis>,
    /// When GRANTED lapses; what the basis says when absent.
    pub expires_at: Option<DateTime<Utc>>,
    /// What proves it.
    pub proof: ProofDraft,
}

/// A word about one purpose and channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentWord {
    /// What for.
    pub purpose: Purpose,
    /// Over which channel.
    pub channel: ContactChannel,
    /// What was said.
    pub status: ConsentStatus,
    /// What GRANTED rests on; absent with any other status.
    pub basis: Option<LegalBasis>,
    /// When GRANTED lapses.
    pub expires_at: Option<DateTime<Utc>>,
    /// What proves it.
    pub proof: Proof,
    /// When it was said.
    pub at: DateTime<Utc>,
}

/// A word as it is kept. Never changed; an erasure only takes the personal parts of its proof out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsentRecord {
    /// Stable identity.
    pub id: ConsentRecordId,
    /// Whose word.
    pub person: PersonId,
    /// What for.
    pub purpose: Purpose,
    /// Over which channel.
    pub channel: ContactChannel,
    /// What was said.
    pub status: ConsentStatus,
    /// What GRANTED rests on; absent with any other status.
    pub basis: Option<LegalBasis>,
    /// When GRANTED lapses.
    pub expires_at: Option<DateTime<Utc>>,
    /// What proves it.
    pub proof: Proof,
    /// The user who recorded it; nobody when the person did it by a link.
    pub actor: Option<UserId>,
    /// The request that it answers.
    pub opt_in: Option<OptInId>,
    /// When it was recorded.
    pub at: DateTime<Utc>,
    /// When the personal parts of the proof were erased.
    pub erased_at: Option<DateTime<Utc>>,
}

impl ProofDraft {
    fn parse(&self, now: DateTime<Utc>, faults: &mut Violations) -> Proof {
        let text = faults.check_optional("proof.text", self.text.as_deref(), LongText::parse);
        let text_version = faults.check_optional("proof.textVersion", self.text_version.as_deref(), ShortText::parse);
        let language = faults.check_optional("proof.language", self.language.as_deref(), LanguageTag::parse);
        let address = faults.check_optional("proof.address", self.address.as_deref(), address);
        let grounds = faults.check_optional("proof.grounds", self.grounds.as_deref(), LongText::parse);
        let latest = now + AHEAD_MAX;
        for (field, at) in [("proof.givenAt", self.given_at), ("proof.confirmedAt", self.confirmed_at)] {
            if at.is_some_and(|at| at > latest) {
                faults.add(field, ViolationCode::OutOfRange, "lies in the future");
            }
        }
        if self.confirmed_at < self.given_at && self.confirmed_at.is_some() {
            faults.add("proof.confirmedAt", ViolationCode::OutOfRange, "lies before `givenAt`");
        }
        let confirmed_at = self.confirmed_at.map(|at| at.min(now));
        let given_at = Some(self.given_at.map_or_else(|| confirmed_at.unwrap_or(now), |at| at.min(now)));
        Proof {
            how: self.how,
            text,
            text_version,
            language,
            given_at,
            address,
            user_agent: self.user_agent.as_deref().and_then(agent),
            confirmed_at,
            confirmed_from: None,
            grounds,
        }
    }
}

fn address(text: &str) -> Result<IpAddr, ValueError> {
    text.parse().map_err(|_| {
        ValueError::new(ViolationCode::Malformed, "expected an internet address such as `203.0.113.7` or `2001:db8::7`")
    })
}

impl ConsentDraft {
    /// A word without proof, on the basis of consent.
    pub const fn bare(purpose: Purpose, channel: ContactChannel, status: ConsentStatus) -> Self {
        let proof = ProofDraft {
            how: None,
            text: None,
            text_version: None,
            language: None,
            given_at: None,
            address: None,
            user_agent: None,
            confirmed_at: None,
            grounds: None,
        };
        Self { purpose, channel, status, basis: None, expires_at: None, proof }
    }

    /// Reads the word.
    ///
    /// # Errors
    /// Every fault, under the field names of the API: a basis that does not carry the purpose and channel, one that misses its grounds, an end
    /// that lies before the beginning or beyond what the basis allows, and what is wrong with the proof.
    pub fn parse(&self, now: DateTime<Utc>) -> Result<ConsentWord, Violations> {
        let mut faults = Violations::new();
        let proof = self.proof.parse(now, &mut faults);
        let at = proof.confirmed_at.or(proof.given_at).unwrap_or(now);
        let (basis, expires_at) = match self.status {
            ConsentStatus::Granted => self.granted(&proof, at, &mut faults),
            ConsentStatus::Unknown | ConsentStatus::Withdrawn => {
                if self.basis.is_some() {
                    faults.add("basis", ViolationCode::Conflict, "only `GRANTED` rests on a basis");
                }
                if self.expires_at.is_some() {
                    faults.add("expiresAt", ViolationCode::Conflict, "only `GRANTED` lapses");
                }
                (None, None)
            }
        };
        faults.into_result()?;
        Ok(ConsentWord { purpose: self.purpose, channel: self.channel, status: self.status, basis, expires_at, proof, at })
    }

    fn granted(&self, proof: &Proof, at: DateTime<Utc>, faults: &mut Violations) -> (Option<LegalBasis>, Option<DateTime<Utc>>) {
        let basis = self.basis.unwrap_or(LegalBasis::Consent);
        let rule = basis.rule();
        if !basis.carries(self.purpose, self.channel) {
            let message = format!("`{basis}` does not carry `{}` by `{}`", self.purpose, self.channel);
            faults.add("basis", ViolationCode::Conflict, message);
        }
        if rule.needs_grounds && proof.grounds.is_none() {
            let message = format!("`{basis}` needs the reasons why it holds");
            faults.add("proof.grounds", ViolationCode::Required, message);
        }
        let longest = rule.valid_for.map(|valid| at + valid);
        if self.expires_at.is_some_and(|end| end <= at) {
            faults.add("expiresAt", ViolationCode::OutOfRange, "lies before the word itself");
        }
        if let (Some(end), Some(longest)) = (self.expires_at, longest)
            && end > longest
        {
            let message = format!("`{basis}` holds for at most {} days", rule.valid_for.unwrap_or_default().num_days());
            faults.add("expiresAt", ViolationCode::OutOfRange, message);
        }
        (Some(basis), self.expires_at.or(longest))
    }
}

impl ConsentWord {
    /// Checks the word against the person it is about: what the basis needs to be known, and that nothing but the person's own consent takes a
    /// withdrawal back.
    pub fn check(&self, person: &Person, faults: &mut Violations) {
        let withdrew = person.consent(self.purpose, self.channel) == ConsentStatus::Withdrawn;
        if self.status == ConsentStatus::Unknown && withdrew {
            faults.add(
                "status",
                ViolationCode::Conflict,
                "a withdrawal is not forgotten; only the person's consent takes it back",
            );
        }
        let Some(basis) = self.basis else { return };
        let rule = basis.rule();
        if rule.needs_company && person.company.is_none() {
            let message = format!("`{basis}` only reaches people of a company");
            faults.add("basis", ViolationCode::Conflict, message);
        }
        if rule.needs_email && person.email.is_none() {
            let message = format!("`{basis}` needs the address that the sale brought");
            faults.add("basis", ViolationCode::Conflict, message);
        }
        if basis != LegalBasis::Consent && withdrew {
            let message = format!("the person withdrew or objected, which `{basis}` cannot take back");
            faults.add("basis", ViolationCode::Conflict, message);
        }
    }

    /// Whether it was given by an electronic form for electronic mail and never confirmed: then nobody proved whose address it is
    /// (BGH, 10 February 2011, I ZR 164/09).
    pub fn is_unconfirmed(&self) -> bool {
        let electronic = match self.channel {
            ContactChannel::Email | ContactChannel::Sms => true,
            ContactChannel::Phone | ContactChannel::Post => false,
        };
        let form = self.proof.how == Some(How::WebForm) && self.proof.confirmed_at.is_none();
        self.basis == Some(LegalBasis::Consent) && electronic && form
    }

    /// What stands after the word.
    pub fn state(&self) -> ConsentState {
        let said = ConsentState::said(self.purpose, self.channel, self.status, self.at);
        ConsentState { basis: self.basis, expires_at: self.expires_at, unconfirmed: self.is_unconfirmed(), ..said }
    }

    /// The word as it is kept: whose, by whom, in answer to what, and when.
    pub fn record(
        self,
        identity: (ConsentRecordId, PersonId),
        actor: Option<UserId>,
        opt_in: Option<OptInId>,
        at: DateTime<Utc>,
    ) -> ConsentRecord {
        let (id, person) = identity;
        let Self { purpose, channel, status, basis, expires_at, proof, at: _ } = self;
        ConsentRecord { id, person, purpose, channel, status, basis, expires_at, proof, actor, opt_in, at, erased_at: None }
    }
}
