//! The review of companies.

use crate::company::{Company, CompanyDraft, CompanyPatch};
use crate::value::{CompanyName, CountryCode};

use super::check::QualityCheck;
use super::finding::Finding;
use super::policy::QualityPolicy;
use super::review::{Desk, Fault, Reviewed};
use super::{name, postal_code, text, url};

/// Reviews a new company.
pub fn review_company(draft: CompanyDraft, policy: &QualityPolicy) -> Reviewed<CompanyDraft> {
    review(draft, &CompanyDraft::default(), policy)
}

/// Reviews a change of a company: what the change leaves as it was is not looked at.
pub fn review_company_change(current: &Company, patch: &CompanyPatch, policy: &QualityPolicy) -> Reviewed<CompanyDraft> {
    let before = CompanyPatch::default().draft(current);
    review(patch.draft(current), &before, policy)
}

/// What is to be looked at in a stored company.
pub fn company_findings(company: &Company, policy: &QualityPolicy) -> Vec<Finding> {
    review_company(CompanyPatch::default().draft(company), policy).findings
}

/// A name that names no company.
fn no_name(typed: &str) -> Option<Fault> {
    let is_form = CompanyName::parse(typed).is_ok_and(|name| name.is_legal_form());
    let is_private = matches!(typed.trim().to_lowercase().as_str(), "privat" | "private" | "privatperson" | "private person");
    let message = if is_form { "is only a legal form" } else { "stands for no company" };
    (is_form || is_private || name::is_placeholder(typed)).then(|| Fault::unwanted(QualityCheck::CompanyName, message))
}

fn review(mut draft: CompanyDraft, before: &CompanyDraft, policy: &QualityPolicy) -> Reviewed<CompanyDraft> {
    let mut desk = Desk::new(policy);
    if draft.name != before.name {
        desk.check("name", &mut draft.name, text::whitespace);
        desk.check("name", &mut draft.name, no_name);
    }
    let country = draft.country.as_deref().and_then(|typed| CountryCode::parse(typed).ok());
    if draft.postal_code != before.postal_code {
        desk.check("postalCode", &mut draft.postal_code, |typed| postal_code::malformed(typed, country));
    }
    if draft.city != before.city {
        desk.check("city", &mut draft.city, text::whitespace);
        desk.check("city", &mut draft.city, name::placeholder);
    }
    if draft.website != before.website {
        desk.check("website", &mut draft.website, url::malformed);
    }
    if draft.register_number != before.register_number {
        desk.check("registerNumber", &mut draft.register_number, text::whitespace);
    }
    desk.finish(draft)
}
