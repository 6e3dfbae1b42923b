//! Sends mails: puts them into words (`letter`) and hands them to a mail server over SMTP.

mod letter;

use std::fmt;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, Utc};
use fairfall_domain::mail::{MailFault, MailKind};
use fairfall_domain::value::HttpUrl;
use fairfall_persistence::repo::mail::HeldMail;
use lettre::address::AddressError;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Address, AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::ExposeSecret;

use crate::app::mail::{ConsentRequestMail, SlaNoticeMail};
use crate::config::MailSettings;

pub use letter::Letter;

/// How long a mail server may take for each step of the conversation.
const PATIENCE: Duration = Duration::from_secs(20);

/// How long a mail may take in all; well below the time for which a node holds it.
const PATIENCE_WHOLE: Duration = Duration::from_mins(2);

/// RFC 8058: with this beside it, the link of `List-Unsubscribe` withdraws by one POST, without a page to be read.
const ONE_CLICK: &str = "List-Unsubscribe=One-Click";

/// Why mails cannot be sent as configured. The address of the server is not repeated: it may hold a password.
#[derive(Debug, thiserror::Error)]
pub enum MailerFault {
    /// The address of the mail server.
    #[error("`mail.smtp_url` is no address of a mail server such as `smtps://USER:PASSWORD@HOST` or `smtp://HOST:25`")]
    Server,
    /// The sender.
    #[error("`mail.from` is no sender that a mail can carry")]
    From(#[source] AddressError),
}

/// A way to a mail server.
#[derive(Clone)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    public_url: HttpUrl,
}

impl fmt::Debug for Mailer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mailer").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

impl Mailer {
    /// A way to the configured mail server. Nothing is sent yet, and the server need not answer.
    ///
    /// # Errors
    /// [`MailerFault`] when the configuration cannot be used.
    pub fn new(settings: &MailSettings) -> Result<Self, MailerFault> {
        let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(settings.smtp_url.expose_secret());
        let builder = builder.map_err(|_| MailerFault::Server)?.timeout(Some(PATIENCE));
        let transport = builder.hello_name(ClientId::Domain(settings.public_url.host())).build();
        let address: Address = settings.from.as_str().parse().map_err(MailerFault::From)?;
        let name = settings.from_name.as_ref().map(ToString::to_string);
        Ok(Self { transport, from: Mailbox::new(name, address), public_url: settings.public_url.clone() })
    }

    /// Whether the mail server answers.
    pub async fn answers(&self) -> Result<(), MailFault> {
        match tokio::time::timeout(PATIENCE, self.transport.test_connection()).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => Err(MailFault::Unwilling),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_elapsed) => Err(MailFault::TimedOut),
        }
    }

    /// Sends a mail. A mail server that took it and was not heard to say so gets it again, with the same message id.
    ///
    /// # Errors
    /// Why it was not sent.
    pub async fn send(&self, mail: &HeldMail, now: DateTime<Utc>) -> Result<(), MailFault> {
        let message = self.message(mail, now).ok_or(MailFault::Malformed)?;
        match tokio::time::timeout(PATIENCE_WHOLE, self.transport.send(message)).await {
            Ok(Ok(_response)) => Ok(()),
            Ok(Err(error)) => Err(fault(&error)),
            Err(_elapsed) => Err(MailFault::TimedOut),
        }
    }

    fn message(&self, mail: &HeldMail, now: DateTime<Utc>) -> Option<Message> {
        let letter = match mail.kind {
            MailKind::ConsentRequest => {
                let content: ConsentRequestMail = serde_json::from_value(mail.content.clone()).ok()?;
                Letter::consent_request(&content, &self.public_url)
            }
            MailKind::SlaNotice => {
                let content: SlaNoticeMail = serde_json::from_value(mail.content.clone()).ok()?;
                Letter::sla_notice(&content)
            }
        };
        let to: Address = mail.recipient.as_str().parse().ok()?;
        let header = |name, value: String| HeaderValue::new(HeaderName::new_from_ascii_str(name), value);
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(letter.subject)
            .date(SystemTime::from(now))
            .message_id(Some(format!("<{}@{}>", mail.id.simple(), self.from.email.domain())))
            .raw_header(header("Auto-Submitted", "auto-generated".to_owned()))
            .raw_header(header("Content-Language", letter.language.to_owned()))
            .header(ContentType::TEXT_PLAIN);
        if let Some(link) = letter.unsubscribe {
            let one_click = header("List-Unsubscribe-Post", ONE_CLICK.to_owned());
            message = message.raw_header(header("List-Unsubscribe", format!("<{link}>"))).raw_header(one_click);
        }
        message.body(letter.text).ok()
    }
}

/// What an answer of the mail server means. Its words stay out of everything that is kept: they repeat addresses.
fn fault(error: &lettre::transport::smtp::Error) -> MailFault {
    if error.is_permanent() {
        refusal(error.status().map(u16::from))
    } else if error.is_transient() {
        MailFault::Deferred
    } else if error.is_timeout() {
        MailFault::TimedOut
    } else {
        MailFault::Unreachable
    }
}

/// Whom a permanent answer is about (RFC 5321, 4.2.3). The codes 550 to 553 are about a mailbox or the size of the mail. All others are about the
/// sign-in, the session or the server itself, and would befall every mail. 554 is among them: a server that takes nothing greets with it too.
const fn refusal(code: Option<u16>) -> MailFault {
    match code {
        Some(550..=553) => MailFault::Refused,
        Some(_) | None => MailFault::Unwilling,
    }
}

#[cfg(test)]
mod tests;
