use super::*;
use serde_json::{Value, json};

fn secret(byte: u8) -> TokenSecret {
    let bytes: Vec<u8> = (0..32).map(|index| byte.wrapping_add(index)).collect();
    TokenSecret::parse(&hex::encode(bytes)).unwrap()
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_780_000_000 + seconds, 0).unwrap()
}

fn input() -> ClaimsInput<'static> {
    ClaimsInput {
        user: UserId::from(Uuid::from_u128(1)),
        session: SessionId::from(Uuid::from_u128(2)),
        role: "ANALYST",
        jti: Uuid::from_u128(3),
        now: at(0),
        ttl: TimeDelta::minutes(10),
    }
}

fn keys() -> TokenKeys {
    TokenKeys::new(&secret(1), None)
}

/// A token signed with our key whose header and claims were changed.
fn forged(change: impl Fn(&mut Header, &mut Value)) -> String {
    let keys = keys();
    let mut header = Header::new(Algorithm::HS256);
    header.typ = Some(TOKEN_TYPE.to_owned());
    header.kid = Some(keys.current.kid.clone());
    let mut claims = json!({
        "iss": ISSUER, "aud": AUDIENCE, "sub": input().user.to_string(), "sid": input().session.to_string(), "role": "ANALYST",
        "iat": at(0).timestamp(), "nbf": at(0).timestamp(), "exp": at(600).timestamp(), "jti": Uuid::from_u128(3),
    });
    change(&mut header, &mut claims);
    jsonwebtoken::encode(&header, &claims, &keys.current.encoding).unwrap()
}

fn fault_of(change: impl Fn(&mut Header, &mut Value)) -> TokenFault {
    keys().verify(&forged(change), at(0)).unwrap_err()
}

#[test]
fn says_what_was_put_in() {
    let token = keys().issue(&input()).unwrap();
    assert!(token.len() < TOKEN_BYTES_MAX / 2, "{}", token.len());
    let claims = keys().verify(&token, at(1)).unwrap();
    assert_eq!(
        claims,
        AccessClaims {
            user: input().user,
            session: input().session,
            role: "ANALYST".to_owned(),
            jti: Uuid::from_u128(3),
            issued_at: at(0),
            expires_at: at(600),
        }
    );
    let header = jsonwebtoken::decode_header(&token).unwrap();
    assert_eq!((header.typ.as_deref(), header.kid.as_deref()), (Some("at+jwt"), Some(keys().current().kid())));
    assert!(keys().verify(&forged(|_, _| {}), at(0)).is_ok());
}

#[test]
fn time_is_the_one_passed() {
    let token = keys().issue(&input()).unwrap();
    assert!(keys().verify(&token, at(604)).is_ok());
    assert_eq!(keys().verify(&token, at(605)), Err(TokenFault::Expired));
    assert!(keys().verify(&token, at(-5)).is_ok());
    assert_eq!(keys().verify(&token, at(-6)), Err(TokenFault::NotYetValid));
}

#[test]
fn rotation_accepts_the_previous_key_until_it_is_gone() {
    let old = TokenKeys::new(&secret(1), None).issue(&input()).unwrap();
    let rotating = TokenKeys::new(&secret(9), Some(&secret(1)));
    assert!(rotating.verify(&old, at(0)).is_ok());
    let new = rotating.issue(&input()).unwrap();
    assert!(rotating.verify(&new, at(0)).is_ok());
    let after = TokenKeys::new(&secret(9), None);
    assert!(after.verify(&new, at(0)).is_ok());
    assert_eq!(after.verify(&old, at(0)), Err(TokenFault::UnknownKey));
}

#[test]
fn another_signature_does_not_pass() {
    let token = keys().issue(&input()).unwrap();
    let mut stranger = TokenKeys::new(&secret(9), None);
    stranger.current.kid = keys().current.kid.clone();
    assert_eq!(keys().verify(&stranger.issue(&input()).unwrap(), at(0)), Err(TokenFault::Signature));
    let (message, _) = token.rsplit_once('.').unwrap();
    assert_eq!(keys().verify(&format!("{message}."), at(0)), Err(TokenFault::Signature));
    // the payload of another token under this signature
    let other = keys().issue(&ClaimsInput { role: "ADMIN", ..input() }).unwrap();
    let payload = other.split('.').nth(1).unwrap();
    let mut parts: Vec<&str> = token.split('.').collect();
    parts[1] = payload;
    assert_eq!(keys().verify(&parts.join("."), at(0)), Err(TokenFault::Signature));
}

#[test]
fn other_algorithms_types_issuers_and_audiences_are_foreign() {
    assert_eq!(fault_of(|header, _| header.alg = Algorithm::HS512), TokenFault::Foreign);
    assert_eq!(fault_of(|header, _| header.typ = Some("JWT".to_owned())), TokenFault::Foreign);
    assert_eq!(fault_of(|header, _| header.typ = None), TokenFault::Foreign);
    assert_eq!(fault_of(|_, claims| claims["iss"] = json!("else")), TokenFault::Foreign);
    assert_eq!(fault_of(|_, claims| claims["aud"] = json!("else")), TokenFault::Foreign);
    assert_eq!(fault_of(|header, _| header.kid = None), TokenFault::UnknownKey);
    assert_eq!(fault_of(|header, _| header.kid = Some("0".to_owned())), TokenFault::UnknownKey);
}

#[test]
fn an_unsigned_token_is_not_even_read() {
    use base64::Engine;
    let encode = |value: Value| base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(value.to_string());
    let header = json!({"alg": "none", "typ": TOKEN_TYPE, "kid": keys().current.kid});
    let token = format!("{}.{}.", encode(header), encode(json!({"sub": "user_1"})));
    assert_eq!(keys().verify(&token, at(0)), Err(TokenFault::Malformed));
}

#[test]
fn each_claim_is_required_and_typed() {
    for claim in ["iss", "aud", "sub", "sid", "role", "iat", "nbf", "exp", "jti"] {
        let fault = fault_of(|_, claims| {
            claims.as_object_mut().unwrap().remove(claim);
        });
        assert_eq!(fault, TokenFault::Malformed, "{claim}");
    }
    assert_eq!(fault_of(|_, claims| claims["exp"] = json!("soon")), TokenFault::Malformed);
    assert_eq!(fault_of(|_, claims| claims["exp"] = json!(-1)), TokenFault::Malformed);
    assert_eq!(fault_of(|_, claims| claims["sub"] = json!(input().session.to_string())), TokenFault::Malformed);
    for token in ["", ".", "..", "a.b.c", "Bearer x", &"a.".repeat(TOKEN_BYTES_MAX)] {
        assert_eq!(keys().verify(token, at(0)), Err(TokenFault::Malformed));
    }
}

#[test]
fn debug_shows_no_key() {
    let shown = format!("{:?}", keys());
    assert!(shown.contains(keys().current().kid()) && !shown.contains("content"));
}
