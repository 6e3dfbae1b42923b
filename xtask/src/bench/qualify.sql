UPDATE lead SET version = version + 1, stage = 'MQL', touched = 1, last_act = '{"act": "QUALIFY","digest": 1234567890123456789,"actor": null}',
    state_detail = '{"state": "working","place": {"stage": "MQL","department": "MARKETING","placement": {"team": "team_00000000000000000000000000","person": "user_00000000000000000000000000","queue_reason": null}}}',
    stage_since = clock_timestamp(), updated_at = clock_timestamp()
WHERE id = lpad(:lead, 32, '0')::uuid AND version > 0;
INSERT INTO transition (id, lead_id, passage_id, lead_version, step, at, act, from_stage, to_stage, from_department, to_department, actor_id, team_id, person_id)
VALUES (lpad(:fresh, 32, '0')::uuid, lpad(:lead, 32, '0')::uuid, lpad(:passage, 32, '0')::uuid, :version, 0, clock_timestamp(), 'QUALIFY', 'LEAD', 'MQL',
    'MARKETING', 'MARKETING', lpad(:owner, 32, '0')::uuid, lpad(:team, 32, '0')::uuid, lpad(:owner, 32, '0')::uuid);
UPDATE passage SET reached = 3, bucket_lead = 500, seconds_lead = 1000000, stage = 'MQL', stage_since = clock_timestamp()
WHERE id = lpad(:passage, 32, '0')::uuid;
INSERT INTO journal (event_id, occurred_at, kind, subject_kind, subject_id, subject_version, lead_id, actor_id, payload)
VALUES (lpad(:fresh, 32, '0')::uuid, clock_timestamp(), 'LEAD_QUALIFIED', 'lead', lpad(:lead, 32, '0')::uuid, :version, lpad(:lead, 32, '0')::uuid,
    lpad(:owner, 32, '0')::uuid, '{"event": "qualified","from": "LEAD","place": {"stage": "MQL","department": "MARKETING","placement": {"team": "team_00000000000000000000000000","person": "user_00000000000000000000000000","queue_reason": null}}}');
INSERT INTO audit (id, at, actor_id, action, subject_kind, subject_id, request_id, outcome)
VALUES (lpad(:fresh, 32, '0')::uuid, clock_timestamp(), lpad(:owner, 32, '0')::uuid, 'QUALIFY_LEAD', 'lead', lpad(:lead, 32, '0')::uuid,
    '00000000000000000000000000000000', 'DONE');
COMMIT;
