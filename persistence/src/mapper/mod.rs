//! From rows to domain types, checked, and back.

pub(crate) mod activity;
pub(crate) mod agreement;
pub(crate) mod api_key;
pub(crate) mod campaign;
pub(crate) mod company;
pub(crate) mod consent;
pub(crate) mod customer;
pub(crate) mod duplicate;
pub(crate) mod lead;
pub(crate) mod lead_score;
pub(crate) mod member_profile;
pub(crate) mod opportunity;
pub(crate) mod passage;
pub(crate) mod person;
pub(crate) mod pool;
pub(crate) mod routing_decision;
pub(crate) mod routing_draft;
pub(crate) mod rows;
pub(crate) mod score_model;
pub(crate) mod session;
pub(crate) mod stored;
pub(crate) mod team;
pub(crate) mod territory;
pub(crate) mod track;
pub(crate) mod transition;
pub(crate) mod user;
