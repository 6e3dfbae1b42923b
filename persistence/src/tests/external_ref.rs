//! Names that other systems give.

use std::collections::BTreeMap;

use fairfall_domain::id::{LeadId, PersonId};

use super::made::id;
use super::support::databases;
use crate::repo::external_ref::{self, ExternalRef, Named};

fn name(external_id: &str) -> ExternalRef {
    ExternalRef { source: "shop".to_owned(), external_id: external_id.to_owned() }
}

#[tokio::test]
async fn a_name_leads_to_one_thing_of_each_kind() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let (lead, other, person): (LeadId, LeadId, PersonId) = (id(1), id(2), id(3));
        for _ in 0..2 {
            assert_eq!(external_ref::put(&uow, &name("7"), lead).await.unwrap(), Named::Stored);
        }
        assert_eq!(external_ref::put(&uow, &name("7"), person).await.unwrap(), Named::Stored);
        assert_eq!(external_ref::put(&uow, &name("7"), other).await.unwrap(), Named::Taken { by: lead });
        assert_eq!(external_ref::put(&uow, &name("8"), other).await.unwrap(), Named::Stored);
        assert_eq!(external_ref::find::<LeadId>(&uow, &name("7")).await.unwrap(), Some(lead));
        assert_eq!(external_ref::find::<PersonId>(&uow, &name("7")).await.unwrap(), Some(person));
        assert_eq!(external_ref::find::<PersonId>(&uow, &name("8")).await.unwrap(), None);
        let found = external_ref::find_many::<LeadId>(&uow, "shop", &["7", "8", "9"]).await.unwrap();
        assert_eq!(found, BTreeMap::from([("7".to_owned(), lead), ("8".to_owned(), other)]));
        let names = external_ref::names_of(&uow, &[lead, id(9)]).await.unwrap();
        assert_eq!(names, BTreeMap::from([(lead, vec![name("7")])]));
    }
}
