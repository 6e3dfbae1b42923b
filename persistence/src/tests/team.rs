//! Teams and their members.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::department::Department;
use fairfall_domain::team::{MemberRank, Membership, Team};
use fairfall_domain::user::{User, UserStatus};

use super::made::{a_team, a_user, add_teams, add_users, all, at, id, may, numbers, team_ids, user_ids};
use super::support::databases;
use crate::repo::team::{self, TeamsOf};
use crate::{PageArgs, StoreError, UnitOfWork};

const FIELD: Role = Role::Member(Department::FieldSales);

async fn fill(uow: &UnitOfWork) {
    let disabled = User { status: UserStatus::Disabled, ..a_user(3, FIELD) };
    add_users(uow, &[a_user(1, FIELD), a_user(2, FIELD), disabled]).await;
    let both = [(1, MemberRank::Manager), (2, MemberRank::Member), (3, MemberRank::Member)];
    add_teams(
        uow,
        &[
            a_team(11, Department::FieldSales, &["DE", "AT"], &both),
            a_team(12, Department::InsideSales, &[], &[(1, MemberRank::Member)]),
        ],
    )
    .await;
}

#[tokio::test]
async fn teams_are_kept_with_their_members() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let see = all(Action::ViewTeam);
        let kept = team::find(&uow, &see, id(11)).await.unwrap().unwrap();
        let both = [(1, MemberRank::Manager), (2, MemberRank::Member), (3, MemberRank::Member)];
        assert_eq!(kept, a_team(11, Department::FieldSales, &["DE", "AT"], &both));
        assert_eq!(team::find_by_key(&uow, &see, "team-11").await.unwrap(), Some(kept.clone()));
        assert_eq!(team::all(&uow, &see).await.unwrap().len(), 2);
        let page = team::page(&uow, &see, &PageArgs::first(1)).await.unwrap();
        assert_eq!((page.items[0].1.clone(), page.has_next), (kept.clone(), true));
        let renamed = Team { version: 2, name: "Nord".parse().unwrap(), members: vec![], ..kept.clone() };
        team::update(&uow, &renamed, 1, at(5)).await.unwrap();
        let after = team::find(&uow, &see, id(11)).await.unwrap().unwrap();
        assert_eq!(after, Team { members: kept.members, ..renamed.clone() });
        assert_eq!(team::update(&uow, &renamed, 1, at(5)).await, Err(StoreError::VersionConflict { current: Some(2) }));
        let error = team::insert(&uow, &Team { id: id(13), ..renamed }, at(5)).await.unwrap_err();
        assert!(error.is_unique("team", &["key"]), "{error:?}");
    }
}

#[tokio::test]
async fn members_come_and_go_and_the_version_with_them() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let put = |user: u128, rank| Membership { user: id(user), rank };
        assert!(!team::put_member(&uow, id(11), put(2, MemberRank::Member), at(5)).await.unwrap());
        assert!(team::put_member(&uow, id(11), put(2, MemberRank::Manager), at(5)).await.unwrap());
        assert!(team::put_member(&uow, id(12), put(2, MemberRank::Member), at(5)).await.unwrap());
        assert!(team::remove_member(&uow, id(11), id(3), at(5)).await.unwrap());
        assert!(!team::remove_member(&uow, id(11), id(3), at(5)).await.unwrap());
        let kept = team::find(&uow, &all(Action::ViewTeam), id(11)).await.unwrap().unwrap();
        assert_eq!((kept.version, kept.rank_of(id(2)), kept.members.len()), (3, Some(MemberRank::Manager), 2));
        let of = team::teams_of_many(&uow, &user_ids(&[1, 2, 3])).await.unwrap();
        assert_eq!(of.get(&id(1)), Some(&TeamsOf { teams: team_ids(&[11, 12]), managed: team_ids(&[11]) }));
        assert_eq!(of.get(&id(3)), None);
        assert_eq!(team::teams_of(&uow, id(3)).await.unwrap(), TeamsOf::default());
    }
}

#[tokio::test]
async fn the_roster_holds_active_members_only() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let roster = team::roster(&uow).await.unwrap();
        let first = roster.team(id(11)).unwrap();
        assert_eq!(first.members, user_ids(&[1, 2]));
        assert_eq!(first.countries.len(), 2);
        assert_eq!(roster.teams().len(), 2);
    }
}

#[tokio::test]
async fn a_manager_manages_the_teams_led() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        fill(&uow).await;
        let user = a_user(1, Role::Manager(Department::FieldSales));
        let actor = team::actor_of(&uow, &user).await.unwrap();
        let manage = fairfall_domain::access::grant(&actor, Action::ManageTeam).unwrap();
        let found = team::find_many(&uow, &manage, &team_ids(&[11, 12])).await.unwrap();
        assert_eq!(numbers(&found.iter().map(|one| one.id).collect::<Vec<_>>(), fairfall_domain::id::TeamId::uuid), [11]);
        let see = may(FIELD, 9, &[], Action::ViewTeam);
        assert_eq!(team::find_many(&uow, &see, &team_ids(&[11, 12])).await.unwrap().len(), 2);
    }
}
