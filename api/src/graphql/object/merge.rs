//! Merges of records, and what they would do.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use fairfall_domain::company::Company;
use fairfall_domain::consent::{ConsentStatus, ContactChannel, Purpose};
use fairfall_domain::id::LeadId;
use fairfall_domain::merging::consent::most_restrictive;
use fairfall_domain::merging::{Merge, MergeField, MergeKind, MergePair, MergeRule, MergeSide, MergeState, Provenance};
use fairfall_domain::person::Person;
use fairfall_persistence::repo::merge::Impact;

use crate::app::merge::{OpenPair, Preview};
use crate::graphql::code::Coded;
use crate::graphql::loader::related;
use crate::graphql::scalar::{Timestamp, id, int};

use super::company::CompanyObject;
use super::lead::LeadObject;
use super::person::PersonObject;
use super::shows;
use super::user::UserObject;

/// A merge.
#[derive(Clone, Debug)]
pub struct MergeObject(pub Merge);

shows!(MergeObject(Merge));

/// Two records that were made into one. Its ids lead to the record that lives; taking it back restores both.
#[Object(name = "Merge")]
impl MergeObject {
    /// The id, by which it is taken back.
    async fn id(&self) -> ID {
        id(self.0.id)
    }

    /// What kind of records they are.
    async fn kind(&self) -> Coded<MergeKind> {
        Coded(self.0.pair.kind())
    }

    /// Whether it stands.
    async fn state(&self) -> Coded<MergeState> {
        Coded(self.0.state())
    }

    /// The id of the record that went on.
    async fn survivor_id(&self) -> ID {
        id(self.0.pair.survivor())
    }

    /// The id of the record that was merged away. While the merge stands it leads to the record that lives.
    async fn loser_id(&self) -> ID {
        id(self.0.pair.loser())
    }

    /// The person who lives of a merge of persons; absent when the viewer may not see them.
    async fn person(&self, ctx: &Context<'_>) -> Option<Result<PersonObject>> {
        match self.0.pair {
            MergePair::Persons { survivor, .. } => related(ctx, Some(survivor)).await,
            MergePair::Companies { .. } => None,
        }
    }

    /// The company that lives of a merge of companies; absent when the viewer may not see it.
    async fn company(&self, ctx: &Context<'_>) -> Option<Result<CompanyObject>> {
        match self.0.pair {
            MergePair::Companies { survivor, .. } => related(ctx, Some(survivor)).await,
            MergePair::Persons { .. } => None,
        }
    }

    /// Which side won each field that either side knew, and what the other one had. Empty once the data was erased.
    async fn fields(&self) -> Vec<MergeFieldObject> {
        self.0.fields().iter().cloned().map(Into::into).collect()
    }

    /// When the records were merged.
    async fn merged_at(&self) -> Timestamp {
        Timestamp(self.0.merged_at)
    }

    /// Who merged them; absent when the viewer may not see the user.
    async fn merged_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.actor).await
    }

    /// When it was taken back; absent while it stands.
    async fn undone_at(&self) -> Option<Timestamp> {
        self.0.undone.map(|undone| Timestamp(undone.at))
    }

    /// Who took it back.
    async fn undone_by(&self, ctx: &Context<'_>) -> Option<Result<UserObject>> {
        related(ctx, self.0.undone.and_then(|undone| undone.by)).await
    }
}

/// How one field of the survivor comes about.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "MergedField")]
pub struct MergeFieldObject {
    /// The field.
    pub field: Coded<MergeField>,
    /// The side whose value the survivor has.
    pub from: Coded<MergeSide>,
    /// Why.
    pub rule: Coded<MergeRule>,
    /// The value that the survivor has, as a text; ids for a company or a colleague.
    pub kept: Option<String>,
    /// The other side's value, if it has another one. It comes back when the merge is taken back.
    pub given_up: Option<String>,
}

impl From<Provenance> for MergeFieldObject {
    fn from(of: Provenance) -> Self {
        Self { field: Coded(of.field), from: Coded(of.from), rule: Coded(of.rule), kept: of.kept, given_up: of.given_up }
    }
}

/// How much a merge moves to the survivor, or taking it back moves away.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "MergeImpact")]
pub struct ImpactObject {
    /// Leads with all that hangs on them.
    pub leads: i32,
    /// Opportunities.
    pub opportunities: i32,
    /// Customers.
    pub customers: i32,
    /// Activities of a person.
    pub activities: i32,
    /// Kept words of a person about consent.
    pub consent_records: i32,
    /// People of a company, those that were merged away included.
    pub people: i32,
    /// Records that were merged into the one that is merged away now.
    pub merged_records: i32,
    /// Names that other systems have for it; they lead to the survivor.
    pub names: i32,
    /// Roles in a company's decision to buy.
    pub buying_roles: i32,
}

