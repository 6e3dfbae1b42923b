//! Leads are read back as they were written, and only written at the version that was read.

super::support::on_both!(
    every_state_is_read_back,
    a_stale_version_writes_nothing,
    an_act_is_stored_whole,
    who_waited_decides_on_all_that_the_first_left,
    queues_show_what_waits,
    due_leads_are_found
);

mod run {
    use fairfall_domain::access::{Action, Role, grant};
    use fairfall_domain::customer::{Customer, CustomerState};
    use fairfall_domain::department::Department;
    use fairfall_domain::opportunity::{Opportunity, OpportunityOpening};
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::waterfall::change::Change;
    use fairfall_domain::waterfall::event::LeadEvent;
    use fairfall_domain::waterfall::passage::{Passage, PassageOutcome};
    use fairfall_domain::waterfall::stage::OpenStage;
    use fairfall_domain::waterfall::state::LeadState;

    use crate::repo::lead::{self, QueueScope};
    use crate::tests::support::{
        actor, all, at, captured, every_state, id, lead_id, new_company, new_lead, new_person, offered, place, prepare, stamp,
        store_leads, team, user,
    };
    use crate::{PageArgs, Store, StoreError, journal};

    pub(super) async fn every_state_is_read_back(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (0..).zip(every_state()).map(|(number, state)| new_lead(number, state)).collect();
        store_leads(&store, &leads).await;
        let on = store.reader();
        for lead in &leads {
            assert_eq!(lead::find(&on, &all(), lead.id).await.unwrap().as_ref(), Some(lead));
            let change = captured(lead.clone());
            assert_eq!(lead::find_passages(&on, &all(), &[lead.id]).await.unwrap(), std::slice::from_ref(&change.passage));
            assert_eq!(lead::find_transitions(&on, &all(), &[lead.id]).await.unwrap(), change.transitions);
            let uow = store.begin().await.unwrap();
            let dossier = lead::load_for_command(&uow, lead.id).await.unwrap().unwrap();
            assert_eq!((&dossier.lead, &dossier.passage), (lead, &change.passage));
            assert_eq!(dossier.person, new_person(1, "Änne", "Groß"));
            assert_eq!(dossier.company, Some(new_company(1, "Müller & Söhne GmbH")));
            assert_eq!(dossier.opportunity, None);
        }
        assert_eq!(lead::find(&on, &all(), lead_id(999)).await.unwrap(), None);
    }

    pub(super) async fn a_stale_version_writes_nothing(store: Store) {
        prepare(&store).await;
        let first = new_lead(1, every_state().remove(0));
        store_leads(&store, std::slice::from_ref(&first)).await;
        let mut change = captured(first.clone());
        change.lead.version = 2;
        change.transitions[0].id = id(9, 77);
        change.transitions[0].lead_version = 2;
        let uow = store.begin().await.unwrap();
        let stale = lead::record(&uow, &change, 7, &stamp(2)).await;
        assert_eq!(stale, Err(StoreError::VersionConflict { current: Some(1) }));
        // even when the caller commits all the same
        uow.commit().await.unwrap();
        assert_eq!(lead::find(&store.reader(), &all(), first.id).await.unwrap(), Some(first.clone()));
        assert_eq!(lead::find_transitions(&store.reader(), &all(), &[first.id]).await.unwrap().len(), 1);
        let uow = store.begin().await.unwrap();
        lead::record(&uow, &change, 1, &stamp(2)).await.unwrap();
        uow.commit().await.unwrap();
        let uow = store.begin().await.unwrap();
        assert_eq!(lead::record(&uow, &change, 1, &stamp(3)).await, Err(StoreError::VersionConflict { current: Some(2) }));
        change.lead.id = lead_id(404);
        assert_eq!(lead::record(&uow, &change, 1, &stamp(4)).await, Err(StoreError::VersionConflict { current: None }));
    }

