//! Figures of promises are those that counting by hand gives.

super::support::on_both!(promises_are_counted_as_by_hand, random_clocks_are_counted_as_one_by_one, speed_is_counted_as_by_hand);

mod run {
    use std::collections::BTreeMap;

    use chrono::{DateTime, TimeDelta, Utc};
    use fairfall_domain::department::Department;
    use fairfall_domain::report::sla::{SlaCounts, SlaGroup, SlaKey, SlaRow, TakenFigures, assemble, rank};
    use fairfall_domain::report::speed::{SpeedBand, SpeedFigures, SpeedStart, SpeedToLead};
    use fairfall_domain::routing::{Placement, QueueReason};
    use fairfall_domain::scoring::Tier;
    use fairfall_domain::sla::clock::{ClockEnd, ClockState};
    use fairfall_domain::sla::{Basis, Clock, ClockKind, Promise};
    use fairfall_domain::waterfall::act::Act;
    use fairfall_domain::waterfall::lead::Lead;

    use crate::mapper::transition;
    use crate::report::Span;
    use crate::report::sla::{ClockCut, SlaQuery, clocks};
    use crate::report::speed::{SpeedQuery, bands};
    use crate::sql::Sql;
    use crate::tests::sla_made::{a_clock, agreement, store_clocks};
    use crate::tests::support::{Draws, at, captured, every_state, id, new_lead, prepare, start, store_leads, team, user};
    use crate::write::{Part, bulk};
    use crate::{Store, UnitOfWork};

    const GROUPS_MAX: usize = 10_000;

    fn days(days: i64) -> Span {
        Span { from: start(), until: start() + TimeDelta::days(days) }
    }

    fn query(by: &[SlaGroup]) -> SlaQuery {
        SlaQuery { span: days(1), by: by.to_vec(), filter: ClockCut::default() }
    }

    async fn leads(store: &Store, count: u128) -> Vec<Lead> {
        prepare(store).await;
        let leads: Vec<_> = (1..=count).map(|number| new_lead(number, every_state().remove(0))).collect();
        store_leads(store, &leads).await;
        leads
    }

    async fn rows(store: &Store, query: &SlaQuery) -> Vec<SlaRow> {
        assemble(clocks(&store.reader(), query, GROUPS_MAX).await.unwrap().unwrap())
    }

    /// Ended so many minutes after it was started, having measured so many.
    fn ended(clock: Clock, how: ClockEnd, minutes: i64, measured: i64) -> Clock {
        let end = Some((how, clock.started_at + TimeDelta::minutes(minutes)));
        Clock { end, total_spent: TimeDelta::minutes(measured), segment_from: None, due_at: None, next_at: None, ..clock }
    }

    fn late(clock: Clock) -> Clock {
        let by = Placement { queue_reason: None, ..clock.holder };
        let at = clock.started_at + TimeDelta::hours(1);
        Clock { breached_at: Some(at), breached_by: Some(by), climbed_percent: 100, ..clock }
    }

