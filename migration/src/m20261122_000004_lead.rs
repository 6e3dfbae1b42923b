//! Leads, their passages and transitions, and what becomes of them.
//!
//! `lead` repeats what its state says (stage, department, team, owner, offer, whom it waits for) in columns, so that lists, queues and
//! access are questions to an index; `state_detail` is what a lead is read back from. The columns of `passage` stand in the order in which the
//! funnel needs them: a scan takes a row apart only as far as it must, which is a third of its time.
//!
//! An act writes one row of `lead` and one of `passage`. The row of `lead` goes into every index that holds such a row, so those for what few
//! leads have are partial, and none is there only to sort what another one finds few of. On `PostgreSQL` no index of `passage` holds what an act
//! changes, so that a new version of a row needs no index at all; the funnel reads the table there, shared between workers. SQLite reads it from
//! an index that holds all that is counted.

crate::dialect::migration!("m20261122_000004_lead");

const TABLES: &[&str] = &["customer", "opportunity", "transition", "passage", "lead"];

const UP: &str = "
CREATE TABLE lead (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    person_id {uuid} NOT NULL REFERENCES person (id),
    company_id {uuid} REFERENCES company (id),
    campaign_id {uuid} REFERENCES campaign (id),
    channel varchar(32) NOT NULL,
    origin_department varchar(32) NOT NULL,
    direction varchar(16) NOT NULL,
    captured_by {uuid},
    product_area varchar(64) NOT NULL,
    title varchar(200),
    value_minor bigint,
    value_currency varchar(3),
    budget varchar(16),
    authority varchar(16),
    need varchar(16),
    timeline_months smallint,
    fit smallint NOT NULL,
    engagement smallint NOT NULL,
    score_rank integer NOT NULL,
    country varchar(2),
    subdivision varchar(6),
    postal_code varchar(16),
    language varchar(35),
    attributes {json} NOT NULL,
    track_id {uuid} NOT NULL REFERENCES track (id),
    track_key varchar(64) NOT NULL,
    track_version integer NOT NULL,
    passage_id {uuid} NOT NULL,
    passage_number integer NOT NULL,
    state varchar(16) NOT NULL,
    stage varchar(16) NOT NULL,
    department varchar(32) NOT NULL,
    team_id {uuid},
    owner_id {uuid},
    offered_department varchar(32),
    offered_team_id {uuid},
    assignee_id {uuid},
    waits_team_id {uuid},
    waits_user_id {uuid},
    waits_since {ts},
    resume_at {ts},
    state_detail {json} NOT NULL,
    touched smallint NOT NULL,
    last_act {json},
    captured_at {ts} NOT NULL,
    stage_since {ts} NOT NULL,
    updated_at {ts} NOT NULL
){roomy};
CREATE INDEX i_lead__captured ON lead (captured_at, id);
CREATE INDEX i_lead__updated ON lead (updated_at, id);
CREATE INDEX i_lead__rank ON lead (score_rank, id);
CREATE INDEX i_lead__stage_updated ON lead (stage, updated_at, id);
CREATE INDEX i_lead__stage_rank ON lead (stage, score_rank, id);
CREATE INDEX i_lead__stage_captured ON lead (stage, captured_at, id);
CREATE INDEX i_lead__department_updated ON lead (department, updated_at, id);
CREATE INDEX i_lead__owner_updated ON lead (owner_id, updated_at, id);
CREATE INDEX i_lead__team_updated ON lead (team_id, updated_at, id);
CREATE INDEX i_lead__team_captured ON lead (team_id, captured_at, id);
CREATE INDEX i_lead__campaign_updated ON lead (campaign_id, updated_at, id);
CREATE INDEX i_lead__country_updated ON lead (country, updated_at, id);
CREATE INDEX i_lead__language_updated ON lead (language, updated_at, id);
CREATE INDEX i_lead__captured_by ON lead (captured_by, updated_at, id);
CREATE INDEX i_lead__person ON lead (person_id);
CREATE INDEX i_lead__company ON lead (company_id);
CREATE INDEX i_lead__assignee ON lead (assignee_id) WHERE assignee_id IS NOT NULL;
CREATE INDEX i_lead__offered_team ON lead (offered_team_id) WHERE offered_team_id IS NOT NULL;
CREATE INDEX i_lead__waits_team ON lead (waits_team_id, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_user ON lead (waits_user_id, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_department ON lead (waits_since, id) WHERE waits_since IS NOT NULL AND waits_team_id IS NULL AND waits_user_id IS NULL;
CREATE INDEX i_lead__resume ON lead (resume_at, id) WHERE state = 'NURTURING';

CREATE TABLE passage (
    id {uuid} NOT NULL PRIMARY KEY,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    cohort_month integer NOT NULL,
    number integer NOT NULL,
    reached smallint NOT NULL,
    bucket_lead smallint,
    bucket_mql smallint,
    bucket_srl smallint,
    bucket_tal smallint,
    bucket_tql smallint,
    bucket_sal smallint,
    bucket_sql smallint,
    bucket_won smallint,
    channel varchar(32) NOT NULL,
    outcome varchar(16),
    campaign_id {uuid},
    track_key varchar(64) NOT NULL,
    track_version integer NOT NULL,
    track_id {uuid} NOT NULL,
    origin_department varchar(32) NOT NULL,
    stage varchar(16) NOT NULL,
    opened_at {ts} NOT NULL,
    stage_since {ts} NOT NULL,
    closed_at {ts},
    seconds_lead bigint,
    seconds_mql bigint,
    seconds_srl bigint,
    seconds_tal bigint,
    seconds_tql bigint,
    seconds_sal bigint,
    seconds_sql bigint
){roomy};
CREATE UNIQUE INDEX u_passage__lead_id__number ON passage (lead_id, number);
{postgres_only}CREATE INDEX i_passage__cohort ON passage (cohort_month);
{sqlite_only}CREATE INDEX i_passage__funnel ON passage (cohort_month, channel, campaign_id, track_key, reached, outcome, bucket_lead, bucket_mql, bucket_srl, bucket_tal, bucket_tql, bucket_sal, bucket_sql, bucket_won);

CREATE TABLE transition (
    id {uuid} NOT NULL PRIMARY KEY,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    passage_id {uuid} NOT NULL,
    lead_version integer NOT NULL,
    step smallint NOT NULL,
    at {ts} NOT NULL,
    act varchar(32) NOT NULL,
    from_stage varchar(16),
    to_stage varchar(16) NOT NULL,
    from_department varchar(32),
    to_department varchar(32) NOT NULL,
    actor_id {uuid},
    team_id {uuid},
    person_id {uuid},
    queue_reason varchar(32),
    reason varchar(64),
    note varchar(2000),
    agreement {json}
);
CREATE UNIQUE INDEX u_transition__lead_id__lead_version__step ON transition (lead_id, lead_version, step);
CREATE INDEX i_transition__passage ON transition (passage_id);

CREATE TABLE opportunity (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    passage_id {uuid} NOT NULL,
    person_id {uuid} NOT NULL,
    company_id {uuid},
    amount_minor bigint,
    amount_currency varchar(3),
    opened_at {ts} NOT NULL,
    state varchar(16) NOT NULL,
    closed_at {ts}
);
CREATE UNIQUE INDEX u_opportunity__passage_id ON opportunity (passage_id);
CREATE INDEX i_opportunity__lead ON opportunity (lead_id);
CREATE INDEX i_opportunity__opened ON opportunity (opened_at, id);

CREATE TABLE customer (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    opportunity_id {uuid},
    person_id {uuid} NOT NULL,
    company_id {uuid},
    team_id {uuid},
    state varchar(16) NOT NULL,
    handed_over_at {ts} NOT NULL,
    taken_over_at {ts},
    taken_over_by {uuid}
);
CREATE UNIQUE INDEX u_customer__lead_id ON customer (lead_id);
CREATE INDEX i_customer__team ON customer (team_id, state);
CREATE INDEX i_customer__handed_over ON customer (handed_over_at, id);
";
