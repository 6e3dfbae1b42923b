//! What SQL lets through is exactly what the permission covers.

super::support::on_both!(sql_and_covers_agree);

mod run {
    use std::collections::BTreeSet;

    use fairfall_domain::access::{Action, DepartmentSet, Grant, PartnerScope, Role, Scope, grant};
    use fairfall_domain::department::Department;
    use fairfall_domain::id::LeadId;
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::waterfall::lead::Lead;
    use fairfall_domain::waterfall::stage::OpenStage;
    use fairfall_domain::waterfall::state::LeadState;

    use crate::repo::lead::{self, LeadFilter, LeadSort};
    use crate::tests::support::{Draws, actor, new_lead, offered, place, prepare, store_leads, team, user};
    use crate::{PageArgs, Store};

    fn placement(draws: &mut Draws) -> Placement {
        let team = [None, Some(team(1)), Some(team(2)), Some(team(3))][usize::try_from(draws.below(4)).unwrap()];
        match draws.below(3) {
            0 => Placement::queued(team, QueueReason::AwaitingPickUp),
            person => Placement::with(team, user(u128::from(person))),
        }
    }

    fn random_lead(number: u128, draws: &mut Draws) -> Lead {
        let giver = place(OpenStage::Mql, Department::Marketing, placement(draws));
        let state = if draws.below(2) == 0 { LeadState::Working { place: giver } } else { offered(giver, placement(draws)) };
        let mut lead = new_lead(number, state);
        lead.origin.captured_by = [None, Some(user(1)), Some(user(2))][usize::try_from(draws.below(3)).unwrap()];
        lead.touched = DepartmentSet::from_bits(u8::try_from(draws.below(16)).unwrap()).unwrap();
        lead
    }

    fn grants() -> Vec<Grant> {
        let roles = [
            Role::Admin,
            Role::Member(Department::Marketing),
            Role::Member(Department::InsideSales),
            Role::Manager(Department::FieldSales),
            Role::Manager(Department::CustomerService),
            Role::Analyst,
            Role::Partner,
        ];
        let mut grants: Vec<Grant> = Vec::new();
        for role in roles {
            let mut who = actor(role);
            who.partner_scopes = PartnerScope::ALL.to_vec();
            for action in Action::ALL {
                let fresh = grant(&who, *action).ok().filter(|new| {
                    !grants
                        .iter()
                        .any(|old| (old.scope(), old.department(), old.teams()) == (new.scope(), new.department(), new.teams()))
                });
                grants.extend(fresh);
            }
        }
        grants
    }

    pub(super) async fn sql_and_covers_agree(store: Store) {
        prepare(&store).await;
        let mut draws = Draws(7);
        let leads: Vec<Lead> = (0..200).map(|number| random_lead(number, &mut draws)).collect();
        store_leads(&store, &leads).await;
        let ids: Vec<LeadId> = leads.iter().map(|lead| lead.id).collect();
        let on = store.reader();
        let grants = grants();
        let scopes: BTreeSet<Scope> = grants.iter().map(Grant::scope).collect();
        assert!(scopes.len() >= 4, "{scopes:?}");
        for grant in grants {
            let covered: BTreeSet<LeadId> =
                leads.iter().filter(|lead| grant.covers(&lead.subject())).map(|lead| lead.id).collect();
            let found = lead::find_many(&on, &grant, &ids).await.unwrap();
            assert_eq!(found.iter().map(|lead| lead.id).collect::<BTreeSet<_>>(), covered, "{grant:?}");
            let page = lead::page(&on, &grant, &LeadFilter::default(), LeadSort::ScoreAsc, &PageArgs::first(300)).await.unwrap();
            assert_eq!(page.items.iter().map(|(_, lead)| lead.id).collect::<BTreeSet<_>>(), covered);
            let transitions = lead::find_transitions(&on, &grant, &ids).await.unwrap();
            assert_eq!(transitions.iter().map(|one| one.lead).collect::<BTreeSet<_>>(), covered);
            let counted = lead::count(&on, &grant, &LeadFilter::default(), 10_000).await.unwrap();
            assert_eq!(counted, u64::try_from(covered.len()).unwrap());
        }
    }
}
