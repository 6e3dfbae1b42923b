//! Codes of persons, consent, campaigns and faults of input.

use fairfall_domain::campaign::Targeting;
use fairfall_domain::consent::{ConsentStatus, ContactChannel, DenyReason, How, LegalBasis, OptInState, Purpose};
use fairfall_domain::origin::Source;
use fairfall_domain::person::BuyingRole;
use fairfall_domain::protection::RetentionCase;
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

    /// Where a value of a record comes from, from the least trusted on. Enrichment never writes over what is trusted as much or more.
    Source as "FieldSource" {
        Request: "Read off a request: the browser's language, the country of the address, the device.",
        Provider: "Told by a data provider.",
        Import: "Read from a file.",
        Capture: "Brought by a form, a partner or a colleague together with a lead.",
        User: "Typed by a colleague into the record.",
    }

    /// What stands between the organisation and a person, for the time that data is kept.
    RetentionCase as "RetentionCase" {
        NoLead: "No lead at all.",
        Nurturing: "A lead at rest.",
        Lost: "A lost lead.",
        Disqualified: "A disqualified lead.",
        Won: "A won lead: the person bought. Commercial and tax law ask for years.",
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

    /// What a permission to contact rests on. Each basis carries some purposes and channels only.
    LegalBasis as "LegalBasis" {
        Consent: "The person agreed (Art. 6(1)(a) GDPR). Carries every purpose and channel.",
        Contract: "A contract with the person, or what they asked for before one (Art. 6(1)(b) GDPR). Carries SALES_CONTACT and SERVICE.",
        LegitimateInterest: "An interest of yours that the person's does not outweigh (Art. 6(1)(f) GDPR). Carries SERVICE, and everything by POST. Needs the interest in writing.",
        PresumedConsent: "A call to a business whose consent may be presumed (§ 7(2) no. 1 UWG). Carries SALES_CONTACT by PHONE to people of a company. Needs the reasons in writing; lapses after 180 days.",
        ExistingCustomer: "Similar goods of yours to a customer who gave the address with a purchase (§ 7(3) UWG). Carries MARKETING by EMAIL. Needs the sale in writing; lapses after two years.",
    }

    /// How a word about consent came.
    How as "ConsentMethod" {
        DoubleOptIn: "By a form and a link that the person followed from a mail to its address.",
        WebForm: "By a form on a web page.",
        Link: "By following the link of a mail.",
        Phone: "On the telephone.",
        InPerson: "In person.",
        Written: "On paper or by letter.",
        Message: "By a message that the person sent.",
        Sale: "With a purchase.",
        Import: "Taken over from another system.",
    }

    /// Why a person may not be contacted.
    DenyReason as "ContactDenial" {
        NeverAsked: "Nobody ever said anything about it.",
        ConfirmationPending: "The person was asked, and the link waits to be followed.",
        ConfirmationExpired: "The person was asked, and did not follow the link in time.",
        Unconfirmed: "It was given by an electronic form, and nobody proved that the address is that person's.",
        Expired: "It was given, and has lapsed.",
        NotCarried: "What it rests on does not carry this purpose and channel.",
        Withdrawn: "It was taken back, or the person objected. No other basis helps.",
    }

    /// What became of a request for consent.
    OptInState as "ConsentRequestState" {
        Open: "It waits to be confirmed, or was not confirmed in time.",
        Confirmed: "The person followed the link in time.",
        Superseded: "A newer request for the same purpose took its place.",
        Cancelled: "The person withdrew meanwhile.",
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
        Suppressed: "Belongs to somebody who was erased and must not be taken up again without a new consent.",
        NotAccepted: "Well formed, but of a kind that the organisation does not take.",
    }
}
