//! Which passwords may be set: long enough and not common. No rules on upper case, digits or signs (NIST SP 800-63B, section 3.1.1.2).

use std::collections::HashSet;
use std::sync::LazyLock;

use secrecy::SecretString;
use unicode_normalization::UnicodeNormalization;

/// Fewest characters (Unicode scalar values).
pub const PASSWORD_CHARS_MIN: usize = 12;

/// Most characters (Unicode scalar values).
pub const PASSWORD_CHARS_MAX: usize = 128;

/// How many characters must be left when what anybody would try first is taken out.
const OWN_CHARS_MIN: usize = 6;

/// Words that anybody would try first; with digits and signs around them they are no password.
const STEMS: [&str; 24] = [
    "fairfall",
    "password",
    "passwort",
    "passwd",
    "motdepasse",
    "welcome",
    "willkommen",
    "bienvenue",
    "letmein",
    "changeme",
    "iloveyou",
    "administrator",
    "admin",
    "qwerty",
    "qwertz",
    "azerty",
    "geheim",
    "secret",
    "sommer",
    "winter",
    "summer",
    "hallo",
    "hello",
    "test",
];

/// Rows of keyboards (QWERTY, QWERTZ, AZERTY), the alphabet and the digits: what fingers type without a head.
const RUNS: [&str; 10] = [
    "qwertyuiop",
    "qwertzuiop",
    "azertyuiop",
    "asdfghjkl",
    "qsdfghjklm",
    "zxcvbnm",
    "yxcvbnm",
    "wxcvbn",
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890",
];

static COMMON: LazyLock<HashSet<&'static str>> = LazyLock::new(|| include_str!("common_passwords.txt").lines().collect());

/// Why a password may not be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PasswordFault {
    /// Fewer than [`PASSWORD_CHARS_MIN`] characters.
    #[error("a password needs at least {PASSWORD_CHARS_MIN} characters")]
    TooShort,
    /// More than [`PASSWORD_CHARS_MAX`] characters.
    #[error("a password may have at most {PASSWORD_CHARS_MAX} characters")]
    TooLong,
    /// Common, a pattern, or made of the e-mail or the product's name.
    #[error("this password is too easy to guess: take several words that nobody would expect together")]
    TooCommon,
}

impl PasswordFault {
    /// The stable code of the fault.
    pub const fn code(self) -> &'static str {
        match self {
            Self::TooShort => "TOO_SHORT",
            Self::TooLong => "TOO_LONG",
            Self::TooCommon => "TOO_COMMON",
        }
    }
}

/// Checks a password that is to be set for the account with this e-mail.
///
/// # Errors
/// [`PasswordFault`]: length first, then whether it is common.
pub fn accept(password: &str, email: &str) -> Result<SecretString, PasswordFault> {
    let chars = as_hashed(password).chars().count();
    if chars < PASSWORD_CHARS_MIN {
        return Err(PasswordFault::TooShort);
    }
    if chars > PASSWORD_CHARS_MAX {
        return Err(PasswordFault::TooLong);
    }
    if is_common(password, email) {
        return Err(PasswordFault::TooCommon);
    }
    Ok(password.into())
}

/// The form that is counted and hashed: as typed, in Unicode's composed form (NFC), so that the same letters typed on
/// another system are the same password.
pub(super) fn as_hashed(password: &str) -> String {
    password.nfc().collect()
}

fn is_common(password: &str, email: &str) -> bool {
    let lower = password.to_lowercase();
    let plain = unmask(&lower);
    COMMON.contains(lower.as_str())
        || COMMON.contains(plain.as_str())
        || has_few_characters(&lower)
        || is_repeated(&lower)
        || is_run(&lower)
        || is_stem_with_trimmings(&plain, email)
        || is_stem_with_trimmings(&lower, email)
}

