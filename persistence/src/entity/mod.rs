//! The tables that sea-orm reads and writes. Nothing of it leaves this crate.

pub(crate) mod agreement;
pub(crate) mod api_key;
pub(crate) mod campaign;
pub(crate) mod company;
pub(crate) mod consent_optin;
pub(crate) mod consent_record;
pub(crate) mod customer;
pub(crate) mod external_ref;
pub(crate) mod login_throttle;
pub(crate) mod mail_outbox;
pub(crate) mod member_profile;
pub(crate) mod opportunity;
pub(crate) mod person;
pub(crate) mod pool;
pub(crate) mod price_band;
pub(crate) mod refresh_token;
pub(crate) mod routing_draft;
pub(crate) mod score_model;
pub(crate) mod search_token;
pub(crate) mod session;
pub(crate) mod setting;
pub(crate) mod team;
pub(crate) mod team_member;
pub(crate) mod territory;
pub(crate) mod track;
pub(crate) mod user_account;