    async fn record(store: &Store, change: &Change, expected: u32) {
        let uow = store.begin().await.unwrap();
        lead::record(&uow, change, expected, &stamp(2)).await.unwrap();
        uow.commit().await.unwrap();
        journal::stamp(store).await.unwrap();
    }

    pub(super) async fn an_act_is_stored_whole(store: Store) {
        prepare(&store).await;
        let first = new_lead(1, every_state().remove(0));
        store_leads(&store, std::slice::from_ref(&first)).await;
        let before = captured(first.clone());
        let mut change = before.clone();
        change.lead.version = 2;
        change.lead.passage = id(8, 900);
        change.lead.passage_number = 2;
        change.passage.enter(OpenStage::Mql, at(30));
        change.passage.close(PassageOutcome::Recycled, at(90));
        change.opened = Some(Passage { id: id(8, 900), number: 2, ..before.passage.clone() });
        change.opportunity = Some(Opportunity::open(
            OpportunityOpening {
                id: id(12, 1),
                lead: first.id,
                passage: id(8, 900),
                person: first.person,
                company: first.company,
                amount: first.demand.value,
            },
            at(90),
        ));
        change.customer = Some(Customer {
            id: id(6, 1),
            version: 1,
            lead: first.id,
            opportunity: Some(id(12, 1)),
            person: first.person,
            company: first.company,
            team: Some(team(3)),
            state: CustomerState::HandedOver { at: at(90) },
        });
        let mut follow_up = before.transitions[0].clone();
        follow_up.id = id(9, 501);
        follow_up.lead_version = 2;
        let mut second = follow_up.clone();
        (second.id, second.step) = (id(9, 502), 1);
        change.transitions = vec![follow_up, second];
        change.events.push(LeadEvent::OpportunityOpened { opportunity: id(12, 1) });
        record(&store, &change, 1).await;
        let on = store.reader();
        let uow = store.begin().await.unwrap();
        let dossier = lead::load_for_command(&uow, first.id).await.unwrap().unwrap();
        assert_eq!(Some(&dossier.passage), change.opened.as_ref());
        assert_eq!(dossier.opportunity, change.opportunity);
        drop(uow);
        let passages = lead::find_passages(&on, &all(), &[first.id]).await.unwrap();
        assert_eq!(passages, [change.passage.clone(), change.opened.clone().unwrap()]);
        assert_eq!(lead::find_transitions(&on, &all(), &[first.id]).await.unwrap().len(), 3);
        let kept = journal::read_after(&on, 0, 100).await.unwrap();
        assert_eq!(kept.iter().map(|entry| entry.position).collect::<Vec<_>>(), [1, 2, 3]);
        assert_eq!(kept[2].payload, serde_json::to_value(&change.events[1]).unwrap());
        assert_eq!((kept[2].subject, kept[2].subject_version), (first.id.into(), 2));
        let audit = crate::audit::page(&on, &all(), &crate::audit::AuditFilter::default(), &PageArgs::first(10)).await.unwrap();
        assert_eq!(audit.items.len(), 2);

        // closing the opportunity replaces its row
        let mut won = change.clone();
        (won.opened, won.customer) = (None, None);
        won.lead.version = 3;
        won.passage = change.opened.clone().unwrap();
        won.opportunity.as_mut().unwrap().version = 2;
        won.transitions.clear();
        won.events.truncate(1);
        let uow = store.begin().await.unwrap();
        lead::record(&uow, &won, 2, &stamp(3)).await.unwrap();
        let dossier = lead::load_for_command(&uow, first.id).await.unwrap().unwrap();
        assert_eq!(dossier.opportunity, won.opportunity);
    }

