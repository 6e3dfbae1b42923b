//! Sessions, what throttles their making, and partners' keys.

crate::dialect::migration!("m20261122_000002_access");

const TABLES: &[&str] = &["api_key", "login_throttle", "refresh_token", "session"];

const UP: &str = "
CREATE TABLE session (
    id {uuid} NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES user_account (id),
    created_at {ts} NOT NULL,
    last_used_at {ts} NOT NULL,
    idle_expires_at {ts} NOT NULL,
    absolute_expires_at {ts} NOT NULL,
    ended_at {ts},
    ended_reason varchar(32),
    client varchar(200)
);
CREATE INDEX i_session__user ON session (user_id, ended_at);

CREATE TABLE refresh_token (
    hash varchar(64) NOT NULL PRIMARY KEY,
    session_id {uuid} NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    issued_at {ts} NOT NULL,
    used_at {ts},
    successor_hash varchar(64)
);
CREATE INDEX i_refresh_token__session ON refresh_token (session_id);

CREATE TABLE login_throttle (
    key varchar(64) NOT NULL PRIMARY KEY,
    failures integer NOT NULL,
    last_failure_at {ts} NOT NULL
);
CREATE INDEX i_login_throttle__last ON login_throttle (last_failure_at);

CREATE TABLE api_key (
    id {uuid} NOT NULL PRIMARY KEY,
    user_id {uuid} NOT NULL REFERENCES user_account (id),
    name varchar(200) NOT NULL,
    secret_hash varchar(64) NOT NULL,
    scopes {json} NOT NULL,
    created_at {ts} NOT NULL,
    revoked_at {ts},
    last_used_at {ts}
);
CREATE INDEX i_api_key__user ON api_key (user_id);
CREATE UNIQUE INDEX u_api_key__secret_hash ON api_key (secret_hash);
";
