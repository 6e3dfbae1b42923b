//! Imports are stored whole or not at all, and go on where they stopped.

super::support::on_both!(a_chunk_is_stored_whole, a_taken_name_stores_nothing, a_run_goes_on_where_it_stopped);

mod run {
    use fairfall_domain::id::{EventId, LeadId, PersonId};

    use crate::repo::external_ref::ExternalRef;
    use crate::repo::import::{self, ImportProgress, ImportStamp, ImportState, ImportedLead, ImportedRef};
    use crate::repo::lead::{self, LeadFilter, LeadSort};
    use crate::repo::person;
    use crate::tests::support::{
        all, at, captured, company_id, every_state, id, lead_id, new_company, new_lead, new_person, person_id, prepare, start,
    };
    use crate::{PageArgs, Store, StoreError, journal};

    fn name(number: u128) -> ExternalRef {
        ExternalRef { source: "crm".to_owned(), external_id: format!("L{number}") }
    }

    fn imported(number: u128) -> ImportedLead {
        let mut lead = new_lead(number, every_state().remove(0));
        (lead.person, lead.company) = (person_id(number), Some(company_id(number)));
        let person = new_person(number, "Vera", &format!("Nummer{number}"));
        ImportedLead {
            person: Some(fairfall_domain::person::Person { company: lead.company, ..person }),
            company: Some(new_company(number, &format!("Firma {number} GmbH"))),
            refs: vec![ImportedRef::new(name(number), lead.id), ImportedRef::new(name(number), lead.person)],
            event_ids: vec![id::<EventId>(10, number)],
            change: captured(lead),
        }
    }

    fn stamp(number: u128) -> ImportStamp {
        ImportStamp { actor: None, at: at(500), request_id: None, audit_id: id(11, number) }
    }

    pub(super) async fn a_chunk_is_stored_whole(store: Store) {
        prepare(&store).await;
        let leads: Vec<ImportedLead> = (10..10 + 333).map(imported).collect();
        let uow = store.begin().await.unwrap();
        import::import_chunk(&uow, &leads, id(14, 1), &stamp(1)).await.unwrap();
        uow.commit().await.unwrap();
        journal::stamp(&store).await.unwrap();
        let on = store.reader();
        assert_eq!(lead::count(&on, &all(), &LeadFilter::default(), 10_000).await.unwrap(), 333);
        let last = &leads[332].change;
        assert_eq!(lead::find(&on, &all(), last.lead.id).await.unwrap().as_ref(), Some(&last.lead));
        assert_eq!(lead::find_passages(&on, &all(), &[last.lead.id]).await.unwrap(), std::slice::from_ref(&last.passage));
        assert_eq!(lead::find_transitions(&on, &all(), &[last.lead.id]).await.unwrap(), last.transitions);
        assert_eq!(person::find(&on, &all(), last.lead.person).await.unwrap(), leads[332].person);
        assert_eq!(journal::head(&on).await.unwrap(), 333);
        let filter = LeadFilter { search: Some("nummer34 firma".to_owned()), ..LeadFilter::default() };
        let found = lead::page(&on, &all(), &filter, LeadSort::CreatedAsc, &PageArgs::first(5)).await.unwrap();
        assert_eq!(
            found.items.iter().map(|(_, lead)| lead.id).collect::<Vec<_>>(),
            [lead_id(34), lead_id(340), lead_id(341), lead_id(342)]
        );
        let known = import::known_refs::<LeadId>(&on, "crm", &["L10", "L342", "L343"]).await.unwrap();
        assert_eq!(known.into_iter().collect::<Vec<_>>(), [("L10".to_owned(), lead_id(10)), ("L342".to_owned(), lead_id(342))]);
        let known = import::known_refs::<PersonId>(&on, "crm", &["L11"]).await.unwrap();
        assert_eq!(known.get("L11"), Some(&person_id(11)));
        assert_eq!(import::find_imported(&on, &name(12)).await.unwrap(), Some(lead_id(12)));
    }

    pub(super) async fn a_taken_name_stores_nothing(store: Store) {
        prepare(&store).await;
        let mut leads: Vec<ImportedLead> = (10..13).map(imported).collect();
        leads[2].refs = vec![ImportedRef::new(name(10), leads[2].change.lead.id)];
        let uow = store.begin().await.unwrap();
        let taken = import::import_chunk(&uow, &leads, id(14, 1), &stamp(1)).await.unwrap_err();
        assert!(matches!(taken, StoreError::Unique { .. }), "{taken:?}");
        drop(uow);
        assert_eq!(lead::count(&store.reader(), &all(), &LeadFilter::default(), 10).await.unwrap(), 0);
    }

    pub(super) async fn a_run_goes_on_where_it_stopped(store: Store) {
        prepare(&store).await;
        let fingerprint = "f".repeat(64);
        let uow = store.begin().await.unwrap();
        let run = import::begin(&uow, id(14, 1), "crm", &fingerprint, start()).await.unwrap();
        assert_eq!((run.progress, run.state), (ImportProgress::default(), ImportState::Running));
        let progress = ImportProgress { rows_done: 3, accepted: 2, rejected: 1 };
        let chunk: Vec<ImportedLead> = (10..12).map(imported).collect();
        import::import_chunk(&uow, &chunk, run.id, &stamp(1)).await.unwrap();
        import::advance(&uow, run.id, progress, at(1)).await.unwrap();
        uow.commit().await.unwrap();
        let uow = store.begin().await.unwrap();
        let again = import::begin(&uow, id(14, 2), "crm", &fingerprint, at(9)).await.unwrap();
        assert_eq!((again.id, again.progress, again.started_at), (run.id, progress, start()));
        import::finish(&uow, run.id, progress, at(10)).await.unwrap();
        let ended = import::begin(&uow, id(14, 3), "crm", &fingerprint, at(11)).await.unwrap();
        assert_eq!((ended.id, ended.state), (run.id, ImportState::Finished));
        let other = import::begin(&uow, id(14, 3), "other", &fingerprint, at(11)).await.unwrap();
        assert_eq!(other.id, id(14, 3));
    }
}
