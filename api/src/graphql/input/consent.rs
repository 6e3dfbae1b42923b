//! Consents as they are typed.

use async_graphql::{ID, InputObject};
use fairfall_domain::consent::{ConsentDraft, ConsentStatus, ContactChannel, How, LegalBasis, OptInDraft, ProofDraft, Purpose};
use fairfall_domain::id::PersonId;
use fairfall_domain::violation::Violations;

use super::{id, whole};
use crate::graphql::code::Coded;
use crate::graphql::scalar::Timestamp;

/// What proves a word about consent. Whoever relies on consent must be able to prove it, so fill in what is known.
#[derive(Clone, Debug, Default, InputObject)]
pub struct ConsentProofInput {
    /// How the word came.
    pub how: Option<Coded<How>>,
    /// The text that the person was shown; at most 2,000 characters.
    pub text: Option<String>,
    /// Which version of that text; at most 200 characters.
    pub text_version: Option<String>,
    /// The language it was shown in: a tag such as `de` or `en-GB`.
    pub language: Option<String>,
    /// When the person said it; now when absent. What was said before the word that is known does not change what stands.
    pub given_at: Option<Timestamp>,
    /// The internet address it came from, such as `203.0.113.7`.
    pub address: Option<String>,
    /// The browser it came from, as it names itself; cut to 400 characters.
    pub user_agent: Option<String>,
    /// When the person confirmed it by a link that your own system mailed. Consent to e-mail or text messages that came by a form counts only
    /// with it, or after `consentRequest`.
    pub confirmed_at: Option<Timestamp>,
    /// Why a basis that is not the person's own word holds, such as the reasons for presumed consent or the sale of an existing customer; at most
    /// 2,000 characters.
    pub grounds: Option<String>,
}

/// What a person said about being contacted.
#[derive(Clone, Debug, InputObject)]
pub struct ConsentInput {
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which way.
    pub channel: Coded<ContactChannel>,
    /// Allowed or not.
    pub status: Coded<ConsentStatus>,
    /// What GRANTED rests on; CONSENT when absent. Only with GRANTED.
    pub basis: Option<Coded<LegalBasis>>,
    /// When GRANTED lapses by itself; what the basis says when absent. Only with GRANTED.
    pub expires_at: Option<Timestamp>,
    /// What proves it.
    pub proof: Option<ConsentProofInput>,
}

impl From<ConsentProofInput> for ProofDraft {
    fn from(typed: ConsentProofInput) -> Self {
        Self {
            how: typed.how.map(|how| how.0),
            text: typed.text,
            text_version: typed.text_version,
            language: typed.language,
            given_at: typed.given_at.map(|at| at.0),
            address: typed.address,
            user_agent: typed.user_agent,
            confirmed_at: typed.confirmed_at.map(|at| at.0),
            grounds: typed.grounds,
        }
    }
}

impl From<ConsentInput> for ConsentDraft {
    fn from(typed: ConsentInput) -> Self {
        Self {
            purpose: typed.purpose.0,
            channel: typed.channel.0,
            status: typed.status.0,
            basis: typed.basis.map(|basis| basis.0),
            expires_at: typed.expires_at.map(|at| at.0),
            proof: typed.proof.unwrap_or_default().into(),
        }
    }
}

/// The consents that came along.
pub(super) fn consents(typed: Option<Vec<ConsentInput>>) -> Vec<ConsentDraft> {
    typed.unwrap_or_default().into_iter().map(Into::into).collect()
}

/// Asks a person for consent by mail.
#[derive(Clone, Debug, InputObject)]
pub struct ConsentRequestInput {
    /// The person; must have an e-mail address.
    pub person: ID,
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which ways; at least one, each at most once.
    pub channels: Vec<Coded<ContactChannel>>,
    /// The text that the person was shown and agrees to; at most 2,000 characters. The mail repeats it.
    pub text: String,
    /// Which version of that text; at most 200 characters.
    pub text_version: Option<String>,
    /// The language of the text: a tag such as `de`; the person's when absent. The mail is written in German for `de`, in English for all others.
    pub language: Option<String>,
    /// When the person filled the form in; now when absent.
    pub given_at: Option<Timestamp>,
    /// The internet address that the person's form came from. Needed for somebody who withdrew: they are only asked again at their own request.
    pub address: Option<String>,
    /// The browser that the form came from, as it names itself; cut to 400 characters.
    pub user_agent: Option<String>,
    /// Makes a retry harmless: a second request with the same key answers what the first one made. Kept for a day; at most 200 characters.
    pub idempotency_key: Option<String>,
}

impl ConsentRequestInput {
    /// The person, what is asked for, and the idempotency key.
    ///
    /// # Errors
    /// A malformed id.
    pub fn read(self) -> Result<(PersonId, OptInDraft, Option<String>), Violations> {
        let mut faults = Violations::new();
        let person = id(&mut faults, "person", &self.person);
        let draft = OptInDraft {
            purpose: self.purpose.0,
            channels: self.channels.into_iter().map(|channel| channel.0).collect(),
            text: self.text,
            text_version: self.text_version,
            language: self.language,
            given_at: self.given_at.map(|at| at.0),
            address: self.address,
            user_agent: self.user_agent,
        };
        whole(faults, person.map(|person| (person, draft, self.idempotency_key)))
    }
}

/// Gives consent by the secret of a mail's link. Needs no session.
#[derive(Clone, Debug, InputObject)]
pub struct ConsentConfirmInput {
    /// The secret: what stands behind `token=` in the link.
    pub token: String,
}

/// Takes consent back by the secret of a mail's link. Needs no session.
#[derive(Clone, Debug, InputObject)]
pub struct ConsentWithdrawInput {
    /// The secret: what stands behind `token=` in the link.
    pub token: String,
    /// What the person wants no more; what the mail was about when absent or empty.
    pub purposes: Option<Vec<Coded<Purpose>>>,
}
