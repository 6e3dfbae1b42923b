//! Pages in both directions show every lead once, in order; filters and search let through what they say.

super::support::on_both!(pages_are_complete_and_without_doubles, filters_narrow, names_are_searched, the_audit_trail_is_paged);

mod run {
    use chrono::TimeDelta;
    use fairfall_domain::department::Department;
    use fairfall_domain::id::LeadId;
    use fairfall_domain::waterfall::lead::Lead;
    use fairfall_domain::waterfall::stage::Stage;
    use fairfall_domain::waterfall::state::StateKind;

    use crate::audit::{AuditFilter, AuditRow};
    use crate::repo::lead::{self, LeadFilter, LeadSort};
    use crate::repo::{company, person};
    use crate::tests::support::{
        Draws, all, at, company_id, every_state, new_company, new_lead, new_person, person_id, prepare, start, store_leads, team,
        user,
    };
    use crate::{Page, PageArgs, PageLimits, Store};

    const LIMITS: PageLimits = PageLimits { default: 10, max: 50 };
    const SORTS: [LeadSort; 6] = [
        LeadSort::ScoreDesc,
        LeadSort::ScoreAsc,
        LeadSort::CreatedDesc,
        LeadSort::CreatedAsc,
        LeadSort::UpdatedDesc,
        LeadSort::UpdatedAsc,
    ];

    fn sorted(leads: &[Lead], sort: LeadSort) -> Vec<LeadId> {
        let mut keyed: Vec<_> = leads
            .iter()
            .map(|lead| match sort {
                LeadSort::ScoreDesc | LeadSort::ScoreAsc => (i64::from(lead.demand.score.rank()), lead.id),
                LeadSort::CreatedDesc | LeadSort::CreatedAsc => (lead.captured_at.timestamp_micros(), lead.id),
                LeadSort::UpdatedDesc | LeadSort::UpdatedAsc => (lead.updated_at.timestamp_micros(), lead.id),
            })
            .collect();
        keyed.sort_unstable();
        match sort {
            LeadSort::ScoreDesc | LeadSort::CreatedDesc | LeadSort::UpdatedDesc => keyed.reverse(),
            LeadSort::ScoreAsc | LeadSort::CreatedAsc | LeadSort::UpdatedAsc => {}
        }
        keyed.into_iter().map(|(_, id)| id).collect()
    }

    fn ids(page: &Page<Lead>) -> Vec<LeadId> {
        page.items.iter().map(|(_, lead)| lead.id).collect()
    }

    pub(super) async fn pages_are_complete_and_without_doubles(store: Store) {
        prepare(&store).await;
        let mut draws = Draws(3);
        let leads: Vec<Lead> = (0..93)
            .map(|number| {
                let mut lead = new_lead(number, every_state().remove(0));
                // many at the same time, some a microsecond apart
                lead.captured_at = start() + TimeDelta::microseconds(i64::try_from(draws.below(9)).unwrap() * 500_001);
                lead.updated_at = start() + TimeDelta::microseconds(i64::try_from(draws.below(3)).unwrap());
                lead
            })
            .collect();
        store_leads(&store, &leads).await;
        let on = store.reader();
        for sort in SORTS {
            let expected = sorted(&leads, sort);
            let (mut forward, mut after) = (Vec::new(), None);
            loop {
                let args = PageArgs::try_new(Some(10), after.clone(), None, None, LIMITS).unwrap();
                let page = lead::page(&on, &all(), &LeadFilter::default(), sort, &args).await.unwrap();
                assert_eq!(page.has_previous, after.is_some());
                forward.extend(ids(&page));
                if !page.has_next {
                    break;
                }
                // what a client sends back went through a text
                after = page.items.last().map(|(cursor, _)| cursor.to_string().parse().unwrap());
            }
            assert_eq!(forward, expected, "{sort:?}");
            let (mut backward, mut before) = (Vec::new(), None);
            loop {
                let args = PageArgs::try_new(None, None, Some(7), before.clone(), LIMITS).unwrap();
                let page = lead::page(&on, &all(), &LeadFilter::default(), sort, &args).await.unwrap();
                assert_eq!(page.has_next, before.is_some());
                backward.splice(0..0, ids(&page));
                if !page.has_previous {
                    break;
                }
                before = page.items.first().map(|(cursor, _)| cursor.clone());
            }
            assert_eq!(backward, expected, "{sort:?}");
        }
    }

