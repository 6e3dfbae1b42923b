//! The sentences of the main cases, in both languages.

use super::*;
use crate::routing::decision::RoutingDecision;
use crate::routing::fairness::FairRule;
use crate::routing::member::LanguageLevel;
use crate::routing::pool::{Caps, LanguageRule, Otherwise};
use crate::routing::tests::support::*;
use crate::scoring::Tier;

/// Everybody's names, but for colleague 4.
struct Book;

impl Names for Book {
    fn user(&self, user: UserId) -> Option<String> {
        let names = ["Anna Berg", "Ben Roth", "Cem Kaya"];
        names.iter().zip(1..).find(|(_, number)| user == self::user(*number)).map(|(name, _)| (*name).to_owned())
    }

    fn team(&self, _: TeamId) -> Option<String> {
        Some("Süd".to_owned())
    }

    fn pool(&self, _: PoolId) -> Option<String> {
        Some("Pumpen".to_owned())
    }

    fn territory(&self, territory: TerritoryId) -> Option<String> {
        [(1, "Bayern"), (2, "Alpen"), (3, "Europa")]
            .iter()
            .find(|(number, _)| territory == id(*number))
            .map(|(_, name)| (*name).to_owned())
    }
}

/// Nothing may be seen.
struct Blind;

impl Names for Blind {
    fn user(&self, _: UserId) -> Option<String> {
        None
    }

    fn team(&self, _: TeamId) -> Option<String> {
        None
    }

    fn pool(&self, _: PoolId) -> Option<String> {
        None
    }

    fn territory(&self, _: TerritoryId) -> Option<String> {
        None
    }
}

fn both(decision: &RoutingDecision, names: &impl Names) -> String {
    [ExplainLanguage::English, ExplainLanguage::German].map(|language| explain(decision, names, language).join("\n")).join("\n\n")
}

fn by_turn() -> RoutingDecision {
    let mut desk = Desk::of(&[2, 1, 1, 1, 1]);
    desk.territories = vec![
        territory(3, "Europa", None, Some(team()), crate::routing::territory::MatchRules::default()),
        territory(1, "Bayern", Some(3), None, in_countries(&["DE"])),
        territory(2, "Alpen", Some(3), None, in_countries(&["DE"])),
    ];
    desk.give_all(7, &Sent::standard());
    desk.profile(3).absences.push(absence("2026-01-01T00:00:00Z", None));
    desk.profile(4).absences.push(absence("2026-01-01T00:00:00Z", None));
    desk.give(&Sent::standard())
}

