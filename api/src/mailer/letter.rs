//! What mails say, in German and English.

use fairfall_domain::consent::{ContactChannel, Purpose};
use fairfall_domain::notification::Wording;
use fairfall_domain::value::HttpUrl;

use crate::app::mail::{ConsentRequestMail, SlaNoticeMail};

/// A mail in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject.
    pub subject: &'static str,
    /// The text.
    pub text: String,
    /// The language that it is written in.
    pub language: &'static str,
    /// The link that takes consent back, in mails to those whose consent it is about.
    pub unsubscribe: Option<String>,
}

/// The languages that mails are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Tongue {
    German,
    English,
}

impl Tongue {
    const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }

    const fn purpose(self, purpose: Purpose) -> &'static str {
        match (self, purpose) {
            (Self::German, Purpose::SalesContact) => "Beratung zu Ihrer Anfrage",
            (Self::German, Purpose::Marketing) => "Neuigkeiten und Angebote",
            (Self::German, Purpose::Service) => "Service zu Ihren Produkten",
            (Self::English, Purpose::SalesContact) => "advice on your enquiry",
            (Self::English, Purpose::Marketing) => "news and offers",
            (Self::English, Purpose::Service) => "service for your products",
        }
    }

    const fn channel(self, channel: ContactChannel) -> &'static str {
        match (self, channel) {
            (Self::German, ContactChannel::Email) => "E-Mail",
            (Self::German, ContactChannel::Phone) => "Telefon",
            (Self::German, ContactChannel::Post) => "Brief",
            (Self::German, ContactChannel::Sms) => "SMS",
            (Self::English, ContactChannel::Email) => "e-mail",
            (Self::English, ContactChannel::Phone) => "telephone",
            (Self::English, ContactChannel::Post) => "letter",
            (Self::English, ContactChannel::Sms) => "text message",
        }
    }
}

impl Letter {
    /// Asks for consent. It holds no advertising: a mail that asks for confirmation may not (BGH, 10 February 2011, I ZR 164/09).
    pub fn consent_request(mail: &ConsentRequestMail, public_url: &HttpUrl) -> Self {
        let tongue = if mail.language.primary() == "de" { Tongue::German } else { Tongue::English };
        let link = |path: &str, token: &str| {
            format!("{}/consent/{path}?token={token}&lang={}", public_url.as_str().trim_end_matches('/'), tongue.code())
        };
        let (confirm, withdraw) = (link("confirm", &mail.confirm), link("withdraw", &mail.withdraw));
        let channels: Vec<&str> = mail.channels.iter().map(|channel| tongue.channel(*channel)).collect();
        let (purpose, channels) = (tongue.purpose(mail.purpose), channels.join(", "));
        let shown = mail.text.as_ref().map(|text| quoted(text.as_str())).unwrap_or_default();
        let until = mail.expires_at.format("%Y-%m-%d %H:%M UTC");
        let (subject, text) = match tongue {
            Tongue::German => (
                "Bitte bestätigen Sie Ihre Einwilligung",
                format!(
                    "Guten Tag,\n\nfür diese Adresse wurde eine Einwilligung erbeten: {purpose} (per {channels}).\n\n{shown}\
                     Wenn Sie einwilligen möchten, öffnen Sie bitte diese Seite und bestätigen Sie dort:\n\n{confirm}\n\n\
                     Der Link gilt bis {until}. Wenn Sie nichts tun, bleibt alles, wie es ist: ohne Ihre Bestätigung gibt es keine \
                     Einwilligung.\n\nSie können jederzeit widerrufen oder widersprechen, auch später:\n\n{withdraw}\n"
                ),
            ),
            Tongue::English => (
                "Please confirm your consent",
                format!(
                    "Hello,\n\nconsent was asked for this address: {purpose} (by {channels}).\n\n{shown}\
                     If you agree, please open this page and confirm there:\n\n{confirm}\n\n\
                     The link works until {until}. If you do nothing, nothing changes: without your confirmation there is no \
                     consent.\n\nYou can withdraw or object at any time, also later:\n\n{withdraw}\n"
                ),
            ),
        };
        Self { subject, text, language: tongue.code(), unsubscribe: Some(withdraw) }
    }

    /// Tells a colleague of a promise. Whom the lead is about is not told: a mail lies about in more places than the lead does.
    pub fn sla_notice(mail: &SlaNoticeMail) -> Self {
        let Wording { subject, text, language } = Wording::of(mail.kind, &mail.content, &mail.language);
        let lead = mail.lead.map(|lead| format!("\n\nLead: {lead}")).unwrap_or_default();
        let close = if language == "de" {
            "Welche dieser Mails Sie bekommen, bestimmen Sie in Ihren Einstellungen."
        } else {
            "Which of these mails you get is up to your settings."
        };
        Self { subject, text: format!("{text}{lead}\n\n{close}\n"), language, unsubscribe: None }
    }
}

/// What the person was shown, so that it is plain what is agreed to.
fn quoted(text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
    format!("{}\n\n", lines.join("\n"))
}
