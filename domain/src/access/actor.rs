//! Who acts, and the permission that the table gives them.

use crate::access::action::Action;
use crate::access::policy::policy;
use crate::access::role::Role;
use crate::access::scope::{Scope, Subject};
use crate::code::codes;
use crate::department::Department;
use crate::id::{TeamId, UserId};

codes! {
    /// What a partner's key may be used for.
    pub enum PartnerScope {
        /// Bring leads in and see what became of them.
        Capture = "CAPTURE",
        /// Follow the events of the leads that it brought.
        Events = "EVENTS",
        /// Read figures.
        Reports = "REPORTS",
    }
}

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The user.
    pub user: UserId,
    /// The user's role.
    pub role: Role,
    /// Teams the user is in.
    pub teams: Vec<TeamId>,
    /// Teams the user leads.
    pub managed: Vec<TeamId>,
    /// For partners: what the key may be used for. Not read for other roles.
    pub partner_scopes: Vec<PartnerScope>,
}

/// Why an actor may not act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The role has no such permission.
    #[error("role `{role}` may not `{action}`")]
    Role {
        /// The actor's role.
        role: Role,
        /// What was asked for.
        action: Action,
    },
    /// The partner's key has no such scope.
    #[error("the key has no scope for `{action}`")]
    PartnerScope {
        /// What was asked for.
        action: Action,
    },
}

impl Denied {
    /// What was asked for.
    pub const fn action(self) -> Action {
        match self {
            Self::Role { action, .. } | Self::PartnerScope { action } => action,
        }
    }
}

/// A permission for one action, as far as its scope reaches.
///
/// INVARIANT: made by [`grant`] from the table, or by [`Grant::system`] for what the system does by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    user: Option<UserId>,
    department: Option<Department>,
    teams: Vec<TeamId>,
    scope: Scope,
    action: Action,
}

/// The scopes of a partner's key of which one is needed; none for what needs no scope or what the table denies anyway.
const fn needed_scopes(action: Action) -> &'static [PartnerScope] {
    match action {
        Action::CaptureLead | Action::RecordActivity => &[PartnerScope::Capture],
        Action::ViewLead => &[PartnerScope::Capture, PartnerScope::Events],
        Action::FollowEvents => &[PartnerScope::Events],
        Action::ViewReport => &[PartnerScope::Reports],
        Action::UpdateLead
        | Action::QualifyLead
        | Action::HandOverLead
        | Action::AcceptLead
        | Action::RejectLead
        | Action::WithdrawLead
        | Action::ReassignLead
        | Action::RecycleLead
        | Action::ReactivateLead
        | Action::DisqualifyLead
        | Action::WinLead
        | Action::LoseLead
        | Action::ReopenLead
        | Action::RetrackLead
        | Action::ViewPerson
        | Action::UpdatePerson
        | Action::ViewCompany
        | Action::UpdateCompany
        | Action::ViewCampaign
        | Action::ManageCampaign
        | Action::ViewTrack
        | Action::ManageTrack
        | Action::ViewAgreement
        | Action::ManageAgreement
        | Action::ViewUser
        | Action::ManageUser
        | Action::ViewTeam
        | Action::ManageTeam
        | Action::ViewCustomer
        | Action::AcceptCustomer
        | Action::ViewOpportunity
        | Action::ManageSession
        | Action::ManageApiKey
        | Action::ViewAudit
        | Action::ViewScoreModel
        | Action::ManageScoreModel
        | Action::OverrideScore
        | Action::ManageQuality
        | Action::ViewDuplicate
        | Action::MergeRecord
        | Action::ExportPerson
        | Action::ErasePerson
        | Action::HoldPerson
        | Action::ManageProtection
        | Action::ManageBuyingCenter
        | Action::ViewRouting
        | Action::ManageTerritory
        | Action::ManagePool
        | Action::ManageMember
        | Action::ManageRouting
        | Action::SimulateRouting
        | Action::RebalancePool
        | Action::SignAgreement
        | Action::ManageCalendar
        | Action::PauseClock
        | Action::RateLead
        | Action::ManageAttribute
        | Action::ViewNotification => &[],
    }
}

