//! The table of permissions: role x action x scope.

use crate::access::action::Action;
use crate::access::role::Role;
use crate::access::scope::Scope;
use crate::department::Department;

type Cell = Option<Scope>;

const NO: Cell = None;
const OWN: Cell = Some(Scope::Own);
const POOL: Cell = Some(Scope::Pool);
const TEAM: Cell = Some(Scope::Team);
const DEPT: Cell = Some(Scope::Department);
const ALL: Cell = Some(Scope::All);

/// One row an action. Columns: admin; marketing, inside sales, field sales, customer service, each member and manager; analyst; partner.
///
/// Why it is so:
/// - Members act on what is theirs; in marketing also on what waits in the queue, because forms bring leads without an owner.
///   Accepting and rejecting reaches the pool, so that a colleague can pick an offer up.
/// - Managers see their department and act for their teams; taking back, giving to others and reopening reach the whole department, because
///   leads move between its teams. In marketing, which owns what no team took, managers act for the whole department.
/// - Whether the department may act at this step is not asked here: tracks are data, and the waterfall decides.
/// - A won lead is customer service's business from then on: all of the department see it and its people, for whom the whole desk answers.
/// - Companies, campaigns, tracks, agreements, colleagues and teams are shared knowledge of all who work here.
/// - The analyst sees figures and structure: no lead, nobody's name. The partner sees what it captured, and nobody's name.
#[rustfmt::skip]
#[expect(clippy::match_same_arms, reason = "one row an action, so that each can be reviewed and changed alone")]
const fn row(action: Action) -> [Cell; 11] {
    match action {
        //                           admin | marketing  | inside     | field      | service    | analyst, partner
        Action::ViewLead        => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   DEPT, DEPT,   NO,  OWN],
        Action::CaptureLead     => [ALL,   DEPT, DEPT,   DEPT, DEPT,   DEPT, DEPT,   DEPT, DEPT,   NO,  OWN],
        Action::UpdateLead      => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::QualifyLead     => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::HandOverLead    => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::AcceptLead      => [ALL,   POOL, DEPT,   POOL, TEAM,   POOL, TEAM,   POOL, TEAM,   NO,  NO],
        Action::RejectLead      => [ALL,   POOL, DEPT,   POOL, TEAM,   POOL, TEAM,   POOL, TEAM,   NO,  NO],
        Action::WithdrawLead    => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::ReassignLead    => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::RecycleLead     => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::ReactivateLead  => [ALL,   DEPT, DEPT,   NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::DisqualifyLead  => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::WinLead         => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   NO,   NO,     NO,  NO],
        Action::LoseLead        => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   NO,   NO,     NO,  NO],
        Action::ReopenLead      => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::RetrackLead     => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::ViewPerson      => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   DEPT, DEPT,   NO,  NO],
        Action::UpdatePerson    => [ALL,   POOL, DEPT,   POOL, TEAM,   POOL, TEAM,   TEAM, DEPT,   NO,  NO],
        Action::ViewCompany     => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    NO,  NO],
        Action::UpdateCompany   => [ALL,   ALL,  ALL,    DEPT, ALL,    DEPT, ALL,    DEPT, ALL,    NO,  NO],
        Action::ViewCampaign    => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, NO],
        Action::ManageCampaign  => [ALL,   ALL,  ALL,    NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewTrack       => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, NO],
        Action::ManageTrack     => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewAgreement   => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, NO],
        Action::ManageAgreement => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::ViewUser        => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    NO,  NO],
        Action::ManageUser      => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewTeam        => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, NO],
        Action::ManageTeam      => [ALL,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::ViewCustomer    => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   TEAM, DEPT,   NO,  NO],
        Action::AcceptCustomer  => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     POOL, DEPT,   NO,  NO],
        Action::ViewOpportunity => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   DEPT, DEPT,   NO,  NO],
        Action::ViewReport      => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, ALL],
        Action::FollowEvents    => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   DEPT, DEPT,   NO,  OWN],
        Action::ManageSession   => [ALL,   OWN,  OWN,    OWN,  OWN,    OWN,  OWN,    OWN,  OWN,    OWN, OWN],
        Action::ManageApiKey    => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewAudit       => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewScoreModel     => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL, NO],
        Action::ManageScoreModel   => [ALL,   NO,   ALL,    NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::OverrideScore      => [ALL,   NO,   DEPT,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::RecordActivity     => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   TEAM, DEPT,   NO,  OWN],
        Action::ManageQuality      => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewDuplicate      => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   TEAM, DEPT,   NO,  NO],
        Action::MergeRecord        => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::ExportPerson       => [ALL,   NO,   DEPT,   NO,   NO,     NO,   NO,     NO,   DEPT,   NO,  NO],
        Action::ErasePerson        => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::HoldPerson         => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ManageProtection   => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ManageBuyingCenter => [ALL,   DEPT, ALL,    DEPT, ALL,    DEPT, ALL,    DEPT, ALL,    NO,  NO],
        Action::ViewRouting        => [ALL,   ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    ALL,  ALL,    NO,  NO],
        Action::ManageTerritory    => [ALL,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::ManagePool         => [ALL,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::ManageMember       => [ALL,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::ManageRouting      => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::SimulateRouting    => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::RebalancePool      => [ALL,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::SignAgreement      => [ALL,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,   DEPT,   NO,  NO],
        Action::ManageCalendar     => [ALL,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,   TEAM,   NO,  NO],
        Action::PauseClock         => [ALL,   POOL, DEPT,   OWN,  TEAM,   OWN,  TEAM,   OWN,  TEAM,   NO,  NO],
        Action::RateLead           => [ALL,   DEPT, DEPT,   TEAM, DEPT,   TEAM, DEPT,   TEAM, DEPT,   NO,  NO],
        Action::ManageAttribute    => [ALL,   NO,   NO,     NO,   NO,     NO,   NO,     NO,   NO,     NO,  NO],
        Action::ViewNotification   => [ALL,   OWN,  OWN,    OWN,  OWN,    OWN,  OWN,    OWN,  OWN,    OWN, NO],
    }
}

/// How far `role` may do `action`; `None` when not at all.
pub const fn policy(role: Role, action: Action) -> Option<Scope> {
    let [
        admin,
        marketing,
        marketing_manager,
        inside,
        inside_manager,
        field,
        field_manager,
        service,
        service_manager,
        analyst,
        partner,
    ] = row(action);
    match role {
        Role::Admin => admin,
        Role::Member(Department::Marketing) => marketing,
        Role::Manager(Department::Marketing) => marketing_manager,
        Role::Member(Department::InsideSales) => inside,
        Role::Manager(Department::InsideSales) => inside_manager,
        Role::Member(Department::FieldSales) => field,
        Role::Manager(Department::FieldSales) => field_manager,
        Role::Member(Department::CustomerService) => service,
        Role::Manager(Department::CustomerService) => service_manager,
        Role::Analyst => analyst,
        Role::Partner => partner,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fmt::Write as _;

    fn table() -> String {
        let mut text = String::new();
        for role in Role::ALL {
            writeln!(text, "{role}").unwrap();
            for action in Action::ALL {
                match policy(role, *action) {
                    Some(scope) => writeln!(text, "    {:<21}{scope}", action.as_str()).unwrap(),
                    None => writeln!(text, "    {:<21}-", action.as_str()).unwrap(),
                }
            }
        }
        text
    }

    #[test]
    fn the_table_is_as_reviewed() {
        insta::assert_snapshot!(table());
    }

    #[test]
    fn an_admin_may_do_everything_everywhere() {
        assert!(Action::ALL.iter().all(|action| policy(Role::Admin, *action) == ALL));
    }

    #[test]
    fn a_manager_reaches_at_least_as_far_as_a_member() {
        for department in Department::ALL {
            for action in Action::ALL {
                let (member, manager) = (policy(Role::Member(*department), *action), policy(Role::Manager(*department), *action));
                assert!(member <= manager, "{department} {action}");
            }
        }
    }

    #[test]
    fn analyst_and_partner_see_nobody() {
        for role in [Role::Analyst, Role::Partner] {
            for action in [
                Action::ViewPerson,
                Action::UpdatePerson,
                Action::ViewCompany,
                Action::ViewUser,
                Action::ViewCustomer,
                Action::ViewOpportunity,
            ] {
                assert_eq!(policy(role, action), NO, "{role} {action}");
            }
        }
        assert_eq!(policy(Role::Analyst, Action::ViewLead), NO);
        assert_eq!(policy(Role::Analyst, Action::FollowEvents), NO);
    }

    #[test]
    fn nobody_acts_further_than_they_see() {
        let lead_acts = Action::ALL.iter().filter(|action| **action > Action::CaptureLead && **action <= Action::RetrackLead);
        for action in lead_acts {
            for role in Role::ALL {
                assert!(policy(role, *action) <= policy(role, Action::ViewLead), "{role} {action}");
            }
        }
    }
}
