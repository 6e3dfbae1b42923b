//! Codes of a lead: where it stands, what is known of it, where it came from.

use fairfall_domain::campaign::Channel;
use fairfall_domain::customer::CustomerStatus;
use fairfall_domain::department::Department;
use fairfall_domain::opportunity::OpportunityStatus;
use fairfall_domain::report::funnel::FunnelGroup;
use fairfall_domain::routing::place::QueueReason;
use fairfall_domain::scoring::grade::{Grade, Tier};
use fairfall_domain::waterfall::bant::{Authority, Budget, Need};
use fairfall_domain::waterfall::lead::Direction;
use fairfall_domain::waterfall::passage::PassageOutcome;
use fairfall_domain::waterfall::stage::{OpenStage, Stage};
use fairfall_domain::waterfall::state::StateKind;

use super::enum_codes;

enum_codes! {
    /// A department of the organisation that takes part in the waterfall.
    Department as "Department" {
        Marketing: "Marketing: finds and warms demand.",
        InsideSales: "Inside sales: qualifies by phone and mail, closes smaller deals.",
        FieldSales: "Field sales: meets the buyers, closes larger deals.",
        CustomerService: "Customer service: takes customers over and finds repeat demand.",
    }

    /// Where a lead stands: the open stages, at rest, or closed.
    Stage as "Stage" {
        Lead: "Captured demand, not yet qualified.",
        Mql: "Marketing qualified lead.",
        Srl: "Sales ready lead.",
        Tal: "Inside sales accepted lead.",
        Tql: "Inside sales qualified lead.",
        Sal: "Sales accepted lead.",
        Sql: "Sales qualified lead.",
        Nurturing: "At rest until a date or new behaviour.",
        Won: "Closed: became a customer.",
        Lost: "Closed: lost at the closing step.",
        Disqualified: "Closed: was no lead.",
    }

    /// A stage of an open lead. TAL and SAL are entered by an act of the receiving department, MQL, SRL, TQL and SQL by criteria.
    OpenStage as "OpenStage" {
        Lead: "Captured demand, not yet qualified.",
        Mql: "Marketing qualified lead.",
        Srl: "Sales ready lead: marketing vouches that sales can start.",
        Tal: "Teleprospecting (inside sales) accepted lead.",
        Tql: "Teleprospecting (inside sales) qualified lead.",
        Sal: "Sales accepted lead.",
        Sql: "Sales qualified lead.",
    }

    /// The state of a lead. Whether it is worked on, offered, at rest or closed.
    StateKind as "LeadState" {
        Working: "Worked on by a department.",
        Offered: "Offered to the next department.",
        Nurturing: "At rest.",
        Won: "Closed as won.",
        Lost: "Closed as lost.",
        Disqualified: "Closed as no lead.",
    }

    /// Who made the first step.
    Direction as "Direction" {
        Inbound: "They came to us.",
        Outbound: "We went to them.",
    }

    /// The way by which a campaign's leads come.
    Channel as "Channel" {
        OrganicSearch: "Unpaid search results.",
        PaidSearch: "Paid search results.",
        Social: "Social networks.",
        Email: "Mailings.",
        Referral: "Links from other sites, recommendations.",
        Direct: "The site's address typed in.",
        Display: "Banners.",
        Event: "Fairs, webinars, visits.",
        Content: "Papers, videos and posts of our own.",
        Phone: "Calls.",
        Partner: "Partners that push leads in.",
        ContactForm: "The contact form.",
        Other: "Something else that is known.",
        Unknown: "Not known.",
    }

    /// What is known of the money.
    Budget as "Budget" {
        None: "There is none.",
        Planned: "It is planned, not yet approved.",
        Approved: "It is approved.",
    }

    /// What the contact can decide.
    Authority as "Authority" {
        None: "Nothing.",
        Influencer: "Advises those who decide.",
        Decider: "Decides.",
    }

    /// How strongly the need is felt.
    Need as "Need" {
        None: "There is none.",
        Latent: "There is one, the contact does not see it yet.",
        Recognised: "The contact sees it.",
        Urgent: "It must be met soon.",
    }

    /// A cell of the score's matrix: the letter is fit, A to C, the figure is engagement, 1 to 3.
    Grade as "Grade" {
        A1: "High fit, high engagement.",
        A2: "High fit, middle engagement.",
        A3: "High fit, low engagement.",
        B1: "Middle fit, high engagement.",
        B2: "Middle fit, middle engagement.",
        B3: "Middle fit, low engagement.",
        C1: "Low fit, high engagement.",
        C2: "Low fit, middle engagement.",
        C3: "Low fit, low engagement.",
    }

    /// How a lead is to be treated.
    Tier as "Tier" {
        Weak: "Goes to nurturing.",
        Standard: "Routed in turn.",
        Warm: "Routed before standard ones.",
        Hot: "At once, to seniors first.",
    }

    /// Why a lead waits in a queue instead of with a person.
    QueueReason as "QueueReason" {
        AwaitingPickUp: "Open to whoever of the team picks it up.",
        NoTeam: "No team of the department serves the lead's country.",
        NobodyActive: "The team has no active member.",
        NoTerritory: "No territory takes the lead, or none that takes it is served by the department.",
        NoPool: "No pool of the team takes leads of this tier.",
        FilteredWeak: "A weak lead: nobody is given it, it is for nurturing.",
        NoConsent: "The contact may not be spoken to on any of the pool's channels.",
        AllAbsent: "Every active member is absent.",
        NobodyElse: "There is nobody but those who had it and let it lapse, or who give it away.",
        NoLanguage: "Nobody speaks the lead's language, nor one of the fallbacks.",
        AllAtCap: "Every member who could take it has as many leads as the caps allow.",
        PoolAtCap: "The pool has got as many leads today as its cap allows.",
        NoSeniority: "Nobody has the seniority that the tier asks for.",
    }

    /// How a passage ended.
    PassageOutcome as "PassageOutcome" {
        Won: "Won.",
        Lost: "Lost at the closing step.",
        Recycled: "Sent to nurturing.",
        Disqualified: "Was no lead.",
    }

    /// Where an opportunity stands.
    OpportunityStatus as "OpportunityStatus" {
        Open: "Sales works on it.",
        Won: "The order came.",
        Lost: "The order went elsewhere or nowhere.",
        Abandoned: "The lead went back to rest or was disqualified before a decision.",
    }

    /// Where the hand-over to customer service stands.
    CustomerStatus as "CustomerStatus" {
        HandedOver: "Waits for customer service.",
        TakenOver: "Somebody of customer service looks after the customer.",
        Imported: "Bought before Fairfall was used; nothing is waiting.",
    }

    /// What the rows of a funnel are told apart by.
    FunnelGroup as "FunnelGroup" {
        Month: "The month in which passages were opened.",
        Channel: "The channel they came through.",
        Campaign: "The campaign they came from.",
        Track: "The track they run on, whatever version.",
    }
}
