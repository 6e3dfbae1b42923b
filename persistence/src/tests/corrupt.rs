//! What other hands wrote is named by table, column and row, and never guessed at.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::id::{CompanyId, PersonId, UserId};

use super::made::{a_company, a_person, a_user, add_people, add_users, all, id};
use super::support::databases;
use crate::repo::{company, person, user};
use crate::sql::Sql;
use crate::{StoreError, UnitOfWork};

async fn spoil(uow: &UnitOfWork, table: &str, column: &str, value: &str) {
    let mut sql = Sql::new(format!("UPDATE {table} SET {column} = "));
    sql.bind(value);
    assert_eq!(sql.run(uow).await.unwrap(), 1);
}

#[tokio::test]
async fn a_corrupt_value_is_named() {
    for database in databases().await {
        for (column, value) in
            [("email", "nobody"), ("country", "ZZ"), ("consents", "{}"), ("buying_role", "KING"), ("phone", "12")]
        {
            let uow = database.store.begin().await.unwrap();
            add_people(&uow, &[a_person(1, "Ada", "Byron", None)]).await;
            spoil(&uow, "person", column, value).await;
            let error = person::find(&uow, &all(Action::ViewPerson), id(1)).await.unwrap_err();
            let of = id::<PersonId>(1).to_string();
            assert_eq!(error, StoreError::Corrupt { table: "person", column, id: of.clone() });
            assert_eq!(error.to_string(), format!("`person.{column}` of `{of}` does not parse"));
        }
        let uow = database.store.begin().await.unwrap();
        company::insert(&uow, &a_company(1, "Pumpen", None)).await.unwrap();
        spoil(&uow, "company", "website", "javascript:alert(1)").await;
        let error = company::find(&uow, &all(Action::ViewCompany), id(1)).await.unwrap_err();
        assert_eq!(error, StoreError::Corrupt { table: "company", column: "website", id: id::<CompanyId>(1).to_string() });
        // an administrator has no rank of a manager
        add_users(&uow, &[a_user(1, Role::Admin)]).await;
        spoil(&uow, "user_account", "rank", "MANAGER").await;
        let error = user::find(&uow, &all(Action::ViewUser), id(1)).await.unwrap_err();
        assert_eq!(error, StoreError::Corrupt { table: "user_account", column: "rank", id: id::<UserId>(1).to_string() });
    }
}
