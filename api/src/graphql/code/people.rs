//! Codes of persons, consent, campaigns and faults of input.

use fairfall_domain::campaign::Targeting;
use fairfall_domain::consent::{ConsentStatus, ContactChannel, Purpose};
use fairfall_domain::person::BuyingRole;
use fairfall_domain::violation::ViolationCode;

use super::enum_codes;

enum_codes! {
    /// The part a person plays in a company's decision to buy (the buying center of Webster and Wind, 1972).
    BuyingRole as "BuyingRole" {
        Initiator: "Starts the purchase.",
        User: "Works with what is bought.",
        Influencer: "Is asked for advice.",
        Decider: "Decides.",
        Buyer: "Negotiates and orders.",
        Gatekeeper: "Controls who speaks with whom.",
    }

    /// What somebody may be contacted for.
    Purpose as "ConsentPurpose" {
        SalesContact: "About the demand they have, by sales.",
        Marketing: "With news and offers.",
        Service: "About what they bought.",
    }

    /// The way somebody may be contacted.
    ContactChannel as "ContactChannel" {
        Email: "By e-mail.",
        Phone: "By telephone.",
        Post: "By letter.",
        Sms: "By text message.",
    }

    /// Whether contact is allowed. Everything but GRANTED means no.
    ConsentStatus as "ConsentStatus" {
        Unknown: "Never asked or never answered.",
        Granted: "Given.",
        Withdrawn: "Taken back.",
    }

    /// Whom a campaign is meant for.
    Targeting as "Targeting" {
        Broad: "A market.",
        AccountBased: "Named companies (account-based marketing).",
    }

    /// What kind of fault a field has.
    ViolationCode as "ViolationCode" {
        Required: "The field must be given.",
        TooLong: "Longer than its maximum.",
        TooShort: "Shorter than its minimum.",
        Malformed: "Not in the form that this field has.",
        UnknownValue: "Well formed, but not one of the known values.",
        OutOfRange: "A figure or date outside its limits.",
        Duplicate: "Given twice, or taken already.",
        Conflict: "Contradicts another field.",
        NotFound: "Names something that does not exist.",
    }
}
