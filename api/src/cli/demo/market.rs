//! The made-up market: companies, the people in them, and the campaigns that reach them.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use fairfall_domain::campaign::{Campaign, CampaignDraft, Channel};
use fairfall_domain::company::{Company, CompanyDraft};
use fairfall_domain::consent::{ConsentState, ConsentStatus, ContactChannel, Purpose};
use fairfall_domain::person::{BuyingRole, Person, PersonDraft};
use fairfall_domain::scoring::Score;
use fairfall_domain::value::{Code, CountryCode, LanguageTag, Money, PostalCode, ShortText, SubdivisionCode};
use fairfall_domain::violation::Violations;
use fairfall_domain::waterfall::bant::{Bant, Need};
use fairfall_domain::waterfall::lead::Demand;

use super::dice::Dice;
use super::names::{Culture, slug};
use super::place::{COUNTRIES, Country, Town};
use crate::clock::new_id;

/// A company with where it is.
#[derive(Clone, Debug)]
pub(super) struct Firm {
    pub(super) company: Company,
    country: Country,
    town: Town,
    domain: String,
}

/// What is sold, with its name in lists.
const PRODUCTS: [(&str, &str); 4] =
    [("pumps", "Pumps"), ("valves", "Valves"), ("controls", "Plant controls"), ("maintenance", "Maintenance contract")];

/// Most companies that are made.
const FIRMS_MAX: usize = 300;
/// Fewest companies that are made.
const FIRMS_MIN: usize = 12;

/// Companies for so many leads.
pub(super) fn firms(dice: &mut Dice, leads: usize, made_at: DateTime<Utc>) -> Result<Vec<Firm>, Violations> {
    let count = leads.div_ceil(3).clamp(FIRMS_MIN, FIRMS_MAX);
    let mut turns: BTreeMap<Culture, usize> = BTreeMap::new();
    let mut firms = Vec::with_capacity(count);
    for _ in 0..count {
        let Some(country) = dice.weighted(COUNTRIES).copied() else { continue };
        let turn = turns.entry(country.culture).or_default();
        let number = *turn;
        *turn = turn.saturating_add(1);
        firms.extend(firm(dice, country, number, made_at)?);
    }
    Ok(firms)
}

/// One of the companies, of one country when it is named and has any.
pub(super) fn pick<'a>(dice: &mut Dice, firms: &'a [Firm], country: Option<&str>) -> Option<&'a Firm> {
    let there: Vec<&Firm> = firms.iter().filter(|firm| country.is_none_or(|country| firm.country.code == country)).collect();
    if there.is_empty() { dice.pick(firms) } else { dice.pick(&there).copied() }
}

/// The company with this number among those of its culture; each number gives another pair of words, as long as there are any.
fn firm(dice: &mut Dice, country: Country, number: usize, made_at: DateTime<Utc>) -> Result<Option<Firm>, Violations> {
    let (words, trades) = (country.culture.firms(), country.culture.trades());
    let word = words.iter().cycle().nth(number).copied().unwrap_or_default();
    let round = number.checked_div(words.len()).unwrap_or(0);
    // each round over the words gives each of them the next trade; neighbours are in different ones
    let position = number.checked_rem(words.len()).unwrap_or(0);
    let trade = trades.iter().cycle().nth(round.wrapping_add(position)).copied();
    let (Some((industry, trade)), Some(town)) = (trade, dice.pick(country.towns).copied()) else { return Ok(None) };
    let domain = format!("{}-{}.example", slug(word), slug(trade));
    let draft = CompanyDraft {
        name: Some(format!("{word} {trade} {}", dice.word(country.forms))),
        country: Some(country.code.to_owned()),
        subdivision: Some(town.subdivision.to_owned()),
        postal_code: Some(town.postal_code.to_owned()),
        city: Some(town.name.to_owned()),
        industry: Some(industry.to_owned()),
        employees: Some(employees(dice).to_string()),
        website: Some(format!("https://www.{domain}")),
        ..CompanyDraft::default()
    };
    let company = Company::new(new_id(), draft.parse()?, made_at);
    Ok(Some(Firm { company, country, town, domain }))
}

