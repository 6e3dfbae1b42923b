//! Feeding: the same person asks again for the same thing while the lead is open. What is known stays; what was unknown is filled.

use crate::campaign::Channel;
use crate::scoring::activity::ActivityKind;
use crate::waterfall::bant::Bant;
use crate::waterfall::lead::{ATTRIBUTES_MAX, Demand, Direction};

/// The demand with its gaps filled by what came in again. Nothing known is overwritten: sales may have asked since. Country, region and postal code
/// belong together and are filled together.
#[must_use]
pub fn fill(known: &Demand, learned: &Demand) -> Demand {
    let mut filled = known.clone();
    filled.title = filled.title.or_else(|| learned.title.clone());
    filled.value = filled.value.or(learned.value);
    filled.bant = Bant {
        budget: known.bant.budget.or(learned.bant.budget),
        authority: known.bant.authority.or(learned.bant.authority),
        need: known.bant.need.or(learned.bant.need),
        timeline_months: known.bant.timeline_months.or(learned.bant.timeline_months),
    };
    let nowhere = known.country.is_none() && known.subdivision.is_none() && known.postal_code.is_none();
    if nowhere || (known.country == learned.country && known.country.is_some()) {
        filled.country = learned.country.or(known.country);
        filled.subdivision = known.subdivision.or(learned.subdivision);
        filled.postal_code = known.postal_code.clone().or_else(|| learned.postal_code.clone());
    }
    filled.language = filled.language.or_else(|| learned.language.clone());
    for (key, value) in &learned.attributes {
        if filled.attributes.len() < ATTRIBUTES_MAX {
            filled.attributes.entry(key.clone()).or_insert_with(|| value.clone());
        }
    }
    filled
}

/// What the person did by asking again; nothing when it was we who made the step.
pub const fn deed(channel: Channel, direction: Direction) -> Option<ActivityKind> {
    match (direction, channel) {
        (Direction::Outbound, _) => None,
        (Direction::Inbound, Channel::ContactForm) => Some(ActivityKind::ContactRequest),
        (Direction::Inbound, Channel::Phone) => Some(ActivityKind::Call),
        (Direction::Inbound, Channel::Event) => Some(ActivityKind::EventRegister),
        (Direction::Inbound, Channel::Content) => Some(ActivityKind::ContentDownload),
        (
            Direction::Inbound,
            Channel::OrganicSearch
            | Channel::PaidSearch
            | Channel::Social
            | Channel::Email
            | Channel::Referral
            | Channel::Direct
            | Channel::Display
            | Channel::Partner
            | Channel::Other
            | Channel::Unknown,
        ) => Some(ActivityKind::FormSubmit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scoring::Score;
    use crate::value::{Code, CountryCode, PostalCode};
    use crate::waterfall::bant::{Budget, Need};
    use crate::waterfall::lead::AttributeValue;

    fn demand(country: Option<&str>, postal_code: Option<&str>) -> Demand {
        Demand {
            product_area: Code::parse("pumps").unwrap(),
            title: None,
            value: None,
            bant: Bant::default(),
            score: Score::default(),
            country: country.map(|code| CountryCode::parse(code).unwrap()),
            subdivision: None,
            postal_code: postal_code.map(|code| PostalCode::parse(code, None).unwrap()),
            language: None,
            attributes: std::collections::BTreeMap::new(),
        }
    }

    #[test]
    fn gaps_are_filled_and_nothing_known_is_lost() {
        let size = Code::parse("size").unwrap();
        let mut known = demand(Some("DE"), None);
        known.bant.budget = Some(Budget::Approved);
        known.attributes.insert(size.clone(), AttributeValue::Number(5));
        let mut learned = demand(Some("DE"), Some("80331"));
        learned.bant = Bant { budget: Some(Budget::None), need: Some(Need::Urgent), ..Bant::default() };
        learned.attributes.insert(size.clone(), AttributeValue::Number(9));
        learned.attributes.insert(Code::parse("colour").unwrap(), AttributeValue::Flag(true));
        let filled = fill(&known, &learned);
        assert_eq!((filled.bant.budget, filled.bant.need), (Some(Budget::Approved), Some(Need::Urgent)));
        assert_eq!(filled.postal_code, learned.postal_code);
        assert_eq!(filled.attributes.get(&size), Some(&AttributeValue::Number(5)));
        assert_eq!(filled.attributes.len(), 2);
        assert_eq!(fill(&filled, &learned), filled, "twice is as once");
        assert_eq!(fill(&known, &known), known);
    }

    #[test]
    fn places_are_not_mixed() {
        let filled = fill(&demand(Some("DE"), None), &demand(Some("AT"), Some("1010")));
        assert_eq!((filled.country, filled.postal_code), (demand(Some("DE"), None).country, None));
    }

    #[test]
    fn only_the_persons_own_step_is_a_deed() {
        assert_eq!(deed(Channel::ContactForm, Direction::Inbound), Some(ActivityKind::ContactRequest));
        for channel in Channel::ALL {
            assert_eq!(deed(*channel, Direction::Outbound), None);
            assert!(deed(*channel, Direction::Inbound).is_some());
        }
    }
}
