//! Agreements that are written and signed here, calendars, running clocks, what colleagues are told, ratings, custom attributes.
//!
//! `lead.next_due` is when the next promise about a lead is due; `lead.waits_due` is the same for what waits in a queue, and far in the future when
//! nothing was promised, so that queues are read in their order from an index. `clock.next_at` is when the worker must look at a clock next; open
//! clocks without a next step, and all that have ended, are in none of its indexes.

crate::dialect::migration!("m20261128_000016_sla" undone by DOWN);

const UP: &str = "
ALTER TABLE agreement ADD COLUMN revision integer NOT NULL DEFAULT 1;
ALTER TABLE agreement ADD COLUMN updated_at {ts};
ALTER TABLE activity ADD COLUMN outcome varchar(32);
ALTER TABLE activity ADD COLUMN note varchar(2000);

ALTER TABLE lead ADD COLUMN next_due {ts};
ALTER TABLE lead ADD COLUMN waits_due {ts};
UPDATE lead SET waits_due = '9999-12-31T23:59:59+00:00' WHERE waits_since IS NOT NULL;
DROP INDEX i_lead__waits_team;
DROP INDEX i_lead__waits_user;
DROP INDEX i_lead__waits_department;
CREATE INDEX i_lead__waits_team ON lead (waits_team_id, waits_due, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_user ON lead (waits_user_id, waits_due, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_department ON lead (waits_due, waits_since, id) WHERE waits_since IS NOT NULL AND waits_team_id IS NULL AND waits_user_id IS NULL;

CREATE TABLE calendar (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    name varchar(200) NOT NULL,
    level varchar(16) NOT NULL,
    owner_id {uuid},
    definition {json} NOT NULL,
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_calendar__owner ON calendar (owner_id) WHERE owner_id IS NOT NULL;
CREATE UNIQUE INDEX u_calendar__organisation ON calendar (level) WHERE level = 'ORGANISATION';

CREATE TABLE holiday (
    country varchar(2) NOT NULL,
    subdivision varchar(6) NOT NULL,
    day {date} NOT NULL,
    name varchar(200) NOT NULL,
    observed smallint NOT NULL,
    PRIMARY KEY (country, subdivision, day)
);

CREATE TABLE clock (
    id {uuid} NOT NULL PRIMARY KEY,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    passage_id {uuid} NOT NULL,
    customer_id {uuid},
    kind varchar(32) NOT NULL,
    agreement_id {uuid} NOT NULL,
    agreement_key varchar(64) NOT NULL,
    agreement_version integer NOT NULL,
    tier varchar(16) NOT NULL,
    basis varchar(16) NOT NULL,
    promise_seconds integer NOT NULL,
    giving varchar(32) NOT NULL,
    started_at {ts} NOT NULL,
    department varchar(32) NOT NULL,
    team_id {uuid},
    user_id {uuid},
    queue_reason varchar(32),
    calendar_id {uuid},
    state varchar(16) NOT NULL,
    lap smallint NOT NULL,
    lapsed {json} NOT NULL,
    climbed_percent smallint NOT NULL,
    segment_from {ts},
    lap_spent_us bigint NOT NULL,
    total_spent_us bigint NOT NULL,
    due_at {ts},
    next_at {ts},
    breached_at {ts},
    pause {json},
    paused_us bigint NOT NULL,
    ended_how varchar(16),
    ended_at {ts}
){roomy};
CREATE INDEX i_clock__next ON clock (next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX i_clock__lead ON clock (lead_id, started_at, id);
CREATE INDEX i_clock__customer ON clock (customer_id) WHERE customer_id IS NOT NULL AND ended_at IS NULL;
CREATE INDEX i_clock__started ON clock (started_at, id);
CREATE INDEX i_clock__user ON clock (user_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX i_clock__team ON clock (team_id, due_at, id) WHERE ended_at IS NULL;
CREATE INDEX i_clock__business ON clock (id) WHERE ended_at IS NULL AND basis = 'BUSINESS';

CREATE INDEX i_clock__feedback_owed ON clock (breached_at, id) WHERE kind = 'FEEDBACK' AND ended_at IS NULL AND breached_at IS NOT NULL;
CREATE INDEX i_transition__handed_over ON transition (at, id) WHERE act = 'HAND_OVER' AND agreement IS NOT NULL;

CREATE TABLE clock_sweep (
    id {uuid} NOT NULL PRIMARY KEY,
    after_id {uuid},
    requested_at {ts} NOT NULL,
    pass smallint NOT NULL
);

CREATE TABLE notification (
    id {uuid} NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES user_account (id),
    event_id {uuid} NOT NULL,
    kind varchar(32) NOT NULL,
    lead_id {uuid},
    clock_id {uuid},
    content {json} NOT NULL,
    at {ts} NOT NULL,
    read_at {ts}
);
CREATE UNIQUE INDEX u_notification__user__event ON notification (user_id, event_id);
CREATE INDEX i_notification__user ON notification (user_id, at, id);
CREATE INDEX i_notification__unread ON notification (user_id, at, id) WHERE read_at IS NULL;
CREATE INDEX i_notification__event ON notification (event_id);
CREATE INDEX i_notification__at ON notification (at);
CREATE INDEX i_notification__read ON notification (read_at) WHERE read_at IS NOT NULL;

CREATE TABLE notification_setting (
    user_id {uuid} NOT NULL PRIMARY KEY REFERENCES user_account (id),
    version integer NOT NULL,
    definition {json} NOT NULL,
    updated_at {ts} NOT NULL
);

CREATE TABLE lead_feedback (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    lead_id {uuid} NOT NULL REFERENCES lead (id),
    passage_id {uuid} NOT NULL,
    department varchar(32) NOT NULL,
    giving varchar(32) NOT NULL,
    agreement_id {uuid} NOT NULL,
    agreement_key varchar(64) NOT NULL,
    agreement_version integer NOT NULL,
    rating smallint NOT NULL,
    reasons {json} NOT NULL,
    note varchar(2000),
    by_user {uuid},
    at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_lead_feedback__passage_id__department ON lead_feedback (passage_id, department);
CREATE INDEX i_lead_feedback__lead ON lead_feedback (lead_id);
CREATE INDEX i_lead_feedback__at ON lead_feedback (at, id);

CREATE TABLE custom_attribute (
    id {uuid} NOT NULL PRIMARY KEY,
    version integer NOT NULL,
    key varchar(64) NOT NULL,
    definition {json} NOT NULL,
    status varchar(16) NOT NULL,
    created_at {ts} NOT NULL,
    updated_at {ts} NOT NULL
);
CREATE UNIQUE INDEX u_custom_attribute__key ON custom_attribute (key);

ALTER TABLE mail_outbox RENAME TO mail_outbox_before;
CREATE TABLE mail_outbox (
    id {uuid} NOT NULL PRIMARY KEY,
    kind varchar(32) NOT NULL,
    person_id {uuid} REFERENCES person (id),
    user_id {uuid} REFERENCES user_account (id),
    optin_id {uuid},
    recipient varchar(254),
    content {json},
    digest varchar(64) NOT NULL,
    state varchar(16) NOT NULL,
    tries integer NOT NULL,
    due_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    created_at {ts} NOT NULL,
    closed_at {ts},
    fault varchar(32)
);
INSERT INTO mail_outbox (id, kind, person_id, optin_id, recipient, content, digest, state, tries, due_at, expires_at, created_at, closed_at, fault)
    SELECT id, kind, person_id, optin_id, recipient, content, digest, state, tries, due_at, expires_at, created_at, closed_at, fault FROM mail_outbox_before;
DROP TABLE mail_outbox_before;
CREATE INDEX i_mail_outbox__due ON mail_outbox (due_at, id) WHERE state = 'WAITING';
CREATE INDEX i_mail_outbox__optin ON mail_outbox (optin_id);
CREATE INDEX i_mail_outbox__person ON mail_outbox (person_id);
CREATE INDEX i_mail_outbox__created ON mail_outbox (created_at);
";

/// Mails to colleagues are no mails to anybody once there is no word for it.
const DOWN: &str = "
ALTER TABLE mail_outbox RENAME TO mail_outbox_after;
CREATE TABLE mail_outbox (
    id {uuid} NOT NULL PRIMARY KEY,
    kind varchar(32) NOT NULL,
    person_id {uuid} NOT NULL REFERENCES person (id),
    optin_id {uuid},
    recipient varchar(254),
    content {json},
    digest varchar(64) NOT NULL,
    state varchar(16) NOT NULL,
    tries integer NOT NULL,
    due_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    created_at {ts} NOT NULL,
    closed_at {ts},
    fault varchar(32)
);
INSERT INTO mail_outbox (id, kind, person_id, optin_id, recipient, content, digest, state, tries, due_at, expires_at, created_at, closed_at, fault)
    SELECT id, kind, person_id, optin_id, recipient, content, digest, state, tries, due_at, expires_at, created_at, closed_at, fault FROM mail_outbox_after
    WHERE person_id IS NOT NULL;
DROP TABLE mail_outbox_after;
CREATE INDEX i_mail_outbox__due ON mail_outbox (due_at, id) WHERE state = 'WAITING';
CREATE INDEX i_mail_outbox__optin ON mail_outbox (optin_id);
CREATE INDEX i_mail_outbox__person ON mail_outbox (person_id);
CREATE INDEX i_mail_outbox__created ON mail_outbox (created_at);

DROP INDEX i_transition__handed_over;
DROP TABLE custom_attribute;
DROP TABLE lead_feedback;
DROP TABLE notification_setting;
DROP TABLE notification;
DROP TABLE clock_sweep;
DROP TABLE clock;
DROP TABLE holiday;
DROP TABLE calendar;
DROP INDEX i_lead__waits_team;
DROP INDEX i_lead__waits_user;
DROP INDEX i_lead__waits_department;
ALTER TABLE lead DROP COLUMN next_due;
ALTER TABLE lead DROP COLUMN waits_due;
CREATE INDEX i_lead__waits_team ON lead (waits_team_id, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_user ON lead (waits_user_id, waits_since, id) WHERE waits_since IS NOT NULL;
CREATE INDEX i_lead__waits_department ON lead (waits_since, id) WHERE waits_since IS NOT NULL AND waits_team_id IS NULL AND waits_user_id IS NULL;
ALTER TABLE activity DROP COLUMN note;
ALTER TABLE activity DROP COLUMN outcome;
ALTER TABLE agreement DROP COLUMN updated_at;
ALTER TABLE agreement DROP COLUMN revision;
";
