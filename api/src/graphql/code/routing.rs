//! Codes of the configuration of routing.

use fairfall_domain::routing::member::{LanguageLevel, Weekday};
use fairfall_domain::routing::pool::Otherwise;
use fairfall_domain::routing::territory::RoutingStatus;

use super::enum_codes;

enum_codes! {
    /// Whether a part of the routing's configuration is used.
    RoutingStatus as "RoutingStatus" {
        Active: "It is used.",
        Archived: "It is kept for the decisions that name it, and neither used nor changed any more.",
    }

    /// How well somebody speaks a language: the levels of the Common European Framework of Reference, and above them a first language.
    LanguageLevel as "LanguageLevel" {
        A1: "Beginner.",
        A2: "Elementary.",
        B1: "Intermediate.",
        B2: "Upper intermediate: can talk business.",
        C1: "Advanced: can negotiate.",
        C2: "Close to a first language.",
        Native: "A first language.",
    }

    /// A day of the week.
    Weekday as "Weekday" {
        Monday: "Monday.",
        Tuesday: "Tuesday.",
        Wednesday: "Wednesday.",
        Thursday: "Thursday.",
        Friday: "Friday.",
        Saturday: "Saturday.",
        Sunday: "Sunday.",
    }

    /// What happens when nobody is as it is preferred.
    Otherwise as "Otherwise" {
        Anybody: "Anybody else of the pool may get the lead.",
        Queue: "The lead waits in the team's queue.",
    }
}
