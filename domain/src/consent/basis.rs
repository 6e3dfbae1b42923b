//! The legal bases on which somebody may be contacted, and what each of them can carry.
//!
//! The sources are German and European law as it stood in November 2026: Art. 6 of Regulation (EU) 2016/679 (GDPR) for the use of personal
//! data, and § 7 of the German act against unfair competition (UWG) for contact itself. Both must hold at once, so that a channel which § 7 UWG
//! ties to consent is carried by consent only, whatever Art. 6 GDPR would allow. Where the law names no figure, the figure is one of practice and
//! says so.

use chrono::TimeDelta;

use super::{ContactChannel, Purpose};
use crate::code::codes;

codes! {
    /// What a permission to contact rests on.
    pub enum LegalBasis {
        /// The person agreed, by a clear act and after being told what for (Art. 6(1)(a), Art. 7 GDPR; § 7(2) UWG).
        Consent = "CONSENT",
        /// A contract with the person, or steps before one that the person asked for (Art. 6(1)(b) GDPR).
        Contract = "CONTRACT",
        /// An interest of the organisation that the person's does not outweigh (Art. 6(1)(f), recital 47 GDPR).
        LegitimateInterest = "LEGITIMATE_INTEREST",
        /// A call to a business whose consent may be presumed for stated reasons (§ 7(2) no. 1 UWG, second half).
        PresumedConsent = "PRESUMED_CONSENT",
        /// E-mail for similar goods of one's own to a customer who gave the address with a purchase (§ 7(3) UWG).
        ExistingCustomer = "EXISTING_CUSTOMER",
    }
}

/// What a basis can carry and needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BasisRule {
    /// The basis.
    pub basis: LegalBasis,
    /// The purposes and channels that it carries.
    pub carries: &'static [(Purpose, ContactChannel)],
    /// How long a word on this basis holds when it names no end; without end when absent.
    pub valid_for: Option<TimeDelta>,
    /// Whether the reasons must be written down with the word.
    pub needs_grounds: bool,
    /// Whether it only reaches people of a company.
    pub needs_company: bool,
    /// Whether it only reaches people whose e-mail address is known.
    pub needs_email: bool,
}

use ContactChannel::{Email, Phone, Post, Sms};
use Purpose::{Marketing, SalesContact, Service};

/// One row a basis.
///
/// - CONSENT carries what was asked for. It does not lapse by the mere passing of time (BGH, 1 February 2018, III ZR 196/17); a word may name its
///   own end.
/// - CONTRACT carries what the contract or the person's own enquiry calls for: service, and the answer of sales to a request. Advertising is
///   never part of it.
/// - `LEGITIMATE_INTEREST` carries service by any channel, and advertising by letter, against which § 7 UWG says nothing (recital 47 GDPR).
///   E-mail, text message and telephone are closed to it by § 7(2) UWG. It ends with an objection (Art. 21(2) and (3) GDPR).
/// - `PRESUMED_CONSENT` carries calls by sales to people of a company and nothing else. The reasons must speak of this company's own present
///   interest, so that they age: without an end of its own a word holds for 180 days (a figure of practice).
/// - `EXISTING_CUSTOMER` carries advertising by e-mail and nothing else. The reasons name the sale that the address comes from. It ends with an
///   objection, which each message must make easy; without an end of its own a word holds for two years after it (a figure of practice).
pub const BASIS_TABLE: [BasisRule; 5] = [
    BasisRule {
        basis: LegalBasis::Consent,
        carries: &[
            (SalesContact, Email),
            (SalesContact, Phone),
            (SalesContact, Post),
            (SalesContact, Sms),
            (Marketing, Email),
            (Marketing, Phone),
            (Marketing, Post),
            (Marketing, Sms),
            (Service, Email),
            (Service, Phone),
            (Service, Post),
            (Service, Sms),
        ],
        valid_for: None,
        needs_grounds: false,
        needs_company: false,
        needs_email: false,
    },
    BasisRule {
        basis: LegalBasis::Contract,
        carries: &[
            (SalesContact, Email),
            (SalesContact, Phone),
            (SalesContact, Post),
            (SalesContact, Sms),
            (Service, Email),
            (Service, Phone),
            (Service, Post),
            (Service, Sms),
        ],
        valid_for: None,
        needs_grounds: false,
        needs_company: false,
        needs_email: false,
    },
    BasisRule {
        basis: LegalBasis::LegitimateInterest,
        carries: &[(SalesContact, Post), (Marketing, Post), (Service, Email), (Service, Phone), (Service, Post), (Service, Sms)],
        valid_for: None,
        needs_grounds: true,
        needs_company: false,
        needs_email: false,
    },
    BasisRule {
        basis: LegalBasis::PresumedConsent,
        carries: &[(SalesContact, Phone)],
        valid_for: Some(TimeDelta::days(180)),
        needs_grounds: true,
        needs_company: true,
        needs_email: false,
    },
    BasisRule {
        basis: LegalBasis::ExistingCustomer,
        carries: &[(Marketing, Email)],
        valid_for: Some(TimeDelta::days(730)),
        needs_grounds: true,
        needs_company: false,
        needs_email: true,
    },
];

impl LegalBasis {
    /// What the basis can carry and needs.
    pub const fn rule(self) -> &'static BasisRule {
        const TABLE: &[BasisRule; 5] = &BASIS_TABLE;
        let [consent, contract, interest, presumed, customer] = TABLE;
        match self {
            Self::Consent => consent,
            Self::Contract => contract,
            Self::LegitimateInterest => interest,
            Self::PresumedConsent => presumed,
            Self::ExistingCustomer => customer,
        }
    }

    /// Whether the basis can carry contact for a purpose over a channel at all.
    pub fn carries(self, purpose: Purpose, channel: ContactChannel) -> bool {
        self.rule().carries.contains(&(purpose, channel))
    }
}