/// Undoes the replacements that everybody knows: `p@ssw0rd` is `password`.
fn unmask(lower: &str) -> String {
    lower
        .chars()
        .map(|letter| match letter {
            '@' | '4' => 'a',
            '0' => 'o',
            '1' | '!' => 'i',
            '3' => 'e',
            '$' | '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}

/// Up to three different characters, such as `aaaaaaaaaaaa` or `121212121212`.
fn has_few_characters(lower: &str) -> bool {
    lower.chars().collect::<HashSet<_>>().len() <= 3
}

/// A piece of up to five characters again and again, such as `abc1abc1abc1`.
fn is_repeated(lower: &str) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    (1..=5).any(|length| letters.iter().zip(letters.iter().skip(length)).all(|(one, other)| one == other))
}

/// Nearly all of it follows keyboard rows, the alphabet or the digits, forwards or backwards.
fn is_run(lower: &str) -> bool {
    let letters: Vec<char> = lower.chars().collect();
    let follows = |one: char, other: char| {
        RUNS.iter().any(|run| run.chars().zip(run.chars().skip(1)).any(|pair| pair == (one, other) || pair == (other, one)))
    };
    let steps = letters.iter().zip(letters.iter().skip(1));
    let breaks = steps.filter(|(one, other)| !follows(**one, **other)).count();
    breaks.saturating_mul(4) <= letters.len()
}

/// Without the words that anybody would try first, digits and signs, next to nothing is left.
fn is_stem_with_trimmings(text: &str, email: &str) -> bool {
    let local = email.split('@').next().unwrap_or_default().to_lowercase();
    let mut rest = text.to_owned();
    let mut found = false;
    // long words first: `administrator` before `admin`
    for word in local.split(['.', '_', '-', '+']).chain([local.as_str()]).filter(|word| word.chars().count() >= 3).chain(STEMS) {
        found |= rest.contains(word);
        rest = rest.replace(word, " ");
    }
    found && rest.chars().filter(|letter| letter.is_alphabetic()).count() < OWN_CHARS_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fault(password: &str) -> Option<PasswordFault> {
        accept(password, "erika.muster@firma.example").err()
    }

    #[test]
    fn counts_characters_and_not_bytes() {
        assert_eq!(fault("löwenzähne2"), Some(PasswordFault::TooShort));
        assert_eq!(fault("löwenzähne zu"), None);
        let long: String = "tiefe wasser sind still ".chars().cycle().take(128).collect();
        assert_eq!(fault(&long), None);
        assert_eq!(fault(&format!("{long}.")), Some(PasswordFault::TooLong));
        let umlauts: String = "tiefe wässer sind stüll ".chars().cycle().take(128).collect();
        assert_eq!(fault(&umlauts), None);
        assert_eq!(fault(""), Some(PasswordFault::TooShort));
    }

    #[test]
    fn the_same_letters_composed_or_not_are_the_same_password() {
        assert_eq!(as_hashed("lo\u{308}wenza\u{308}hne zu"), "löwenzähne zu");
        assert_eq!(as_hashed(" Ab c "), " Ab c ");
        assert_eq!(fault("lo\u{308}wenza\u{308}hne2"), Some(PasswordFault::TooShort));
    }

    #[test]
    fn asks_for_no_composition() {
        for password in ["seven green bicycles", "zitronenfalter am hut", "830274916605", "猫が静かに窓の外を見ている"]
        {
            assert_eq!(fault(password), None, "{password}");
        }
    }

    #[test]
    fn refuses_what_anybody_would_try() {
        for password in [
            "correcthorsebatterystaple",
            "CorrectHorseBatteryStaple",
            "Password1234",
            "P@ssw0rd2026!!",
            "Passwort!2026#",
            "welcome-2026-2026",
            "aaaaaaaaaaaaaa",
            "121212121212",
            "abc1abc1abc1",
            "abcdefghijklmn",
            "nmlkjihgfedcba",
            "123456789012",
            "0987654321098",
            "qwertzuiop123",
            "asdfghjkl;lkj",
            "fairfall-2026!",
            "Fairfallfairfall",
            "erika.muster1",
            "ErikaMuster2026!",
            "muster-erika-99",
            "administrator-1",
        ] {
            assert_eq!(fault(password), Some(PasswordFault::TooCommon), "{password}");
        }
    }

    #[test]
    fn own_words_beside_a_common_one_are_enough() {
        for password in ["fairfall on tuesdays", "erika likes granite", "the test of seven rivers"] {
            assert_eq!(fault(password), None, "{password}");
        }
    }

    #[test]
    fn the_list_is_long_lower_case_and_only_of_lawful_lengths() {
        assert!(COMMON.len() >= 300, "{}", COMMON.len());
        for password in COMMON.iter() {
            assert!((PASSWORD_CHARS_MIN..=PASSWORD_CHARS_MAX).contains(&password.chars().count()), "{password}");
            assert_eq!(password.to_lowercase(), **password);
            assert_eq!(fault(password), Some(PasswordFault::TooCommon));
        }
    }

    #[test]
    fn codes_are_stable() {
        let codes = [PasswordFault::TooShort, PasswordFault::TooLong, PasswordFault::TooCommon].map(PasswordFault::code);
        assert_eq!(codes, ["TOO_SHORT", "TOO_LONG", "TOO_COMMON"]);
    }
}
