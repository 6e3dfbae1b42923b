//! Reads what comes in: every fault of it is told at once.

use fairfall_domain::access::Action;
use fairfall_domain::campaign::Channel;
use fairfall_domain::company::CompanyFields;
use fairfall_domain::consent::ConsentWord;
use fairfall_domain::department::Department;
use fairfall_domain::id::{CampaignId, CompanyId, PersonId};
use fairfall_domain::person::PersonFields;
use fairfall_domain::quality::Finding;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::capture::origin_of;
use fairfall_domain::waterfall::lead::Direction;
use fairfall_persistence::repo::external_ref::ExternalRef;

use super::quality::Desk;
use super::{CaptureInput, CompanyInput, ExternalRefInput, PersonInput};
use crate::app::consent::read_words;
use crate::app::draft::DemandRead;
use crate::app::enrichment::visitor::Visitor;
use crate::app::rules::Rules;
use crate::app::{App, AppError, Caller};

/// The longest name of an outside system, in characters.
const SOURCE_CHARS_MAX: usize = 100;
/// The longest id in an outside system, in characters.
const EXTERNAL_ID_CHARS_MAX: usize = 200;

/// A capture whose input was read.
pub(super) struct Read {
    pub(super) person: PersonRead,
    pub(super) company: Option<CompanyRead>,
    pub(super) campaign: Option<CampaignId>,
    pub(super) channel: Option<Channel>,
    pub(super) direction: Direction,
    pub(super) track: Option<String>,
    pub(super) origin: Department,
    pub(super) demand: DemandRead,
    pub(super) consents: Vec<ConsentWord>,
    pub(super) wish: Wish,
    pub(super) external: Option<ExternalRef>,
    pub(super) visitor: Visitor,
    pub(super) findings: Vec<Finding>,
}

pub(super) enum PersonRead {
    Existing(PersonId),
    New(Box<PersonFields>),
}

pub(super) enum CompanyRead {
    Existing(CompanyId),
    New(Box<CompanyFields>),
}

pub(super) fn read(app: &App, input: CaptureInput, caller: &Caller, rules: &Rules) -> Result<Read, AppError> {
    let mut faults = Violations::new();
    let mut desk = Desk::new(&rules.quality);
    let person = match input.person {
        PersonInput::Existing(id) => Some(PersonRead::Existing(id)),
        PersonInput::Draft(draft) => desk.person(&mut faults, *draft).map(|fields| PersonRead::New(Box::new(fields))),
    };
    let company = input.company.and_then(|company| match company {
        CompanyInput::Existing(id) => Some(CompanyRead::Existing(id)),
        CompanyInput::Draft(draft) => desk.company(&mut faults, *draft).map(|fields| CompanyRead::New(Box::new(fields))),
    });
    let visitor = input.visitor.map(|visitor| visitor.read(&mut faults, app.geo())).unwrap_or_default();
    let demand = input.demand.read(&rules.attributes, &mut faults);
    let external = input.external.and_then(|external| read_external(&mut faults, external));
    let own = origin_of(caller.department());
    let origin = input.origin.unwrap_or(own);
    if origin != own && caller.must(Action::ManageTrack).is_err() {
        faults.add("origin", ViolationCode::Conflict, "only an admin names another department than its own");
    }
    let consents = read_words(&input.consents, "consents", app.now(), &mut faults);
    faults.into_result()?;
    let (Some(person), Some(demand)) = (person, demand) else {
        return Err(AppError::internal("a capture without faults was not read"));
    };
    Ok(Read {
        person,
        company,
        campaign: input.campaign,
        channel: input.channel,
        direction: input.direction,
        track: input.track,
        origin,
        demand,
        consents,
        wish: input.wish,
        external,
        visitor,
        findings: desk.findings,
    })
}

fn read_external(faults: &mut Violations, external: ExternalRefInput) -> Option<ExternalRef> {
    let fits = |text: &str, chars_max: usize| !text.trim().is_empty() && text.chars().count() <= chars_max;
    let (source, id) = (fits(&external.source, SOURCE_CHARS_MAX), fits(&external.id, EXTERNAL_ID_CHARS_MAX));
    if !source {
        faults.add("external.source", ViolationCode::OutOfRange, format!("1 to {SOURCE_CHARS_MAX} characters are allowed"));
    }
    if !id {
        faults.add("external.id", ViolationCode::OutOfRange, format!("1 to {EXTERNAL_ID_CHARS_MAX} characters are allowed"));
    }
    (source && id).then_some(ExternalRef { source: external.source, external_id: external.id })
}