#[test]
fn a_turn_is_told_with_all_figures() {
    insta::assert_snapshot!(both(&by_turn(), &Book), @r"
    Ben Roth got the lead, because it was this person's turn: of all who could take it, this one was the furthest behind.
    Territory Alpen takes the lead: its rules fit best.
    It names no team of its own: team Süd serves it, as territory Europa above it says.
    The lead fits equally well into: Bayern. Only the order of the keys decided; a lower rank would settle it.
    It was a standard lead; the pool Pumpen takes such leads.
    Left out (absent): Cem Kaya and one more.
    Ben Roth was 0.2 leads behind, was entitled to 0.25 of this lead, and is now 0.6 leads ahead.
    A colleague was 0.2 leads behind, was entitled to 0.25 of this lead, and is now 0.4 leads behind.
    Anna Berg was 0.7 leads ahead, was entitled to 0.50 of this lead, and is now 0.2 leads ahead.

    Ben Roth hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der Rückstand am größten.
    Das Gebiet Alpen nimmt den Lead: Seine Regeln passen am besten.
    Es nennt kein eigenes Team; zuständig ist das Team Süd, wie es im Gebiet Europa darüber steht.
    Der Lead passt genauso gut zu: Bayern. Nur die Reihenfolge der Schlüssel hat entschieden; ein niedrigerer Rang würde das klären.
    Es war ein Standard-Lead; solche nimmt der Pool Pumpen.
    Nicht berücksichtigt (abwesend): Cem Kaya und noch 1.
    Ben Roth war 0,2 Leads im Rückstand, hatte Anspruch auf 0,25 dieses Leads und ist jetzt 0,6 Leads im Vorsprung.
    Jemand aus dem Team war 0,2 Leads im Rückstand, hatte Anspruch auf 0,25 dieses Leads und ist jetzt 0,4 Leads im Rückstand.
    Anna Berg war 0,7 Leads im Vorsprung, hatte Anspruch auf 0,50 dieses Leads und ist jetzt 0,2 Leads im Vorsprung.
    ");
}

#[test]
fn whoever_may_not_see_a_name_reads_that_there_is_somebody() {
    insta::assert_snapshot!(both(&by_turn(), &Blind), @r"
    A colleague got the lead, because it was this person's turn: of all who could take it, this one was the furthest behind.
    A territory whose name is hidden takes the lead: its rules fit best.
    It names no team of its own: a team whose name is hidden serves it, as a territory above it says.
    The lead fits equally well into: one hidden name. Only the order of the keys decided; a lower rank would settle it.
    It was a standard lead; a pool whose name is hidden takes such leads.
    Left out (absent): 2 hidden names.
    A colleague was 0.2 leads behind, was entitled to 0.25 of this lead, and is now 0.6 leads ahead.
    A colleague was 0.2 leads behind, was entitled to 0.25 of this lead, and is now 0.4 leads behind.
    A colleague was 0.7 leads ahead, was entitled to 0.50 of this lead, and is now 0.2 leads ahead.

    Jemand aus dem Team hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der Rückstand am größten.
    Ein Gebiet mit verborgenem Namen nimmt den Lead: Seine Regeln passen am besten.
    Es nennt kein eigenes Team; zuständig ist ein Team mit verborgenem Namen, wie es in einem Gebiet darüber steht.
    Der Lead passt genauso gut zu: ein verborgener Name. Nur die Reihenfolge der Schlüssel hat entschieden; ein niedrigerer Rang würde das klären.
    Es war ein Standard-Lead; solche nimmt ein Pool mit verborgenem Namen.
    Nicht berücksichtigt (abwesend): 2 verborgene Namen.
    Jemand aus dem Team war 0,2 Leads im Rückstand, hatte Anspruch auf 0,25 dieses Leads und ist jetzt 0,6 Leads im Vorsprung.
    Jemand aus dem Team war 0,2 Leads im Rückstand, hatte Anspruch auf 0,25 dieses Leads und ist jetzt 0,4 Leads im Rückstand.
    Jemand aus dem Team war 0,7 Leads im Vorsprung, hatte Anspruch auf 0,50 dieses Leads und ist jetzt 0,2 Leads im Vorsprung.
    ");
}

#[test]
fn a_wish_and_an_owner_are_told() {
    let mut desk = Desk::of(&[1, 1]);
    let wish = desk.give(&Sent::standard().wishing(Some(2), None));
    let owner = desk.give(&Sent::standard().owned_by(1));
    insta::assert_snapshot!(format!("{}\n\n{}", both(&wish, &Book), both(&owner, &Book)), @r"
    Ben Roth got the lead, because this person was asked for. It does not count for the order of turns.

    Ben Roth hat den Lead bekommen, weil diese Person gewünscht war. Für die Reihenfolge zählt das nicht.

    Anna Berg got the lead, because the company is already in this person's care. It does not count for the order of turns.
    The company's owner works in team Süd.

    Anna Berg hat den Lead bekommen, weil diese Person die Firma schon betreut. Für die Reihenfolge zählt das nicht.
    Wer die Firma betreut, arbeitet im Team Süd.
    ");
}

#[test]
fn each_rule_that_left_somebody_out_is_told() {
    let mut desk = Desk::of(&[1, 1, 1]);
    desk.prefer();
    desk.senior(3);
    desk.pool().balances_worth = true;
    desk.pool().language =
        Some(LanguageRule { level: LanguageLevel::B2, fallbacks: vec![tag("de")], otherwise: Otherwise::Queue });
    let decision = desk.give(&Sent { worth: Some(500_000), ..Sent::of(Tier::Hot).speaking("pl").without(&[1]) });
    insta::assert_snapshot!(both(&decision, &Book), @r"
    Cem Kaya got the lead: nobody else could take it.
    The lead's country is served by team Süd.
    It was a hot lead; the pool Pumpen takes such leads.
    Nobody speaks Polish well enough; German was the first fallback that somebody speaks.
    Left out (had it and let the time lapse, or gave it away): Anna Berg.
    Left out (others have the preferred experience): Ben Roth.

    Cem Kaya hat den Lead bekommen: Niemand sonst konnte ihn nehmen.
    Für das Land des Leads ist das Team Süd zuständig.
    Es war ein heißer Lead; solche nimmt der Pool Pumpen.
    Niemand spricht Polnisch gut genug; Deutsch war die erste Ersatzsprache, die jemand spricht.
    Nicht berücksichtigt (hatte ihn und ließ die Frist verstreichen, oder gab ihn ab): Anna Berg.
    Nicht berücksichtigt (andere haben die bevorzugte Erfahrung): Ben Roth.
    ");
}

#[test]
fn a_lead_that_waits_says_why_and_what_would_help() {
    let mut desk = Desk::of(&[1, 1]);
    desk.pool().caps = Caps { member_day_max: Some(1), ..Caps::default() };
    desk.give_all(2, &Sent::standard());
    let full = desk.give(&Sent::standard());
    desk.teams.clear();
    let lost = desk.give(&Sent::standard());
    insta::assert_snapshot!(format!("{}\n\n{}", both(&full, &Book), both(&lost, &Book)), @r"
    The lead waits in the queue of team Süd. Everybody who could take it has as many leads as the caps allow.
    It would help to close open leads or to raise a cap; caps of a day end with the day.
    The lead's country is served by team Süd.
    It was a standard lead; the pool Pumpen takes such leads.
    Left out (the cap of the day is reached): Anna Berg and Ben Roth.

    Der Lead wartet in der Warteschlange des Teams Süd. Alle, die ihn nehmen könnten, haben so viele Leads, wie die Grenzen erlauben.
    Es hilft, offene Leads abzuschließen oder eine Grenze anzuheben; Tagesgrenzen enden mit dem Tag.
    Für das Land des Leads ist das Team Süd zuständig.
    Es war ein Standard-Lead; solche nimmt der Pool Pumpen.
    Nicht berücksichtigt (Tagesgrenze erreicht): Anna Berg und Ben Roth.

    The lead waits without a team. No team of the department serves its country.
    It would help if a team served this country, or every country.

    Der Lead wartet ohne Team. Kein Team der Abteilung bedient sein Land.
    Es hilft, wenn ein Team dieses Land bedient, oder alle Länder.
    ");
}

#[test]
fn each_rule_of_the_turn_has_its_words() {
    let voices: [&dyn Voice; 2] = [&English, &German];
    let told = FairRule::ALL.iter().flat_map(|rule| voices.map(|voice| voice.assigned("Anna", Why::Turn(Some(*rule)))));
    insta::assert_snapshot!(told.collect::<Vec<_>>().join("\n"), @r"
    Anna got the lead: nobody else could take it.
    Anna hat den Lead bekommen: Niemand sonst konnte ihn nehmen.
    Anna got the lead, because it was this person's turn: of all who could take it, this one's next lead was due first.
    Anna hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der nächste am frühesten fällig.
    Anna got the lead, because it was this person's turn: of all who could take it, this one was the furthest behind.
    Anna hat den Lead bekommen und war an der Reihe: Von allen, die ihn nehmen konnten, war hier der Rückstand am größten.
    Anna got the lead: by number it could have been several people's turn, and this way expected value stays the most even.
    Anna hat den Lead bekommen: Der Anzahl nach konnten es mehrere sein, und so bleibt der erwartete Wert am gleichmäßigsten verteilt.
    ");
}

/// Every reason and rule has its words, and none is said twice.
#[test]
fn every_reason_has_its_own_words() {
    let voices: [&dyn Voice; 2] = [&English, &German];
    for voice in voices {
        let reasons = crate::routing::QueueReason::ALL;
        let because: std::collections::BTreeSet<&str> = reasons.iter().map(|reason| voice.because(*reason)).collect();
        let help: std::collections::BTreeSet<&str> = reasons.iter().map(|reason| voice.help(*reason)).collect();
        assert_eq!((because.len(), help.len()), (reasons.len(), reasons.len()));
        let told = CandidateRule::ALL.iter().filter(|rule| voice.left_out(**rule, "").is_some());
        assert!(told.clone().all(|rule| !rule.is_eligible()) && told.count() == CandidateRule::ALL.len() - 2);
    }
    assert_eq!(ExplainLanguage::of(&tag("de-AT")), ExplainLanguage::German);
    assert_eq!(ExplainLanguage::of(&tag("pl")), ExplainLanguage::English);
}
