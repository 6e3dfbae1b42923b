//! The made-up organisation: teams in six countries, accounts of each role and rank, colleagues.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use fairfall_domain::access::{Rank, RoleKind};
use fairfall_domain::department::Department::{self, CustomerService, FieldSales, InsideSales, Marketing};
use fairfall_domain::id::{TeamId, UserId};
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::user::{Seniority, User};
use fairfall_domain::value::{Code, CountryCode, ShortText, TimeZoneName};
use fairfall_domain::violation::Violations;

use super::names::{Culture, slug};
use crate::app::user::{UserInput, read};
use crate::clock::new_id;

/// What every account's address ends with.
pub(super) const DOMAIN: &str = "demo.example";

/// The country of the teams that the accounts are in: what waits for them comes from there.
pub(super) const HOME: &str = "DE";

/// A role as the accounts are named after it, and the team that its two accounts are in.
#[derive(Clone, Copy, Debug)]
pub(super) struct AccountRole {
    pub(super) name: &'static str,
    pub(super) kind: RoleKind,
    team: Option<&'static str>,
}

const fn role(name: &'static str, kind: RoleKind, team: Option<&'static str>) -> AccountRole {
    AccountRole { name, kind, team }
}

/// The roles with accounts `<name>@demo.example` and `<name>.manager@demo.example`.
pub(super) const ROLES: [AccountRole; 7] = [
    role("admin", RoleKind::Admin, None),
    role("marketing", RoleKind::Marketing, Some("marketing-dach")),
    role("inside", RoleKind::InsideSales, Some("inside-de")),
    role("field", RoleKind::FieldSales, Some("field-de")),
    role("service", RoleKind::CustomerService, Some("service-dach")),
    role("analyst", RoleKind::Analyst, None),
    role("partner", RoleKind::Partner, None),
];

struct TeamPlan {
    key: &'static str,
    name: &'static str,
    department: Department,
    countries: &'static [&'static str],
    zone: &'static str,
    culture: Culture,
    members: usize,
}

const fn team(
    key: &'static str,
    name: &'static str,
    department: Department,
    countries: &'static [&'static str],
    zone: &'static str,
    culture: Culture,
) -> TeamPlan {
    TeamPlan { key, name, department, countries, zone, culture, members: 2 }
}

const TEAMS: [TeamPlan; 19] = [
    TeamPlan {
        members: 3,
        ..team("marketing-dach", "Marketing DACH", Marketing, &["DE", "AT", "CH"], "Europe/Berlin", Culture::German)
    },
    team("marketing-fr", "Marketing France", Marketing, &["FR"], "Europe/Paris", Culture::French),
    team("marketing-uk", "Marketing UK", Marketing, &["GB"], "Europe/London", Culture::British),
    team("marketing-us", "Marketing US", Marketing, &["US"], "America/New_York", Culture::American),
    TeamPlan {
        members: 4,
        ..team("inside-de", "Innendienst Deutschland", InsideSales, &["DE"], "Europe/Berlin", Culture::German)
    },
    team("inside-at", "Innendienst Österreich", InsideSales, &["AT"], "Europe/Vienna", Culture::German),
    team("inside-ch", "Innendienst Schweiz", InsideSales, &["CH"], "Europe/Zurich", Culture::German),
    team("inside-fr", "Ventes sédentaires France", InsideSales, &["FR"], "Europe/Paris", Culture::French),
    team("inside-uk", "Inside Sales UK", InsideSales, &["GB"], "Europe/London", Culture::British),
    team("inside-us", "Inside Sales US", InsideSales, &["US"], "America/New_York", Culture::American),
    TeamPlan {
        members: 4, ..team("field-de", "Außendienst Deutschland", FieldSales, &["DE"], "Europe/Berlin", Culture::German)
    },
    team("field-at", "Außendienst Österreich", FieldSales, &["AT"], "Europe/Vienna", Culture::German),
    team("field-ch", "Außendienst Schweiz", FieldSales, &["CH"], "Europe/Zurich", Culture::German),
    team("field-fr", "Ventes terrain France", FieldSales, &["FR"], "Europe/Paris", Culture::French),
    team("field-uk", "Field Sales UK", FieldSales, &["GB"], "Europe/London", Culture::British),
    team("field-us", "Field Sales US", FieldSales, &["US"], "America/New_York", Culture::American),
    TeamPlan {
        members: 3,
        ..team("service-dach", "Kundendienst DACH", CustomerService, &["DE", "AT", "CH"], "Europe/Berlin", Culture::German)
    },
    team("service-fr", "Service client France", CustomerService, &["FR"], "Europe/Paris", Culture::French),
    // serves whatever no other team does
    team("service-en", "Customer Service", CustomerService, &[], "Europe/London", Culture::British),
];

