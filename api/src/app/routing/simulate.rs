//! How one lead would be routed now, or under a draft. Nothing is written and nothing is locked.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use fairfall_domain::access::Action;
use fairfall_domain::company::Company;
use fairfall_domain::consent::{ConsentState, ConsentStatus, ContactChannel, LegalBasis, Purpose};
use fairfall_domain::department::Department;
use fairfall_domain::id::{LeadId, PassageId, PersonId, RoutingDecisionId, UserId};
use fairfall_domain::origin::Origins;
use fairfall_domain::person::Person;
use fairfall_domain::routing::draft::Changed;
use fairfall_domain::routing::place::Wish;
use fairfall_domain::routing::{
    Book, Directory, Pool, RoutingCause, RoutingDecision, RoutingDraft, RoutingRequest, pool_of, route,
};
use fairfall_domain::scoring::{Score, Tier};
use fairfall_domain::value::{Code, CompanyName, CountryCode, LanguageTag, PersonName, PostalCode, SubdivisionCode};
use fairfall_domain::violation::{ViolationCode, Violations};
use fairfall_domain::waterfall::bant::Bant;
use fairfall_domain::waterfall::lead::Demand;
use fairfall_persistence::repo;

use super::tried::{Trial, Tried, trial};
use crate::app::{App, AppError, Caller};
use crate::clock::new_id;

/// Most colleagues that are left out.
pub const EXCLUDED_MAX: usize = 50;

/// A lead as typed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypedLead {
    /// The department that is to get it.
    pub department: Department,
    /// The tier.
    pub tier: Tier,
    /// What they may buy.
    pub product_area: String,
    /// The country.
    pub country: Option<String>,
    /// The state or province, with or without the country in front.
    pub subdivision: Option<String>,
    /// The postal code.
    pub postal_code: Option<String>,
    /// The language of the contact.
    pub language: Option<String>,
    /// The industry of the company.
    pub industry: Option<String>,
    /// How many people work at the company.
    pub employees: Option<u32>,
    /// The owner of the company.
    pub company_owner: Option<UserId>,
    /// When the company had another lead last; lately when absent.
    pub company_seen_at: Option<DateTime<Utc>>,
    /// The expected value, in minor units of the price bands' currency.
    pub worth: Option<i64>,
    /// The channels on which the contact may be called about the demand; all when absent.
    pub channels: Option<Vec<ContactChannel>>,
    /// Whom the sender asks for.
    pub wish: Wish,
    /// Who shall not get it.
    pub excluded: Vec<UserId>,
    /// When; now when absent.
    pub at: Option<DateTime<Utc>>,
}

/// What a simulation answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Simulated {
    /// What would be decided.
    pub decision: RoutingDecision,
    /// The draft that was tried.
    pub draft: Option<RoutingDraft>,
    /// What was changed since the draft was made.
    pub changed: Vec<Changed>,
}

/// What a typed lead says, read.
struct Parsed {
    demand: Demand,
    person: Person,
    company: Company,
}

impl TypedLead {
    fn parse(&self, now: DateTime<Utc>) -> Result<Parsed, Violations> {
        let mut faults = Violations::new();
        let product_area = faults.check_required("productArea", Some(&self.product_area), Code::parse);
        let country = faults.check_optional("country", self.country.as_deref(), CountryCode::parse);
        let subdivision = faults.check_optional("subdivision", self.subdivision.as_deref(), |text| match country {
            Some(country) => SubdivisionCode::parse_in(text, country),
            None => SubdivisionCode::parse(text),
        });
        let postal_code =
            faults.check_optional("postalCode", self.postal_code.as_deref(), |text| PostalCode::parse(text, country));
        let language = faults.check_optional("language", self.language.as_deref(), LanguageTag::parse);
        let industry = faults.check_optional("industry", self.industry.as_deref(), Code::parse);
        if self.worth.is_some_and(|worth| worth < 0) {
            faults.add("worthMinor", ViolationCode::OutOfRange, "must not be negative");
        }
        if self.excluded.len() > EXCLUDED_MAX {
            faults.add("excluded", ViolationCode::TooLong, format!("at most {EXCLUDED_MAX} are allowed"));
        }
        let (Some(product_area), true) = (product_area, faults.is_empty()) else { return Err(faults) };
        let demand = Demand {
            product_area,
            title: None,
            value: None,
            bant: Bant::default(),
            score: Score::default().with_tier(self.tier),
            country,
            subdivision,
            postal_code,
            language,
            attributes: BTreeMap::new(),
        };
        Ok(Parsed { demand, person: self.person(now)?, company: self.company(industry, now)? })
    }

