//! The pages behind the links of mails: plain, without a script, in German and English.

/// What a link does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Act {
    /// Gives consent.
    Confirm,
    /// Takes it back.
    Withdraw,
}

/// What is told after a button was pressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// It was looked at.
    Received(Act),
    /// It could not be looked at now.
    Later,
}

/// The languages of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tongue {
    German,
    English,
}

impl Tongue {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
        }
    }
}

/// The page with the button. `token` holds letters, digits, `_` and `-` only.
pub(super) fn question(act: Act, tongue: Tongue, token: &str) -> String {
    let (title, text, button) = match (act, tongue) {
        (Act::Confirm, Tongue::German) => (
            "Einwilligung bestätigen",
            "Mit dem Knopf bestätigen Sie die Einwilligung, die in der E-Mail steht. Sie können sie jederzeit widerrufen.",
            "Ich willige ein",
        ),
        (Act::Confirm, Tongue::English) => (
            "Confirm your consent",
            "With the button you give the consent that the e-mail asks for. You can withdraw it at any time.",
            "I agree",
        ),
        (Act::Withdraw, Tongue::German) => (
            "Einwilligung widerrufen",
            "Mit dem Knopf widerrufen Sie Ihre Einwilligung und widersprechen weiterer Kontaktaufnahme zu diesem Zweck.",
            "Ich widerrufe",
        ),
        (Act::Withdraw, Tongue::English) => (
            "Withdraw your consent",
            "With the button you withdraw your consent and object to being contacted further for this purpose.",
            "I withdraw",
        ),
    };
    let choice = |label: &str| format!("<label><input type=\"checkbox\" name=\"everything\" value=\"yes\"> {label}</label>\n");
    let (action, whole) = match (act, tongue) {
        (Act::Confirm, _) => ("confirm", String::new()),
        (Act::Withdraw, Tongue::German) => ("withdraw", choice("Für alle Zwecke, nicht nur für diesen")),
        (Act::Withdraw, Tongue::English) => ("withdraw", choice("For all purposes, not only for this one")),
    };
    let lang = tongue.code();
    let form = format!(
        "<p>{text}</p>\n<form method=\"post\" action=\"{action}\">\n<input type=\"hidden\" name=\"token\" value=\"{token}\">\n\
         <input type=\"hidden\" name=\"lang\" value=\"{lang}\">\n{whole}<button type=\"submit\">{button}</button>\n</form>"
    );
    whole_page(tongue, title, &form)
}

/// The page after the button.
pub(super) fn word(tongue: Tongue, word: Word) -> String {
    let (title, text) = match (word, tongue) {
        (Word::Received(Act::Confirm), Tongue::German) => {
            ("Vielen Dank", "Ihre Bestätigung ist angekommen. War der Link noch gültig, ist die Einwilligung jetzt erteilt.")
        }
        (Word::Received(Act::Confirm), Tongue::English) => {
            ("Thank you", "Your confirmation has arrived. If the link was still good, consent is given now.")
        }
        (Word::Received(Act::Withdraw), Tongue::German) => {
            ("Widerruf angekommen", "Ihr Widerruf ist angekommen und gilt ab sofort, sofern der Link vollständig war.")
        }
        (Word::Received(Act::Withdraw), Tongue::English) => {
            ("Withdrawal received", "Your withdrawal has arrived and holds from now on, provided that the link was complete.")
        }
        (Word::Later, Tongue::German) => {
            ("Bitte später noch einmal", "Das ging gerade nicht. Bitte versuchen Sie es in einigen Minuten noch einmal.")
        }
        (Word::Later, Tongue::English) => {
            ("Please try again later", "That did not work just now. Please try again in a few minutes.")
        }
    };
    whole_page(tongue, title, &format!("<p>{text}</p>"))
}

fn whole_page(tongue: Tongue, title: &str, inner: &str) -> String {
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"robots\" content=\"noindex\">\n<title>{title}</title>\n\
         <style>body{{font:1.1em/1.5 sans-serif;max-width:34em;margin:3em auto;padding:0 1em}}\
         button{{font:inherit;padding:.6em 1.4em}}\
         label{{display:block;margin:1em 0}}</style>\n</head>\n<body>\n<h1>{title}</h1>\n{inner}\n</body>\n</html>\n",
        tongue.code()
    )
}
