//! Subject access, erasure, legal holds, retention.

use async_graphql::{Context, ID, InputObject, Object, Result};
use fairfall_domain::id::PersonId;
use fairfall_domain::protection::{RetentionCase, RetentionPolicy, RetentionRule};
use fairfall_domain::violation::Violations;
use fairfall_persistence::repo::protection::LegalHold;

use super::acted;
use super::payload::payloads;
use crate::app::protection::export::{Export, PageLanguage};
use crate::app::protection::retention::{PolicyChange, Ran};
use crate::app::protection::{self, Erased};
use crate::graphql::code::Coded;
use crate::graphql::input::{id, whole};
use crate::graphql::object::protection::{
    ExportLanguage, LegalHoldObject, PersonExportObject, RetentionPolicyObject, RetentionRunObject,
};
use crate::graphql::scalar::{self, Timestamp};

/// Asks for all that is known of a person.
#[derive(Clone, Debug, InputObject)]
pub struct PersonExportInput {
    /// Whose.
    pub person: ID,
    /// The language of the readable page; EN when absent.
    pub language: Option<ExportLanguage>,
}

/// Erases a person for good.
#[derive(Clone, Debug, InputObject)]
pub struct PersonEraseInput {
    /// Who.
    pub person: ID,
}

/// Keeps a person's data for a legal reason.
#[derive(Clone, Debug, InputObject)]
pub struct PersonHoldInput {
    /// Whose data.
    pub person: ID,
    /// Why, in words; at most 2,000 characters.
    pub reason: String,
}

/// Lets a person's data go.
#[derive(Clone, Debug, InputObject)]
pub struct PersonReleaseInput {
    /// Whose data.
    pub person: ID,
}

/// Lets an erased address in again.
#[derive(Clone, Debug, InputObject)]
pub struct SuppressionLiftInput {
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number, with its country's prefix.
    pub phone: Option<String>,
}

/// How long one case is kept.
#[derive(Clone, Debug, InputObject)]
pub struct RetentionRuleInput {
    /// The case.
    pub case: Coded<RetentionCase>,
    /// Days after the last change, 1 to 10,958.
    pub after_days: u32,
}

/// Other rules of retention, all of them.
#[derive(Clone, Debug, InputObject)]
pub struct RetentionPolicyUpdateInput {
    /// The rules; a case that is not named is kept for ever.
    pub rules: Vec<RetentionRuleInput>,
    /// The version that the caller read; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// Lets the rules act by themselves, or not.
#[derive(Clone, Debug, InputObject)]
pub struct RetentionArmInput {
    /// Whether they act by themselves.
    pub armed: bool,
    /// The version that the caller read; when it has changed since, nothing is done.
    pub expected_version: Option<u32>,
}

/// Runs the rules now.
#[derive(Clone, Debug, InputObject)]
pub struct RetentionRunInput {
    /// True to count only: nothing is erased. Rules must have been rehearsed before they act.
    pub rehearsal: bool,
}

payloads! {
    /// What `personExport` answers.
    PersonExportPayload = |done: Export| {
        /// All that is known; absent when nothing was put together.
        export: PersonExportObject = Some(done.into()),
    }

    /// What `personErase` answers.
    PersonErasePayload = |done: Erased| {
        /// Who was erased: the id goes on existing, with nothing behind it that tells who it was.
        person: ID = Some(scalar::id(done.person)),
        /// When.
        erased_at: Timestamp = Some(Timestamp(done.at)),
        ;
        /// Whether it was done before.
        already_done = done.already_done,
    }

    /// What `personHold` answers.
    PersonHoldPayload = |done: LegalHold| {
        /// The hold; absent when nothing was changed.
        hold: LegalHoldObject = Some(done.into()),
    }

    /// What `personRelease` answers.
    PersonReleasePayload = |done: (PersonId, bool)| {
        /// Whose data was let go; absent when nothing was changed.
        person: ID = Some(scalar::id(done.0)),
        ;
        /// Whether it was not held.
        already_done = done.1,
    }

    /// What `suppressionLift` answers.
    SuppressionLiftPayload = |done: bool| {
        ;
        /// Whether the address was kept away before.
        lifted = done,
    }

    /// What `retentionArm` answers.
    RetentionArmPayload = |done: RetentionPolicy| {
        /// The rules after the change; absent when nothing was changed.
        policy: RetentionPolicyObject = Some(done.into()),
    }

    /// What `retentionPolicyUpdate` answers.
    RetentionPolicyUpdatePayload = |done: RetentionPolicy| {
        /// The rules after the change; absent when nothing was changed.
        policy: RetentionPolicyObject = Some(done.into()),
    }

    /// What `retentionRun` answers.
    RetentionRunPayload = |done: Ran| {
        /// What was found and done; absent when nothing was run.
        run: RetentionRunObject = Some(done.into()),
    }
}

fn person(typed: &ID) -> std::result::Result<PersonId, Violations> {
    let mut faults = Violations::new();
    let read = id(&mut faults, "person", typed);
    whole(faults, read)
}

/// Subject access, erasure, legal holds, retention.
#[derive(Default)]
pub struct ProtectionMutation;

/// Subject access, erasure, legal holds, retention.
#[Object]
impl ProtectionMutation {
    /// Puts together all that is known of a person, for the person who asks (Art. 15 GDPR). It is noted who did so.
    async fn person_export(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose data.")] input: PersonExportInput,
    ) -> Result<PersonExportPayload> {
        let language = input.language.map_or(PageLanguage::En, Into::into);
        acted!(ctx, |app, caller| protection::export::export(app, caller, person(&input.person)?, language).await)
    }

