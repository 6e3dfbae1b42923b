//! Taking consent back. It must be as easy as giving it (Art. 7(3) GDPR), so that a link is enough, and it reaches every channel of the purpose.

use chrono::{DateTime, Utc};

use super::record::{How, Proof, Sender};
use super::{ConsentState, ConsentStatus, ConsentWord, ContactChannel, Purpose};

/// The words of a person who withdraws by a link: one for each channel of the purposes that does not stand as withdrawn already.
///
/// Channels that nobody ever spoke of are withdrawn too: whoever presses the link objects to the purpose (Art. 21(2) GDPR), and no other basis
/// may open a way that was not thought of.
pub fn withdraw(states: &[ConsentState], purposes: &[Purpose], from: &Sender, now: DateTime<Utc>) -> Vec<ConsentWord> {
    let stands = |purpose: Purpose, channel: ContactChannel| {
        let mut about = states.iter().filter(|state| state.is_about(purpose, channel));
        about.any(|state| state.status == ConsentStatus::Withdrawn)
    };
    let proof = Proof {
        how: Some(How::Link),
        given_at: Some(now),
        address: from.address,
        user_agent: from.user_agent.clone(),
        ..Proof::default()
    };
    let all = Purpose::ALL.iter().filter(|purpose| purposes.contains(purpose));
    all.flat_map(|purpose| ContactChannel::ALL.iter().map(move |channel| (*purpose, *channel)))
        .filter(|(purpose, channel)| !stands(*purpose, *channel))
        .map(|(purpose, channel)| ConsentWord {
            purpose,
            channel,
            status: ConsentStatus::Withdrawn,
            basis: None,
            expires_at: None,
            proof: proof.clone(),
            at: now,
        })
        .collect()
}
