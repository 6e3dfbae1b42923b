//! Whether mails can be sent, and whether any wait or were given up.

use chrono::{DateTime, Utc};
use fairfall_persistence::{Store, repo};

use super::Finding;
use crate::cli::error::with_causes;
use crate::config::{Config, Mode};
use crate::mailer::Mailer;

/// Whether the configured mail server answers. Sends nothing.
pub(super) async fn server(config: &Config) -> Vec<Finding> {
    let subject = "mail";
    let Some(settings) = &config.mail else {
        let found =
            "not configured: mails wait in the outbox; set `mail.smtp_url`, `mail.from` and `mail.public_url` to send them";
        return vec![Finding::ok(subject, found)];
    };
    let mut findings = match Mailer::new(settings) {
        Err(error) => vec![Finding::problem(subject, with_causes(&error), "correct it in the configuration")],
        Ok(mailer) => vec![match mailer.answers().await {
            Ok(()) => Finding::ok(subject, format!("the mail server answers; mails come from `{}`", settings.from)),
            Err(fault) => {
                let to_do =
                    "check host, port, user and password in `FAIRFALL_MAIL__SMTP_URL`, and that this machine may reach it";
                Finding::problem(subject, format!("the mail server cannot be used ({fault}); mails wait meanwhile"), to_do)
            }
        }],
    };
    if config.mode == Mode::Production && !settings.public_url.as_str().starts_with("https://") {
        let found = format!("links of mails start with `{}`, which is not encrypted", settings.public_url);
        let to_do = "name an address with `https://` in `mail.public_url`; one-click withdrawal (RFC 8058) needs it";
        findings.push(Finding::problem("mail links", found, to_do));
    }
    findings
}

/// How full the outbox is; nothing before the tables are made.
pub(super) async fn outbox(config: &Config, store: &Store, now: DateTime<Utc>) -> Option<Finding> {
    let outbox = repo::mail::outbox(&store.reader(), now).await.ok()?;
    let since = outbox.oldest.map(|oldest| format!(", the oldest since {}", oldest.format("%F %T UTC"))).unwrap_or_default();
    let found = format!("{} waiting{since}; {} given up within a week", outbox.waiting, outbox.dead);
    Some(if outbox.dead > 0 {
        let to_do = "look for `a mail was given up` in the log, and correct the address or the mail server";
        Finding::problem("outbox", found, to_do)
    } else if outbox.waiting > 0 && config.mail.is_none() {
        Finding::problem("outbox", found, "configure `mail`, so that they are sent before their links end")
    } else {
        Finding::ok("outbox", found)
    })
}