    /// Erases a person for good (Art. 17 GDPR), in one transaction. Figures go on counting their leads. The addresses are kept away: a list that
    /// brings them again is refused, until the person consents anew or an administrator lifts it.
    async fn person_erase(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who.")] input: PersonEraseInput,
    ) -> Result<PersonErasePayload> {
        acted!(ctx, |app, caller| protection::erase(app, caller, person(&input.person)?).await)
    }

    /// Keeps a person's data from being erased, for a legal reason.
    async fn person_hold(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose data and why.")] input: PersonHoldInput,
    ) -> Result<PersonHoldPayload> {
        acted!(ctx, |app, caller| protection::hold(app, caller, person(&input.person)?, input.reason).await)
    }

    /// Lets a person's data go: it may be erased again.
    async fn person_release(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose data.")] input: PersonReleaseInput,
    ) -> Result<PersonReleasePayload> {
        acted!(ctx, |app, caller| protection::release(app, caller, person(&input.person)?).await)
    }

    /// Lets an address in again that an erasure keeps away.
    async fn suppression_lift(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The address.")] input: SuppressionLiftInput,
    ) -> Result<SuppressionLiftPayload> {
        acted!(ctx, |app, caller| protection::lift(app, caller, input.email, input.phone).await)
    }

    /// Sets for how long people are kept. The new rules have to be rehearsed before they act.
    async fn retention_policy_update(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The rules.")] input: RetentionPolicyUpdateInput,
    ) -> Result<RetentionPolicyUpdatePayload> {
        acted!(ctx, |app, caller| {
            let rule = |rule: RetentionRuleInput| RetentionRule { case: rule.case.0, after_days: rule.after_days };
            let change = PolicyChange::Rules(input.rules.into_iter().map(rule).collect());
            protection::retention::change(app, caller, input.expected_version, change).await
        })
    }

    /// Lets the rules act by themselves, several times a day, or only when `retentionRun` is asked for.
    async fn retention_arm(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether they act.")] input: RetentionArmInput,
    ) -> Result<RetentionArmPayload> {
        acted!(ctx, |app, caller| {
            protection::retention::change(app, caller, input.expected_version, PolicyChange::Armed(input.armed)).await
        })
    }

    /// Rehearses the rules, or erases those whose time is over now, at most 300 at once: what `due` counts beyond `erased` and `held` is left to
    /// the next run.
    async fn retention_run(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whether to count only.")] input: RetentionRunInput,
    ) -> Result<RetentionRunPayload> {
        acted!(ctx, |app, caller| {
            if input.rehearsal {
                protection::retention::rehearse(app, caller).await
            } else {
                protection::retention::run(app, caller).await
            }
        })
    }
}
