-- Clocks that run for a month, evenly over the leads, and one for each lead on offer; pools of those who may take one. Variables: leads, clocks.
SET session_replication_role = replica;

UPDATE agreement SET definition = jsonb_set(definition::jsonb, '{clocks}', '[
    {"kind": "ACCEPT", "promise": {"basis": "WALL", "seconds": 2592000}, "ladder": [{"lap": 1, "at_percent": 100, "act": "REASSIGN"}]},
    {"kind": "FEEDBACK", "promise": {"basis": "WALL", "seconds": 2592000}, "ladder": [{"at_percent": 100, "act": "NOTIFY_MANAGER"}]}
]')::text WHERE key = 'marketing-to-inside-sales';

INSERT INTO clock (id, lead_id, passage_id, kind, agreement_id, agreement_key, agreement_version, tier, basis, promise_seconds, giving, started_at,
    department, team_id, user_id, queue_reason, state, lap, lapsed, climbed_percent, segment_from, lap_spent_us, total_spent_us, due_at, next_at, paused_us)
SELECT bench.id(20, n), lead.id, lead.passage_id, 'FEEDBACK', agreement.id, agreement.key, agreement.version, lead.tier, 'WALL', 2592000, 'MARKETING', now(),
    'INSIDE_SALES', lead.team_id, NULL, 'AWAITING_PICK_UP', 'RUNNING', 1, '[]', 0, now(), 0, 0, now() + interval '30 days' + n * interval '1 ms',
    now() + interval '30 days' + n * interval '1 ms', 0
FROM generate_series(1, :clocks) AS n JOIN lead ON lead.id = bench.id(1, n % :leads + 1), agreement
WHERE agreement.key = 'marketing-to-inside-sales';

INSERT INTO clock (id, lead_id, passage_id, kind, agreement_id, agreement_key, agreement_version, tier, basis, promise_seconds, giving, started_at,
    department, team_id, user_id, queue_reason, state, lap, lapsed, climbed_percent, segment_from, lap_spent_us, total_spent_us, due_at, next_at, paused_us)
SELECT bench.id(21, row_number() OVER (ORDER BY lead.id)), lead.id, lead.passage_id, 'ACCEPT', agreement.id, agreement.key, agreement.version, lead.tier, 'WALL',
    2592000, 'MARKETING', now(), 'INSIDE_SALES', lead.offered_team_id, NULL, 'AWAITING_PICK_UP', 'RUNNING', 1, '[]', 0, now(), 0, 0,
    now() + interval '30 days', now() + interval '30 days', 0
FROM lead, agreement WHERE lead.state = 'OFFERED' AND agreement.key = 'marketing-to-inside-sales';

-- A pool for each team of inside sales, all its members alike.
INSERT INTO pool (id, version, key, name, team_id, config, status, created_at, updated_at)
SELECT bench.id(22, row_number() OVER (ORDER BY team.id)), 1, team.key, team.name, team.id, jsonb_build_object(
    'tiers', (SELECT jsonb_agg(jsonb_build_object('tier', tier, 'prefer', NULL, 'otherwise', 'ANYBODY')) FROM unnest('{HOT,WARM,STANDARD,WEAK}'::text[]) AS tier),
    'members', (SELECT jsonb_agg(jsonb_build_object('user', bench.typed('user', user_id), 'weight', 1, 'day_max', NULL, 'open_max', NULL)) FROM team_member WHERE team_id = team.id),
    'caps', '{"member_day_max":null,"member_open_max":null,"pool_day_max":null}'::jsonb, 'language', NULL, 'channels', '[]'::jsonb, 'balances_worth', false
)::text, 'ACTIVE', now(), now()
FROM team WHERE department = 'INSIDE_SALES';
