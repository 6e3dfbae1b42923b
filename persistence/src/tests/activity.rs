//! Activities are stored once, found by whom and for which lead they count, and counted alike one by one and by hour; scores that are due are found
//! once.

super::support::on_both!(
    what_is_recorded_is_read_back_once,
    hours_count_as_single_activities_do,
    scores_are_read_back_with_all_they_depend_on,
    due_scores_are_found_once,
    subjects_are_found_as_far_as_a_permission_reaches,
);

mod run {
    use std::collections::BTreeSet;

    use chrono::{DateTime, TimeDelta, Utc};
    use fairfall_domain::access::{Action, Actor, Grant, PartnerScope, Role, grant};
    use fairfall_domain::campaign::Channel;
    use fairfall_domain::id::{ActivityId, LeadId, PersonId, ScoreModelId};
    use fairfall_domain::scoring::activity::{Activity, ActivityKind, ActivityRef};
    use fairfall_domain::scoring::{OverrideValue, ScoreOverride, Tally};

    use crate::repo::activity::{self, Holding};
    use crate::repo::external_ref::{self, ExternalRef};
    use crate::repo::lead_score::{self, LeadScore};
    use crate::repo::subject::{self, NamedSubject};
    use crate::repo::{lead, person, score_model};
    use crate::tests::support::{
        Draws, a_score, actor, all, at, every_state, id, lead_id, new_lead, new_person, person_id, prepare, start, store_leads,
        user,
    };
    use crate::{Backend, PageArgs, Store};

    fn done(number: u128, lead: Option<LeadId>, at: DateTime<Utc>, name: Option<&str>) -> Activity {
        Activity {
            id: id(30, number),
            person: person_id(1),
            lead,
            channel: Channel::ALL[usize::try_from(number).unwrap() % 3],
            kind: ActivityKind::ALL[usize::try_from(number).unwrap() % 2],
            outcome: None,
            note: None,
            campaign: None,
            occurred_at: at,
            recorded_at: start(),
            recorded_by: Some(user(1)),
            reference: name.map(|name| ActivityRef { source: "site".parse().unwrap(), external_id: name.parse().unwrap() }),
        }
    }

    /// A partner that captured nothing of what there is.
    fn partner(action: Action) -> Grant {
        let partner_scopes = vec![PartnerScope::Capture];
        let partner = Actor { user: user(9), teams: vec![], managed: vec![], partner_scopes, ..actor(Role::Partner) };
        grant(&partner, action).unwrap()
    }

    async fn record(store: &Store, activities: &[Activity]) -> BTreeSet<ActivityId> {
        let uow = store.begin().await.unwrap();
        activity::hold(&uow, &[person_id(1)], Holding::Shared).await.unwrap();
        let stored = activity::insert_many(&uow, activities).await.unwrap();
        uow.commit().await.unwrap();
        stored
    }

    fn ids(activities: &[&Activity]) -> BTreeSet<ActivityId> {
        activities.iter().map(|activity| activity.id).collect()
    }

    pub(super) async fn what_is_recorded_is_read_back_once(store: Store) {
        prepare(&store).await;
        let leads = [new_lead(1, every_state().remove(0)), new_lead(2, every_state().remove(0))];
        store_leads(&store, &leads).await;
        let first = done(1, None, at(1), Some("a"));
        let second = done(2, Some(lead_id(1)), at(2), None);
        let other = done(3, Some(lead_id(2)), at(3), Some("b"));
        let again = done(4, None, at(9), Some("a"));
        let twice = done(5, None, at(9), Some("c"));
        let thrice = Activity { id: id(30, 6), ..twice.clone() };
        let stored = record(&store, &[first.clone(), second.clone(), other.clone()]).await;
        assert_eq!(stored, ids(&[&first, &second, &other]));
        let stored = record(&store, &[again.clone(), twice.clone(), thrice.clone()]).await;
        assert_eq!(stored, ids(&[&twice]), "a name leads to one activity, also within one call");
        let on = store.reader();
        let names: Vec<&ActivityRef> = [&again, &thrice].iter().filter_map(|one| one.reference.as_ref()).collect();
        let known = activity::find_known(&on, &names).await.unwrap();
        assert_eq!(known.into_values().collect::<Vec<_>>(), [first.id, twice.id]);
        assert_eq!(activity::find(&on, &all(), second.id).await.unwrap(), Some(second.clone()));

        let items = |page: crate::Page<Activity>| page.items.into_iter().map(|(_, item)| item).collect::<Vec<_>>();
        let page = PageArgs::first(10);
        let of_first = activity::page_of_lead(&on, &all(), &leads[0], None, &page).await.unwrap();
        assert_eq!(items(of_first), [twice.clone(), second.clone(), first.clone()]);
        let by_nobody = activity::page_of_lead(&on, &all(), &leads[0], Some(user(9)), &page).await.unwrap();
        assert_eq!(items(by_nobody), []);
        let of_person = activity::page_of_person(&on, &all(), person_id(1), &page).await.unwrap();
        assert_eq!(items(of_person), [twice, other, second, first]);
        let hidden = activity::page_of_lead(&on, &partner(Action::ViewLead), &leads[0], None, &page).await.unwrap();
        assert_eq!(items(hidden), [], "what hangs on a lead out of reach is out of reach");
    }

