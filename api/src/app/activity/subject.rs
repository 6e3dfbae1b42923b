//! Whom activities are about: read, then looked up all at once, as far as the caller's permission reaches.

use std::collections::{BTreeMap, BTreeSet};

use fairfall_domain::access::Grant;
use fairfall_domain::id::{LeadId, PersonId};
use fairfall_domain::value::EmailAddress;
use fairfall_domain::violation::{ValueError, ViolationCode, Violations};
use fairfall_persistence::UnitOfWork;
use fairfall_persistence::repo;
use fairfall_persistence::repo::external_ref::ExternalRef;
use fairfall_persistence::repo::subject::NamedSubject;

use crate::app::AppError;

use super::SubjectInput;

/// A subject that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SubjectRead {
    Lead(LeadId),
    Person(PersonId),
    Email(String),
    External(ExternalRef),
}

/// Whom an activity is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Subject {
    pub(super) person: PersonId,
    /// The one lead it counts for; all of the person's when none is named.
    pub(super) lead: Option<LeadId>,
}

impl SubjectInput {
    pub(super) fn read(&self, faults: &mut Violations) -> Option<SubjectRead> {
        match self {
            Self::Lead(id) => faults.check("subject.lead", LeadId::parse(id)).map(SubjectRead::Lead),
            Self::Person(id) => faults.check("subject.person", PersonId::parse(id)).map(SubjectRead::Person),
            Self::Email(typed) => {
                let email = faults.check("subject.email", EmailAddress::parse(typed))?;
                Some(SubjectRead::Email(email.key()))
            }
            Self::External { source, id } => {
                let name = |text: &str| if text.trim().is_empty() { Err(ValueError::required()) } else { Ok(text.to_owned()) };
                let source = faults.check("subject.external.source", name(source));
                let external_id = faults.check("subject.external.id", name(id));
                Some(SubjectRead::External(ExternalRef { source: source?, external_id: external_id? }))
            }
        }
    }
}

impl SubjectRead {
    /// The field that named it.
    const fn field(&self) -> &'static str {
        match self {
            Self::Lead(_) => "subject.lead",
            Self::Person(_) => "subject.person",
            Self::Email(_) => "subject.email",
            Self::External(_) => "subject.external",
        }
    }

    /// It does not exist, or the caller may not record for it.
    pub(super) fn unknown(&self) -> Violations {
        Violations::one(self.field(), ViolationCode::NotFound, "there is none, or nothing may be recorded for it")
    }
}

/// What subjects lead to.
#[derive(Clone, Debug, Default)]
pub(super) struct Subjects {
    named: BTreeMap<ExternalRef, NamedSubject>,
    persons_of_leads: BTreeMap<LeadId, PersonId>,
    persons: BTreeMap<PersonId, PersonId>,
    by_email: BTreeMap<String, PersonId>,
}

impl Subjects {
    /// Looks up all subjects, one statement for each way in which they are named.
    pub(super) async fn find<'a>(
        uow: &UnitOfWork,
        grant: &Grant,
        subjects: impl Iterator<Item = &'a SubjectRead> + Clone,
    ) -> Result<Self, AppError> {
        let names: BTreeSet<&ExternalRef> = subjects
            .clone()
            .filter_map(|subject| if let SubjectRead::External(name) = subject { Some(name) } else { None })
            .collect();
        let names: Vec<&ExternalRef> = names.into_iter().collect();
        let found = repo::subject::named(uow, &names).await?;
        let (mut leads, mut persons, mut emails) = (BTreeSet::new(), BTreeSet::new(), BTreeSet::new());
        for subject in subjects {
            match subject {
                SubjectRead::Lead(id) => drop(leads.insert(*id)),
                SubjectRead::Person(id) => drop(persons.insert(*id)),
                SubjectRead::Email(key) => drop(emails.insert(key.as_str())),
                SubjectRead::External(_) => {}
            }
        }
        for subject in found.values() {
            match subject {
                NamedSubject::Lead(id) => drop(leads.insert(*id)),
                NamedSubject::Person(id) => drop(persons.insert(*id)),
            }
        }
        let leads: Vec<LeadId> = leads.into_iter().collect();
        let persons: Vec<PersonId> = persons.into_iter().collect();
        let emails: Vec<&str> = emails.into_iter().collect();
        Ok(Self {
            named: found,
            persons_of_leads: repo::subject::persons_of_leads(uow, grant, &leads).await?,
            persons: repo::subject::known_persons(uow, grant, &persons).await?,
            by_email: repo::subject::persons_by_email(uow, grant, &emails).await?,
        })
    }

    /// Whom a subject means.
    pub(super) fn of(&self, subject: &SubjectRead) -> Option<Subject> {
        match subject {
            SubjectRead::Lead(id) => self.lead(*id),
            SubjectRead::Person(id) => self.person(*id),
            SubjectRead::Email(key) => self.by_email.get(key).map(|person| Subject { person: *person, lead: None }),
            SubjectRead::External(name) => match self.named.get(name)? {
                NamedSubject::Lead(id) => self.lead(*id),
                NamedSubject::Person(id) => self.person(*id),
            },
        }
    }

    fn lead(&self, id: LeadId) -> Option<Subject> {
        self.persons_of_leads.get(&id).map(|person| Subject { person: *person, lead: Some(id) })
    }

    fn person(&self, id: PersonId) -> Option<Subject> {
        self.persons.get(&id).map(|person| Subject { person: *person, lead: None })
    }
}
