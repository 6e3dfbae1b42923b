-- Passages of six transitions each, in the table bench.trip: the histories that leads and figures are made of.
-- Variables: leads, first and last (numbers of the passages of each lead to make), current (the number of the last passage of each lead).
SET session_replication_role = replica;

CREATE TABLE IF NOT EXISTS bench.script AS
SELECT * FROM (VALUES
    ('FRESH', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('FRESH', 2, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('FRESH', 3, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'ABSENCE'), ('FRESH', 4, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('FRESH', 5, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'ABSENCE'), ('FRESH', 6, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('OFFERED', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('OFFERED', 2, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('OFFERED', 3, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'ABSENCE'), ('OFFERED', 4, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('OFFERED', 5, 'QUALIFY', 'LEAD', 'MQL', 'MARKETING', 'MARKETING', NULL), ('OFFERED', 6, 'HAND_OVER', 'MQL', 'MQL', 'MARKETING', 'INSIDE_SALES', NULL),
    ('ACCEPTED', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('ACCEPTED', 2, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('ACCEPTED', 3, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'ABSENCE'), ('ACCEPTED', 4, 'QUALIFY', 'LEAD', 'MQL', 'MARKETING', 'MARKETING', NULL),
    ('ACCEPTED', 5, 'HAND_OVER', 'MQL', 'MQL', 'MARKETING', 'INSIDE_SALES', NULL), ('ACCEPTED', 6, 'ACCEPT', 'MQL', 'TAL', 'MARKETING', 'INSIDE_SALES', NULL),
    ('RESTING', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('RESTING', 2, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('RESTING', 3, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'ABSENCE'), ('RESTING', 4, 'REASSIGN', 'LEAD', 'LEAD', 'MARKETING', 'MARKETING', 'BALANCE'),
    ('RESTING', 5, 'QUALIFY', 'LEAD', 'MQL', 'MARKETING', 'MARKETING', NULL), ('RESTING', 6, 'RECYCLE', 'MQL', 'NURTURING', 'MARKETING', 'MARKETING', 'NO_RESPONSE'),
    ('WON', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('WON', 2, 'QUALIFY', 'LEAD', 'MQL', 'MARKETING', 'MARKETING', NULL),
    ('WON', 3, 'HAND_OVER', 'MQL', 'MQL', 'MARKETING', 'FIELD_SALES', NULL), ('WON', 4, 'ACCEPT', 'MQL', 'SAL', 'MARKETING', 'FIELD_SALES', NULL),
    ('WON', 5, 'QUALIFY', 'SAL', 'SQL', 'FIELD_SALES', 'FIELD_SALES', NULL), ('WON', 6, 'WIN', 'SQL', 'WON', 'FIELD_SALES', 'FIELD_SALES', NULL),
    ('LOST', 1, 'CAPTURE', NULL, 'LEAD', NULL, 'MARKETING', NULL), ('LOST', 2, 'QUALIFY', 'LEAD', 'MQL', 'MARKETING', 'MARKETING', NULL),
    ('LOST', 3, 'HAND_OVER', 'MQL', 'MQL', 'MARKETING', 'FIELD_SALES', NULL), ('LOST', 4, 'ACCEPT', 'MQL', 'SAL', 'MARKETING', 'FIELD_SALES', NULL),
    ('LOST', 5, 'QUALIFY', 'SAL', 'SQL', 'FIELD_SALES', 'FIELD_SALES', NULL), ('LOST', 6, 'LOSE', 'SQL', 'LOST', 'FIELD_SALES', 'FIELD_SALES', 'PRICE')
) AS s (kind, step, act, from_stage, to_stage, from_department, to_department, reason);

-- What each kind says of its passage: stages reached as bits (LEAD 1, MQL 2, TAL 8, SAL 32, SQL 64), how it ended, and after which
-- transitions which stage was left.
CREATE TABLE IF NOT EXISTS bench.kind AS
SELECT kind, reached, outcome, stage, track.id AS track_id, track_key, d,
    format('{"id":"%s","key":"%s","version":1}', bench.typed('track', track.id), track_key) AS track FROM (VALUES
    ('FRESH', 1, NULL, 'LEAD', 'inside', 0), ('OFFERED', 3, NULL, 'MQL', 'inside', 0), ('ACCEPTED', 11, NULL, 'TAL', 'inside', 1),
    ('RESTING', 3, 'RECYCLED', 'MQL', 'inside', 0), ('WON', 99, 'WON', 'SQL', 'two-step', 2), ('LOST', 99, 'LOST', 'SQL', 'two-step', 2)
) AS k (kind, reached, outcome, stage, track_key, d) JOIN track ON track.key = track_key AND track.version = 1;

DROP TABLE IF EXISTS bench.trip;
CREATE UNLOGGED TABLE bench.trip AS
SELECT lead, number, kind, start AS at1, start + d2 AS at2, start + d2 + d3 AS at3, start + d2 + d3 + d4 AS at4, start + d2 + d3 + d4 + d5 AS at5,
    start + d2 + d3 + d4 + d5 + d6 AS at6
FROM (
    SELECT lead, number,
        CASE
            WHEN number = :current THEN (ARRAY['FRESH', 'FRESH', 'FRESH', 'FRESH', 'OFFERED', 'OFFERED', 'ACCEPTED', 'RESTING', 'WON', 'LOST'])[lead % 10 + 1]
            WHEN bench.draw(lead, number) < 0.55 THEN 'RESTING' WHEN bench.draw(lead, number) < 0.75 THEN 'WON' ELSE 'LOST'
        END AS kind,
        date_trunc('day', now()) - make_interval(days => 600 + 40 * (:current - number)) + make_interval(secs => floor(lead * 43200000.0 / :leads)) AS start,
        (SELECT array_agg(make_interval(secs => floor(exp(6 + 7.5 * bench.draw(lead * 1000 + number, salt)))) ORDER BY salt) FROM generate_series(2, 6) AS salt) AS waits
    FROM generate_series(1, :leads) AS lead, generate_series(:first, :last) AS number
    OFFSET 0 -- so that the draws are made once
) AS made, LATERAL (SELECT waits[1] AS d2, waits[2] AS d3, waits[3] AS d4, waits[4] AS d5, waits[5] AS d6) AS w;

INSERT INTO transition (id, lead_id, passage_id, lead_version, step, at, act, from_stage, to_stage, from_department, to_department, actor_id, team_id, person_id, reason)
SELECT bench.id(7, lead::bigint * 10000 + number * 10 + script.step), bench.id(1, lead), bench.id(6, lead * 1000 + number), 6 * (number - 1) + script.step, 0,
    (ARRAY[at1, at2, at3, at4, at5, at6])[script.step], act, from_stage, to_stage, from_department, to_department, bench.id(4, lead % 16),
    bench.id(5, 10 * d + lead % 4), bench.id(4, 100 * d + lead % 16), reason
FROM bench.trip JOIN bench.script USING (kind) JOIN bench.department ON code = to_department
ORDER BY lead, number, script.step;

INSERT INTO passage (id, lead_id, cohort_month, number, reached, bucket_lead, bucket_mql, bucket_tal, bucket_sal, bucket_sql, bucket_won, channel, outcome,
    campaign_id, track_key, track_version, track_id, origin_department, stage, opened_at, stage_since, closed_at,
    seconds_lead, seconds_mql, seconds_tal, seconds_sal, seconds_sql)
SELECT bench.id(6, lead * 1000 + number), bench.id(1, lead), extract(year FROM at1 AT TIME ZONE 'UTC') * 100 + extract(month FROM at1 AT TIME ZONE 'UTC'), number, reached,
    bench.bucket(in_lead), bench.bucket(in_mql), NULL, bench.bucket(in_sal), bench.bucket(in_sql),
    CASE WHEN kind = 'WON' THEN bench.bucket(extract(epoch FROM at6 - at1)::bigint) END,
    (ARRAY['EVENT', 'EMAIL', 'PAID_SEARCH', 'CONTENT'])[lead % 4 + 1], outcome, bench.id(11, lead % 40), track_key, 1, track_id, 'MARKETING', stage, at1,
    CASE kind WHEN 'FRESH' THEN at1 WHEN 'OFFERED' THEN at5 WHEN 'ACCEPTED' THEN at6 WHEN 'RESTING' THEN at5 ELSE at5 END,
    CASE WHEN outcome IS NOT NULL THEN at6 END, in_lead, in_mql, NULL, in_sal, in_sql
FROM (
    SELECT *,
        CASE kind WHEN 'ACCEPTED' THEN extract(epoch FROM at4 - at1) WHEN 'FRESH' THEN NULL WHEN 'WON' THEN extract(epoch FROM at2 - at1)
            WHEN 'LOST' THEN extract(epoch FROM at2 - at1) ELSE extract(epoch FROM at5 - at1) END::bigint AS in_lead,
        CASE kind WHEN 'ACCEPTED' THEN extract(epoch FROM at6 - at4) WHEN 'RESTING' THEN extract(epoch FROM at6 - at5)
            WHEN 'WON' THEN extract(epoch FROM at4 - at2) WHEN 'LOST' THEN extract(epoch FROM at4 - at2) END::bigint AS in_mql,
        CASE WHEN kind IN ('WON', 'LOST') THEN extract(epoch FROM at5 - at4) END::bigint AS in_sal,
        CASE WHEN kind IN ('WON', 'LOST') THEN extract(epoch FROM at6 - at5) END::bigint AS in_sql
    FROM bench.trip JOIN bench.kind USING (kind)
) AS timed
ORDER BY lead, number;