    pub(super) async fn promises_are_counted_as_by_hand(store: Store) {
        leads(&store, 1).await;
        let clock = |number, kind| a_clock(number, 1, kind);
        let business = Promise::try_new(Basis::Business, 60).unwrap();
        let accept = ClockKind::Accept;
        store_clocks(
            &store,
            &[
                ended(clock(1, accept), ClockEnd::Met, 10, 10),
                ended(clock(2, accept), ClockEnd::Met, 20, 15),
                late(ended(clock(3, accept), ClockEnd::Met, 90, 90)),
                late(ended(clock(4, accept), ClockEnd::Cancelled, 95, 95)),
                late(clock(5, accept)),
                clock(6, accept),
                ended(clock(7, accept), ClockEnd::Cancelled, 5, 5),
                Clock { promise: business, ..ended(clock(8, accept), ClockEnd::Met, 1_000, 30) },
                Clock { started_at: at(-1), ..clock(9, accept) },
                Clock { started_at: at(24 * 60), ..clock(10, accept) },
                clock(11, ClockKind::Feedback),
            ],
        )
        .await;
        let all = rows(&store, &query(&[])).await;
        assert_eq!(all[0].counts, SlaCounts { attained: 3, breached: 3, running: 2, cancelled: 1 });
        let by_kind = rows(&store, &query(&[SlaGroup::ClockKind])).await;
        assert_eq!(by_kind.iter().map(|row| row.key.kind).collect::<Vec<_>>(), [Some(accept), Some(ClockKind::Feedback)]);
        let row = &by_kind[0];
        assert_eq!(row.counts, SlaCounts { attained: 3, breached: 3, running: 1, cancelled: 1 });
        let figures = |kept, median: i64, p90: i64| TakenFigures {
            kept,
            median_seconds: Some(median.unsigned_abs() * 60),
            p90_seconds: Some(p90.unsigned_abs() * 60),
        };
        assert_eq!(row.taken[&Basis::Wall], figures(3, 15, 90), "10, 15 and 90 minutes were measured");
        assert_eq!(row.taken[&Basis::Business], figures(1, 30, 30));
        assert_eq!(row.wall, figures(4, 20, 1_000), "10, 20, 90 and 1,000 minutes passed");
        assert_eq!((by_kind[1].taken.len(), by_kind[1].wall), (0, TakenFigures::default()));
        let kept = SlaQuery { filter: ClockCut { kind: Some(ClockKind::Feedback), ..ClockCut::default() }, ..query(&[]) };
        assert_eq!(rows(&store, &kept).await[0].counts.started(), 1);
        assert_eq!(
            clocks(&store.reader(), &query(&[SlaGroup::ClockKind]), 2).await.unwrap(),
            None,
            "three groups by kind and basis"
        );
        let nothing = SlaQuery { span: Span { from: at(1), until: at(1) }, ..query(&[]) };
        assert_eq!(rows(&store, &nothing).await, []);
    }

    fn one_of<T: Copy>(draws: &mut Draws, all: &[T]) -> T {
        all[usize::try_from(draws.below(u64::try_from(all.len()).unwrap())).unwrap()]
    }

    fn random_clock(number: u128, draws: &mut Draws) -> Clock {
        let mut below = |bound: u64| i64::try_from(draws.below(bound)).unwrap();
        let started_at = start() + TimeDelta::microseconds(below(3 * 86_400_000_000));
        let (passed, measured) =
            (TimeDelta::microseconds(below(200_000_000_000)), TimeDelta::microseconds(below(90_000_000_000)));
        let seconds = one_of(draws, &[60_u32, 3_600, 7_200]);
        let basis = one_of(draws, Basis::ALL);
        let how = one_of(draws, &[None, Some(ClockEnd::Met), Some(ClockEnd::Met), Some(ClockEnd::Cancelled)]);
        let mut place = || match draws.below(4) {
            0 => Placement::queued(None, QueueReason::NoTeam),
            1 => Placement::queued(Some(team(1)), QueueReason::AllAtCap),
            one => Placement::with(Some(team(2)), user(u128::from(one))),
        };
        let (holder, first) = (place(), place());
        let breached_at = (draws.below(3) == 0).then(|| started_at + TimeDelta::seconds(i64::from(seconds)));
        let breached_by = Some(Placement { queue_reason: None, ..first }).filter(|by| breached_at.is_some() && by.team.is_some());
        Clock {
            kind: one_of(draws, ClockKind::ALL),
            agreement: agreement(one_of(draws, &[1, 2, 3])),
            tier: one_of(draws, Tier::ALL),
            promise: Promise::try_new(basis, seconds).unwrap(),
            giving: one_of(draws, Department::ALL),
            department: one_of(draws, Department::ALL),
            holder,
            started_at,
            breached_at,
            breached_by,
            total_spent: measured,
            end: how.map(|how| (how, started_at + passed)),
            ..a_clock(number, 1 + number % 3, ClockKind::Accept)
        }
    }

    /// Who had to keep a promise: whoever had the lead when it lapsed.
    fn kept_by(clock: &Clock) -> Placement {
        let nobody = Placement { team: None, person: None, queue_reason: None };
        if clock.breached_at.is_some() { clock.breached_by.unwrap_or(nobody) } else { clock.holder }
    }

    fn key_of(by: &[SlaGroup], clock: &Clock) -> SlaKey {
        let told = |group| by.contains(&group);
        SlaKey {
            kind: told(SlaGroup::ClockKind).then_some(clock.kind),
            agreement: told(SlaGroup::AgreementVersion).then(|| SlaKey::agreement(&clock.agreement)),
            team: told(SlaGroup::Team).then_some(kept_by(clock).team),
            member: told(SlaGroup::Member).then_some(kept_by(clock).person),
            tier: told(SlaGroup::Tier).then_some(clock.tier),
        }
    }

