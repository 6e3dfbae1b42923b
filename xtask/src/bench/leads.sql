-- The leads themselves, at the place where their current passage (bench.trip) stands. Variables: companies, current.
SET session_replication_role = replica;

CREATE TABLE bench.place AS
SELECT d, m, format('{"team":"%s","person":"%s","queue_reason":null}', bench.typed('team', bench.id(5, 10 * d + m % 4)), bench.typed('user', bench.id(4, 100 * d + m))) AS placement,
    format('{"team":"%s","person":null,"queue_reason":"AWAITING_PICK_UP"}', bench.typed('team', bench.id(5, 10 * d + m % 4))) AS queue
FROM bench.department, generate_series(0, 15) AS m;

CREATE TABLE bench.agreed AS
SELECT format('{"id":"%s","key":"%s","version":%s}', bench.typed('agreement', id), key, version) AS agreement
FROM agreement WHERE giving = 'MARKETING' AND taking = 'INSIDE_SALES' AND state = 'IN_FORCE';

CREATE UNLOGGED TABLE bench.standing AS
SELECT trip.*, kind.track_id, kind.track_key, kind.track, kind.d, own.placement, giver.placement AS giver, taker.queue, agreement,
    CASE kind.kind WHEN 'FRESH' THEN 'WORKING' WHEN 'ACCEPTED' THEN 'WORKING' WHEN 'RESTING' THEN 'NURTURING' ELSE kind.kind END AS state,
    CASE kind.kind WHEN 'RESTING' THEN 'NURTURING' WHEN 'WON' THEN 'WON' WHEN 'LOST' THEN 'LOST' ELSE kind.stage END AS shown,
    CASE kind.kind WHEN 'FRESH' THEN at1 WHEN 'OFFERED' THEN at5 ELSE at6 END AS since,
    format('{"stage":"%s","department":"%s","placement":%s}', kind.stage, department.code, own.placement) AS place,
    CASE kind.kind WHEN 'WON' THEN bench.typed('customer', bench.id(10, lead)) END AS customer
FROM bench.trip JOIN bench.kind USING (kind) JOIN bench.department ON department.d = kind.d
    JOIN bench.place AS own ON own.d = kind.d AND own.m = lead % 16
    JOIN bench.place AS giver ON giver.d = 0 AND giver.m = lead % 16
    JOIN bench.place AS taker ON taker.d = 1 AND taker.m = lead % 16, bench.agreed;

INSERT INTO lead (id, captured_by, origin_department, direction, channel, campaign_id, captured_at, version, person_id, company_id, product_area, title,
    value_minor, value_currency, budget, authority, need, timeline_months, fit, engagement, score_rank, grade, tier, country, language, attributes,
    track_id, track_key, track_version, passage_id, passage_number, state, stage, department, team_id, owner_id,
    offered_department, offered_team_id, waits_team_id, waits_since, waits_due, state_detail, touched, stage_since, updated_at)
SELECT bench.id(1, lead), bench.id(4, lead % 16), 'MARKETING', 'INBOUND', (ARRAY['EVENT', 'EMAIL', 'PAID_SEARCH', 'CONTENT'])[lead % 4 + 1], bench.id(11, lead % 40),
    at1, 6 * :current, bench.id(2, lead), bench.id(3, (lead - 1) % :companies + 1), (ARRAY['crm', 'erp', 'web'])[lead % 3 + 1], 'Demand ' || lead,
    2000000 + lead % 1000 * 1000, 'EUR', 'PLANNED', 'DECIDER', 'RECOGNISED', 6, fit, engagement, bench.rank(fit, engagement), bench.grade(fit, engagement), bench.tier(bench.grade(fit, engagement)), country.code, country.language, '{}',
    track_id, track_key, 1, bench.id(6, lead * 1000 + number), number, state, shown, department.code, bench.id(5, 10 * d + lead % 4), bench.id(4, 100 * d + lead % 16),
    CASE state WHEN 'OFFERED' THEN 'INSIDE_SALES' END, CASE state WHEN 'OFFERED' THEN bench.id(5, 10 + lead % 4) END,
    CASE state WHEN 'OFFERED' THEN bench.id(5, 10 + lead % 4) END, CASE state WHEN 'OFFERED' THEN at6 END, CASE state WHEN 'OFFERED' THEN timestamptz '9999-12-31 23:59:59+00' END,
    CASE state
        WHEN 'WORKING' THEN format('{"state":"working","place":%s}', place)
        WHEN 'OFFERED' THEN format('{"state":"offered","giver":%s,"taker":"INSIDE_SALES","enters":"TAL","placement":%s,"offered_at":"%s","agreement":%s}',
            place, queue, bench.json_time(at6), agreement)
        WHEN 'NURTURING' THEN format('{"state":"nurturing","reason":"NO_RESPONSE","resume_at":null,"placement":%s}', placement)
        WHEN 'WON' THEN format('{"state":"won","at":"%s","place":%s,"customer":"%s"}', bench.json_time(at6), place, customer)
        WHEN 'LOST' THEN format('{"state":"lost","at":"%s","reason":"PRICE","place":%s}', bench.json_time(at6), place)
    END,
    CASE kind WHEN 'FRESH' THEN 1 WHEN 'RESTING' THEN 1 WHEN 'OFFERED' THEN 3 WHEN 'ACCEPTED' THEN 3 ELSE 5 END, since, at6
