//! Buying centers: roles are kept once, people's own word counts, and the needs are a setting.

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::buying_center::{BuyingNeeds, Noted, Participation};
use fairfall_domain::person::BuyingRole;
use fairfall_domain::value::Code;

use super::made::{a_company, a_person, at, id};
use super::support::databases;
use crate::repo::buying_center::{self, Put};
use crate::repo::{company, person};

fn decider(area: Option<&str>) -> Noted {
    let product_area = area.map(|area| Code::parse(area).unwrap());
    Noted {
        participation: Participation { company: id(1), person: id(2), product_area, role: BuyingRole::Decider },
        by: None,
        at: at(5),
    }
}

#[tokio::test]
async fn roles_are_kept_once_and_forgotten() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        company::insert_many(&uow, &[a_company(1, "Pumpen AG", None), a_company(9, "Andere", None)]).await.unwrap();
        let mut talker = a_person(3, "Tina", "Talker", None);
        talker.company = Some(id(1));
        talker.buying_role = Some(BuyingRole::User);
        person::insert_many(&uow, &[a_person(2, "Dora", "Decider", None), talker]).await.unwrap();
        let (everywhere, pumps) = (decider(None), decider(Some("pumps")));
        assert_eq!(buying_center::put(&uow, &everywhere).await.unwrap(), Put::Stored);
        assert_eq!(buying_center::put(&uow, &everywhere).await.unwrap(), Put::Known);
        assert_eq!(buying_center::put(&uow, &pumps).await.unwrap(), Put::Stored);
        let found = buying_center::find_many(&uow, &[id(1), id(9)]).await.unwrap();
        assert_eq!(found.len(), 3);
        assert!(found.contains(&everywhere) && found.contains(&pumps));
        assert!(found.iter().any(|noted| noted.participation.person == id(3) && noted.participation.role == BuyingRole::User));
        assert!(buying_center::remove(&uow, &pumps.participation).await.unwrap());
        assert!(!buying_center::remove(&uow, &pumps.participation).await.unwrap());
        assert_eq!(buying_center::find_many(&uow, &[id(1)]).await.unwrap().len(), 2);
        assert_eq!(buying_center::find_many(&uow, &[id(9)]).await.unwrap(), []);
    }
}

#[tokio::test]
async fn the_needs_are_the_shipped_ones_until_set() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let shipped = buying_center::needs(&uow).await.unwrap();
        assert_eq!(shipped, BuyingNeeds::default());
        let own: BTreeMap<_, _> = [(Code::parse("pumps").unwrap(), BTreeSet::from([BuyingRole::Gatekeeper]))].into();
        let set = shipped.revise(BTreeSet::from([BuyingRole::Decider]), own).unwrap();
        buying_center::put_needs(&uow, &set).await.unwrap();
        assert_eq!(buying_center::needs(&uow).await.unwrap(), set);
    }
}
