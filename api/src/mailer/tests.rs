use chrono::{DateTime, Utc};
use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::mail::MailKind;
use fairfall_domain::notification::{NotificationContent, NotificationKind};
use fairfall_domain::sla::ClockKind;
use fairfall_persistence::repo::mail::HeldMail;
use uuid::Uuid;

use super::{Letter, Mailer, MailerFault};
use crate::app::mail::{ConsentRequestMail, SlaNoticeMail};
use crate::config::MailSettings;

fn at() -> DateTime<Utc> {
    DateTime::from_timestamp(1_795_000_000, 0).unwrap()
}

fn request(language: &str) -> ConsentRequestMail {
    ConsentRequestMail {
        language: language.parse().unwrap(),
        purpose: Purpose::Marketing,
        channels: vec![ContactChannel::Email, ContactChannel::Phone],
        text: Some("Ja, ich möchte\nNeuigkeiten.".parse().unwrap()),
        expires_at: at(),
        confirm: "ffc_secret".to_owned(),
        withdraw: "ffw_secret".to_owned(),
    }
}

fn settings(smtp_url: &str) -> MailSettings {
    MailSettings {
        smtp_url: smtp_url.into(),
        from: "noreply@example.com".parse().unwrap(),
        from_name: Some("Müller & Söhne".parse().unwrap()),
        public_url: "https://leads.example.com/fairfall/".parse().unwrap(),
    }
}

#[test]
fn the_mail_is_written_in_the_persons_language() {
    let german = Letter::consent_request(&request("de-AT"), &settings("smtp://localhost").public_url);
    insta::assert_snapshot!(format!("{}\n\n{}", german.subject, german.text));
    let english = Letter::consent_request(&request("fr"), &settings("smtp://localhost").public_url);
    insta::assert_snapshot!(format!("{}\n\n{}", english.subject, english.text));
    assert_eq!((german.language, english.language), ("de", "en"));
}

#[tokio::test]
async fn the_headers_let_mail_programs_withdraw_by_one_click() {
    let mailer = Mailer::new(&settings("smtps://user:pass@mail.example.com")).unwrap();
    let mail = HeldMail {
        id: Uuid::from_u128(7),
        kind: MailKind::ConsentRequest,
        recipient: "anna@example.com".parse().unwrap(),
        content: serde_json::to_value(request("en")).unwrap(),
        tries: 1,
    };
    let message = mailer.message(&mail, at()).unwrap();
    let raw = |name: &str| message.headers().get_raw(name).unwrap().to_owned();
    let link = "<https://leads.example.com/fairfall/consent/withdraw?token=ffw_secret&lang=en>";
    assert_eq!(raw("List-Unsubscribe"), link);
    assert_eq!(raw("List-Unsubscribe-Post"), "List-Unsubscribe=One-Click");
    assert_eq!(raw("Message-ID"), "<00000000000000000000000000000007@example.com>");
    assert_eq!(raw("To"), "anna@example.com");
    // the same mail twice is the same to the byte, so that a copy is known as one
    assert_eq!(mailer.message(&mail, at()).unwrap().formatted(), message.formatted());
    let spoilt = HeldMail { content: serde_json::json!({}), ..mail };
    assert!(mailer.message(&spoilt, at()).is_none());
    assert!(!format!("{mailer:?}").contains("pass"));
}

#[tokio::test]
async fn what_is_no_mail_server_is_refused_without_repeating_it() {
    for url in ["", "http://mail.example.com", "mail.example.com:25"] {
        let Err(fault @ MailerFault::Server) = Mailer::new(&settings(url)) else { panic!("{url}") };
        assert!(url.is_empty() || !fault.to_string().contains("mail.example.com"));
    }
}

#[tokio::test]
async fn a_notice_is_written_in_the_colleagues_language_and_offers_no_one_click() {
    let notice = |language: &str| SlaNoticeMail {
        language: language.parse().unwrap(),
        kind: NotificationKind::PromiseLapsed,
        content: NotificationContent { clock: ClockKind::Accept, lap: 2, percent: Some(100), due: Some(at()) },
        lead: Some(Uuid::from_u128(1).into()),
    };
    let german = Letter::sla_notice(&notice("de-CH"));
    assert_eq!((german.subject, german.language, german.unsubscribe), ("Eine Zusage ist abgelaufen", "de", None));
    let lead = notice("de").lead.unwrap();
    let words =
        "Annahme: Die zugesagte Zeit ist abgelaufen (100 %). Fällig war sie am 2026-11-18 11:06:40 UTC. Es ist der 2. Anlauf.";
    let close = "Welche dieser Mails Sie bekommen, bestimmen Sie in Ihren Einstellungen.";
    assert_eq!(german.text, format!("{words}\n\nLead: {lead}\n\n{close}\n"));
    let english = Letter::sla_notice(&notice("fr"));
    assert_eq!((english.subject, english.language), ("A promise has lapsed", "en"));
    let words = "Acceptance: the promised time is over (100 %). It was due on 2026-11-18 11:06:40 UTC. This is attempt 2.";
    assert_eq!(english.text, format!("{words}\n\nLead: {lead}\n\nWhich of these mails you get is up to your settings.\n"));
    let mailer = Mailer::new(&settings("smtps://user:pass@mail.example.com")).unwrap();
    let mail = HeldMail {
        id: Uuid::from_u128(7),
        kind: MailKind::SlaNotice,
        recipient: "anna@example.com".parse().unwrap(),
        content: serde_json::to_value(notice("en")).unwrap(),
        tries: 1,
    };
    let message = mailer.message(&mail, at()).unwrap();
    assert!(message.headers().get_raw("List-Unsubscribe").is_none());
    assert_eq!(message.headers().get_raw("Content-Language"), Some("en"));
}
