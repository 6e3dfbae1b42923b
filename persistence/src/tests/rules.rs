//! Tracks, price bands, agreements, campaigns, settings: kept whole.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::agreement::{Agreement, AgreementState, Matter, shipped as shipped_agreements};
use fairfall_domain::campaign::{Campaign, CampaignDraft, Channel};
use fairfall_domain::department::Department;
use fairfall_domain::routing::Directory;
use fairfall_domain::value::Money;
use fairfall_domain::waterfall::shipped;

use super::made::{all, at, id, may};
use super::support::{databases, every_state, new_lead};
use crate::repo::campaign::{self, CampaignFilter};
use crate::repo::{agreement, price_band, setting, track};
use crate::{PageArgs, StoreError};

#[tokio::test]
async fn tracks_and_bands_are_kept() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let mut tracks = shipped::tracks().unwrap();
        for one in &tracks {
            track::insert_version(&uow, one, at(0)).await.unwrap();
        }
        tracks.sort_by(|a, b| a.key().cmp(b.key()));
        assert_eq!(track::all(&uow).await.unwrap(), tracks);
        assert_eq!(track::find(&uow, tracks[0].id()).await.unwrap().as_ref(), tracks.first());
        assert_eq!(track::find_many(&uow, &[tracks[1].id(), id(9)]).await.unwrap(), tracks[1..2]);
        assert_eq!(price_band::get(&uow).await.unwrap(), None);
        let bands = shipped::price_bands().unwrap();
        for _ in 0..2 {
            price_band::put(&uow, &bands).await.unwrap();
        }
        assert_eq!(price_band::get(&uow).await.unwrap(), Some(bands));
    }
}

#[tokio::test]
async fn agreements_are_kept_and_those_in_force_found() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let shipped = shipped_agreements::agreements(at(0)).unwrap();
        for one in &shipped {
            agreement::insert(&uow, one, at(0)).await.unwrap();
        }
        let first = shipped[0].clone();
        let draft = Agreement {
            id: id(1),
            version: 2,
            state: AgreementState::Draft,
            in_force_from: None,
            signed_giving: None,
            ..first.clone()
        };
        agreement::insert(&uow, &draft, at(1)).await.unwrap();
        assert_eq!(agreement::all(&uow).await.unwrap().len(), shipped.len() + 1);
        let book = agreement::signed(&uow).await.unwrap();
        assert_eq!(book.all().len(), shipped.len());
        let lead = new_lead(1, every_state().remove(0));
        let directory = Directory::default();
        let matter = Matter::of(&lead, None, &directory);
        assert_eq!(book.governing(first.giving, first.taking, &matter, at(0)), Some(&first));
        assert_eq!(agreement::find_many(&uow, &[draft.id]).await.unwrap(), std::slice::from_ref(&draft));
        let error = agreement::insert(&uow, &Agreement { id: id(2), ..draft }, at(1)).await.unwrap_err();
        assert!(error.is_unique("agreement", &["key", "version"]), "{error:?}");
    }
}

fn a_campaign(number: u128, key: &str) -> Campaign {
    let text = |text: &str| Some(text.to_owned());
    let draft = CampaignDraft {
        key: text(key),
        name: text("Messe Hannover"),
        channel: text("EVENT"),
        starts_on: text("2026-04-20"),
        ends_on: text("2026-04-24"),
        goal_marketing_leads: text("300"),
        goal_sales_leads: text("40"),
        cost: Some(Money::parse_decimal("12500.50", "EUR").unwrap()),
        targeting: text("ACCOUNT_BASED"),
    };
    Campaign::new(id(number), draft.parse().unwrap(), at(i64::try_from(number).unwrap()))
}

#[tokio::test]
async fn campaigns_are_kept_and_shared() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let (fair, bare) =
            (a_campaign(1, "fair"), Campaign { cost: None, starts_on: None, channel: Channel::Phone, ..a_campaign(2, "calls") });
        for one in [&fair, &bare] {
            campaign::insert(&uow, one).await.unwrap();
        }
        let see = all(Action::ViewCampaign);
        assert_eq!(campaign::find(&uow, &see, id(1)).await.unwrap(), Some(fair.clone()));
        assert_eq!(campaign::find_by_key(&uow, &see, "calls").await.unwrap(), Some(bare.clone()));
        assert_eq!(campaign::list(&uow, &see).await.unwrap(), [bare.clone(), fair.clone()]);
        let page =
            campaign::page(&uow, &see, CampaignFilter { channel: Some(Channel::Phone) }, &PageArgs::first(5)).await.unwrap();
        assert_eq!(page.items.len(), 1);
        let changed = Campaign { version: 2, goal_sales_leads: 50, ..fair.clone() };
        campaign::update(&uow, &changed, 1).await.unwrap();
        assert_eq!(campaign::update(&uow, &changed, 1).await, Err(StoreError::VersionConflict { current: Some(2) }));
        assert_eq!(campaign::find_many(&uow, &see, &[id(1), id(7)]).await.unwrap(), [changed]);
        // nothing narrower than everything holds campaigns
        let narrow = may(Role::Member(Department::FieldSales), 1, &[], Action::ViewPerson);
        assert_eq!(campaign::find_many(&uow, &narrow, &[id(1)]).await.unwrap(), []);
        let error = campaign::insert(&uow, &Campaign { id: id(3), ..bare }).await.unwrap_err();
        assert!(error.is_unique("campaign", &["key"]), "{error:?}");
    }
}

#[tokio::test]
async fn settings_are_written_over() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        assert_eq!(setting::get::<u32>(&uow, "demo").await.unwrap(), None);
        for value in [1_u32, 2] {
            setting::put(&uow, "demo", &value).await.unwrap();
        }
        assert_eq!(setting::get::<u32>(&uow, "demo").await.unwrap(), Some(2));
        let error = setting::get::<bool>(&uow, "demo").await.unwrap_err();
        assert_eq!(error, StoreError::Corrupt { table: "setting", column: "value", id: "demo".to_owned() });
    }
}