/// The organisation, with nothing stored yet.
#[derive(Debug)]
pub(super) struct Organisation {
    pub(super) users: Vec<User>,
    pub(super) teams: Vec<Team>,
    /// The partner's machine.
    pub(super) partner: Option<UserId>,
    crews: BTreeMap<TeamId, Vec<UserId>>,
}

impl Organisation {
    /// Those who do the daily work of a team, the account to sign in with first.
    pub(super) fn crew(&self, team: TeamId) -> &[UserId] {
        self.crews.get(&team).map_or(&[], Vec::as_slice)
    }

    /// Who leads a team.
    pub(super) fn manager(&self, team: TeamId) -> Option<UserId> {
        self.teams.iter().find(|known| known.id == team).and_then(|team| team.managers().next())
    }
}

/// The address of a role's account.
pub(super) fn address(role: &str, rank: Rank) -> String {
    match rank {
        Rank::Member => format!("{role}@{DOMAIN}"),
        Rank::Manager => format!("{role}.manager@{DOMAIN}"),
    }
}

/// Makes the organisation up.
pub(super) fn organisation(made_at: DateTime<Utc>) -> Result<Organisation, Violations> {
    let mut hiring = Hiring { made_at, used: BTreeSet::new(), users: Vec::new() };
    let mut staff: BTreeMap<&str, Vec<Membership>> = BTreeMap::new();
    let mut partner = None;
    for role in ROLES {
        for rank in [Rank::Member, Rank::Manager] {
            let user = hiring.account(role, rank)?;
            if role.kind == RoleKind::Partner && rank == Rank::Member {
                partner = Some(user);
            }
            if let Some(team) = role.team {
                staff.entry(team).or_default().push(Membership { user, rank: in_team(rank) });
            }
        }
    }
    let mut teams = Vec::with_capacity(TEAMS.len());
    let mut crews = BTreeMap::new();
    for plan in &TEAMS {
        let mut members = staff.remove(plan.key).unwrap_or_default();
        hiring.fill(plan, &mut members)?;
        let made = made(plan, members)?;
        let workers = made.members.iter().filter(|member| member.rank == MemberRank::Member);
        crews.insert(made.id, workers.map(|member| member.user).collect());
        teams.push(made);
    }
    Ok(Organisation { users: hiring.users, teams, partner, crews })
}

const fn in_team(rank: Rank) -> MemberRank {
    match rank {
        Rank::Member => MemberRank::Member,
        Rank::Manager => MemberRank::Manager,
    }
}

fn made(plan: &TeamPlan, members: Vec<Membership>) -> Result<Team, Violations> {
    let mut faults = Violations::new();
    let key = faults.check("key", Code::parse(plan.key));
    let name = faults.check("name", ShortText::parse(plan.name));
    let time_zone = faults.check("timeZone", TimeZoneName::parse(plan.zone));
    let countries = plan.countries.iter().filter_map(|code| faults.check("countries", CountryCode::parse(code))).collect();
    match (key, name, time_zone) {
        (Some(key), Some(name), Some(time_zone)) if faults.is_empty() => {
            Ok(Team { id: new_id(), version: 1, key, name, department: plan.department, countries, time_zone, members })
        }
        _incomplete => Err(faults),
    }
}

struct Hiring {
    made_at: DateTime<Utc>,
    used: BTreeSet<String>,
    users: Vec<User>,
}