FROM bench.standing JOIN bench.department USING (d) JOIN bench.country ON c = lead % 4,
    LATERAL (SELECT floor(100 * bench.draw(lead, 101))::int AS fit, floor(100 * bench.draw(lead, 102))::int AS engagement) AS points
ORDER BY lead;

-- Nothing was recorded yet, and the model in force has looked at each lead.
INSERT INTO lead_score (lead_id, tally, model_id, scored_at)
SELECT bench.id(1, lead), '{}', CASE WHEN standing.state IN ('WON', 'LOST') THEN NULL ELSE score_model.id END, at6
FROM bench.standing, score_model WHERE score_model.state = 'IN_FORCE' ORDER BY lead;

INSERT INTO opportunity (id, version, lead_id, passage_id, person_id, company_id, amount_minor, amount_currency, opened_at, state, closed_at)
SELECT bench.id(9, lead), 2, bench.id(1, lead), bench.id(6, lead * 1000 + number), bench.id(2, lead), bench.id(3, (lead - 1) % :companies + 1), 2000000, 'EUR', at5, state, at6
FROM bench.standing WHERE state IN ('WON', 'LOST');

INSERT INTO customer (id, version, lead_id, opportunity_id, person_id, company_id, state, handed_over_at)
SELECT bench.id(10, lead), 1, bench.id(1, lead), bench.id(9, lead), bench.id(2, lead), bench.id(3, (lead - 1) % :companies + 1), 'HANDED_OVER', at6
FROM bench.standing WHERE state = 'WON';

INSERT INTO journal (position, event_id, occurred_at, kind, subject_kind, subject_id, subject_version, lead_id, actor_id, payload)
SELECT row_number() OVER (ORDER BY at, lead, which), bench.id(8, lead * 10 + which), at, event, 'lead', bench.id(1, lead), version, bench.id(1, lead), bench.id(4, lead % 16), payload
FROM (
    SELECT lead, 1 AS which, at1 AS at, 'LEAD_CAPTURED' AS event, 1 AS version,
        format('{"event":"captured","place":{"stage":"LEAD","department":"MARKETING","placement":%s},"passage":"%s","track":%s}',
            giver, bench.typed('passage', bench.id(6, lead * 1000 + number)), track) AS payload
    FROM bench.standing
    UNION ALL
    SELECT lead, 2, at6,
        CASE kind WHEN 'FRESH' THEN 'LEAD_REASSIGNED' WHEN 'OFFERED' THEN 'LEAD_HANDED_OVER' WHEN 'ACCEPTED' THEN 'LEAD_ACCEPTED' WHEN 'RESTING' THEN 'LEAD_RECYCLED'
            WHEN 'WON' THEN 'LEAD_WON' ELSE 'LEAD_LOST' END, 6 * :current,
        CASE kind
            WHEN 'FRESH' THEN format('{"event":"reassigned","previous":%s,"placement":%s,"reason":"BALANCE"}', placement, placement)
            WHEN 'OFFERED' THEN format('{"event":"handed_over","giver":%s,"taker":"INSIDE_SALES","enters":"TAL","placement":%s,"agreement":%s}', place, queue, agreement)
            WHEN 'ACCEPTED' THEN format('{"event":"accepted","from":"MQL","place":%s}', place)
            WHEN 'RESTING' THEN format('{"event":"recycled","reason":"NO_RESPONSE","resume_at":null,"placement":%s}', placement)
            WHEN 'WON' THEN format('{"event":"won","place":%s,"customer":"%s","amount":null}', place, customer)
            ELSE format('{"event":"lost","place":%s,"reason":"PRICE"}', place)
        END
    FROM bench.standing
) AS told ORDER BY at, lead, which;
