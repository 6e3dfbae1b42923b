//! What was known when passages opened, and trainings with their models.

super::support::on_both!(
    closed_passages_are_read_in_chunks,
    a_grade_is_kept_at_the_end,
    openings_are_seen_through_their_leads,
    one_training_at_a_time,
    a_better_model_retires_the_other,
    a_silent_training_is_given_up,
);

mod run {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta, Utc};
    use fairfall_domain::access::{Action, Actor, Grant, Role};
    use fairfall_domain::department::Department;
    use fairfall_domain::forecast::dataset::Ended;
    use fairfall_domain::forecast::linear::Linear;
    use fairfall_domain::forecast::model::{Findings, Learner, Model, Trained, TrainingReason, TrainingState};
    use fairfall_domain::forecast::snapshot::{Beside, Snapshot};
    use fairfall_domain::forecast::training::Training;
    use fairfall_domain::id::{ForecastModelId, LeadId};
    use fairfall_domain::scoring::Grade;
    use fairfall_domain::waterfall::passage::{Closed, PassageOutcome};

    use crate::repo::forecast_model::{self, Begun};
    use crate::repo::lead;
    use crate::repo::passage_features::{self, Opening};
    use crate::tests::support::{a_score, actor, all, at, captured, every_state, id, lead_id, new_lead, prepare, stamp, user};
    use crate::{PageArgs, Store, UnitOfWork};

    /// A lead that was captured at a minute, and closed so many minutes later, with its opening.
    async fn add(
        uow: &UnitOfWork,
        number: u128,
        minute: i64,
        closed: Option<(i64, PassageOutcome)>,
        grade: Option<Grade>,
    ) -> LeadId {
        let lead = new_lead(number, every_state().remove(0));
        let mut change = captured(lead);
        change.passage.opened_at = at(minute);
        change.passage.closed = closed.map(|(after, outcome)| Closed { at: at(minute + after), outcome });
        lead::insert(uow, &change, &stamp(number)).await.unwrap();
        let snapshot = Snapshot::of(&change.lead, &Beside { has_title: true, ..Beside::default() }, at(minute));
        passage_features::insert_many(uow, &[Opening { passage: change.passage.id, snapshot, grade }]).await.unwrap();
        change.lead.id
    }

    pub(super) async fn closed_passages_are_read_in_chunks(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        let (won, lost) = (PassageOutcome::Won, PassageOutcome::Lost);
        for (number, closed) in [(10, Some((9, won))), (11, Some((3, lost))), (12, None), (13, Some((5, won)))] {
            add(&uow, number, 100, closed, Some(if number == 11 { Grade::C3 } else { Grade::A1 })).await;
        }
        uow.commit().await.unwrap();
        let on = store.reader();
        let mut read: Vec<Ended> = Vec::new();
        let mut before = None;
        let mut chunks = 0;
        loop {
            let (chunk, next) = passage_features::closed(&on, before, 2).await.unwrap();
            read.extend(chunk.iter().map(|(_, ended)| *ended));
            assert!(chunk.iter().all(|(snapshot, _)| snapshot.complete && snapshot.taken_at == at(100)));
            chunks += 1;
            before = next;
            if before.is_none() {
                break;
            }
        }
        let ends = |minute, won| Ended { won, opened_at: at(100), closed_at: at(minute) };
        assert_eq!(read, [ends(109, true), ends(105, true), ends(103, false)]);
        assert_eq!(chunks, 2);
        assert!(passage_features::closed_at_least(&on, 3).await.unwrap());
        assert!(!passage_features::closed_at_least(&on, 4).await.unwrap());
        // fewer than 20 passages tell nothing of a grade
        assert_eq!(passage_features::grade_history(&on).await.unwrap().probability(Grade::A1), None);
    }

    pub(super) async fn a_grade_is_kept_at_the_end(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        for number in 10..40 {
            add(&uow, number, 100, None, None).await;
        }
        let before = passage_features::grade_history(&uow).await.unwrap();
        assert_eq!(before.probability(Grade::A1), None);
        for number in 10..40 {
            let mut change = captured(new_lead(number, every_state().remove(0)));
            let now = at(300);
            let won = number % 2 == 0;
            (change.lead.version, change.lead.updated_at) = (2, now);
            change.lead.demand.score = if won { a_score(95, 95) } else { a_score(0, 0) };
            change.passage.close(if won { PassageOutcome::Won } else { PassageOutcome::Lost }, now);
            change.transitions[0].id = id(9, 1_000 + number);
            change.transitions[0].lead_version = 2;
            lead::record(&uow, &change, 1, &stamp(1_000 + number)).await.unwrap();
        }
        let history = passage_features::grade_history(&uow).await.unwrap();
        let chance = |grade| history.probability(grade).unwrap();
        // 15 of 15 and 0 of 15, each with 20 passages of the average of one half
        assert!((chance(Grade::A1) - 25.0 / 35.0).abs() < 1e-9 && (chance(Grade::C3) - 10.0 / 35.0).abs() < 1e-9);
        assert!((chance(Grade::B2) - 0.5).abs() < 1e-9);
    }

    pub(super) async fn openings_are_seen_through_their_leads(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        let lead = add(&uow, 10, 100, None, None).await;
        let found = passage_features::find_of_leads(&uow, &all(), &[lead, lead_id(12)]).await.unwrap();
        let names: Vec<&str> = found[&lead].fields.keys().map(fairfall_domain::forecast::field::Field::as_str).collect();
        let attributes = ["attribute.note", "attribute.pilot", "attribute.seats"];
        assert_eq!((found.len(), &names[..3]), (1, &attributes[..]));
        assert!(names.contains(&"channel") && names.contains(&"title"), "{names:?}");
        let stranger = Actor { user: user(99), teams: vec![], managed: vec![], ..actor(Role::Member(Department::InsideSales)) };
        let grant = fairfall_domain::access::grant(&stranger, Action::ViewLead).unwrap();
        assert!(passage_features::find_of_leads(&uow, &grant, &[lead]).await.unwrap().is_empty());
    }

    fn begun(number: u128, now: DateTime<Utc>) -> Training {
        Training::begun(id(20, number), None, now)
    }

    fn view() -> Grant {
        Grant::system(Action::ViewScoreModel)
    }

    fn trained(base: Option<f64>) -> Trained {
        let model = base.map(|base| Model {
            learner: Learner::NaiveBayes,
            linear: Linear { base, weights: BTreeMap::new() },
            learned_until: at(7),
        });
        let reason = if model.is_some() { TrainingReason::BetterThanShare } else { TrainingReason::TooFewWon };
        Trained { model, reason, findings: Findings { passages: 100, won: 30, ..Findings::default() } }
    }

    async fn run_one(store: &Store, number: u128, base: Option<f64>, minute: i64) -> ForecastModelId {
        let uow = store.begin().await.unwrap();
        forecast_model::begin(&uow, begun(number, at(minute))).await.unwrap();
        let claimed = forecast_model::claim(&uow, at(minute)).await.unwrap().unwrap();
        assert!(forecast_model::finish(&uow, claimed, &trained(base), at(minute + 1)).await.unwrap());
        uow.commit().await.unwrap();
        claimed
    }

    pub(super) async fn one_training_at_a_time(store: Store) {
        let uow = store.begin().await.unwrap();
        let Begun::Now(first) = forecast_model::begin(&uow, begun(1, at(0))).await.unwrap() else { panic!("none ran") };
        assert_eq!(first.state, TrainingState::Running);
        uow.commit().await.unwrap();
        let uow = store.begin().await.unwrap();
        assert_eq!(forecast_model::begin(&uow, begun(2, at(1))).await.unwrap(), Begun::Before(first.clone()));
        assert_eq!(forecast_model::claim(&uow, at(2)).await.unwrap(), Some(first.id));
        assert_eq!(forecast_model::claim(&uow, at(2)).await.unwrap(), None, "another node was first");
        assert!(forecast_model::heartbeat(&uow, first.id, 40, at(3)).await.unwrap());
        let running = forecast_model::find_running(&uow).await.unwrap().unwrap();
        assert_eq!((running.progress, running.heartbeat_at), (40, at(3)));
        assert!(forecast_model::finish(&uow, first.id, &trained(None), at(4)).await.unwrap());
        assert!(!forecast_model::heartbeat(&uow, first.id, 50, at(5)).await.unwrap());
        uow.commit().await.unwrap();
        let on = store.reader();
        let ended = forecast_model::find(&on, &view(), first.id).await.unwrap().unwrap();
        assert_eq!((ended.state, ended.reason, ended.progress), (TrainingState::Rejected, Some(TrainingReason::TooFewWon), 100));
        assert_eq!((ended.findings.passages, ended.finished_at), (100, Some(at(4))));
        assert_eq!(forecast_model::find_model(&on, first.id).await.unwrap(), None);
        assert_eq!(forecast_model::last_started(&on).await.unwrap(), Some(at(0)));
    }

    pub(super) async fn a_better_model_retires_the_other(store: Store) {
        let first = run_one(&store, 1, Some(-1.5), 10).await;
        let second = run_one(&store, 2, Some(-2.25), 20).await;
        run_one(&store, 3, None, 30).await;
        let on = store.reader();
        assert_eq!(forecast_model::id_in_force(&on).await.unwrap(), Some(second));
        assert_eq!(forecast_model::find_model(&on, second).await.unwrap(), trained(Some(-2.25)).model);
        let page = forecast_model::page(&on, &view(), &PageArgs::first(2)).await.unwrap();
        let states: Vec<_> = page.items.iter().map(|(_, training)| training.state).collect();
        assert_eq!((states, page.has_next), (vec![TrainingState::Rejected, TrainingState::InForce], true));
        let before = forecast_model::find_many(&on, &view(), &[first, id(20, 99)]).await.unwrap();
        assert_eq!((before.len(), before[0].state, before[0].retired_at), (1, TrainingState::Retired, Some(at(21))));
        let uow = store.begin().await.unwrap();
        assert!(forecast_model::retire(&uow, second, at(40)).await.unwrap());
        assert!(!forecast_model::retire(&uow, second, at(41)).await.unwrap());
        assert_eq!(forecast_model::id_in_force(&uow).await.unwrap(), None);
    }

    pub(super) async fn a_silent_training_is_given_up(store: Store) {
        let uow = store.begin().await.unwrap();
        let Begun::Now(first) = forecast_model::begin(&uow, begun(1, at(0))).await.unwrap() else { panic!("none ran") };
        forecast_model::claim(&uow, at(0)).await.unwrap();
        assert!(!forecast_model::give_up_silent(&uow, at(0) - TimeDelta::seconds(1), at(1)).await.unwrap());
        assert!(forecast_model::give_up_silent(&uow, at(1), at(2)).await.unwrap());
        assert!(!forecast_model::finish(&uow, first.id, &trained(Some(1.0)), at(3)).await.unwrap(), "it came too late");
        let given_up = forecast_model::find(&uow, &view(), first.id).await.unwrap().unwrap();
        assert_eq!((given_up.state, given_up.reason), (TrainingState::Failed, Some(TrainingReason::Abandoned)));
        assert!(matches!(forecast_model::begin(&uow, begun(2, at(4))).await.unwrap(), Begun::Now(_)));
        let second = forecast_model::claim(&uow, at(4)).await.unwrap().unwrap();
        assert!(forecast_model::fail(&uow, second, TrainingReason::Fault, at(5)).await.unwrap());
    }
}
