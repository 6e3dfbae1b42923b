//! Notifications in words, German and English. They tell what was promised, how far it is, and what happened; whom the lead is about is for the
//! lead to tell, to those who may see it.

use std::fmt::Write as _;

use chrono::{DateTime, Utc};

use crate::sla::ClockKind;
use crate::value::LanguageTag;

use super::{NotificationContent, NotificationKind};

/// A notification in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wording {
    /// One line, also the subject of the mail.
    pub subject: &'static str,
    /// A sentence or two.
    pub text: String,
    /// The language: `de` or `en`.
    pub language: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Tongue {
    German,
    English,
}

impl Wording {
    /// The words of a notification: German for those who read German, English for all others.
    pub fn of(kind: NotificationKind, content: &NotificationContent, language: &LanguageTag) -> Self {
        let tongue = if language.primary() == "de" { Tongue::German } else { Tongue::English };
        let (subject, mut text) = match tongue {
            Tongue::German => german(kind, content),
            Tongue::English => english(kind, content),
        };
        let of_a_lap = matches!(kind, NotificationKind::PromiseWarned | NotificationKind::PromiseLapsed);
        if content.lap > 1 && of_a_lap {
            // writing to a text cannot fail
            let _written = match tongue {
                Tongue::German => write!(text, " Es ist der {}. Anlauf.", content.lap),
                Tongue::English => write!(text, " This is attempt {}.", content.lap),
            };
        }
        let language = match tongue {
            Tongue::German => "de",
            Tongue::English => "en",
        };
        Self { subject, text, language }
    }
}

fn german(kind: NotificationKind, content: &NotificationContent) -> (&'static str, String) {
    let promise = match content.clock {
        ClockKind::Accept => "Annahme",
        ClockKind::FirstContact => "Erstkontakt",
        ClockKind::Qualify => "Qualifizierung",
        ClockKind::Feedback => "Rückmeldung",
        ClockKind::ServiceAccept => "Übernahme des Kunden",
    };
    let percent = content.percent.unwrap_or(100);
    let due = shown(content.due);
    match kind {
        NotificationKind::PromiseWarned => (
            "Eine Zusage läuft bald ab",
            format!("{promise}: {percent} % der zugesagten Zeit sind vorbei. Fällig ist sie am {due}."),
        ),
        NotificationKind::PromiseLapsed => (
            "Eine Zusage ist abgelaufen",
            format!("{promise}: Die zugesagte Zeit ist abgelaufen ({percent} %). Fällig war sie am {due}."),
        ),
        NotificationKind::LeadGiven => (
            "Sie haben einen Lead bekommen",
            format!("{promise}: Die zugesagte Zeit ist abgelaufen, der Lead ist jetzt bei Ihnen. Für Sie läuft sie von vorn."),
        ),
        NotificationKind::LeadTaken => (
            "Ein Lead ist nicht mehr bei Ihnen",
            format!("{promise}: Die zugesagte Zeit ist am {due} abgelaufen, der Lead ist nicht mehr bei Ihnen."),
        ),
        NotificationKind::LeadQueued => (
            "Ein Lead wartet auf jemanden",
            format!("{promise}: Die zugesagte Zeit ist abgelaufen und niemand sonst war zu finden. Der Lead wartet im Team."),
        ),
        NotificationKind::LeadReturned => (
            "Ein Lead kam zurück",
            format!("{promise}: In der zugesagten Zeit hat niemand geantwortet, der Lead ist wieder beim Geber."),
        ),
        NotificationKind::StepFailed => (
            "Um einen Lead muss sich jemand kümmern",
            format!("{promise}: Die zugesagte Zeit ist abgelaufen, und was dann geschehen sollte, war nicht möglich."),
        ),
    }
}

fn english(kind: NotificationKind, content: &NotificationContent) -> (&'static str, String) {
    let promise = match content.clock {
        ClockKind::Accept => "Acceptance",
        ClockKind::FirstContact => "First contact",
        ClockKind::Qualify => "Qualification",
        ClockKind::Feedback => "Feedback",
        ClockKind::ServiceAccept => "Taking the customer over",
    };
    let percent = content.percent.unwrap_or(100);
    let due = shown(content.due);
    match kind {
        NotificationKind::PromiseWarned => {
            ("A promise is about to lapse", format!("{promise}: {percent} % of the promised time is over. It is due on {due}."))
        }
        NotificationKind::PromiseLapsed => {
            ("A promise has lapsed", format!("{promise}: the promised time is over ({percent} %). It was due on {due}."))
        }
        NotificationKind::LeadGiven => (
            "A lead came to you",
            format!("{promise}: the promised time is over, and the lead is with you now. For you it begins anew."),
        ),
        NotificationKind::LeadTaken => (
            "A lead is not with you any more",
            format!("{promise}: the promised time was over on {due}, and the lead is not with you any more."),
        ),
        NotificationKind::LeadQueued => (
            "A lead waits for somebody",
            format!("{promise}: the promised time is over, and nobody else was found. The lead waits in the team."),
        ),
        NotificationKind::LeadReturned => (
            "A lead came back",
            format!("{promise}: nobody answered in the promised time, and the lead is with the giver again."),
        ),
        NotificationKind::StepFailed => (
            "Somebody must see to a lead",
            format!("{promise}: the promised time is over, and what was to happen then was not possible."),
        ),
    }
}

fn shown(due: Option<DateTime<Utc>>) -> String {
    due.map_or_else(|| "-".to_owned(), |due| due.format("%Y-%m-%d %H:%M:%S UTC").to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(language: &str) -> String {
        let due = DateTime::from_timestamp(1_780_000_000, 0);
        let mut shown = String::new();
        for kind in NotificationKind::ALL {
            for (clock, lap) in [(ClockKind::Accept, 1), (ClockKind::FirstContact, 2)] {
                let content = NotificationContent { clock, lap, percent: Some(80), due };
                let Wording { subject, text, language } = Wording::of(*kind, &content, &language.parse().unwrap());
                writeln!(shown, "{language} {kind}: {subject}\n    {text}").unwrap();
            }
        }
        shown
    }

    #[test]
    fn german_words_are_reviewed() {
        insta::assert_snapshot!(all("de-AT"));
    }

    #[test]
    fn english_words_are_reviewed() {
        insta::assert_snapshot!(all("fr"));
    }

    #[test]
    fn every_promise_has_words_of_its_own() {
        let words = |clock, language: &str| {
            let content = NotificationContent { clock, lap: 1, percent: None, due: None };
            Wording::of(NotificationKind::PromiseLapsed, &content, &language.parse().unwrap()).text
        };
        for language in ["de", "en"] {
            let all: std::collections::BTreeSet<String> = ClockKind::ALL.iter().map(|clock| words(*clock, language)).collect();
            assert_eq!(all.len(), ClockKind::ALL.len());
        }
    }
}
