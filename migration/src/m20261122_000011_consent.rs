//! What people said about being contacted, the requests that wait for their links, and the mails on their way.
//!
//! `consent_record` is append-only, and the database itself sees to that: triggers refuse every change and deletion but two. A merge may move a
//! record to the person that stays (`person_id`), and an erasure may set `erased_at` while it empties the columns that lead back to a person;
//! only a record erased that way can be deleted. `person.consents` holds what stands since the last word, so that a gate reads one row.
//!
//! `consent_link` holds the links by which people withdraw, by the hash of their tokens; they never end. `mail_outbox` is written with what the
//! mail tells of; once it is sent, given up or not wanted any more, its recipient and content are emptied, and their digest stays.

use sea_orm_migration::sea_orm::{DbBackend, DbErr};
use sea_orm_migration::{MigrationName, MigrationTrait, SchemaManager, async_trait::async_trait};

use crate::dialect::{drop_tables, run};

/// This step of the schema.
pub(crate) struct Migration;

impl MigrationName for Migration {
    fn name(&self) -> &'static str {
        "m20261122_000011_consent"
    }
}

#[async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        run(manager, UP).await?;
        let guards = match manager.get_database_backend() {
            DbBackend::Postgres => POSTGRES_GUARDS,
            _ => SQLITE_GUARDS,
        };
        run(manager, guards).await
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        drop_tables(manager, TABLES).await?;
        match manager.get_database_backend() {
            DbBackend::Postgres => run(manager, "DROP FUNCTION consent_record_guard()").await,
            _ => Ok(()),
        }
    }

    // without this, SQLite would keep the half of a migration that failed
    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

const TABLES: &[&str] = &["mail_outbox", "consent_link", "consent_optin", "consent_record"];

const UP: &str = "
CREATE TABLE consent_record (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES person (id),
    purpose varchar(32) NOT NULL,
    channel varchar(16) NOT NULL,
    status varchar(16) NOT NULL,
    basis varchar(32),
    expires_at {ts},
    how varchar(32),
    text varchar(2000),
    text_version varchar(200),
    language varchar(35),
    given_at {ts},
    address varchar(45),
    user_agent varchar(400),
    confirmed_at {ts},
    confirmed_from varchar(45),
    grounds varchar(2000),
    actor_id {uuid},
    optin_id {uuid},
    at {ts} NOT NULL,
    erased_at {ts}
);
CREATE INDEX i_consent_record__person ON consent_record (person_id, at, id);

CREATE TABLE consent_optin (
    id {uuid} NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES person (id),
    purpose varchar(32) NOT NULL,
    channels {json} NOT NULL,
    proof {json} NOT NULL,
    mailed_to varchar(64) NOT NULL,
    token_hash varchar(64) NOT NULL,
    actor_id {uuid},
    requested_at {ts} NOT NULL,
    expires_at {ts} NOT NULL,
    state varchar(16) NOT NULL,
    closed_at {ts}
);
CREATE UNIQUE INDEX u_consent_optin__token_hash ON consent_optin (token_hash);
CREATE UNIQUE INDEX u_consent_optin__person_id__purpose ON consent_optin (person_id, purpose) WHERE state = 'OPEN';
CREATE INDEX i_consent_optin__person ON consent_optin (person_id, requested_at);

CREATE TABLE consent_link (
    token_hash varchar(64) NOT NULL PRIMARY KEY,
    person_id {uuid} NOT NULL REFERENCES person (id),
    purpose varchar(32) NOT NULL,
    created_at {ts} NOT NULL
);
CREATE INDEX i_consent_link__person ON consent_link (person_id);

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
CREATE INDEX i_mail_outbox__due ON mail_outbox (due_at, id) WHERE state = 'WAITING';
CREATE INDEX i_mail_outbox__optin ON mail_outbox (optin_id);
CREATE INDEX i_mail_outbox__person ON mail_outbox (person_id);
CREATE INDEX i_mail_outbox__created ON mail_outbox (created_at);
";

const SQLITE_GUARDS: &str = "
CREATE TRIGGER consent_record_kept BEFORE DELETE ON consent_record WHEN OLD.erased_at IS NULL
BEGIN
    SELECT RAISE(ABORT, 'consent_record is append-only');
END;
CREATE TRIGGER consent_record_unchanged BEFORE UPDATE ON consent_record
WHEN (OLD.id, OLD.purpose, OLD.channel, OLD.status, OLD.at) IS NOT (NEW.id, NEW.purpose, NEW.channel, NEW.status, NEW.at)
    OR (OLD.basis, OLD.expires_at, OLD.how, OLD.text_version, OLD.language)
        IS NOT (NEW.basis, NEW.expires_at, NEW.how, NEW.text_version, NEW.language)
    OR (OLD.given_at, OLD.confirmed_at, OLD.actor_id, OLD.optin_id)
        IS NOT (NEW.given_at, NEW.confirmed_at, NEW.actor_id, NEW.optin_id)
    OR (OLD.erased_at IS NOT NULL AND OLD.erased_at IS NOT NEW.erased_at)
    OR (
        (OLD.text, OLD.address, OLD.user_agent, OLD.confirmed_from, OLD.grounds)
            IS NOT (NEW.text, NEW.address, NEW.user_agent, NEW.confirmed_from, NEW.grounds)
        AND (NEW.erased_at IS NULL OR coalesce(NEW.text, NEW.address, NEW.user_agent, NEW.confirmed_from, NEW.grounds) IS NOT NULL)
    )
BEGIN
    SELECT RAISE(ABORT, 'consent_record is append-only');
END;
";

const POSTGRES_GUARDS: &str = "
CREATE FUNCTION consent_record_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.erased_at IS NOT NULL THEN
            RETURN OLD;
        END IF;
    ELSIF TG_OP = 'UPDATE' THEN
        IF (OLD.id, OLD.purpose, OLD.channel, OLD.status, OLD.at, OLD.basis, OLD.expires_at, OLD.how, OLD.text_version, OLD.language,
                OLD.given_at, OLD.confirmed_at, OLD.actor_id, OLD.optin_id)
            IS NOT DISTINCT FROM (NEW.id, NEW.purpose, NEW.channel, NEW.status, NEW.at, NEW.basis, NEW.expires_at, NEW.how,
                NEW.text_version, NEW.language, NEW.given_at, NEW.confirmed_at, NEW.actor_id, NEW.optin_id)
            AND (OLD.erased_at IS NULL OR OLD.erased_at IS NOT DISTINCT FROM NEW.erased_at)
            AND (
                (OLD.text, OLD.address, OLD.user_agent, OLD.confirmed_from, OLD.grounds)
                    IS NOT DISTINCT FROM (NEW.text, NEW.address, NEW.user_agent, NEW.confirmed_from, NEW.grounds)
                OR (
                    NEW.erased_at IS NOT NULL
                    AND num_nonnulls(NEW.text, NEW.address, NEW.user_agent, NEW.confirmed_from, NEW.grounds) = 0
                )
            )
        THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION 'consent_record is append-only';
END
$$;
CREATE TRIGGER consent_record_guarded BEFORE UPDATE OR DELETE ON consent_record
    FOR EACH ROW EXECUTE FUNCTION consent_record_guard();
CREATE TRIGGER consent_record_not_emptied BEFORE TRUNCATE ON consent_record
    FOR EACH STATEMENT EXECUTE FUNCTION consent_record_guard();
";
