//! The learned chance to win: what was known when each passage opened, and the trainings with their models.
//!
//! At most one training runs and at most one model is in force, whichever nodes ask: the index says so.

crate::dialect::migration!("m20261122_000008_forecast");

const TABLES: &[&str] = &["forecast_model", "passage_features"];

const UP: &str = "
CREATE TABLE passage_features (
    id {uuid} NOT NULL PRIMARY KEY REFERENCES passage (id) ON DELETE CASCADE,
    features {json} NOT NULL,
    grade varchar(2)
);

CREATE TABLE forecast_model (
    id {uuid} NOT NULL PRIMARY KEY,
    state varchar(16) NOT NULL,
    reason varchar(32),
    progress smallint NOT NULL,
    learner varchar(32),
    findings {json} NOT NULL,
    model {json},
    started_by {uuid},
    started_at {ts} NOT NULL,
    claimed_at {ts},
    heartbeat_at {ts} NOT NULL,
    finished_at {ts},
    retired_at {ts}
);
CREATE UNIQUE INDEX u_forecast_model__state ON forecast_model (state) WHERE state IN ('RUNNING', 'IN_FORCE');
CREATE INDEX i_forecast_model__started ON forecast_model (started_at, id);
";