/// What is done for teams by those who lead them.
const fn leads_only(action: Action) -> bool {
    matches!(
        action,
        Action::ManageTeam
            | Action::ManageTerritory
            | Action::ManagePool
            | Action::ManageMember
            | Action::RebalancePool
            | Action::ManageCalendar
    )
}

/// The permission of `actor` for `action`.
///
/// # Errors
/// [`Denied`] when the table gives the role none, or the partner's key has no scope for it.
pub fn grant(actor: &Actor, action: Action) -> Result<Grant, Denied> {
    let scope = policy(actor.role, action).ok_or(Denied::Role { role: actor.role, action })?;
    let needed = needed_scopes(action);
    if actor.role == Role::Partner && !needed.is_empty() && !needed.iter().any(|one| actor.partner_scopes.contains(one)) {
        return Err(Denied::PartnerScope { action });
    }
    // being in a team does not mean leading it
    let mut teams = actor.managed.clone();
    if !leads_only(action) {
        teams.extend(&actor.teams);
    }
    teams.sort_unstable();
    teams.dedup();
    Ok(Grant { user: Some(actor.user), department: actor.role.department(), teams, scope, action })
}

impl Grant {
    /// The permission for what the system does by itself: hand-overs that an agreement tells, imports, escalations.
    pub const fn system(action: Action) -> Self {
        Self { user: None, department: None, teams: Vec::new(), scope: Scope::All, action }
    }

    /// Who acts; `None` for the system.
    pub const fn user(&self) -> Option<UserId> {
        self.user
    }

    /// The actor's department, if there is one.
    pub const fn department(&self) -> Option<Department> {
        self.department
    }

    /// The actor's teams, sorted; for managing teams only those that the actor leads.
    pub fn teams(&self) -> &[TeamId] {
        &self.teams
    }

    /// How far it reaches.
    pub const fn scope(&self) -> Scope {
        self.scope
    }

    /// What it is for.
    pub const fn action(&self) -> Action {
        self.action
    }

    /// Whether it reaches `subject`.
    pub fn covers(&self, subject: &Subject) -> bool {
        match self.scope {
            Scope::Own => self.is_own(subject),
            Scope::Pool => self.is_own(subject) || self.is_in_pool(subject),
            Scope::Team => self.is_own(subject) || self.is_in_pool(subject) || self.is_of_team(subject),
            Scope::Department => {
                self.is_own(subject) || self.is_in_pool(subject) || self.is_of_team(subject) || self.is_of_department(subject)
            }
            Scope::All => true,
        }
    }

    fn is_own(&self, subject: &Subject) -> bool {
        let mine = |who: Option<UserId>| who.is_some() && who == self.user;
        // having captured a lead is a partner's only tie to it; a colleague who captured one for another gives it away
        let captured = self.department.is_none() && mine(subject.captured_by);
        mine(subject.owner) || mine(subject.assignee) || captured
    }

    fn is_my_team(&self, team: Option<TeamId>) -> bool {
        team.is_some_and(|team| self.teams.binary_search(&team).is_ok())
    }

    fn is_in_pool(&self, subject: &Subject) -> bool {
        let waits = subject.owner.is_none() && subject.assignee.is_none() && subject.offered_team.is_none();
        self.is_my_team(subject.offered_team) || (waits && self.is_my_team(subject.team))
    }

    fn is_of_team(&self, subject: &Subject) -> bool {
        self.is_my_team(subject.team)
    }

