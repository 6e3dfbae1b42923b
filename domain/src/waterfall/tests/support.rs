//! A small world: one team per department, one member and one manager each, a well-known person, the shipped tracks and agreements.

use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use uuid::Uuid;

use crate::agreement::{AgreementBook, shipped as agreements};
use crate::campaign::Channel;
use crate::company::{Company, CompanyDraft};
use crate::department::Department;
use crate::id::UserId;
use crate::opportunity::Opportunity;
use crate::person::{Person, PersonDraft};
use crate::routing::Directory;
use crate::routing::place::Wish;
use crate::routing::{Roster, RosterTeam};
use crate::scoring::Score;
use crate::sla::{CalendarBook, Clock};
use crate::value::{Code, Money};
use crate::waterfall::bant::{Authority, Bant, Budget, Need};
use crate::waterfall::capture::{CaptureDraws, CaptureOrder, capture};
use crate::waterfall::change::{Change, Outcome};
use crate::waterfall::command::{Command, Order};
use crate::waterfall::execute::execute;
use crate::waterfall::facts::{ActingParty, Draws, Facts};
use crate::waterfall::lead::{Demand, Direction, Lead, Origin};
use crate::waterfall::passage::Passage;
use crate::waterfall::refusal::Refusal;
use crate::waterfall::shipped;
use crate::waterfall::stage::OpenStage;
use crate::waterfall::track::Track;

pub fn id<T: From<Uuid>>(number: u128) -> T {
    T::from(Uuid::from_u128(number))
}

pub fn member(department: Department) -> UserId {
    id(100 + u128::from(department_number(department)))
}

pub fn colleague(department: Department) -> UserId {
    id(200 + u128::from(department_number(department)))
}

fn department_number(department: Department) -> u8 {
    match department {
        Department::Marketing => 1,
        Department::InsideSales => 2,
        Department::FieldSales => 3,
        Department::CustomerService => 4,
    }
}

pub fn start() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 9, 0, 0).unwrap()
}

/// A lead with all that surrounds it; each command takes place an hour after the one before.
#[derive(Clone, Debug)]
pub struct World {
    pub track: Track,
    pub other_track: Option<Track>,
    pub agreements: AgreementBook,
    pub roster: Roster,
    pub person: Person,
    pub company: Option<Company>,
    pub opportunity: Option<Opportunity>,
    pub lead: Lead,
    pub passage: Passage,
    pub now: DateTime<Utc>,
    pub drawn: u128,
    pub clocks: Vec<Clock>,
    pub erased: bool,
    pub calendars: CalendarBook,
    pub directory: Directory,
}

pub fn track(key: &str) -> Track {
    shipped::tracks().unwrap().into_iter().find(|track| track.key().as_str() == key).unwrap()
}

pub fn roster() -> Roster {
    let team = |department| RosterTeam {
        id: id(10 + u128::from(department_number(department))),
        department,
        countries: Vec::new(),
        members: vec![member(department), colleague(department)],
    };
    Roster::new(Department::ALL.iter().copied().map(team).collect())
}

pub fn demand() -> Demand {
    Demand {
        product_area: Code::parse("pumps").unwrap(),
        title: None,
        value: Some(Money::parse_decimal("50000", "EUR").unwrap()),
        bant: Bant {
            budget: Some(Budget::Approved),
            authority: Some(Authority::Decider),
            need: Some(Need::Urgent),
            timeline_months: Some(3),
        },
        score: Score::try_new(80, 75, crate::scoring::shipped::model().unwrap().grading()).unwrap(),
        country: Some("DE".parse().unwrap()),
        subdivision: None,
        postal_code: None,
        language: None,
        attributes: std::collections::BTreeMap::new(),
    }
}

pub fn person() -> Person {
    let draft = PersonDraft {
        family_name: Some("Muster".to_owned()),
        email: Some("muster@example.com".to_owned()),
        ..PersonDraft::default()
    };
    Person::new(id(1), draft.parse().unwrap(), start())
}

fn company() -> Company {
    let draft = CompanyDraft { name: Some("Muster GmbH".to_owned()), ..CompanyDraft::default() };
    Company::new(id(2), draft.parse().unwrap(), start())
}

pub fn order(origin: Department, captured_by: Option<UserId>) -> CaptureOrder {
    CaptureOrder {
        draws: CaptureDraws { lead: id(1), passage: id(2), transition: id(3), opportunity: id(4) },
        person: id(1),
        company: Some(id(2)),
        origin: Origin {
            department: origin,
            direction: Direction::Inbound,
            channel: Channel::OrganicSearch,
            campaign: None,
            captured_by,
        },
        demand: demand(),
        wish: Wish::default(),
    }
}

