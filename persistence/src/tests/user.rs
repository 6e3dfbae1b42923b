//! Users and how they sign in.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::department::Department;
use fairfall_domain::team::MemberRank;
use fairfall_domain::user::{User, UserStatus};

use super::made::{a_team, a_user, add_teams, add_users, all, at, id, may, numbers, user_ids};
use super::support::databases;
use crate::repo::user::{self, UserFilter};
use crate::{PageArgs, StoreError};

const FIELD: Role = Role::Member(Department::FieldSales);

#[tokio::test]
async fn every_field_is_kept_and_the_password_apart() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        assert!(!user::any(&uow).await.unwrap());
        let whole = a_user(1, Role::Manager(Department::Marketing));
        user::insert(&uow, &whole, Some("$argon2id$...")).await.unwrap();
        assert!(user::any(&uow).await.unwrap());
        assert_eq!(user::find(&uow, &all(Action::ViewUser), id(1)).await.unwrap(), Some(whole.clone()));
        let found = user::find_by_email_key(&uow, &whole.email.key()).await.unwrap().unwrap();
        assert_eq!((found.user.id, found.password_hash.as_deref()), (whole.id, Some("$argon2id$...")));
        assert!(!format!("{found:?}").contains("argon2"));
        let renamed = User { version: 2, name: "Else".parse().unwrap(), ..whole.clone() };
        user::update(&uow, &renamed, 1).await.unwrap();
        assert!(user::set_password_hash(&uow, id(1), "$other", at(9)).await.unwrap());
        assert!(!user::set_password_hash(&uow, id(2), "$other", at(9)).await.unwrap());
        let found = user::find_credentials(&uow, id(1)).await.unwrap().unwrap();
        assert_eq!((found.user.name.as_str(), found.password_hash.as_deref()), ("Else", Some("$other")));
        assert_eq!(user::update(&uow, &renamed, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        assert_eq!(user::find_by_email_key(&uow, "nobody@example.com").await.unwrap(), None);
    }
}

#[tokio::test]
async fn an_address_belongs_to_one_user() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_users(&uow, &[a_user(1, FIELD)]).await;
        let twin = User { email: "USER1@EXAMPLE.COM".parse().unwrap(), ..a_user(2, FIELD) };
        let error = user::insert(&uow, &twin, None).await.unwrap_err();
        assert!(error.is_unique("user_account", &["email_key"]), "{error:?}");
    }
}

#[tokio::test]
async fn permissions_reach_oneself_ones_teams_and_ones_department() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let disabled = User { status: UserStatus::Disabled, ..a_user(4, FIELD) };
        add_users(&uow, &[a_user(1, FIELD), a_user(2, Role::Admin), a_user(3, FIELD), disabled]).await;
        add_teams(&uow, &[a_team(11, Department::FieldSales, &[], &[(1, MemberRank::Member), (2, MemberRank::Member)])]).await;
        let ids = user_ids(&[1, 2, 3, 4]);
        // own, team and department in the permission table's own words
        for (permission, reached) in [
            (may(FIELD, 1, &[11], Action::ManageSession), &[1][..]),
            (may(FIELD, 1, &[11], Action::ViewPerson), &[1, 2]),
            (may(Role::Manager(Department::FieldSales), 1, &[11], Action::ViewPerson), &[1, 2, 3, 4]),
            (may(FIELD, 1, &[11], Action::ViewUser), &[1, 2, 3, 4]),
        ] {
            let found = user::find_many(&uow, &permission, &ids).await.unwrap();
            let found = numbers(&found.iter().map(|one| one.id).collect::<Vec<_>>(), fairfall_domain::id::UserId::uuid);
            assert_eq!(found, reached, "{permission:?}");
        }
        let see = all(Action::ViewUser);
        let page = |filter| {
            let (uow, see) = (&uow, &see);
            async move { user::page(uow, see, filter, &PageArgs::first(10)).await.unwrap() }
        };
        assert_eq!(page(UserFilter::default()).await.items.len(), 4);
        assert_eq!(page(UserFilter { status: Some(UserStatus::Disabled), role: None }).await.items.len(), 1);
        assert_eq!(page(UserFilter { status: Some(UserStatus::Active), role: Some(FIELD) }).await.items.len(), 2);
    }
}
