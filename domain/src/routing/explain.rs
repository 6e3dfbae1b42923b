//! A [`RoutingDecision`] in sentences that a sales person understands, in English and German.
//!
//! Nothing of the lead or the contact is told: who got it, by which rule, and what was seen of colleagues. Names come from the reader's view, so that
//! whoever may not see a name reads that there is somebody.

mod english;
mod german;
mod voice;

#[cfg(test)]
mod tests;

use crate::id::{PoolId, TeamId, TerritoryId, UserId};
use crate::value::LanguageTag;

use super::decision::{Candidate, CandidateRule, ChosenBy, RoutingDecision, RoutingOutcome};
use super::share::Leads;
use english::English;
use german::German;
use voice::{Account, Beside, Missed, Named, Voice, Why};

/// The languages there are sentences in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ExplainLanguage {
    /// English.
    #[default]
    English,
    /// German.
    German,
}

impl ExplainLanguage {
    /// German for those who read German, English for all others.
    pub fn of(language: &LanguageTag) -> Self {
        if language.primary() == "de" { Self::German } else { Self::English }
    }
}

/// The names that the reader may see; none for what the reader may not.
pub trait Names {
    /// The name of a colleague.
    fn user(&self, user: UserId) -> Option<String>;
    /// The name of a team.
    fn team(&self, team: TeamId) -> Option<String>;
    /// The name of a pool.
    fn pool(&self, pool: PoolId) -> Option<String>;
    /// The name of a territory.
    fn territory(&self, territory: TerritoryId) -> Option<String>;
}

/// Most names in a list, and most members whose figures are told. All of them are in the decision itself.
const TOLD_MAX: usize = 20;

/// Says what came of a routing and why, one sentence or two a line: who got the lead or why it waits, the territory and team, tier and pool,
/// language, who was left out by which rule, and how far each who could have got it was behind.
pub fn explain(decision: &RoutingDecision, names: &impl Names, language: ExplainLanguage) -> Vec<String> {
    let voice: &dyn Voice = match language {
        ExplainLanguage::English => &English,
        ExplainLanguage::German => &German,
    };
    let telling = Telling { decision, names, voice };
    let mut lines = telling.outcome();
    lines.extend(telling.place());
    lines.extend(telling.pool());
    lines.extend(telling.language());
    lines.extend(telling.left_out());
    lines.extend(telling.figures());
    lines
}

struct Telling<'a> {
    decision: &'a RoutingDecision,
    names: &'a dyn Names,
    voice: &'a dyn Voice,
}

