use chrono::{DateTime, Utc};
use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::mail::{MailFault, MailKind};
use fairfall_domain::notification::{NotificationContent, NotificationKind};
use fairfall_domain::sla::ClockKind;
use fairfall_persistence::repo::mail::HeldMail;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
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
        fault: None,
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
        fault: None,
    };
    let message = mailer.message(&mail, at()).unwrap();
    assert!(message.headers().get_raw("List-Unsubscribe").is_none());
    assert_eq!(message.headers().get_raw("Content-Language"), Some("en"));
}

/// A mail server for one conversation, which answers lines that begin with `word` with `reply` and all others kindly. Without a word it greets with
/// the reply.
async fn server(word: &'static str, reply: &'static str) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (reader, mut writer) = listener.accept().await.unwrap().0.into_split();
        let mut lines = BufReader::new(reader).lines();
        let mut answer = if word.is_empty() { reply } else { "220 test" };
        while writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_ok() {
            let Ok(Some(line)) = lines.next_line().await else { return };
            answer = match line.as_str() {
                line if line.starts_with(word) => reply,
                line if line.starts_with("EHLO") => "250-test\r\n250 AUTH PLAIN",
                _ => "250 ok",
            };
        }
    });
    format!("smtp://anna:secret@{address}")
}

#[tokio::test]
async fn only_what_concerns_this_mail_is_a_refusal_of_it() {
    let content = SlaNoticeMail {
        language: "en".parse().unwrap(),
        kind: NotificationKind::PromiseLapsed,
        content: NotificationContent { clock: ClockKind::Accept, lap: 1, percent: Some(100), due: Some(at()) },
        lead: None,
    };
    let mail = HeldMail {
        id: Uuid::from_u128(7),
        kind: MailKind::SlaNotice,
        recipient: "anna@example.com".parse().unwrap(),
        content: serde_json::to_value(content).unwrap(),
        tries: 1,
        fault: None,
    };
    for (word, reply, expected) in [
        ("", "554 5.3.2 no service here", MailFault::Unwilling),
        ("AUTH", "535 5.7.8 no such password", MailFault::Unwilling),
        ("MAIL", "530 5.7.0 sign in first", MailFault::Unwilling),
        ("MAIL", "503 5.5.1 not now", MailFault::Unwilling),
        ("RCPT", "421 4.3.2 going down", MailFault::Deferred),
        ("RCPT", "450 4.2.0 try again later", MailFault::Deferred),
        ("RCPT", "550 5.1.1 no such mailbox", MailFault::Refused),
        ("DATA", "552 5.3.4 too big", MailFault::Refused),
    ] {
        let mailer = Mailer::new(&settings(&server(word, reply).await)).unwrap();
        assert_eq!(mailer.send(&mail, at()).await, Err(expected), "{word} {reply}");
    }
    let mailer = Mailer::new(&settings(&server("AUTH", "535 5.7.8 no such password").await)).unwrap();
    assert_eq!(mailer.answers().await, Err(MailFault::Unwilling));
}