impl From<Impact> for ImpactObject {
    fn from(of: Impact) -> Self {
        let shown = |count: u64| i32::try_from(count).unwrap_or(i32::MAX);
        Self {
            leads: shown(of.leads),
            opportunities: shown(of.opportunities),
            customers: shown(of.customers),
            activities: shown(of.activities),
            consent_records: shown(of.consent_records),
            people: shown(of.people),
            merged_records: shown(of.merged_records),
            names: shown(of.names),
            buying_roles: shown(of.buying_roles),
        }
    }
}

/// Two leads of a merged person that are open or at rest for the same product area. The merge keeps both: which goes on is for people to decide.
#[derive(Clone, Debug)]
pub struct MergeConflictObject(pub OpenPair);

shows!(MergeConflictObject(OpenPair));

/// Two leads of a merged person that are open or at rest for the same product area. A merge keeps both; close one of them, as a duplicate for
/// instance, when they are one demand.
#[Object(name = "MergeConflict")]
impl MergeConflictObject {
    /// The product area.
    async fn product_area(&self) -> &str {
        self.0.product_area.as_str()
    }

    /// The lead of the record that goes on; absent when the viewer may not see it.
    async fn survivor_lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related::<LeadId, _>(ctx, Some(self.0.survivor)).await
    }

    /// The lead of the record that is merged away; absent when the viewer may not see it.
    async fn loser_lead(&self, ctx: &Context<'_>) -> Option<Result<LeadObject>> {
        related::<LeadId, _>(ctx, Some(self.0.loser)).await
    }
}

/// What becomes of the consents for one purpose and channel: the most restrictive of both sides.
#[derive(Clone, Copy, Debug, SimpleObject)]
#[graphql(name = "MergedConsent")]
pub struct MergedConsentObject {
    /// What for.
    pub purpose: Coded<Purpose>,
    /// Which way.
    pub channel: Coded<ContactChannel>,
    /// What the survivor said.
    pub survivor: Coded<ConsentStatus>,
    /// What the other record says.
    pub loser: Coded<ConsentStatus>,
    /// What holds after the merge.
    pub result: Coded<ConsentStatus>,
}

fn consents(survivor: &Person, loser: &Person) -> Vec<MergedConsentObject> {
    let all = Purpose::ALL.iter().flat_map(|purpose| ContactChannel::ALL.iter().map(move |channel| (*purpose, *channel)));
    let said = all.map(|(purpose, channel)| {
        let (own, other) = (survivor.consent(purpose, channel), loser.consent(purpose, channel));
        MergedConsentObject {
            purpose: Coded(purpose),
            channel: Coded(channel),
            survivor: Coded(own),
            loser: Coded(other),
            result: Coded(most_restrictive(own, other)),
        }
    });
    said.filter(|one| one.survivor.0 != ConsentStatus::Unknown || one.loser.0 != ConsentStatus::Unknown).collect()
}

/// What merging two persons would do. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "PersonMergePreview")]
pub struct PersonMergePreviewObject {
    /// The survivor as it would be.
    pub person: PersonObject,
    /// The version of the survivor now: send it as `expectedVersion`.
    pub survivor_version: i32,
    /// The version of the other record now: send it as `loserExpectedVersion`.
    pub loser_version: i32,
    /// Which side would win each field, and what the other one has.
    pub fields: Vec<MergeFieldObject>,
    /// What would become of the consents that either side ever spoke of.
    pub consents: Vec<MergedConsentObject>,
    /// What would move to the survivor.
    pub moves: ImpactObject,
    /// Leads that would be open side by side for the same product area, at most 100 pairs.
    pub conflicts: Vec<MergeConflictObject>,
}

impl From<Preview<Person>> for PersonMergePreviewObject {
    fn from(of: Preview<Person>) -> Self {
        Self {
            survivor_version: int(of.before.version),
            loser_version: int(of.loser.version),
            consents: consents(&of.before, &of.loser),
            person: of.survivor.into(),
            fields: of.fields.into_iter().map(Into::into).collect(),
            moves: of.moves.into(),
            conflicts: of.open_pairs.into_iter().map(Into::into).collect(),
        }
    }
}

/// What merging two companies would do. Nothing was written.
#[derive(Clone, Debug, SimpleObject)]
#[graphql(name = "CompanyMergePreview")]
pub struct CompanyMergePreviewObject {
    /// The survivor as it would be.
    pub company: CompanyObject,
    /// The version of the survivor now: send it as `expectedVersion`.
    pub survivor_version: i32,
    /// The version of the other record now: send it as `loserExpectedVersion`.
    pub loser_version: i32,
    /// Which side would win each field, and what the other one has.
    pub fields: Vec<MergeFieldObject>,
    /// What would move to the survivor.
    pub moves: ImpactObject,
}

impl From<Preview<Company>> for CompanyMergePreviewObject {
    fn from(of: Preview<Company>) -> Self {
        Self {
            survivor_version: int(of.before.version),
            loser_version: int(of.loser.version),
            company: of.survivor.into(),
            fields: of.fields.into_iter().map(Into::into).collect(),
            moves: of.moves.into(),
        }
    }
}
