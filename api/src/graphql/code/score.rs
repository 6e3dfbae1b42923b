//! Codes of scoring.

use fairfall_domain::scoring::activity::ContactOutcome;
use fairfall_domain::scoring::hot::HotTrigger;
use fairfall_domain::scoring::{ActivityKind, Axis, ModelState};

use super::enum_codes;

enum_codes! {
    /// What was done. The channel says by which way.
    ActivityKind as "ActivityKind" {
        PageView: "A page of the site was read.",
        PricingView: "A page about prices or plans was read.",
        EmailOpen: "A mailing was opened; mail programmes open by themselves, so that it says little.",
        Click: "A link in a mailing, a banner or a post was followed.",
        Reply: "A mail was answered.",
        ContentDownload: "A paper, a video or another piece of content was taken.",
        FormSubmit: "A form other than a request was sent, such as a newsletter's.",
        ContactRequest: "Contact was asked for.",
        DemoRequest: "A demonstration or an offer was asked for.",
        TrialStart: "A trial was started.",
        EventRegister: "Registered for a fair, a webinar or a visit.",
        EventAttend: "Came to a fair, a webinar or a visit.",
        Call: "A call in which somebody was reached.",
        Meeting: "A meeting.",
        Chat: "A conversation in a chat.",
        Email: "A mail that a colleague wrote to them. It says nothing of their interest.",
        Note: "Something a colleague wrote down. It says nothing of their interest.",
        SocialReaction: "A reaction in a social network: a comment, a share, a follow.",
        Other: "Something else that shows interest.",
    }

    /// What came of trying to reach somebody.
    ContactOutcome as "ContactOutcome" {
        Reached: "They were reached: talked to, met, or they answered.",
        NotReached: "Nobody answered.",
        MessageLeft: "A message was left.",
        Postponed: "They asked for another time.",
        WrongContact: "It was not them: a wrong number or address.",
    }

    /// One of the two axes of a score; they are never added.
    Axis as "ScoreAxis" {
        Fit: "Who they are.",
        Engagement: "What they did.",
    }

    /// The life of a score model.
    ModelState as "ScoreModelState" {
        Draft: "Being written; scores nothing.",
        InForce: "Scores every lead; there is one.",
        Retired: "Scored leads once.",
    }

    /// How somebody came, where that gives points.
    HotTrigger as "HotTrigger" {
        ContactForm: "By the contact form.",
        AccountBasedCampaign: "By a campaign for named companies.",
    }
}