/// Many small ones, few large ones.
fn employees(dice: &mut Dice) -> i64 {
    let bands = [(50, (8, 80)), (35, (80, 600)), (15, (600, 9_000))];
    let (least, most) = dice.weighted(&bands).copied().unwrap_or((8, 80));
    dice.between(least, most)
}

/// A person of a company; `number` makes the address the only one.
pub(super) fn person(dice: &mut Dice, firm: &Firm, number: usize, at: DateTime<Utc>) -> Result<Person, Violations> {
    let culture = firm.country.culture;
    let (given, family) = (dice.word(culture.given()), dice.word(culture.family()));
    let draft = PersonDraft {
        given_name: Some(given.to_owned()),
        family_name: Some(family.to_owned()),
        email: Some(format!("{}.{}{number}@{}", slug(given), slug(family), firm.domain)),
        phone: phone(dice, firm.country),
        language: Some(firm.town.language.unwrap_or_else(|| culture.language()).to_owned()),
        country: Some(firm.country.code.to_owned()),
        subdivision: Some(firm.town.subdivision.to_owned()),
        postal_code: Some(firm.town.postal_code.to_owned()),
        city: Some(firm.town.name.to_owned()),
        job_title: Some(dice.word(culture.titles()).to_owned()),
        company: Some(firm.company.id.to_string()),
        buying_role: dice.chance(60).then(|| dice.pick(BuyingRole::ALL).map(ToString::to_string)).flatten(),
    };
    let mut person = Person::new(new_id(), draft.parse()?, at);
    person.consents = consents(dice, at);
    Ok(person)
}

fn phone(dice: &mut Dice, country: Country) -> Option<String> {
    let (start, digits) = *dice.pick(country.phones)?;
    let most = 10_i64.checked_pow(digits)?.saturating_sub(1);
    let width = usize::try_from(digits).ok()?;
    Some(format!("{start}{:0width$}", dice.between(0, most)))
}

fn consents(dice: &mut Dice, at: DateTime<Utc>) -> Vec<ConsentState> {
    let said = |purpose, channel, status| ConsentState::said(purpose, channel, status, at);
    let mut consents = vec![said(Purpose::SalesContact, ContactChannel::Email, ConsentStatus::Granted)];
    if dice.chance(70) {
        consents.push(said(Purpose::SalesContact, ContactChannel::Phone, ConsentStatus::Granted));
    }
    let marketing = if dice.chance(80) { ConsentStatus::Granted } else { ConsentStatus::Withdrawn };
    if dice.chance(60) {
        consents.push(said(Purpose::Marketing, ContactChannel::Email, marketing));
    }
    consents
}

/// The demand of somebody at a company, worth between two amounts in whole euro.
pub(super) fn demand(dice: &mut Dice, firm: &Firm, worth: (i64, i64), area: Option<&'static str>) -> Result<Demand, Violations> {
    let (product, label) = dice.pick(&PRODUCTS).copied().unwrap_or(("pumps", "Pumps"));
    let product = area.unwrap_or(product);
    let hundreds = dice.between(worth.0 / 100, worth.1 / 100);
    let mut faults = Violations::new();
    let product_area = faults.check("productArea", Code::parse(product));
    let title = faults.check("title", ShortText::parse(&format!("{label}, {}", firm.town.name)));
    let value = faults.check("value", Money::parse_decimal(&hundreds.saturating_mul(100).to_string(), "EUR"));
    let country = faults.check("country", CountryCode::parse(firm.country.code));
    let subdivision =
        country.and_then(|country| faults.check("subdivision", SubdivisionCode::parse_in(firm.town.subdivision, country)));
    let postal_code = faults.check("postalCode", PostalCode::parse(firm.town.postal_code, country));
    let language = firm.town.language.unwrap_or_else(|| firm.country.culture.language());
    let language = faults.check("language", LanguageTag::parse(language));
    let Some(product_area) = product_area.filter(|_| faults.is_empty()) else { return Err(faults) };
    let need = dice.chance(50).then_some(Need::Latent);
    Ok(Demand {
        product_area,
        title,
        value,
        bant: Bant { need, ..Bant::default() },
        // given by the model when the lead is captured
        score: Score::default(),
        country,
        subdivision,
        postal_code,
        language,
        attributes: BTreeMap::new(),
    })
}