    fn taken(mut seconds: Vec<u64>) -> TakenFigures {
        seconds.sort_unstable();
        let kept = u64::try_from(seconds.len()).unwrap();
        let nth = |percent| usize::try_from(rank(kept, percent)).unwrap().checked_sub(1).map(|place| seconds[place]);
        TakenFigures { kept, median_seconds: nth(50), p90_seconds: nth(90) }
    }

    fn one_by_one(query: &SlaQuery, clocks: &[Clock]) -> Vec<SlaRow> {
        let ClockCut { kind, giving, taking, agreement, team, member, tier } = &query.filter;
        let is_meant = |clock: &&Clock| {
            (query.span.from..query.span.until).contains(&clock.started_at)
                && kind.is_none_or(|kind| clock.kind == kind)
                && giving.is_none_or(|giving| clock.giving == giving)
                && taking.is_none_or(|taking| clock.department == taking)
                && agreement.as_ref().is_none_or(|key| clock.agreement.key == *key)
                && team.is_none_or(|team| kept_by(clock).team == Some(team))
                && member.is_none_or(|member| kept_by(clock).person == Some(member))
                && tier.is_none_or(|tier| clock.tier == tier)
        };
        let mut groups: BTreeMap<SlaKey, Vec<&Clock>> = BTreeMap::new();
        for clock in clocks.iter().filter(is_meant) {
            groups.entry(key_of(&query.by, clock)).or_default().push(clock);
        }
        let whole = |at: DateTime<Utc>| at.timestamp();
        let row = |(key, clocks): (SlaKey, Vec<&Clock>)| {
            let mut row = SlaRow { key, ..SlaRow::default() };
            for clock in &clocks {
                let figure = match (clock.breached_at, clock.state()) {
                    (Some(_), _) => &mut row.counts.breached,
                    (None, ClockState::Met) => &mut row.counts.attained,
                    (None, ClockState::Cancelled) => &mut row.counts.cancelled,
                    (None, _) => &mut row.counts.running,
                };
                *figure += 1;
            }
            let kept = || {
                clocks.iter().filter_map(|clock| clock.end.filter(|(how, _)| *how == ClockEnd::Met).map(|(_, at)| (clock, at)))
            };
            row.wall = taken(kept().map(|(clock, at)| (whole(at) - whole(clock.started_at)).unsigned_abs()).collect());
            for basis in Basis::ALL {
                let of_basis = kept().filter(|(clock, _)| clock.promise.basis() == *basis);
                let figures = taken(of_basis.map(|(clock, _)| clock.total_spent.num_seconds().unsigned_abs()).collect());
                if figures.kept > 0 {
                    row.taken.insert(*basis, figures);
                }
            }
            row
        };
        groups.into_iter().map(row).collect()
    }

    pub(super) async fn random_clocks_are_counted_as_one_by_one(store: Store) {
        leads(&store, 3).await;
        let mut draws = Draws(7);
        let made: Vec<Clock> = (1..=600).map(|number| random_clock(number, &mut draws)).collect();
        store_clocks(&store, &made).await;
        let whole = SlaQuery { span: days(2), ..query(&[]) };
        let groups = |by: &[SlaGroup]| SlaQuery { by: by.to_vec(), ..whole.clone() };
        let cut = |filter: ClockCut| SlaQuery { filter, ..groups(&[SlaGroup::ClockKind, SlaGroup::Tier]) };
        let mut queries = vec![
            whole.clone(),
            groups(SlaGroup::ALL),
            groups(&[SlaGroup::Tier, SlaGroup::ClockKind, SlaGroup::Tier]),
            cut(ClockCut { kind: Some(ClockKind::Qualify), giving: Some(Department::Marketing), ..ClockCut::default() }),
            cut(ClockCut { taking: Some(Department::FieldSales), tier: Some(Tier::Warm), ..ClockCut::default() }),
            cut(ClockCut { team: Some(team(2)), member: Some(user(3)), ..ClockCut::default() }),
            cut(ClockCut { agreement: Some(agreement(1).key), ..ClockCut::default() }),
            cut(ClockCut { agreement: Some("other".parse().unwrap()), ..ClockCut::default() }),
        ];
        queries.extend(SlaGroup::ALL.iter().map(|group| groups(&[*group])));
        for query in queries {
            assert_eq!(rows(&store, &query).await, one_by_one(&query, &made), "{query:?}");
        }
    }