impl Telling<'_> {
    fn user(&self, user: UserId) -> String {
        self.names.user(user).unwrap_or_else(|| self.voice.somebody().to_owned())
    }

    fn team(&self) -> Option<String> {
        self.decision.team.and_then(|team| self.names.team(team))
    }

    /// Who got it and by which rule, or why it waits and what would help.
    fn outcome(&self) -> Vec<String> {
        match self.decision.outcome {
            RoutingOutcome::Assigned { user, by } => {
                let why = match by {
                    ChosenBy::Wish => Why::Wish,
                    ChosenBy::Owner => Why::Owner,
                    ChosenBy::Turn => Why::Turn(self.decision.rule),
                };
                vec![self.voice.assigned(&self.user(user), why)]
            }
            RoutingOutcome::Queued { reason } => {
                let name = self.team();
                let place = self.voice.waits(self.decision.team.map_or(Named::Missing, |_| Named::of(name.as_deref())));
                vec![format!("{place} {}", self.voice.because(reason)), self.voice.help(reason).to_owned()]
            }
        }
    }

    /// The territory and why the team; the team's country when there are no territories.
    fn place(&self) -> Vec<String> {
        let team = self.team();
        let is_owners = matches!(self.decision.outcome, RoutingOutcome::Assigned { by: ChosenBy::Owner, .. });
        let Some(hit) = &self.decision.territory else {
            let line = match (self.decision.team, self.decision.wish.person, self.decision.wish.team) {
                (None, ..) | (Some(_), Some(_), _) => None,
                (Some(_), None, Some(_)) => Some(self.voice.team_asked(team.as_deref())),
                (Some(_), None, None) if is_owners => Some(self.voice.team_of_owner(team.as_deref())),
                (Some(_), None, None) => Some(self.voice.team_by_country(team.as_deref())),
            };
            return line.into_iter().collect();
        };
        let territory = self.names.territory(hit.territory);
        let above = self.names.territory(hit.served_by);
        let above = if hit.served_by == hit.territory { Named::Missing } else { Named::of(above.as_deref()) };
        let mut lines = vec![self.voice.territory(territory.as_deref())];
        lines.push(if is_owners {
            self.voice.team_of_owner(team.as_deref())
        } else {
            self.voice.team_by_territory(team.as_deref(), above)
        });
        if !hit.equal.is_empty() {
            let others = self.listed(hit.equal.iter().map(|other| self.names.territory(*other)));
            lines.push(self.voice.equal_territories(&others));
        }
        lines
    }

    fn pool(&self) -> Option<String> {
        let pool = self.decision.pool?;
        Some(self.voice.pool(self.decision.tier, self.names.pool(pool).as_deref()))
    }

    fn language(&self) -> Option<String> {
        let asked = self.decision.language.as_ref()?;
        let missed = match &self.decision.language_missed {
            None => Missed::Nothing,
            Some(missed) if missed.primary() == asked.primary() => Missed::AnybodyInstead,
            Some(missed) => Missed::Another(self.voice.language(missed)),
        };
        // nobody speaks it, which is the reason that was told already
        let was_tried = self.decision.candidates.iter().any(|candidate| candidate.rule != CandidateRule::Language);
        was_tried.then(|| self.voice.asked_for(&self.voice.language(asked), &missed))
    }

    /// Who was left out, a line for each rule.
    fn left_out(&self) -> Vec<String> {
        let by = |rule: CandidateRule| {
            let mut some = self.decision.candidates.iter().filter(|candidate| candidate.rule == rule).peekable();
            some.peek()?;
            let names = self.listed(some.map(|candidate| self.names.user(candidate.user)));
            self.voice.left_out(rule, &names)
        };
        CandidateRule::ALL.iter().filter_map(|rule| by(*rule)).collect()
    }

    /// How far each who could have got it was behind before, whoever got it in front, then the furthest behind.
    fn figures(&self) -> Vec<String> {
        if !matches!(self.decision.outcome, RoutingOutcome::Assigned { by: ChosenBy::Turn, .. }) {
            return Vec::new();
        }
        let mut eligible: Vec<&Candidate> =
            self.decision.candidates.iter().filter(|candidate| candidate.rule.is_eligible()).collect();
        if eligible.len() < 2 {
            // the one who was there got it
            return Vec::new();
        }
        eligible.sort_by_key(|candidate| (candidate.rule, std::cmp::Reverse(candidate.deviation + candidate.share)));
        let told = eligible.iter().take(TOLD_MAX).map(|candidate| {
            let received = if candidate.rule == CandidateRule::Chosen { Leads::ONE } else { Leads::ZERO };
            let after = candidate.deviation + candidate.share - received;
            let account =
                Account { share: candidate.share.figure(), before: candidate.deviation.figure(), after: after.figure() };
            self.voice.account(&self.user(candidate.user), &account)
        });
        let mut lines: Vec<String> = told.collect();
        let more = eligible.len().saturating_sub(TOLD_MAX);
        lines.extend((more > 0).then(|| self.voice.more_accounts(more)));
        lines
    }

    /// Names as a list; those that may not be seen, and those beyond the most, are counted.
    fn listed(&self, names: impl Iterator<Item = Option<String>>) -> String {
        let (mut seen, mut unseen) = (Vec::new(), 0_usize);
        for name in names {
            match name {
                Some(name) if seen.len() < TOLD_MAX => seen.push(name),
                Some(_) | None => unseen = unseen.saturating_add(1),
            }
        }
        if unseen > 0 {
            seen.push(self.voice.others(unseen, Beside::of(&seen)));
        }
        let last = seen.pop().unwrap_or_default();
        if seen.is_empty() { last } else { format!("{} {} {last}", seen.join(", "), self.voice.and()) }
    }
}
