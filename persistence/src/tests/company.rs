//! Companies: kept whole, found by name whatever its spelling.

use fairfall_domain::access::Action;
use fairfall_domain::company::{Company, CompanyDraft};
use fairfall_domain::value::CompanyName;

use super::made::{a_company, a_user, add_users, all, at, company_numbers, id};
use super::support::databases;
use crate::repo::company::{self, CompanyFilter};
use crate::{PageArgs, StoreError};

#[tokio::test]
async fn every_field_is_kept() {
    let text = |text: &str| Some(text.to_owned());
    let draft = CompanyDraft {
        name: text("Bayerische Pumpen GmbH & Co. KG"),
        country: text("DE"),
        subdivision: text("BY"),
        postal_code: text("80331"),
        city: text("München"),
        industry: text("machinery"),
        employees: text("250"),
        website: text("https://example.com/wir"),
        register_number: text("HRB 12345"),
        owner: Some(id::<fairfall_domain::id::UserId>(7).to_string()),
    };
    let whole = Company::new(id(1), draft.parse().unwrap(), at(1));
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        add_users(&uow, &[a_user(7, fairfall_domain::access::Role::Admin)]).await;
        company::insert_many(&uow, &[whole.clone(), a_company(2, "Andere", None)]).await.unwrap();
        let see = all(Action::ViewCompany);
        assert_eq!(company::find(&uow, &see, id(1)).await.unwrap(), Some(whole.clone()));
        let owned = CompanyFilter { owner: Some(id(7)), ..CompanyFilter::default() };
        assert_eq!(company::page(&uow, &see, &owned, &PageArgs::first(5)).await.unwrap().items.len(), 1);
        let changed = Company { version: 2, name: "Neue Pumpen".parse().unwrap(), ..whole.clone() };
        company::update(&uow, &changed, 1).await.unwrap();
        assert_eq!(company::update(&uow, &changed, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        for (text, found) in [("bayer", 0), ("pumpen neu", 1), ("andere", 1)] {
            let filter = CompanyFilter { search: Some(text.to_owned()), ..CompanyFilter::default() };
            assert_eq!(company::page(&uow, &see, &filter, &PageArgs::first(5)).await.unwrap().items.len(), found, "{text}");
        }
    }
}

#[tokio::test]
async fn a_capture_finds_the_company_of_the_name_in_the_country() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let companies = [
            a_company(1, "Müller GmbH", None),
            a_company(2, "MUELLER AG", Some("DE")),
            a_company(3, "Mueller", Some("DE")),
            a_company(4, "Müller", Some("CH")),
        ];
        company::insert_many(&uow, &companies).await.unwrap();
        let key = CompanyName::parse("Müller KG").unwrap().key();
        let capture = all(Action::CaptureLead);
        for (country, found) in [(Some("DE"), 2), (Some("CH"), 4), (Some("FR"), 1), (None, 2)] {
            let country = country.map(|country| country.parse().unwrap());
            let one = company::find_by_name_key_and_country(&uow, &capture, &key, country).await.unwrap();
            assert_eq!(one.map(|one| one.id), Some(id(found)), "{country:?}");
        }
        let known = company::find_many_for_capture(&uow, &capture, &[&key, "nobody"]).await.unwrap();
        assert!(known.iter().all(|(asked, _)| *asked == key));
        assert_eq!(company_numbers(&known.into_iter().map(|(_, company)| company).collect::<Vec<_>>()), [1, 2, 3, 4]);
        let other = all(Action::ViewCompany);
        assert_eq!(company::find_by_name_key_and_country(&uow, &other, &key, None).await.unwrap(), None);
    }
}
