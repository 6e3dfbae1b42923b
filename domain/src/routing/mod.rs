//! Who gets a lead. [`route()`] looks at the lead, the [`Directory`] (territories, pools, members, policy), the ledgers and the time, and answers with
//! a [`RoutingDecision`] that tells everything it saw; [`place::place`] is what is left where no pools are kept.

mod candidates;
pub mod coverage;
pub mod decision;
pub mod directory;
pub mod draft;
pub mod explain;
pub mod fairness;
pub mod ledger;
pub mod measure;
pub mod member;
pub mod place;
pub mod pool;
pub mod rebalance;
pub mod reference;
pub mod replay;
pub mod roster;
pub mod route;
pub mod share;
pub mod territory;
pub mod territory_map;

pub use decision::{Candidate, CandidateRule, ChosenBy, RoutingCause, RoutingDecision, RoutingOutcome};
pub use directory::{Directory, Reference, RoutingPolicy};
pub use draft::{DraftContent, DraftState, RoutingDraft};
pub use explain::{ExplainLanguage, Names, explain};
pub use ledger::{Account, Ledger};
pub use member::{Absence, MemberProfile};
pub use place::{PlaceFault, Placement, QueueReason, place};
pub use pool::Pool;
pub use roster::{Roster, RosterTeam};
pub use route::{Book, PoolState, RoutingRequest, pool_of, route};
pub use share::Leads;
pub use territory::Territory;

#[cfg(test)]
mod tests;
