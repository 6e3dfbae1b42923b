//! Whatever people do in whatever order: one side alone never brings anything in force.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::agreement::lifecycle::superseded;
use crate::agreement::{AgreementState, Signature};
use crate::id::AgreementId;

#[derive(Clone, Debug)]
enum Act {
    Draft,
    Change(i64),
    Propose,
    Withdraw,
    Delete,
    Sign { by: u128, department: Option<Department> },
    Note,
}

fn acts() -> impl Strategy<Value = Vec<(usize, i64, Act)>> {
    let department = prop::sample::select(vec![GIVER, TAKER, Some(Department::FieldSales), None]);
    let act = prop_oneof![
        Just(Act::Draft),
        (1_i64..120).prop_map(Act::Change),
        Just(Act::Propose),
        Just(Act::Propose),
        Just(Act::Withdraw),
        Just(Act::Delete),
        (1_u128..4, department.clone()).prop_map(|(by, department)| Act::Sign { by, department }),
        (1_u128..4, department).prop_map(|(by, department)| Act::Sign { by, department }),
        Just(Act::Note),
    ];
    prop::collection::vec((0_usize..6, 0_i64..200, act), 0..80)
}

/// Versions of one key, changed by whoever may.
struct Desk {
    versions: Vec<Agreement>,
    /// What each version said when it was signed first.
    read: BTreeMap<AgreementId, Agreement>,
    made: u128,
}

impl Desk {
    fn act(&mut self, which: usize, act: &Act, now: DateTime<Utc>) {
        let attributes = AttributeBook::default();
        let catalogue = catalogue(&attributes);
        if let Act::Draft = act {
            self.made += 1;
            let next = Agreement::following(&self.versions, Uuid::from_u128(self.made).into());
            self.versions.extend(next.ok().map(|next| next.unwrap_or_else(|| first(self.made, "a"))));
            return;
        }
        if let Act::Note = act {
            for ended in superseded(&self.versions, now) {
                self.keep(ended);
            }
            return;
        }
        let Some(version) = self.versions.get(which).cloned() else { return };
        let changed = match act {
            Act::Change(most) => version.revise(gate(*most), catalogue).ok(),
            Act::Propose => version.propose(catalogue).ok(),
            Act::Withdraw => version.withdraw().ok(),
            Act::Delete => {
                if version.must_be_deletable().is_ok() {
                    self.versions.retain(|other| other.id != version.id);
                }
                None
            }
            Act::Sign { by, department } => match version.sign(user(*by), *department, now) {
                Ok(Signing::Signed(signed)) => {
                    self.read.insert(version.id, version);
                    Some(*signed)
                }
                Ok(Signing::AlreadyDone) | Err(_) => None,
            },
            Act::Draft | Act::Note => None,
        };
        if let Some(changed) = changed {
            self.keep(changed);
        }
    }

    fn keep(&mut self, changed: Agreement) {
        let place = self.versions.iter_mut().find(|other| other.id == changed.id).unwrap();
        assert!(changed.revision > place.revision, "every change counts");
        *place = changed;
    }
}

fn by(signature: Option<Signature>) -> Option<UserId> {
    signature.and_then(|signature| signature.by)
}

proptest! {
    #[test]
    fn nothing_holds_that_two_people_did_not_sign_as_they_read_it(acts in acts()) {
        let mut desk = Desk { versions: Vec::new(), read: BTreeMap::new(), made: 0 };
        let mut now = at(0);
        for (which, minutes, act) in acts {
            now += TimeDelta::minutes(minutes);
            desk.act(which, &act, now);
            let open = desk.versions.iter().filter(|version| version.is_open()).count();
            prop_assert!(open <= 1, "one version is written at a time");
            let mut shown = 0;
            for version in &desk.versions {
                version.check().unwrap();
                let (giver, taker) = (by(version.signed_giving), by(version.signed_taking));
                if version.holds_at(now) || version.state == AgreementState::Superseded {
                    prop_assert!(giver.is_some() && taker.is_some() && giver != taker, "{version:?}");
                    let read = &desk.read[&version.id];
                    prop_assert_eq!(&version.gates, &read.gates);
                    prop_assert!(version.says_what_was_read_at(version.revision));
                }
                if version.holds_at(now) && version.state_at(&desk.versions, now) == AgreementState::InForce {
                    shown += 1;
                }
                if version.state == AgreementState::Draft {
                    prop_assert_eq!((giver, taker), (None, None));
                }
            }
            prop_assert!(shown <= 1, "one version of a key runs");
        }
    }
}