    async fn qualify(uow: &UnitOfWork, lead: &Lead, minutes: i64, department: Department) {
        let mut made = captured(lead.clone()).transitions.remove(0);
        let number = u128::try_from(minutes).unwrap() + 1_000 * (lead.id.uuid().as_u128() & 0xff);
        (made.id, made.act, made.at) = (id(9, 70_000 + number), Act::Qualify, at(minutes));
        (made.lead_version, made.from_department, made.to_department) = (9, Some(department), department);
        bulk(uow, Part::insert("transition", transition::COLUMNS, vec![transition::values(&made).unwrap()])).await.unwrap();
    }

    pub(super) async fn speed_is_counted_as_by_hand(store: Store) {
        let leads = leads(&store, 9).await;
        let first = |lead: u128, how: Option<ClockEnd>, seconds: i64| {
            let clock = a_clock(lead, lead, ClockKind::FirstContact);
            Clock { end: how.map(|how| (how, clock.started_at + TimeDelta::seconds(seconds))), ..clock }
        };
        let met = Some(ClockEnd::Met);
        let warm = |clock: Clock| Clock { tier: Tier::Warm, ..clock };
        store_clocks(
            &store,
            &[
                first(1, met, 300),
                first(2, met, 301),
                warm(first(3, met, 3_600)),
                first(4, met, 86_400),
                first(5, met, 86_401),
                first(6, Some(ClockEnd::Cancelled), 10),
                first(7, None, 0),
                Clock { started_at: at(-5), ..first(8, met, 10) },
                Clock { kind: ClockKind::Qualify, ..first(9, met, 10) },
            ],
        )
        .await;
        let uow = store.begin().await.unwrap();
        qualify(&uow, &leads[0], 4, Department::InsideSales).await;
        // the giver's own step before it gave the lead away proves nothing, nor does one before it was given
        qualify(&uow, &leads[1], 1, Department::Marketing).await;
        qualify(&uow, &leads[5], 30, Department::InsideSales).await;
        for lead in [1, 3, 8] {
            let mut sql = Sql::new("UPDATE passage SET outcome = 'WON' WHERE lead_id = ");
            sql.bind(leads[lead - 1].id.uuid());
            assert_eq!(sql.run(&uow).await.unwrap(), 1);
        }
        uow.commit().await.unwrap();
        let since = SpeedStart::default();
        let query = SpeedQuery { span: days(1), filter: ClockCut::default(), channel: None, since };
        let found = bands(&store.reader(), &query).await.unwrap();
        let figures = |leads, contacted, qualified, won| SpeedFigures { leads, contacted, qualified, won };
        let report = SpeedToLead::of(&found);
        let told: Vec<_> = report.bands.into_iter().collect();
        assert_eq!(
            told,
            [
                (SpeedBand::FiveMinutes, figures(1, 1, 1, 1)),
                (SpeedBand::Hour, figures(2, 2, 0, 1)),
                (SpeedBand::Day, figures(1, 1, 0, 0)),
                (SpeedBand::Longer, figures(1, 1, 0, 0)),
                (SpeedBand::Never, figures(1, 0, 1, 0)),
                (SpeedBand::NotYet, figures(1, 0, 0, 0)),
            ]
        );
        assert_eq!(report.total, figures(7, 5, 2, 2));
        let warm = ClockCut { tier: Some(Tier::Warm), kind: Some(ClockKind::Accept), ..ClockCut::default() };
        let cut = SpeedQuery { filter: warm, channel: Some(leads[0].origin.channel), ..query.clone() };
        assert_eq!(bands(&store.reader(), &cut).await.unwrap(), [(SpeedBand::Hour, figures(1, 1, 0, 1))]);
        let other = SpeedQuery { channel: Some(fairfall_domain::campaign::Channel::Phone), ..query };
        assert_eq!(bands(&store.reader(), &other).await.unwrap(), []);
    }
}