    /// Also the passage, which the second has not locked: with the new lead and the old passage it would write the old one back.
    pub(super) async fn who_waited_decides_on_all_that_the_first_left(store: Store) {
        prepare(&store).await;
        let leads = [new_lead(1, every_state().remove(0)), new_lead(2, every_state().remove(0))];
        store_leads(&store, &leads).await;
        for (lead, (reopened, number)) in leads.into_iter().zip([(None, 20), (Some(id(8, 901)), 21)]) {
            let mut change = captured(lead.clone());
            change.lead.version = 2;
            change.transitions[0].id = id(9, 800 + number);
            change.transitions[0].lead_version = 2;
            change.passage.enter(OpenStage::Mql, at(30));
            if let Some(passage) = reopened {
                change.lead.passage = passage;
                change.passage.close(PassageOutcome::Recycled, at(40));
                change.opened = Some(Passage { id: passage, number: 2, ..captured(lead.clone()).passage });
            }
            let first = store.begin().await.unwrap();
            lead::load_for_command(&first, lead.id).await.unwrap().unwrap();
            lead::record(&first, &change, 1, &stamp(number)).await.unwrap();
            let waiting = {
                let (store, id) = (store.clone(), lead.id);
                async move {
                    let second = store.begin().await.unwrap();
                    lead::load_for_command(&second, id).await.unwrap().unwrap()
                }
            };
            let mut waiting = tokio::spawn(waiting);
            let early = tokio::time::timeout(std::time::Duration::from_millis(300), &mut waiting).await;
            assert!(early.is_err(), "the second waits for the first");
            first.commit().await.unwrap();
            let dossier = waiting.await.unwrap();
            assert_eq!(dossier.lead.version, 2);
            assert_eq!(dossier.passage, change.opened.unwrap_or(change.passage));
        }
    }

    pub(super) async fn queues_show_what_waits(store: Store) {
        prepare(&store).await;
        let working = |placement| LeadState::Working { place: place(OpenStage::Lead, Department::Marketing, placement) };
        let giver = place(OpenStage::Mql, Department::Marketing, Placement::with(Some(team(5)), user(5)));
        let mut leads: Vec<_> = [
            working(Placement::with(Some(team(1)), user(1))),
            offered(giver, Placement::with(Some(team(9)), user(1))),
            offered(giver, Placement::queued(Some(team(1)), QueueReason::AwaitingPickUp)),
            working(Placement::queued(Some(team(2)), QueueReason::NobodyActive)),
            working(Placement::queued(None, QueueReason::NoTeam)),
            offered(giver, Placement::queued(None, QueueReason::NoTeam)),
            working(Placement::queued(Some(team(9)), QueueReason::AwaitingPickUp)),
        ]
        .into_iter()
        .zip(0..)
        .map(|(state, number)| new_lead(number, state))
        .collect();
        leads[5].touched = leads[5].touched.with(Department::InsideSales);
        leads[3].stage_since = at(-9);
        store_leads(&store, &leads).await;
        let queue = async |role, scope| {
            let grant = grant(&actor(role), Action::ViewLead).unwrap();
            let page = lead::queue_page(&store.reader(), &grant, scope, &PageArgs::first(10)).await.unwrap();
            page.items.iter().map(|(_, lead)| leads.iter().position(|one| one.id == lead.id).unwrap()).collect::<Vec<_>>()
        };
        assert_eq!(queue(Role::Member(Department::InsideSales), QueueScope::Mine).await, [1]);
        assert_eq!(queue(Role::Manager(Department::Marketing), QueueScope::Team).await, [3, 4, 2]);
        assert_eq!(queue(Role::Manager(Department::InsideSales), QueueScope::Team).await, [3, 2, 5]);
    }

    pub(super) async fn due_leads_are_found(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (0..).zip(every_state()).map(|(number, state)| new_lead(number, state)).collect();
        store_leads(&store, &leads).await;
        assert_eq!(lead::due_for_resume(&store.reader(), at(59), 10).await.unwrap().len(), 0);
        assert_eq!(lead::due_for_resume(&store.reader(), at(60), 10).await.unwrap(), [leads[3].id]);
    }
}
