//! Signing in.

use serde_json::{Value, json};

use crate::client::Client;
use crate::organisation::{PASSWORD, email};

/// What `sessionCreate` and `sessionRefresh` are asked for.
pub const TOKENS: &str = "session { id accessToken refreshToken expiresAt user { id name } }";

/// Signs in with any password.
pub async fn create_session(client: &Client, email: &str, password: &str) -> Value {
    client.mutate("sessionCreate", json!({ "email": email, "password": password }), TOKENS).await
}

/// Signs in, and answers both tokens.
pub async fn tokens(client: &Client, who: &str) -> (String, String) {
    let payload = create_session(client, &email(who), PASSWORD).await;
    pair(&payload)
}

/// The tokens of a payload.
pub fn pair(payload: &Value) -> (String, String) {
    let token = |name: &str| payload["session"][name].as_str().unwrap_or_else(|| panic!("{payload}")).to_owned();
    (token("accessToken"), token("refreshToken"))
}

/// A client of somebody who signed in.
pub async fn sign_in(client: &Client, who: &str) -> Client {
    let (access, _) = tokens(client, who).await;
    client.with_token(&access)
}