    pub(super) async fn filters_narrow(store: Store) {
        prepare(&store).await;
        let mut leads: Vec<_> = (0..).zip(every_state()).map(|(number, state)| new_lead(number, state)).collect();
        leads[1].demand.country = Some("AT".parse().unwrap());
        leads[2].demand.language = None;
        leads[3].demand.product_area = "erp".parse().unwrap();
        leads[4].origin.department = Department::FieldSales;
        store_leads(&store, &leads).await;
        let found = async |filter: LeadFilter| {
            let page = lead::page(&store.reader(), &all(), &filter, LeadSort::CreatedAsc, &PageArgs::first(50)).await.unwrap();
            let count = lead::count(&store.reader(), &all(), &filter, 10_000).await.unwrap();
            assert_eq!(count, u64::try_from(page.items.len()).unwrap());
            page.items.iter().map(|(_, lead)| leads.iter().position(|one| one.id == lead.id).unwrap()).collect::<Vec<_>>()
        };
        let none = LeadFilter::default;
        assert_eq!(found(LeadFilter { stages: vec![Stage::Won, Stage::Lost], ..none() }).await, [4, 5]);
        assert_eq!(found(LeadFilter { states: vec![StateKind::Offered], ..none() }).await, [2]);
        assert_eq!(found(LeadFilter { owners: vec![None], ..none() }).await, [1]);
        assert_eq!(found(LeadFilter { owners: vec![None, Some(user(1))], ..none() }).await.len(), 8);
        assert_eq!(found(LeadFilter { owners: vec![Some(user(2))], ..none() }).await.len(), 0);
        assert_eq!(found(LeadFilter { teams: vec![team(1)], states: vec![StateKind::Working], ..none() }).await, [0]);
        assert_eq!(found(LeadFilter { countries: vec!["AT".parse().unwrap()], ..none() }).await, [1]);
        assert_eq!(found(LeadFilter { languages: vec!["de-AT".parse().unwrap()], ..none() }).await.len(), 7);
        assert_eq!(found(LeadFilter { product_areas: vec!["erp".parse().unwrap()], ..none() }).await, [3]);
        assert_eq!(found(LeadFilter { origins: vec![Department::FieldSales], ..none() }).await, [4]);
        assert_eq!(found(LeadFilter { departments: vec![Department::InsideSales], ..none() }).await.len(), 0);
        assert_eq!(found(LeadFilter { campaigns: vec![crate::tests::support::id(13, 1)], ..none() }).await.len(), 0);
        let capped = lead::count(&store.reader(), &all(), &none(), 3).await.unwrap();
        assert_eq!(capped, 4);
    }

    pub(super) async fn names_are_searched(store: Store) {
        prepare(&store).await;
        let uow = store.begin().await.unwrap();
        company::insert(&uow, &new_company(2, "Østfold Bygg AS")).await.unwrap();
        person::insert(&uow, &new_person(2, "Jörg", "Lindström")).await.unwrap();
        uow.commit().await.unwrap();
        let mut leads: Vec<_> = (0..2).map(|number| new_lead(number, every_state().remove(0))).collect();
        (leads[1].person, leads[1].company) = (person_id(2), Some(company_id(2)));
        store_leads(&store, &leads).await;
        for (text, expected) in [
            ("mull", vec![0]),
            ("MUELLER soe", vec![0]),
            ("groß", vec![0]),
            ("joerg bygg", vec![1]),
            ("jorg lindstrom", vec![1]),
            ("joerg mueller", vec![]),
            ("ergebnis", vec![]),
            ("  -- ", vec![]),
        ] {
            let filter = LeadFilter { search: Some(text.to_owned()), ..LeadFilter::default() };
            let page = lead::page(&store.reader(), &all(), &filter, LeadSort::CreatedAsc, &PageArgs::first(5)).await.unwrap();
            let found: Vec<_> = ids(&page).into_iter().map(|id| leads.iter().position(|lead| lead.id == id).unwrap()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    pub(super) async fn the_audit_trail_is_paged(store: Store) {
        prepare(&store).await;
        let leads: Vec<_> = (0..12).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(&store, &leads).await;
        let on = store.reader();
        let first = crate::audit::page(&on, &all(), &AuditFilter::default(), &PageArgs::first(7)).await.unwrap();
        assert!(first.has_next);
        let after = first.items.last().map(|(cursor, _)| cursor.clone());
        let args = PageArgs::try_new(Some(7), after, None, None, LIMITS).unwrap();
        let rest = crate::audit::page(&on, &all(), &AuditFilter::default(), &args).await.unwrap();
        assert_eq!((first.items.len(), rest.items.len(), rest.has_next), (7, 5, false));
        let of_one = AuditFilter { subject: Some(leads[3].id.uuid()), actor: Some(user(1)) };
        let found: Vec<AuditRow> = crate::audit::page(&on, &all(), &of_one, &PageArgs::first(7))
            .await
            .unwrap()
            .items
            .into_iter()
            .map(|(_, row)| row)
            .collect();
        assert_eq!((found.len(), found[0].at, found[0].subject), (1, at(5), Some(leads[3].id.uuid())));
    }
}
