//! The funnel's figures are those that counting by hand gives.

super::support::on_both!(the_funnel_counts_as_by_hand);

mod run {
    use std::collections::BTreeMap;

    use chrono::TimeDelta;
    use fairfall_domain::campaign::Channel;
    use fairfall_domain::id::CampaignId;
    use fairfall_domain::report::bucket::bucket_of;
    use fairfall_domain::report::{CampaignGroup, DurationFigures, FunnelGroup, FunnelRow, GroupKey, Histogram, OutcomeCounts};
    use fairfall_domain::waterfall::passage::{Closed, CohortMonth, Passage, PassageOutcome, StageSet};
    use fairfall_domain::waterfall::stage::OpenStage;

    use crate::Store;
    use crate::mapper::passage;
    use crate::report::funnel::{FunnelQuery, funnel};
    use crate::tests::support::{Draws, captured, every_state, id, new_lead, prepare, start, store_leads};
    use crate::write::{Part, bulk};

    fn random_passage(number: u128, draws: &mut Draws, first: &Passage) -> Passage {
        let mut passage = first.clone();
        (passage.id, passage.number) = (id(15, number), u32::try_from(number + 2).unwrap());
        passage.opened_at = start() + TimeDelta::days(i64::try_from(draws.below(200)).unwrap());
        passage.channel = Channel::ALL[usize::try_from(draws.below(4)).unwrap()];
        passage.campaign = [None, Some(id(13, 1)), Some(id(13, 2))][usize::try_from(draws.below(3)).unwrap()];
        passage.track.key = ["field", "inside"][usize::try_from(draws.below(2)).unwrap()].parse().unwrap();
        passage.reached = StageSet::from_bits(u8::try_from(draws.below(128)).unwrap());
        for seconds in &mut passage.seconds {
            *seconds = (draws.below(3) > 0).then(|| i64::try_from(draws.below(5_000_000)).unwrap());
        }
        let outcome = PassageOutcome::ALL.get(usize::try_from(draws.below(6)).unwrap());
        let after = TimeDelta::seconds(i64::try_from(draws.below(9_000_000)).unwrap());
        passage.closed = outcome.map(|outcome| Closed { at: passage.opened_at + after, outcome: *outcome });
        passage
    }

    fn key_of(query: &FunnelQuery, passage: &Passage) -> GroupKey {
        let by = |group| query.group_by.contains(&group);
        GroupKey {
            month: by(FunnelGroup::Month).then(|| passage.cohort()),
            channel: by(FunnelGroup::Channel).then_some(passage.channel),
            campaign: by(FunnelGroup::Campaign).then(|| passage.campaign.map_or(CampaignGroup::None, CampaignGroup::Of)),
            track: by(FunnelGroup::Track).then(|| passage.track.key.clone()),
        }
    }

    fn figures<'a>(passages: &[&'a Passage], seconds: impl Fn(&'a Passage) -> Option<i64>) -> DurationFigures {
        let mut histogram = Histogram::default();
        for known in passages.iter().filter_map(|passage| seconds(passage)) {
            histogram.add(bucket_of(known), 1);
        }
        (&histogram).into()
    }

    fn by_hand(query: &FunnelQuery, passages: &[Passage]) -> Vec<FunnelRow> {
        let mut groups: BTreeMap<GroupKey, Vec<&Passage>> = BTreeMap::new();
        let wanted = passages.iter().filter(|passage| {
            (query.from_month..=query.to_month).contains(&passage.cohort())
                && query.track.as_ref().is_none_or(|track| passage.track.key == *track)
                && query.channel.is_none_or(|channel| passage.channel == channel)
                && query.campaign.is_none_or(|campaign| passage.campaign == Some(campaign))
        });
        for passage in wanted {
            groups.entry(key_of(query, passage)).or_default().push(passage);
        }
        let count = |passages: &[&Passage], test: &dyn Fn(&Passage) -> bool| {
            u64::try_from(passages.iter().filter(|passage| test(passage)).count()).unwrap()
        };
        let row = |(key, passages): (GroupKey, Vec<&Passage>)| {
            let ended = |outcome| count(&passages, &|passage| passage.closed.map(|closed| closed.outcome) == outcome);
            let stages: Vec<usize> = (0..7).collect();
            FunnelRow {
                key,
                leads: count(&passages, &|_| true),
                reached: std::array::from_fn(|stage| {
                    count(&passages, &|passage| passage.reached.contains(OpenStage::ALL[stage]))
                }),
                outcomes: OutcomeCounts {
                    won: ended(Some(PassageOutcome::Won)),
                    lost: ended(Some(PassageOutcome::Lost)),
                    recycled: ended(Some(PassageOutcome::Recycled)),
                    disqualified: ended(Some(PassageOutcome::Disqualified)),
                    open: ended(None),
                },
                in_stage: std::array::from_fn(|stage| figures(&passages, |passage| passage.seconds[stages[stage]])),
                to_won: figures(&passages, Passage::seconds_to_won),
            }
        };
        groups.into_iter().map(row).collect()
    }

    pub(super) async fn the_funnel_counts_as_by_hand(store: Store) {
        prepare(&store).await;
        let lead = new_lead(1, every_state().remove(0));
        store_leads(&store, std::slice::from_ref(&lead)).await;
        let first = captured(lead).passage;
        let mut draws = Draws(11);
        let mut passages: Vec<Passage> = (0..700).map(|number| random_passage(number, &mut draws, &first)).collect();
        let rows = passages.iter().map(|one| passage::values(one).unwrap()).collect();
        let uow = store.begin().await.unwrap();
        bulk(&uow, Part::insert("passage", passage::COLUMNS, rows)).await.unwrap();
        uow.commit().await.unwrap();
        passages.push(first);
        let month = |number| CohortMonth::from_number(number).unwrap();
        let whole = FunnelQuery {
            from_month: month(202_501),
            to_month: month(202_712),
            group_by: vec![],
            track: None,
            campaign: None,
            channel: None,
        };
        let campaign: CampaignId = id(13, 2);
        let queries = [
            whole.clone(),
            FunnelQuery { group_by: vec![FunnelGroup::Month], ..whole.clone() },
            FunnelQuery { group_by: vec![FunnelGroup::Track, FunnelGroup::Month, FunnelGroup::Month], ..whole.clone() },
            FunnelQuery { group_by: FunnelGroup::ALL.to_vec(), ..whole.clone() },
            FunnelQuery {
                group_by: vec![FunnelGroup::Campaign],
                from_month: month(202_512),
                to_month: month(202_602),
                ..whole.clone()
            },
            FunnelQuery { channel: Some(Channel::Social), track: Some("inside".parse().unwrap()), ..whole.clone() },
            FunnelQuery { campaign: Some(campaign), group_by: vec![FunnelGroup::Channel], ..whole.clone() },
            FunnelQuery { from_month: month(203_001), to_month: month(203_012), ..whole },
        ];
        for query in queries {
            let counted = funnel(&store.reader(), &query).await.unwrap();
            assert_eq!(counted, by_hand(&query, &passages), "{query:?}");
        }
    }
}
