//! The condition in SQL reaches exactly what the permission says it covers.

use fairfall_domain::access::{Action, Role, Subject, grant};
use fairfall_domain::department::{Department, DepartmentSet};
use uuid::Uuid;

use super::made::{self, LeadRow, a_person, actor, at, id};
use super::support::databases;
use crate::Readable;
use crate::repo::scope::push_leads;
use crate::sql::{Columns, Sql};

/// Every combination of: mine or not, my team or not, in my department or not, for each part that decides.
fn leads() -> Vec<LeadRow> {
    let users = [None, Some(1), Some(2)];
    let teams = [None, Some(11), Some(12)];
    let departments =
        [DepartmentSet::EMPTY, DepartmentSet::only(Department::Marketing), DepartmentSet::only(Department::InsideSales)];
    let mut rows = Vec::new();
    for owner in users {
        for assignee in users {
            for captured_by in [None, Some(1)] {
                for team in teams {
                    for offered_team in teams {
                        for departments in departments {
                            let lead = 1_000 + u128::try_from(rows.len()).unwrap();
                            rows.push(LeadRow {
                                lead,
                                person: 500,
                                company: None,
                                owner,
                                assignee,
                                captured_by,
                                team,
                                offered_team,
                                departments,
                            });
                        }
                    }
                }
            }
        }
    }
    rows
}

fn subject(row: &LeadRow) -> Subject {
    Subject {
        owner: row.owner.map(id),
        assignee: row.assignee.map(id),
        captured_by: row.captured_by.map(id),
        team: row.team.map(id),
        offered_team: row.offered_team.map(id),
        departments: row.departments,
    }
}

async fn reached(on: &impl Readable, permission: &fairfall_domain::access::Grant) -> Vec<u128> {
    let mut sql = Sql::new("SELECT id FROM lead WHERE ");
    push_leads(&mut sql, permission);
    sql.push(" ORDER BY id");
    let rows = sql.all(on).await.unwrap();
    rows.iter().map(|row| Columns::of(row).next::<Uuid>().unwrap().as_u128()).collect()
}

#[tokio::test]
async fn the_condition_is_what_the_permission_covers() {
    let leads = leads();
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        made::add_people(&uow, &[a_person(500, "Ada", "Byron", None)]).await;
        made::add_leads(&uow, &leads).await.unwrap();
        let mut compared = 0;
        for role in Role::ALL {
            for teams in [&[][..], &[11][..], &[11, 13][..]] {
                let mut actor = actor(role, 1, teams);
                actor.partner_scopes = fairfall_domain::access::PartnerScope::ALL.to_vec();
                for action in Action::ALL {
                    let Ok(permission) = grant(&actor, *action) else { continue };
                    let covered: Vec<u128> =
                        leads.iter().filter(|row| permission.covers(&subject(row))).map(|row| row.lead).collect();
                    assert_eq!(reached(&uow, &permission).await, covered, "{role} {action} {teams:?}");
                    compared += 1;
                }
            }
        }
        assert!(compared > 300, "{compared} permissions were compared at {}", at(0));
        assert_eq!(reached(&uow, &made::all(Action::ViewLead)).await.len(), leads.len());
    }
}
