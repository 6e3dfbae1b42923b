//! The sentences in German.

use super::voice::{Account, Beside, Distance, Missed, Named, Voice, Why, language_names};
use crate::routing::decision::CandidateRule;
use crate::routing::fairness::FairRule;
use crate::routing::place::QueueReason;
use crate::scoring::Tier;
use crate::value::LanguageTag;

pub(super) struct German;

fn team(name: Option<&str>) -> String {
    name.map_or_else(|| "ein Team mit verborgenem Namen".to_owned(), |name| format!("das Team {name}"))
}

fn figure(leads: f64, places: usize) -> String {
    format!("{leads:.places$}").replace('.', ",")
}

fn distance(deviation: f64) -> String {
    match Distance::of(deviation) {
        Distance::Behind(leads) => format!("{} Leads im Rückstand", figure(leads, 1)),
        Distance::Even => "weder im Rückstand noch im Vorsprung".to_owned(),
        Distance::Ahead(leads) => format!("{} Leads im Vorsprung", figure(leads, 1)),
    }
}

impl Voice for German {
    fn somebody(&self) -> &'static str {
        "Jemand aus dem Team"
    }

    fn and(&self) -> &'static str {
        "und"
    }

    fn others(&self, count: usize, beside: Beside) -> String {
        match (beside, count) {
            (Beside::Names, _) => format!("noch {count}"),
            (Beside::Nobody, 1) => "ein verborgener Name".to_owned(),
            (Beside::Nobody, _) => format!("{count} verborgene Namen"),
        }
    }

    fn assigned(&self, who: &str, why: Why) -> String {
        match why {
            Why::Wish => {
                format!("{who} hat den Lead bekommen, weil diese Person gewünscht war. Für die Reihenfolge zählt das nicht.")
            }
            Why::Owner => {
                format!(
                    "{who} hat den Lead bekommen, weil diese Person die Firma schon betreut. Für die Reihenfolge zählt das nicht."
                )
            }
            Why::Turn(Some(FairRule::Alone)) => format!("{who} hat den Lead bekommen: Niemand sonst konnte ihn nehmen."),
            Why::Turn(Some(FairRule::DueFirst) | None) => {
                format!(
                    "{who} hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der nächste am frühesten fällig."
                )
            }
            Why::Turn(Some(FairRule::FurthestBehind)) => {
                format!(
                    "{who} hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der Rückstand am größten."
                )
            }
            Why::Turn(Some(FairRule::LeastWorth)) => format!(
                "{who} hat den Lead bekommen: Der Anzahl nach konnten es mehrere sein, und so bleibt der erwartete Wert am gleichmäßigsten verteilt."
            ),
        }
    }

    fn waits(&self, at: Named<'_>) -> String {
        match at {
            Named::Seen(name) => format!("Der Lead wartet in der Warteschlange des Teams {name}."),
            Named::Hidden => "Der Lead wartet in der Warteschlange eines Teams mit verborgenem Namen.".to_owned(),
            Named::Missing => "Der Lead wartet ohne Team.".to_owned(),
        }
    }

    fn because(&self, reason: QueueReason) -> &'static str {
        match reason {
            QueueReason::AwaitingPickUp => "Das Team hat keine Pools: Wer Zeit hat, holt ihn sich.",
            QueueReason::NoTeam => "Kein Team der Abteilung bedient sein Land.",
            QueueReason::NobodyActive => "Niemand, der ihn nehmen könnte, ist aktiv und hat schon angefangen.",
            QueueReason::NoTerritory => "Kein Gebiet nimmt ihn, das ein Team der Abteilung bedient.",
            QueueReason::NoPool => "Kein Pool des Teams nimmt Leads seiner Stufe.",
            QueueReason::FilteredWeak => "Er ist schwach: Solche Leads werden weiter angewärmt und niemandem zugeteilt.",
            QueueReason::NoConsent => "Es fehlt die Einwilligung für jeden der Wege, auf denen der Pool Menschen anspricht.",
            QueueReason::AllAbsent => "Alle, die ihn nehmen könnten, sind abwesend.",
            QueueReason::NobodyElse => "Alle, die ihn nehmen könnten, hatten ihn schon oder haben ihn abgegeben.",
            QueueReason::NoLanguage => "Niemand spricht seine Sprache gut genug, und auch keine der Ersatzsprachen.",
            QueueReason::AllAtCap => "Alle, die ihn nehmen könnten, haben so viele Leads, wie die Grenzen erlauben.",
            QueueReason::PoolAtCap => "Der Pool hat heute so viele Leads bekommen, wie seine Grenze erlaubt.",
            QueueReason::NoSeniority => "Niemand, der ihn nehmen könnte, hat die Erfahrung, die der Pool verlangt.",
        }
    }

    fn help(&self, reason: QueueReason) -> &'static str {
        match reason {
            QueueReason::AwaitingPickUp => "Ein Pool würde solche Leads der Reihe nach verteilen.",
            QueueReason::NoTeam => "Es hilft, wenn ein Team dieses Land bedient, oder alle Länder.",
            QueueReason::NobodyActive => "Es hilft, aktive Personen in das Team und seinen Pool aufzunehmen.",
            QueueReason::NoTerritory => "Es hilft, wenn ein Gebiet solche Leads nimmt oder eines darüber ein Team nennt.",
            QueueReason::NoPool => "Es hilft, wenn ein Pool des Teams diese Stufe nimmt.",
            QueueReason::FilteredWeak => {
                "Steigt seine Bewertung, wird er neu verteilt; ein Pool kann auch schwache Leads nehmen."
            }
            QueueReason::NoConsent => "Es hilft, um Einwilligung zu bitten oder dem Pool einen anderen Weg zu erlauben.",
            QueueReason::AllAbsent => "Jemand aus dem Team kann ihn sich holen, oder die Leitung gibt ihn einem anderen Team.",
            QueueReason::NobodyElse => "Die Leitung kann ihn einem anderen Team oder einer anderen Person geben.",
            QueueReason::NoLanguage => "Es hilft eine Ersatzsprache, oder jemand, der diese Sprache spricht.",
            QueueReason::AllAtCap => {
                "Es hilft, offene Leads abzuschließen oder eine Grenze anzuheben; Tagesgrenzen enden mit dem Tag."
            }
            QueueReason::PoolAtCap => "Die Grenze endet mit dem Tag in der Zeitzone des Teams; die Leitung kann sie anheben.",
            QueueReason::NoSeniority => "Es hilft, wenn der Pool ihn dann allen anderen überlässt.",
        }
    }

    fn territory(&self, name: Option<&str>) -> String {
        match name {
            Some(name) => format!("Das Gebiet {name} nimmt den Lead: Seine Regeln passen am besten."),
            None => "Ein Gebiet mit verborgenem Namen nimmt den Lead: Seine Regeln passen am besten.".to_owned(),
        }
    }

    fn team_by_territory(&self, name: Option<&str>, above: Named<'_>) -> String {
        match above {
            Named::Missing => format!("Für dieses Gebiet ist {} zuständig.", team(name)),
            Named::Seen(above) => {
                format!("Es nennt kein eigenes Team; zuständig ist {}, wie es im Gebiet {above} darüber steht.", team(name))
            }
            Named::Hidden => {
                format!("Es nennt kein eigenes Team; zuständig ist {}, wie es in einem Gebiet darüber steht.", team(name))
            }
        }
    }

    fn team_by_country(&self, name: Option<&str>) -> String {
        format!("Für das Land des Leads ist {} zuständig.", team(name))
    }

    fn team_of_owner(&self, name: Option<&str>) -> String {
        match name {
            Some(name) => format!("Wer die Firma betreut, arbeitet im Team {name}."),
            None => "Wer die Firma betreut, arbeitet in einem Team mit verborgenem Namen.".to_owned(),
        }
    }

    fn team_asked(&self, name: Option<&str>) -> String {
        format!("Gewünscht war {}.", team(name))
    }

    fn equal_territories(&self, others: &str) -> String {
        format!(
            "Der Lead passt genauso gut zu: {others}. Nur die Reihenfolge der Schlüssel hat entschieden; ein niedrigerer Rang würde das klären."
        )
    }

    fn pool(&self, tier: Tier, pool: Option<&str>) -> String {
        let kind = match tier {
            Tier::Weak => "schwacher Lead",
            Tier::Standard => "Standard-Lead",
            Tier::Warm => "warmer Lead",
            Tier::Hot => "heißer Lead",
        };
        match pool {
            Some(pool) => format!("Es war ein {kind}; solche nimmt der Pool {pool}."),
            None => format!("Es war ein {kind}; solche nimmt ein Pool mit verborgenem Namen."),
        }
    }

    fn language(&self, tag: &LanguageTag) -> String {
        language_names(tag).map_or_else(|| format!("die Sprache `{}`", tag.as_str()), |(_, german)| german.to_owned())
    }

    fn asked_for(&self, language: &str, missed: &Missed) -> String {
        match missed {
            Missed::Nothing => format!("Bekommen konnte ihn nur, wer {language} gut genug spricht."),
            Missed::AnybodyInstead => format!("Niemand spricht {language} gut genug; dann überlässt ihn der Pool allen."),
            Missed::Another(own) => {
                format!("Niemand spricht {own} gut genug; {language} war die erste Ersatzsprache, die jemand spricht.")
            }
        }
    }

    fn left_out(&self, rule: CandidateRule, names: &str) -> Option<String> {
        let why = match rule {
            CandidateRule::Chosen | CandidateRule::Eligible => return None,
            CandidateRule::NotActive => "im Team nicht aktiv",
            CandidateRule::NotStarted => "noch nicht angefangen",
            CandidateRule::Absent => "abwesend",
            CandidateRule::Excluded => "hatte ihn und ließ die Frist verstreichen, oder gab ihn ab",
            CandidateRule::Language => "die Sprache",
            CandidateRule::DayCap => "Tagesgrenze erreicht",
            CandidateRule::OpenCap => "Grenze offener Leads erreicht",
            CandidateRule::OutOfHours => "gerade nicht bei der Arbeit, andere schon",
            CandidateRule::Seniority => "andere haben die bevorzugte Erfahrung",
        };
        Some(format!("Nicht berücksichtigt ({why}): {names}."))
    }

    fn account(&self, who: &str, account: &Account) -> String {
        let (before, after) = (distance(account.before), distance(account.after));
        let share = figure(account.share, 2);
        format!("{who} war {before}, hatte Anspruch auf {share} dieses Leads und ist jetzt {after}.")
    }

    fn more_accounts(&self, count: usize) -> String {
        format!("Noch {count} hätten ihn bekommen können.")
    }
}