    pub(super) async fn hours_count_as_single_activities_do(store: Store) {
        prepare(&store).await;
        let mut draws = Draws(7);
        let activities: Vec<Activity> = (0..300)
            .map(|number| {
                let seconds = i64::try_from(draws.below(40 * 3_600)).unwrap();
                let lead = [None, Some(lead_id(1)), Some(lead_id(2))][usize::try_from(draws.below(3)).unwrap()];
                done(number, lead, start() - TimeDelta::seconds(seconds), None)
            })
            .collect();
        for batch in activities.chunks(70) {
            assert_eq!(record(&store, batch).await.len(), batch.len());
        }
        let counts = activity::counts_of(&store.reader(), &[person_id(1), person_id(2)]).await.unwrap();
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [person_id(1)]);
        let mut counted = Tally::new();
        let mut of_first = Tally::new();
        for hour in &counts[&person_id(1)] {
            counted.add_many(hour.channel, hour.kind, hour.at, hour.count);
            if hour.lead.is_none_or(|lead| lead == lead_id(1)) {
                of_first.add_many(hour.channel, hour.kind, hour.at, hour.count);
            }
        }
        assert_eq!(counted, activities.iter().collect::<Tally>());
        let first = activities.iter().filter(|activity| activity.lead != Some(lead_id(2)));
        assert_eq!(of_first, first.collect::<Tally>());
    }

    fn model(number: u128) -> ScoreModelId {
        id(40, number)
    }

    fn score_of(number: u128) -> LeadScore {
        let mut score = LeadScore::new(lead_id(number), at(4));
        score.tally.add(Channel::Email, ActivityKind::Click, at(1));
        score.model = Some(model(2));
        score
    }

    async fn put(store: &Store, scores: &[LeadScore]) {
        let uow = store.begin().await.unwrap();
        lead_score::put_many(&uow, scores).await.unwrap();
        uow.commit().await.unwrap();
    }

    pub(super) async fn scores_are_read_back_with_all_they_depend_on(store: Store) {
        prepare(&store).await;
        let mut states = every_state();
        let leads = [new_lead(1, states.remove(0)), new_lead(2, states.remove(3))];
        store_leads(&store, &leads).await;
        let by_hand = ScoreOverride {
            value: OverrideValue::Points { fit: 90, engagement: 1 },
            reason: "met at the fair".parse().unwrap(),
            by: user(1),
            at: at(1),
            until: at(90),
        };
        let known = LeadScore { by_hand: Some(by_hand), next_change_at: Some(at(90)), ..score_of(1) };
        put(&store, &[score_of(1), score_of(2)]).await;
        put(&store, std::slice::from_ref(&known)).await;

        let uow = store.begin().await.unwrap();
        let locked = lead_score::lock(&uow, &[person_id(1)], &[lead_id(2), lead_id(1)]).await.unwrap();
        assert_eq!(locked, [lead_id(1)], "leads that are closed get no points any more");
        let mut loaded = lead_score::load(&uow, &locked).await.unwrap();
        let mut one = loaded.pop().unwrap();
        assert_eq!((&one.lead, one.score.as_ref()), (&leads[0], Some(&known)));
        assert_eq!(one.person, new_person(1, "Änne", "Groß"));
        assert_eq!(one.company.map(|company| company.id), leads[0].company);
        one.lead.demand.score = a_score(95, 95);
        one.lead.version = 2;
        one.lead.updated_at = at(8);
        lead_score::update_leads(&uow, &[&one.lead]).await.unwrap();
        lead_score::look_at(&uow, &[lead_id(1)], at(9)).await.unwrap();
        uow.commit().await.unwrap();
        let on = store.reader();
        assert_eq!(lead::find(&on, &all(), lead_id(1)).await.unwrap(), Some(one.lead));
        assert_eq!(lead::find(&on, &all(), lead_id(2)).await.unwrap().as_ref(), Some(&leads[1]));
        let found = lead_score::find_many(&on, &all(), &[lead_id(1), lead_id(7)]).await.unwrap();
        assert_eq!(found.into_values().collect::<Vec<_>>(), [LeadScore { next_change_at: Some(at(9)), ..known }]);
    }

    pub(super) async fn due_scores_are_found_once(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (1..=6).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(&store, &leads).await;
        assert!(!lead_score::any_due(&store.reader(), at(5)).await.unwrap());
        let due = |number, minutes| LeadScore { next_change_at: Some(at(minutes)), ..score_of(number) };
        let by_another = |number, other| LeadScore { model: Some(model(other)), ..score_of(number) };
        put(&store, &[due(1, 3), due(2, 2), due(3, 60), by_another(4, 1), by_another(5, 3), score_of(6)]).await;
        assert!(lead_score::any_due(&store.reader(), at(5)).await.unwrap());

        let one = store.begin().await.unwrap();
        let found = lead_score::lock_due(&one, model(2), at(5), 3).await.unwrap();
        assert_eq!(found, [lead_id(1), lead_id(2), lead_id(4)]);
        if store.backend() == Backend::Postgres {
            let other = store.begin().await.unwrap();
            let left = lead_score::lock_due(&other, model(2), at(5), 3).await.unwrap();
            assert_eq!(left, [lead_id(5)], "what one node holds, another passes over");
            other.rollback().await.unwrap();
        }
        lead_score::let_rest(&one, &[lead_id(1), lead_id(2), lead_id(4)]).await.unwrap();
        one.commit().await.unwrap();
        let two = store.begin().await.unwrap();
        assert_eq!(lead_score::lock_due(&two, model(2), at(5), 3).await.unwrap(), [lead_id(5)]);
        assert_eq!(lead_score::leads_of_company(&two, leads[0].company.unwrap(), 4).await.unwrap().len(), 4);
        lead_score::look_at_company(&two, leads[0].company.unwrap(), at(5)).await.unwrap();
        assert_eq!(lead_score::lock_due(&two, model(2), at(5), 9).await.unwrap().len(), 6);
        let all: Vec<LeadId> = leads.iter().map(|lead| lead.id).collect();
        lead_score::let_rest(&two, &all).await.unwrap();
        assert!(!lead_score::any_due(&two, at(90)).await.unwrap());
        let shipped = fairfall_domain::scoring::shipped::model_at(start()).unwrap();
        score_model::insert(&two, &shipped).await.unwrap();
        lead_score::put_many(&two, &[LeadScore { model: Some(shipped.id), ..score_of(1) }]).await.unwrap();
        assert!(!lead_score::any_due(&two, at(90)).await.unwrap());
        lead_score::put_many(&two, &[score_of(2)]).await.unwrap();
        assert!(lead_score::any_due(&two, at(90)).await.unwrap(), "scored by another model than the one in force");
        two.rollback().await.unwrap();
    }

    pub(super) async fn subjects_are_found_as_far_as_a_permission_reaches(store: Store) {
        prepare(&store).await;
        store_leads(&store, &[new_lead(1, every_state().remove(0))]).await;
        let uow = store.begin().await.unwrap();
        person::insert(&uow, &new_person(2, "Bea", "Klein")).await.unwrap();
        let name = |text: &str| ExternalRef { source: "shop".to_owned(), external_id: text.to_owned() };
        external_ref::put(&uow, &name("7"), lead_id(1)).await.unwrap();
        external_ref::put(&uow, &name("7"), person_id(2)).await.unwrap();
        external_ref::put(&uow, &name("8"), person_id(2)).await.unwrap();
        uow.commit().await.unwrap();
        let on = store.reader();
        let named = subject::named(&on, &[&name("7"), &name("8"), &name("9")]).await.unwrap();
        let named: Vec<NamedSubject> = named.into_values().collect();
        assert_eq!(named, [NamedSubject::Lead(lead_id(1)), NamedSubject::Person(person_id(2))]);

        let system = Grant::system(Action::RecordActivity);
        let people = [person_id(1), person_id(2), person_id(3)];
        let known = |found: Vec<PersonId>| found.into_iter().collect::<BTreeSet<_>>();
        assert_eq!(
            known(subject::known_persons(&on, &system, &people).await.unwrap().into_values().collect()),
            BTreeSet::from([people[0], people[1]])
        );
        let emails = ["p1@example.com", "p2@example.com", "p3@example.com"];
        let by_email = subject::persons_by_email(&on, &system, &emails).await.unwrap();
        assert_eq!(by_email.into_values().collect::<Vec<_>>(), people[..2]);
        let persons = subject::persons_of_leads(&on, &system, &[lead_id(1), lead_id(2)]).await.unwrap();
        assert_eq!(persons.into_iter().collect::<Vec<_>>(), [(lead_id(1), person_id(1))]);
        let partner = partner(Action::RecordActivity);
        assert!(subject::known_persons(&on, &partner, &people).await.unwrap().is_empty());
        assert!(subject::persons_of_leads(&on, &partner, &[lead_id(1)]).await.unwrap().is_empty());
        assert!(subject::persons_by_email(&on, &partner, &emails).await.unwrap().is_empty());
    }
}
