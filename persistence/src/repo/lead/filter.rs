//! Which leads a list holds, and in which order.

use fairfall_domain::department::Department;
use fairfall_domain::id::{CampaignId, TeamId, UserId};
use fairfall_domain::scoring::{Grade, Tier};
use fairfall_domain::value::{Code, CountryCode, LanguageTag};
use fairfall_domain::waterfall::lead::Lead;
use fairfall_domain::waterfall::stage::Stage;
use fairfall_domain::waterfall::state::StateKind;
use sea_orm::Value;

use crate::page::{Direction, Key, KeyKind, Keyset};
use crate::repo::search_token::{self, SubjectKind};
use crate::sql::Sql;

/// Values that one list of a filter may hold. Longer ones are for the caller to refuse; here they are a longer statement.
pub const LIST_MAX: usize = 250;

/// Which leads are looked for: those that meet every list, where an empty list is met by all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LeadFilter {
    /// Standing at one of these stages.
    pub stages: Vec<Stage>,
    /// Answered for by one of these departments.
    pub departments: Vec<Department>,
    /// Owned by one of these users; `None` stands for leads without an owner.
    pub owners: Vec<Option<UserId>>,
    /// Answered for by one of these teams.
    pub teams: Vec<TeamId>,
    /// From one of these campaigns.
    pub campaigns: Vec<CampaignId>,
    /// Of one of these countries.
    pub countries: Vec<CountryCode>,
    /// With one of these languages.
    pub languages: Vec<LanguageTag>,
    /// For one of these product areas.
    pub product_areas: Vec<Code>,
    /// Created by one of these departments.
    pub origins: Vec<Department>,
    /// In one of these states.
    pub states: Vec<StateKind>,
    /// With one of these grades.
    pub grades: Vec<Grade>,
    /// In one of these tiers.
    pub tiers: Vec<Tier>,
    /// Words, each of which starts a word of the person's or the company's name; a text without a word finds nothing.
    pub search: Option<String>,
}

/// The order of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum LeadSort {
    /// Best score first.
    ScoreDesc,
    /// Weakest score first.
    ScoreAsc,
    /// Captured last, first.
    CreatedDesc,
    /// Captured first, first.
    CreatedAsc,
    /// Changed last, first.
    #[default]
    UpdatedDesc,
    /// Changed longest ago, first.
    UpdatedAsc,
}

const RANK: &[(&str, KeyKind)] = &[("lead.score_rank", KeyKind::Number), ("lead.id", KeyKind::Id)];
const CAPTURED: &[(&str, KeyKind)] = &[("lead.captured_at", KeyKind::Time), ("lead.id", KeyKind::Id)];
const UPDATED: &[(&str, KeyKind)] = &[("lead.updated_at", KeyKind::Time), ("lead.id", KeyKind::Id)];

impl LeadSort {
    /// The order as columns.
    pub(super) const fn keyset(self) -> Keyset {
        let (name, columns, direction) = match self {
            Self::ScoreDesc => ("lead.score_desc", RANK, Direction::Descending),
            Self::ScoreAsc => ("lead.score_asc", RANK, Direction::Ascending),
            Self::CreatedDesc => ("lead.created_desc", CAPTURED, Direction::Descending),
            Self::CreatedAsc => ("lead.created_asc", CAPTURED, Direction::Ascending),
            Self::UpdatedDesc => ("lead.updated_desc", UPDATED, Direction::Descending),
            Self::UpdatedAsc => ("lead.updated_asc", UPDATED, Direction::Ascending),
        };
        Keyset { name, columns, direction }
    }

    /// The keys of a lead in this order.
    pub(super) fn keys(self, lead: &Lead) -> Vec<Key> {
        let first = match self {
            Self::ScoreDesc | Self::ScoreAsc => Key::Number(i64::from(lead.demand.score.rank())),
            Self::CreatedDesc | Self::CreatedAsc => Key::Time(lead.captured_at),
            Self::UpdatedDesc | Self::UpdatedAsc => Key::Time(lead.updated_at),
        };
        vec![first, Key::Id(lead.id.uuid())]
    }
}

/// Adds the filter as conditions, each starting with ` AND`.
pub(super) fn push(sql: &mut Sql, filter: &LeadFilter) {
    push_list(sql, "lead.stage", filter.stages.iter().map(|stage| stage.as_str().into()));
    push_list(sql, "lead.department", filter.departments.iter().map(|department| department.as_str().into()));
    push_owners(sql, &filter.owners);
    push_list(sql, "lead.team_id", filter.teams.iter().map(|team| team.uuid().into()));
    push_list(sql, "lead.campaign_id", filter.campaigns.iter().map(|campaign| campaign.uuid().into()));
    push_list(sql, "lead.country", filter.countries.iter().map(|country| country.to_string().into()));
    push_list(sql, "lead.language", filter.languages.iter().map(|language| language.to_string().into()));
    push_list(sql, "lead.product_area", filter.product_areas.iter().map(|area| area.as_str().into()));
    push_list(sql, "lead.origin_department", filter.origins.iter().map(|department| department.as_str().into()));
    push_list(sql, "lead.state", filter.states.iter().map(|state| state.as_str().into()));
    push_list(sql, "lead.grade", filter.grades.iter().map(|grade| grade.as_str().into()));
    push_list(sql, "lead.tier", filter.tiers.iter().map(|tier| tier.as_str().into()));
    if let Some(text) = &filter.search {
        push_search(sql, text);
    }
}

fn push_list(sql: &mut Sql, column: &str, values: impl ExactSizeIterator<Item = Value>) {
    match values.len() {
        0 => {}
        1 => {
            sql.push(" AND ").push(column).push(" = ").bind_list(values);
        }
        _ => {
            sql.push(" AND ").push(column).push(" IN (").bind_list(values).push(")");
        }
    }
}

fn push_owners(sql: &mut Sql, owners: &[Option<UserId>]) {
    let named: Vec<Value> = owners.iter().flatten().map(|owner| owner.uuid().into()).collect();
    if named.len() == owners.len() {
        push_list(sql, "lead.owner_id", named.into_iter());
    } else if named.is_empty() {
        sql.push(" AND lead.owner_id IS NULL");
    } else {
        sql.push(" AND (lead.owner_id IS NULL OR lead.owner_id IN (").bind_list(named).push("))");
    }
}

/// Words from this length on are found from the words' index: a union that is joined by index (rare word, 500,000 leads: 59 ms instead of 330). What
/// shorter ones find is met soon on the way through the list, where the union would gather it all first (100,000 leads: 5 ms instead of 287).
const RARE_WORD_CHARS_MIN: usize = 3;

fn push_search(sql: &mut Sql, text: &str) {
    let words = search_token::words(text);
    if words.is_empty() {
        sql.push(" AND 1 = 0");
    }
    for word in words {
        if word.chars().count() < RARE_WORD_CHARS_MIN {
            sql.push(" AND (");
            search_token::push_matching(sql, SubjectKind::Person, "lead.person_id", &word);
            sql.push(" OR ");
            search_token::push_matching(sql, SubjectKind::Company, "lead.company_id", &word);
            sql.push(")");
        } else {
            sql.push(" AND lead.id IN (SELECT id FROM lead WHERE ");
            search_token::push_matching(sql, SubjectKind::Person, "person_id", &word);
            sql.push(" UNION ALL SELECT id FROM lead WHERE ");
            search_token::push_matching(sql, SubjectKind::Company, "company_id", &word);
            sql.push(")");
        }
    }
}
