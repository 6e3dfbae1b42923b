//! Score models: kept whole, one in force.

use fairfall_domain::access::{Action, Role};
use fairfall_domain::department::Department;
use fairfall_domain::id::ScoreModelId;
use fairfall_domain::scoring::model::{Birth, ModelFields};
use fairfall_domain::scoring::{ModelState, ScoreModel, shipped};

use super::made::{all, at, id, may};
use super::support::databases;
use crate::repo::score_model::{self, ScoreModelFilter};
use crate::{PageArgs, StoreError};

fn draft(number: u32) -> ScoreModel {
    let first = shipped::model_at(at(0)).unwrap();
    let birth = Birth { id: id(u128::from(number)), number, by: Some(id(9)), at: at(i64::from(number)) };
    ScoreModel::draft(birth, first.name, first.rules, Some(first.id)).unwrap()
}

#[tokio::test]
async fn models_are_kept_and_one_is_in_force() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let see = all(Action::ViewScoreModel);
        assert_eq!(score_model::in_force(&uow).await.unwrap(), None);
        assert_eq!(score_model::hold_numbers(&uow).await.unwrap(), 1);
        let first = shipped::model_at(at(0)).unwrap();
        let second = draft(2);
        for model in [&first, &second] {
            score_model::insert(&uow, model).await.unwrap();
        }
        assert_eq!(score_model::hold_numbers(&uow).await.unwrap(), 3);
        assert_eq!(score_model::in_force(&uow).await.unwrap().as_ref(), Some(&first));
        assert_eq!(score_model::find(&uow, &see, second.id).await.unwrap().as_ref(), Some(&second));
        let found = score_model::find_many(&uow, &see, &[second.id, id(99)]).await.unwrap();
        assert_eq!(found, std::slice::from_ref(&second));
        let page = score_model::page(&uow, &see, ScoreModelFilter::default(), &PageArgs::first(1)).await.unwrap();
        assert!(page.has_next && page.items[0].1 == second);
        let drafts = ScoreModelFilter { state: Some(ModelState::Draft) };
        assert_eq!(score_model::page(&uow, &see, drafts, &PageArgs::first(5)).await.unwrap().items.len(), 1);
        uow.commit().await.unwrap();
    }
}

#[tokio::test]
async fn a_model_takes_the_place_of_another() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let (first, second) = (shipped::model_at(at(0)).unwrap(), draft(2));
        for model in [&first, &second] {
            score_model::insert(&uow, model).await.unwrap();
        }
        let fields = ModelFields { note: Some("stricter".parse().unwrap()), ..ModelFields::default() };
        let revised = second.revise(fields, at(3)).unwrap();
        score_model::update(&uow, &revised, 1).await.unwrap();
        let error = score_model::update(&uow, &revised, 1).await;
        assert_eq!(error, Err(StoreError::VersionConflict { current: Some(2) }));
        let (retired, published) = (first.retire(at(4)).unwrap(), revised.publish(at(4)).unwrap());
        score_model::update(&uow, &retired, first.version).await.unwrap();
        score_model::update(&uow, &published, 2).await.unwrap();
        assert_eq!(score_model::in_force(&uow).await.unwrap(), Some(published));
        uow.commit().await.unwrap();

        let uow = database.store.begin().await.unwrap();
        let third = draft(3).publish(at(5)).unwrap();
        let error = score_model::insert(&uow, &third).await.unwrap_err();
        assert!(error.is_unique("score_model", &["state"]), "{error:?}");
        uow.rollback().await.unwrap();

        let uow = database.store.begin().await.unwrap();
        let twin = ScoreModel { id: ScoreModelId::from(uuid::Uuid::from_u128(77)), ..draft(2) };
        let error = score_model::insert(&uow, &twin).await.unwrap_err();
        assert!(error.is_unique("score_model", &["number"]), "{error:?}");
    }
}

#[tokio::test]
async fn nothing_narrower_than_everything_holds_models() {
    for database in databases().await {
        let uow = database.store.begin().await.unwrap();
        let first = shipped::model_at(at(0)).unwrap();
        score_model::insert(&uow, &first).await.unwrap();
        let narrow = may(Role::Member(Department::FieldSales), 1, &[], Action::ViewPerson);
        assert_eq!(score_model::find_many(&uow, &narrow, &[first.id]).await.unwrap(), []);
    }
}
