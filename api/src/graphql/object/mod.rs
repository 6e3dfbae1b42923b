//! Things of the domain as the API shows them.

pub mod act;
pub mod activity;
pub mod agreement;
pub mod agreement_replay;
pub mod agreement_terms;
pub mod api_key;
pub mod attribute;
pub mod buying_center;
pub mod calendar;
pub mod campaign;
pub mod clock;
pub mod company;
pub mod consent;
pub mod coverage;
pub mod customer;
pub mod demand;
pub mod duplicate;
pub mod fairness;
pub mod feedback;
pub mod forecast;
pub mod gate;
pub mod hand_over_report;
pub mod label;
pub mod lead;
pub mod measure;
pub mod member;
pub mod merge;
pub mod misrouting;
pub mod money;
pub mod node;
pub mod notification;
pub mod opportunity;
pub mod origin;
pub mod passage;
pub mod person;
pub mod pool;
pub mod probability;
pub mod protection;
pub mod quality;
pub mod rebalance;
pub mod reference;
pub mod report;
pub mod routing_decision;
pub mod routing_draft;
pub mod routing_explanation;
pub mod routing_policy;
pub mod routing_replay;
pub mod score;
pub mod score_model;
pub mod score_replay;
pub mod session;
pub mod sla_report;
pub mod standing;
pub mod team;
pub mod territory;
pub mod title;
pub mod track;
pub mod transition;
pub mod user;
pub mod viewer;

/// Makes a thing of the domain the object that shows it.
macro_rules! shows {
    ($( $object:ident($thing:ty) ),+ $(,)?) => {
        $(
            impl From<$thing> for $object {
                fn from(thing: $thing) -> Self {
                    Self(thing)
                }
            }
        )+
    };
}

use shows;
