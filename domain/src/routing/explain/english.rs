//! The sentences in English.

use super::voice::{Account, Beside, Distance, Missed, Named, Voice, Why, language_names};
use crate::routing::decision::CandidateRule;
use crate::routing::fairness::FairRule;
use crate::routing::place::QueueReason;
use crate::scoring::Tier;
use crate::value::LanguageTag;

pub(super) struct English;

fn team(name: Option<&str>) -> String {
    name.map_or_else(|| "a team whose name is hidden".to_owned(), |name| format!("team {name}"))
}

fn distance(deviation: f64) -> String {
    match Distance::of(deviation) {
        Distance::Behind(leads) => format!("{leads:.1} leads behind"),
        Distance::Even => "neither behind nor ahead".to_owned(),
        Distance::Ahead(leads) => format!("{leads:.1} leads ahead"),
    }
}

impl Voice for English {
    fn somebody(&self) -> &'static str {
        "A colleague"
    }

    fn and(&self) -> &'static str {
        "and"
    }

    fn others(&self, count: usize, beside: Beside) -> String {
        match (beside, count) {
            (Beside::Names, 1) => "one more".to_owned(),
            (Beside::Names, _) => format!("{count} more"),
            (Beside::Nobody, 1) => "one hidden name".to_owned(),
            (Beside::Nobody, _) => format!("{count} hidden names"),
        }
    }

    fn assigned(&self, who: &str, why: Why) -> String {
        match why {
            Why::Wish => {
                format!("{who} got the lead, because this person was asked for. It does not count for the order of turns.")
            }
            Why::Owner => {
                format!(
                    "{who} got the lead, because the company is already in this person's care. It does not count for the order of turns."
                )
            }
            Why::Turn(Some(FairRule::Alone)) => format!("{who} got the lead: nobody else could take it."),
            Why::Turn(Some(FairRule::DueFirst) | None) => {
                format!(
                    "{who} got the lead, because it was this person's turn: of all who could take it, this one's next lead was due first."
                )
            }
            Why::Turn(Some(FairRule::FurthestBehind)) => {
                format!(
                    "{who} got the lead, because it was this person's turn: of all who could take it, this one was the furthest behind."
                )
            }
            Why::Turn(Some(FairRule::LeastWorth)) => format!(
                "{who} got the lead: by number it could have been several people's turn, and this way expected value stays the most even."
            ),
        }
    }

    fn waits(&self, at: Named<'_>) -> String {
        match at {
            Named::Seen(name) => format!("The lead waits in the queue of {}.", team(Some(name))),
            Named::Hidden => format!("The lead waits in the queue of {}.", team(None)),
            Named::Missing => "The lead waits without a team.".to_owned(),
        }
    }

    fn because(&self, reason: QueueReason) -> &'static str {
        match reason {
            QueueReason::AwaitingPickUp => "The team has no pools: whoever is free picks it up.",
            QueueReason::NoTeam => "No team of the department serves its country.",
            QueueReason::NobodyActive => "Nobody who could take it is active and has started.",
            QueueReason::NoTerritory => "No territory takes it that a team of the department serves.",
            QueueReason::NoPool => "No pool of the team takes leads of its tier.",
            QueueReason::FilteredWeak => "It is weak: such leads are for nurturing, and nobody is given them.",
            QueueReason::NoConsent => "There is no consent for any of the ways in which the pool speaks to people.",
            QueueReason::AllAbsent => "Everybody who could take it is absent.",
            QueueReason::NobodyElse => "Everybody who could take it had it already, or gave it away.",
            QueueReason::NoLanguage => "Nobody speaks its language well enough, nor one of the fallbacks.",
            QueueReason::AllAtCap => "Everybody who could take it has as many leads as the caps allow.",
            QueueReason::PoolAtCap => "The pool has got as many leads today as its cap allows.",
            QueueReason::NoSeniority => "Nobody who could take it has the experience that the pool demands.",
        }
    }

    fn help(&self, reason: QueueReason) -> &'static str {
        match reason {
            QueueReason::AwaitingPickUp => "A pool would give such leads to its members in turn.",
            QueueReason::NoTeam => "It would help if a team served this country, or every country.",
            QueueReason::NobodyActive => "It would help to add active colleagues to the team and its pool.",
            QueueReason::NoTerritory => "It would help if a territory took such leads, or one above named a team.",
            QueueReason::NoPool => "It would help if one of the team's pools took this tier.",
            QueueReason::FilteredWeak => "It is routed anew when its score rises; a pool may also take weak leads.",
            QueueReason::NoConsent => "It would help to ask for consent, or to allow the pool another way.",
            QueueReason::AllAbsent => "Somebody of the team may pick it up, or a manager gives it to another team.",
            QueueReason::NobodyElse => "A manager may give it to another team or person.",
            QueueReason::NoLanguage => "It would help to add a fallback language, or a colleague who speaks this one.",
            QueueReason::AllAtCap => "It would help to close open leads or to raise a cap; caps of a day end with the day.",
            QueueReason::PoolAtCap => "The cap ends with the day of the team's time zone; a manager may raise it.",
            QueueReason::NoSeniority => "It would help if the pool let anybody take it then.",
        }
    }

    fn territory(&self, name: Option<&str>) -> String {
        match name {
            Some(name) => format!("Territory {name} takes the lead: its rules fit best."),
            None => "A territory whose name is hidden takes the lead: its rules fit best.".to_owned(),
        }
    }

    fn team_by_territory(&self, name: Option<&str>, above: Named<'_>) -> String {
        match above {
            Named::Missing => format!("It is served by {}.", team(name)),
            Named::Seen(above) => {
                format!("It names no team of its own: {} serves it, as territory {above} above it says.", team(name))
            }
            Named::Hidden => format!("It names no team of its own: {} serves it, as a territory above it says.", team(name)),
        }
    }

    fn team_by_country(&self, name: Option<&str>) -> String {
        format!("The lead's country is served by {}.", team(name))
    }

    fn team_of_owner(&self, name: Option<&str>) -> String {
        format!("The company's owner works in {}.", team(name))
    }

    fn team_asked(&self, name: Option<&str>) -> String {
        format!("It was {} that was asked for.", team(name))
    }

    fn equal_territories(&self, others: &str) -> String {
        format!("The lead fits equally well into: {others}. Only the order of the keys decided; a lower rank would settle it.")
    }

    fn pool(&self, tier: Tier, pool: Option<&str>) -> String {
        let kind = match tier {
            Tier::Weak => "weak",
            Tier::Standard => "standard",
            Tier::Warm => "warm",
            Tier::Hot => "hot",
        };
        match pool {
            Some(pool) => format!("It was a {kind} lead; the pool {pool} takes such leads."),
            None => format!("It was a {kind} lead; a pool whose name is hidden takes such leads."),
        }
    }

    fn language(&self, tag: &LanguageTag) -> String {
        language_names(tag).map_or_else(|| format!("the language `{}`", tag.as_str()), |(english, _)| english.to_owned())
    }

    fn asked_for(&self, language: &str, missed: &Missed) -> String {
        match missed {
            Missed::Nothing => format!("Only those who speak {language} well enough could get it."),
            Missed::AnybodyInstead => format!("Nobody speaks {language} well enough; then the pool lets anybody take it."),
            Missed::Another(own) => {
                format!("Nobody speaks {own} well enough; {language} was the first fallback that somebody speaks.")
            }
        }
    }

    fn left_out(&self, rule: CandidateRule, names: &str) -> Option<String> {
        let why = match rule {
            CandidateRule::Chosen | CandidateRule::Eligible => return None,
            CandidateRule::NotActive => "not active in the team",
            CandidateRule::NotStarted => "not started yet",
            CandidateRule::Absent => "absent",
            CandidateRule::Excluded => "had it and let the time lapse, or gave it away",
            CandidateRule::Language => "the language",
            CandidateRule::DayCap => "the cap of the day is reached",
            CandidateRule::OpenCap => "the cap of open leads is reached",
            CandidateRule::OutOfHours => "not at work now, while others are",
            CandidateRule::Seniority => "others have the preferred experience",
        };
        Some(format!("Left out ({why}): {names}."))
    }

    fn account(&self, who: &str, account: &Account) -> String {
        let (before, after) = (distance(account.before), distance(account.after));
        format!("{who} was {before}, was entitled to {:.2} of this lead, and is now {after}.", account.share)
    }

    fn more_accounts(&self, count: usize) -> String {
        if count == 1 { "One more could have got it.".to_owned() } else { format!("{count} more could have got it.") }
    }
}
