//! Journeys from outside, over HTTP and WebSocket, on both databases.

#[cfg(test)]
mod activities;
#[cfg(test)]
mod acts;
#[cfg(test)]
mod agreement_replay;
#[cfg(test)]
mod agreement_run;
#[cfg(test)]
mod agreement_terms;
#[cfg(test)]
mod agreements;
#[cfg(test)]
mod architecture;
#[cfg(test)]
mod authz_agreements;
#[cfg(test)]
mod authz_calendars;
#[cfg(test)]
mod authz_clock;
#[cfg(test)]
mod authz_coverage;
#[cfg(test)]
mod authz_feedback;
#[cfg(test)]
mod authz_records;
#[cfg(test)]
mod authz_refusals;
#[cfg(test)]
mod authz_routing;
#[cfg(test)]
mod authz_sla_watch;
#[cfg(test)]
mod buying_center;
#[cfg(test)]
mod calendar_sweep;
#[cfg(test)]
mod calendars;
#[cfg(test)]
mod clock_ends;
#[cfg(test)]
mod clocks;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod consent;
#[cfg(test)]
mod consent_mail;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod duplicates;
#[cfg(test)]
mod enrichment;
#[cfg(test)]
mod failure;
#[cfg(test)]
mod feedback;
#[cfg(test)]
mod forecast;
#[cfg(test)]
mod funnel_import;
#[cfg(test)]
mod import_runs;
#[cfg(test)]
mod kill;
#[cfg(test)]
mod limits_document;
#[cfg(test)]
mod limits_flight;
#[cfg(test)]
mod limits_http;
#[cfg(test)]
mod members;
#[cfg(test)]
mod merging;
#[cfg(test)]
mod nodes;
#[cfg(test)]
mod notifications;
#[cfg(test)]
mod pools;
#[cfg(test)]
mod protection;
#[cfg(test)]
mod public_clients;
#[cfg(test)]
mod quality;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod rebalance;
#[cfg(test)]
mod reference_data;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod routing;
#[cfg(test)]
mod routing_nodes;
#[cfg(test)]
mod routing_reports;
#[cfg(test)]
mod routing_simulation;
#[cfg(test)]
mod schema_sdl;
#[cfg(test)]
mod scoring;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sla_nodes;
#[cfg(test)]
mod sla_reports;
#[cfg(test)]
mod sla_worker;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod stream;
#[cfg(test)]
mod territories;
#[cfg(test)]
mod whole_way;