impl Hiring {
    fn account(&mut self, role: AccountRole, rank: Rank) -> Result<UserId, Violations> {
        let of_department = role.team.is_some();
        let label = match rank {
            Rank::Member => format!("Demo {}", role.name),
            Rank::Manager => format!("Demo {} manager", role.name),
        };
        // the domain knows managers in departments only: elsewhere the second account has the same role
        let held = if of_department { rank } else { Rank::Member };
        self.hire(address(role.name, rank), label, (role.kind, held), Culture::German)
    }

    /// Hires until the team has its manager and its members.
    fn fill(&mut self, plan: &TeamPlan, members: &mut Vec<Membership>) -> Result<(), Violations> {
        let kind = kind_of(plan.department);
        let has = |members: &[Membership], rank| members.iter().filter(|member| member.rank == rank).count();
        while has(members, MemberRank::Member) < plan.members {
            let user = self.colleague(plan.culture, (kind, Rank::Member))?;
            members.push(Membership { user, rank: MemberRank::Member });
        }
        if has(members, MemberRank::Manager) == 0 {
            let user = self.colleague(plan.culture, (kind, Rank::Manager))?;
            members.push(Membership { user, rank: MemberRank::Manager });
        }
        Ok(())
    }

    fn colleague(&mut self, culture: Culture, role: (RoleKind, Rank)) -> Result<UserId, Violations> {
        let count = self.users.len();
        let mut turn = count;
        loop {
            let given = culture.given().iter().cycle().nth(turn).copied().unwrap_or("Kim");
            let family = culture.family().iter().cycle().nth(turn.wrapping_mul(3)).copied().unwrap_or("Niemand");
            let address = format!("{}.{}@{DOMAIN}", slug(given), slug(family));
            if !self.used.contains(&address) {
                return self.hire(address, format!("{given} {family}"), role, culture);
            }
            turn = turn.wrapping_add(1);
        }
    }

    fn hire(&mut self, email: String, name: String, role: (RoleKind, Rank), culture: Culture) -> Result<UserId, Violations> {
        let second = match culture {
            Culture::German => vec!["en".to_owned(), "fr".to_owned()],
            Culture::French => vec!["en".to_owned()],
            Culture::British | Culture::American => Vec::new(),
        };
        let country = match culture {
            Culture::German => "DE",
            Culture::French => "FR",
            Culture::British => "GB",
            Culture::American => "US",
        };
        let seniority =
            if self.users.len().is_multiple_of(3) || role.1 == Rank::Manager { Seniority::Senior } else { Seniority::Junior };
        let input = UserInput {
            email: email.clone(),
            name,
            role: role.0,
            rank: role.1,
            language: culture.language().to_owned(),
            more_languages: second,
            country: Some(country.to_owned()),
            seniority,
            password: None,
            idempotency_key: None,
        };
        let user = read(&input, self.made_at)?;
        let id = user.id;
        self.used.insert(email);
        self.users.push(user);
        Ok(id)
    }
}

const fn kind_of(department: Department) -> RoleKind {
    match department {
        Marketing => RoleKind::Marketing,
        InsideSales => RoleKind::InsideSales,
        FieldSales => RoleKind::FieldSales,
        CustomerService => RoleKind::CustomerService,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_team_has_its_people_and_each_role_its_accounts() {
        let made_at = DateTime::from_timestamp(1_780_000_000, 0).unwrap();
        let made = organisation(made_at).unwrap();
        for team in &made.teams {
            assert!(made.crew(team.id).len() >= 2 && made.manager(team.id).is_some(), "{}", team.key);
        }
        let addresses: BTreeSet<String> = made.users.iter().map(|user| user.email.key()).collect();
        assert_eq!(addresses.len(), made.users.len());
        for role in ROLES {
            assert!(
                addresses.contains(&address(role.name, Rank::Member)) && addresses.contains(&address(role.name, Rank::Manager))
            );
        }
        assert!(made.partner.is_some());
        for country in ["DE", "AT", "CH", "FR", "GB", "US"] {
            let code = CountryCode::parse(country).unwrap();
            for department in Department::ALL {
                assert!(
                    made.teams.iter().any(|team| team.department == *department && team.serves(Some(code))),
                    "{country} {department}"
                );
            }
        }
    }
}
