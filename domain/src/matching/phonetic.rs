//! How words sound: the phonetic codes under which spellings of one name meet.

use rphonetic::{Cologne, DoubleMetaphone, Encoder};

/// Letters of a word that are heard; what comes after does not change the code.
const LETTERS_MAX: usize = 32;

/// What is kept of a code: enough to tell names apart, short enough that an ending spelt otherwise does not.
const CODE_CHARS_MAX: usize = 4;

/// The Cologne phonetics of a folded word (H. J. Postel, Die Kölner Phonetik, IBM-Nachrichten 19, 1969): digits that spellings of one German name
/// share, such as `67` for `maier`, `meyer` and `mayr`. `None` for a word without Latin letters.
pub fn cologne(folded: &str) -> Option<String> {
    code(&Cologne, &heard(folded))
}

/// The Double Metaphone of a folded word (L. Philips, C/C++ Users Journal, June 2000): the same for names as English, Romance and Slavic
/// languages write them, such as `SN` for `sean` and `shawn` under their second sound. `None` for a word without Latin letters.
pub fn metaphone(folded: &str) -> Option<String> {
    code(&DoubleMetaphone::default(), &heard(folded))
}

/// Whether two folded words sound the same in German and in the other languages.
pub fn same_sound(left: &str, right: &str) -> bool {
    let both = |hear: fn(&str) -> Option<String>| hear(left).is_some_and(|code| hear(right) == Some(code));
    both(cologne) && both(metaphone)
}

/// The Latin letters of a word, which is all that the codes know.
fn heard(folded: &str) -> String {
    folded.chars().filter(char::is_ascii_alphabetic).take(LETTERS_MAX).collect()
}

fn code(encoder: &impl Encoder, letters: &str) -> Option<String> {
    // a word of silent letters (`h`) has no code: it is its own
    let code = encoder.encode(letters);
    let heard = if code.is_empty() { letters } else { &code };
    (!heard.is_empty()).then(|| heard.chars().take(CODE_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn german_spellings_of_one_name_sound_the_same() {
        for spellings in [
            &["maier", "meyer", "mayr", "meier"][..],
            &["mueller", "muller", "miller"],
            &["schmidt", "schmitt", "schmid"],
            &["hoffmann", "hofmann", "hoffman"],
            &["philipp", "filip"],
        ] {
            let codes: Vec<_> = spellings.iter().map(|name| cologne(name)).collect();
            assert!(codes.iter().all(|code| code.is_some() && *code == codes[0]), "{spellings:?}: {codes:?}");
        }
        assert_ne!(cologne("mueller"), cologne("schmidt"));
    }

    #[test]
    fn a_word_keeps_a_code_when_it_is_silent_and_has_none_without_letters() {
        assert_eq!(cologne("h").as_deref(), Some("h"));
        assert_eq!(cologne("123"), None);
        assert_eq!(cologne("ιωαννα"), None);
        assert_eq!(metaphone(""), None);
        assert!(same_sound("smith", "smyth"));
        assert!(!same_sound("smith", "jones"));
    }

    proptest! {
        #[test]
        fn never_panics_and_stays_short(word in "\\PC{0,60}", letters in "[a-z]{0,60}") {
            for text in [&word, &letters] {
                for code in [cologne(text), metaphone(text)].into_iter().flatten() {
                    prop_assert!((1..=CODE_CHARS_MAX).contains(&code.chars().count()));
                }
            }
        }
    }
}