    /// Somebody who allowed what is said to be allowed.
    fn person(&self, now: DateTime<Utc>) -> Result<Person, Violations> {
        let channels = self.channels.as_deref().unwrap_or(ContactChannel::ALL);
        let allowed = |channel: &ContactChannel| ConsentState {
            basis: Some(LegalBasis::Consent),
            ..ConsentState::said(Purpose::SalesContact, *channel, ConsentStatus::Granted, now)
        };
        Ok(Person {
            id: new_id::<PersonId>(),
            version: 1,
            name: PersonName::parse(None, Some("Example"))?,
            email: None,
            phone: None,
            language: None,
            country: None,
            subdivision: None,
            postal_code: None,
            city: None,
            job_title: None,
            company: None,
            buying_role: None,
            consents: channels.iter().map(allowed).collect(),
            origins: Origins::default(),
            created_at: now,
            updated_at: now,
        })
    }

    fn company(&self, industry: Option<Code>, now: DateTime<Utc>) -> Result<Company, Violations> {
        let mut faults = Violations::new();
        let Some(name) = faults.check("company", CompanyName::parse("Example")) else { return Err(faults) };
        Ok(Company {
            id: new_id(),
            version: 1,
            name,
            country: None,
            subdivision: None,
            postal_code: None,
            city: None,
            industry,
            employees: self.employees,
            website: None,
            register_number: None,
            owner: self.company_owner,
            origins: Origins::default(),
            created_at: now,
            updated_at: now,
        })
    }
}

/// Tells how a lead would be routed, with every candidate.
///
/// # Errors
/// All faults of the input; `NotFound` for a draft; somebody or a team that is asked for and is not of the department.
#[tracing::instrument(name = "app.routing.simulate", skip_all)]
pub async fn simulate(app: &App, caller: &Caller, lead: TypedLead, tried: Tried) -> Result<Simulated, AppError> {
    caller.must(Action::SimulateRouting)?;
    let at = lead.at.unwrap_or_else(|| app.now());
    let Parsed { demand, person, company } = lead.parse(at)?;
    let rules = app.rules().await?;
    let Trial { directory, draft, changed } = trial(app, caller, &rules, &tried).await?;
    let request = RoutingRequest {
        id: new_id::<RoutingDecisionId>(),
        lead: new_id::<LeadId>(),
        passage: new_id::<PassageId>(),
        cause: RoutingCause::HandOver,
        department: lead.department,
        demand: &demand,
        person: &person,
        company: Some(&company),
        company_seen_at: Some(lead.company_seen_at.unwrap_or(at)),
        worth: lead.worth,
        wish: lead.wish,
        excluded: &lead.excluded,
    };
    let mut book = match pool_of(&request, &directory, &rules.roster) {
        Some(pool) => open_book(app, pool).await?,
        None => Book::default(),
    };
    let decision = routed(&request, &directory, &rules.roster, &mut book, at)?;
    Ok(Simulated { decision, draft, changed })
}

fn routed(
    request: &RoutingRequest<'_>,
    directory: &Directory,
    roster: &fairfall_domain::routing::Roster,
    book: &mut Book,
    at: DateTime<Utc>,
) -> Result<RoutingDecision, AppError> {
    let field = if request.wish.person.is_some() { "person" } else { "team" };
    let decision = route(request, directory, roster, book, at);
    decision.map_err(|fault| Violations::one(field, ViolationCode::NotFound, fault.to_string()).into())
}

/// The pool's ledgers as they are, in line with its members as they would be.
async fn open_book(app: &App, pool: &Pool) -> Result<Book, AppError> {
    let users: Vec<UserId> = pool.members.iter().map(|member| member.user).collect();
    let mut pools = repo::pool_ledger::find(&app.reader(), &[pool.id]).await?;
    let staying: BTreeMap<UserId, u32> = pool.members.iter().map(|member| (member.user, member.weight)).collect();
    for ledger in pools.values_mut().flat_map(|state| state.tiers.values_mut()) {
        ledger.settle(&staying);
    }
    Ok(Book { pools, open: repo::routing_decision::open_leads(&app.reader(), &users).await? })
}
