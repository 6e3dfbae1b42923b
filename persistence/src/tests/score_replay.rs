//! What scores are explained and replayed from, and the columns by which leads are listed.

super::support::on_both!(
    leads_are_read_with_what_their_scores_stand_on,
    closed_passages_are_read_the_latest_first,
    lists_are_cut_by_grade_and_tier
);

mod run {
    use fairfall_domain::access::{Action, Grant};
    use fairfall_domain::campaign::Channel;
    use fairfall_domain::scoring::{ActivityKind, Grade, Score, Tier};
    use fairfall_domain::waterfall::passage::{Closed, PassageOutcome};

    use crate::repo::lead::{LeadFilter, LeadSort};
    use crate::repo::lead_score::LeadScore;
    use crate::repo::{lead, lead_score, score_replay};
    use crate::tests::support::{a_score, at, captured, every_state, new_lead, prepare, stamp, store_leads};
    use crate::{PageArgs, Store};

    pub(super) async fn leads_are_read_with_what_their_scores_stand_on(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (1..=3).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(&store, &leads).await;
        let mut known = LeadScore::new(leads[0].id, at(0));
        known.tally.add(Channel::Email, ActivityKind::Reply, at(0));
        let uow = store.begin().await.unwrap();
        lead_score::put_many(&uow, std::slice::from_ref(&known)).await.unwrap();
        uow.commit().await.unwrap();

        let reader = store.reader();
        let see = Grant::system(Action::ViewLead);
        let found = score_replay::of_leads(&reader, &see, &[leads[0].id, leads[1].id]).await.unwrap();
        assert_eq!(found.len(), 2);
        let first = found.iter().find(|one| one.lead == leads[0]).unwrap();
        assert_eq!(first.score.as_ref(), Some(&known));
        assert_eq!(Some(first.person.id), Some(leads[0].person));
        assert_eq!(first.company.as_ref().map(|company| company.id), leads[0].company);

        let all = Grant::system(Action::ManageScoreModel);
        assert!(score_replay::open_leads(&reader, &see, at(-9), None, 9).await.is_err());
        let chunk = score_replay::open_leads(&reader, &all, at(-9_999), None, 2).await.unwrap();
        assert_eq!(chunk.len(), 2);
        let rest = score_replay::open_leads(&reader, &all, at(-9_999), Some(&chunk[1].lead), 9).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(score_replay::open_leads(&reader, &all, at(9_999), None, 9).await.unwrap(), []);
        assert_eq!(score_replay::closed_passages(&reader, &all, at(-9_999), None, 9).await.unwrap(), []);
    }

    pub(super) async fn closed_passages_are_read_the_latest_first(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        for number in 1..=3_u128 {
            let mut change = captured(new_lead(number, every_state().remove(4)));
            let ended = Closed { at: at(i64::try_from(number).unwrap()), outcome: PassageOutcome::Won };
            change.passage.closed = Some(ended);
            lead::insert(&uow, &change, &stamp(number)).await.unwrap();
        }
        uow.commit().await.unwrap();
        let (reader, all) = (store.reader(), Grant::system(Action::ManageScoreModel));
        let chunk = score_replay::closed_passages(&reader, &all, at(0), None, 2).await.unwrap();
        let found: Vec<_> = chunk.iter().map(|one| (one.at, one.outcome)).collect();
        assert_eq!(found, [(at(3), PassageOutcome::Won), (at(2), PassageOutcome::Won)]);
        assert_eq!(chunk[0].passage, chunk[0].scorable.lead.passage);
        assert_eq!(chunk[0].scorable.score, None);
        let rest = score_replay::closed_passages(&reader, &all, at(0), Some(&chunk[1]), 9).await.unwrap();
        assert_eq!(rest.len(), 1);
        assert_eq!(score_replay::closed_passages(&reader, &all, at(3), None, 9).await.unwrap().len(), 1);
    }

    pub(super) async fn lists_are_cut_by_grade_and_tier(store: Store) {
        prepare(&store).await;
        let mut leads: Vec<_> = (1..=3).map(|number| new_lead(number, every_state().remove(0))).collect();
        leads[0].demand.score = a_score(80, 80);
        leads[1].demand.score = a_score(80, 10);
        // a grade by hand is not what the points say
        leads[2].demand.score = Score::restore(10, 10, Grade::A1, Tier::Hot).unwrap();
        store_leads(&store, &leads).await;
        let see = Grant::system(Action::ViewLead);
        for (filter, expected) in [
            (LeadFilter { tiers: vec![Tier::Hot], ..LeadFilter::default() }, 2),
            (LeadFilter { grades: vec![Grade::A3], ..LeadFilter::default() }, 1),
            (LeadFilter { grades: vec![Grade::A1, Grade::A3], tiers: vec![Tier::Standard], ..LeadFilter::default() }, 1),
            (LeadFilter { tiers: vec![Tier::Warm], ..LeadFilter::default() }, 0),
        ] {
            let page = lead::page(&store.reader(), &see, &filter, LeadSort::ScoreDesc, &PageArgs::first(9)).await.unwrap();
            assert_eq!(page.items.len(), expected, "{filter:?}");
            assert_eq!(lead::count(&store.reader(), &see, &filter, 9).await.unwrap(), u64::try_from(expected).unwrap());
        }
        assert_eq!(lead::find(&store.reader(), &see, leads[2].id).await.unwrap().as_ref(), Some(&leads[2]));
    }
}