/// A campaign: key, name, channel, days from the start, days it runs, goals in marketing and sales leads, cost in euro, targeting.
type CampaignRow = (&'static str, &'static str, Channel, i64, i64, u32, u32, i64, &'static str);

const CAMPAIGNS: [CampaignRow; 10] = [
    ("search-ads", "Search ads", Channel::PaidSearch, 0, 270, 90, 45, 38_000, "BROAD"),
    ("spring-fair", "Trade fair for process plants", Channel::Event, 40, 5, 60, 30, 54_000, "BROAD"),
    ("efficiency-paper", "White paper on energy in pumping", Channel::Content, 20, 200, 70, 25, 9_500, "BROAD"),
    ("quarterly-mail", "Quarterly mailing", Channel::Email, 10, 240, 50, 15, 4_200, "BROAD"),
    ("referrals", "Customers recommend us", Channel::Referral, 0, 270, 25, 20, 6_000, "BROAD"),
    ("machinery-accounts", "Named accounts in machinery", Channel::Phone, 60, 120, 30, 20, 27_500, "ACCOUNT_BASED"),
    ("plant-webinar", "Webinar on plant controls", Channel::Event, 120, 2, 40, 15, 7_800, "BROAD"),
    ("social-posts", "Posts in networks", Channel::Social, 30, 220, 35, 8, 11_000, "BROAD"),
    ("partner-portal", "Portal of the partner", Channel::Partner, 15, 250, 30, 18, 12_400, "BROAD"),
    ("contact-form", "Contact form of the site", Channel::ContactForm, 0, 270, 60, 35, 2_000, "BROAD"),
];

/// The campaigns of the months since `start`.
pub(super) fn campaigns(start: DateTime<Utc>) -> Result<Vec<Campaign>, Violations> {
    CAMPAIGNS
        .iter()
        .map(|(key, name, channel, from_day, days, marketing, sales, cost, targeting)| {
            let first = (start + TimeDelta::days(*from_day)).date_naive();
            let last = first + TimeDelta::days(days.saturating_sub(1));
            let cost = Money::parse_decimal(&cost.to_string(), "EUR");
            let draft = CampaignDraft {
                key: Some((*key).to_owned()),
                name: Some((*name).to_owned()),
                channel: Some(channel.to_string()),
                starts_on: Some(first.to_string()),
                ends_on: Some(last.to_string()),
                goal_marketing_leads: Some(marketing.to_string()),
                goal_sales_leads: Some(sales.to_string()),
                cost: Some(cost.map_err(|error| Violations::one("cost", error.code, error.message))?),
                targeting: Some((*targeting).to_owned()),
            };
            Ok(Campaign::new(new_id(), draft.parse()?, start))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn start() -> DateTime<Utc> {
        DateTime::from_timestamp(1_780_000_000, 0).unwrap()
    }

    #[test]
    fn everything_made_up_is_what_the_domain_takes() {
        let mut dice = Dice::new(1);
        let firms = firms(&mut dice, 10_000, start()).unwrap();
        assert_eq!(firms.len(), FIRMS_MAX);
        for (number, firm) in firms.iter().enumerate() {
            person(&mut dice, firm, number, start()).unwrap();
            demand(&mut dice, firm, (1_000, 250_000), None).unwrap();
        }
        assert_eq!(campaigns(start()).unwrap().len(), CAMPAIGNS.len());
    }

    #[test]
    fn companies_of_a_country_have_names_of_their_own() {
        let firms = firms(&mut Dice::new(1), 10_000, start()).unwrap();
        let names: BTreeSet<_> = firms.iter().map(|firm| (firm.company.name.key(), firm.country.code)).collect();
        assert_eq!(names.len(), firms.len());
    }

    #[test]
    fn telephone_numbers_are_those_kept_for_fiction() {
        let mut dice = Dice::new(3);
        for (_, country) in COUNTRIES {
            for _ in 0..50 {
                let number = phone(&mut dice, *country);
                assert_eq!(number.is_some(), !country.phones.is_empty());
                assert!(number.is_none_or(|number| country.phones.iter().any(|(start, _)| number.starts_with(start))));
            }
        }
    }
}