    fn is_of_department(&self, subject: &Subject) -> bool {
        self.department.is_some_and(|department| subject.departments.contains(department))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::department::DepartmentSet;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn user(number: u128) -> UserId {
        Uuid::from_u128(number).into()
    }

    fn team(number: u128) -> TeamId {
        Uuid::from_u128(number).into()
    }

    fn actor(role: Role) -> Actor {
        Actor { user: user(1), role, teams: vec![team(2), team(1)], managed: vec![team(1)], partner_scopes: vec![] }
    }

    fn with_scope(scope: Scope) -> Grant {
        Grant { scope, ..grant(&actor(Role::Manager(Department::InsideSales)), Action::ViewLead).unwrap() }
    }

    #[test]
    fn each_scope_reaches_what_it_says() {
        let mine = Subject { owner: Some(user(1)), ..Subject::default() };
        let offered = Subject {
            owner: Some(user(9)),
            assignee: Some(user(8)),
            team: Some(team(9)),
            offered_team: Some(team(2)),
            ..Subject::default()
        };
        let queued = Subject { team: Some(team(2)), ..Subject::default() };
        let colleagues = Subject { owner: Some(user(9)), team: Some(team(2)), ..Subject::default() };
        let given_away = Subject { owner: Some(user(9)), team: Some(team(2)), offered_team: Some(team(9)), ..Subject::default() };
        let department =
            Subject { owner: Some(user(9)), departments: DepartmentSet::only(Department::InsideSales), ..Subject::default() };
        let foreign = Subject { owner: Some(user(9)), captured_by: Some(user(1)), team: Some(team(9)), ..Subject::default() };
        for (subject, narrowest) in [
            (mine, Scope::Own),
            (offered, Scope::Pool),
            (queued, Scope::Pool),
            (colleagues, Scope::Team),
            (given_away, Scope::Team),
            (department, Scope::Department),
            (foreign, Scope::All),
            (Subject::default(), Scope::All),
        ] {
            for scope in Scope::ALL {
                assert_eq!(with_scope(*scope).covers(&subject), *scope >= narrowest, "{scope} on {subject:?}");
            }
        }
    }

    #[test]
    fn a_partner_sees_what_it_captured_and_does_what_its_key_says() {
        let mut partner = actor(Role::Partner);
        assert_eq!(grant(&partner, Action::CaptureLead), Err(Denied::PartnerScope { action: Action::CaptureLead }));
        partner.partner_scopes = vec![PartnerScope::Capture];
        assert!(grant(&partner, Action::CaptureLead).is_ok());
        assert!(grant(&partner, Action::FollowEvents).is_err());
        assert!(grant(&partner, Action::ViewReport).is_err());
        let view = grant(&partner, Action::ViewLead).unwrap();
        assert!(view.covers(&Subject { captured_by: Some(user(1)), ..Subject::default() }));
        assert!(!view.covers(&Subject { captured_by: Some(user(2)), ..Subject::default() }));
        partner.partner_scopes = PartnerScope::ALL.to_vec();
        let denied = grant(&partner, Action::QualifyLead).unwrap_err();
        assert_eq!(denied.to_string(), "role `PARTNER` may not `QUALIFY_LEAD`");
    }

    #[test]
    fn a_partner_without_scopes_may_only_end_its_sessions() {
        let allowed: Vec<_> = Action::ALL.iter().filter(|action| grant(&actor(Role::Partner), **action).is_ok()).collect();
        assert_eq!(allowed, [&Action::ManageSession]);
    }

    #[test]
    fn a_manager_manages_the_teams_that_they_lead() {
        let manager = actor(Role::Manager(Department::InsideSales));
        assert_eq!(grant(&manager, Action::ManageTeam).unwrap().teams(), [team(1)]);
        assert_eq!(grant(&manager, Action::ViewLead).unwrap().teams(), [team(1), team(2)]);
    }

    #[test]
    fn the_system_reaches_everything_and_is_nobody() {
        let system = Grant::system(Action::HandOverLead);
        assert_eq!((system.user(), system.department(), system.scope()), (None, None, Scope::All));
        assert!(system.covers(&Subject::default()));
        // an unowned lead is not the system's own
        let narrow = Grant { scope: Scope::Own, ..system };
        assert!(!narrow.covers(&Subject::default()));
    }

    fn any_user() -> impl Strategy<Value = Option<UserId>> {
        prop::option::of((1_u128..4).prop_map(user))
    }

    fn any_team() -> impl Strategy<Value = Option<TeamId>> {
        prop::option::of((1_u128..4).prop_map(team))
    }

    proptest! {
        #[test]
        fn a_broader_scope_reaches_all_that_a_narrower_does(
            owner in any_user(), assignee in any_user(), captured_by in any_user(),
            team in any_team(), offered_team in any_team(), bits in 0_u8..16,
        ) {
            let departments = DepartmentSet::from_bits(bits).unwrap();
            let subject = Subject { owner, assignee, captured_by, team, offered_team, departments };
            for pair in Scope::ALL.windows(2) {
                prop_assert!(with_scope(pair[0]).covers(&subject) <= with_scope(pair[1]).covers(&subject));
            }
        }
    }
}