/// The shipped agreements, and one for the way that no shipped track takes: field sales before inside sales.
fn agreements_for_any_track() -> AgreementBook {
    let mut all = agreements::agreements(start()).unwrap();
    let there = all.iter().find(|one| one.giving == Department::InsideSales && one.taking == Department::FieldSales).unwrap();
    all.push(crate::agreement::Agreement { giving: there.taking, taking: there.giving, ..there.clone() });
    AgreementBook::new(all)
}

impl World {
    /// A lead just captured by the marketing member on a track.
    pub fn on(track: Track) -> Self {
        let roster = roster();
        let change =
            capture(order(Department::Marketing, Some(member(Department::Marketing))), &track, &roster, start()).unwrap();
        Self {
            track,
            other_track: None,
            agreements: agreements_for_any_track(),
            roster,
            person: person(),
            company: Some(company()),
            opportunity: change.opportunity,
            lead: change.lead,
            passage: change.passage,
            now: start(),
            drawn: 1000,
            clocks: Vec::new(),
            calendars: CalendarBook::default(),
            erased: false,
            directory: Directory::default(),
        }
    }

    pub fn facts(&self, actor: ActingParty) -> Facts<'_> {
        let draw = |offset| self.drawn + offset;
        Facts {
            actor,
            track: &self.track,
            other_track: self.other_track.as_ref(),
            agreements: &self.agreements,
            directory: &self.directory,
            clocks: &self.clocks,
            calendars: &self.calendars,
            roster: &self.roster,
            person: &self.person,
            erased: self.erased,
            company: self.company.as_ref(),
            campaign: None,
            opportunity: self.opportunity.as_ref(),
            routed: None,
            draws: Draws {
                passage: id(draw(1)),
                opportunity: id(draw(2)),
                customer: id(draw(3)),
                transition: id(draw(4)),
                follow_up: id(draw(5)),
                clocks: [id(draw(6)), id(draw(7)), id(draw(8)), id(draw(9))],
            },
        }
    }

    pub fn try_by(&self, actor: ActingParty, command: Command) -> Result<Outcome, Refusal> {
        execute(&self.lead, &self.passage, &Order { command, note: None }, &self.facts(actor), self.now)
    }

    /// Carries out a command and keeps what changed.
    pub fn by(&mut self, actor: ActingParty, command: Command) -> Result<Outcome, Refusal> {
        self.now += TimeDelta::hours(1);
        let outcome = self.try_by(actor, command)?;
        if let Outcome::Done(change) = &outcome {
            self.keep((**change).clone());
        }
        Ok(outcome)
    }

    pub fn keep(&mut self, change: Change) {
        self.drawn += 10;
        self.lead = change.lead;
        if self.track.reference() != self.lead.track {
            self.track = self.other_track.take().unwrap_or_else(|| self.track.clone());
        }
        self.opportunity = change.opportunity.or_else(|| self.opportunity.take());
        if change.opened.is_some() {
            self.opportunity = None;
        }
        self.passage = change.opened.unwrap_or(change.passage);
        self.clocks.retain(|clock| change.clocks.iter().all(|changed| changed.id != clock.id));
        let revocable = self.lead.state.revocable_since();
        let is_kept = |clock: &Clock| clock.end.is_none_or(|(_, at)| revocable == Some(at));
        self.clocks.extend(change.clocks.into_iter().filter(is_kept));
    }

    /// Does a command as the member of the department whose turn it is.
    #[expect(clippy::needless_pass_by_value, reason = "commands are written where they are used")]
    pub fn act(&mut self, command: Command) -> Change {
        let department = self.turn(&command);
        let actor = ActingParty { user: Some(member(department)), department: Some(department) };
        match self.by(actor, command.clone()).unwrap_or_else(|refusal| panic!("{command:?}: {refusal}")) {
            Outcome::Done(change) => *change,
            Outcome::AlreadyDone => panic!("{command:?} was already done"),
        }
    }

    pub fn turn(&self, command: &Command) -> Department {
        use crate::waterfall::state::LeadState;
        match (&self.lead.state, command) {
            (LeadState::Offered { taker, .. }, Command::Accept | Command::Reject { .. } | Command::Reassign { .. }) => *taker,
            _ => self.lead.state.department(),
        }
    }

    /// Walks the lead down its track to a stage by the shortest way.
    pub fn walk_to(mut self, stage: OpenStage) -> Self {
        while self.lead.state.stage() != stage.into() {
            let standing = self.lead.state.stage().open().expect("open");
            let here = self.track.step(standing).unwrap().department;
            let next = self.track.next(standing).expect("a next step").clone();
            match (next.department == here, next.stage.is_accepted()) {
                (true, false) => drop(self.act(Command::Qualify { to: next.stage })),
                (true, true) => drop(self.act(Command::Accept)),
                (false, accepted) => {
                    self.act(Command::HandOver { wish: Wish::default() });
                    if accepted {
                        self.act(Command::Accept);
                    }
                }
            }
        }
        self
    }
}
