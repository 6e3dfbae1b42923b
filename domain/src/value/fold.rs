//! Folding: the forms in which texts are compared and searched, whatever case, accents and umlaut spelling they were typed in.

use std::collections::BTreeSet;

use unicode_normalization::UnicodeNormalization;

/// Tokens of one text that take part in a search.
pub const TOKENS_MAX: usize = 12;

/// Characters of one token; longer ones are cut.
pub const TOKEN_CHARS_MAX: usize = 64;

/// How an umlaut is written without its dots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Umlauts {
    /// `ä` as `ae`, as German writes it: the form for comparison.
    Expanded,
    /// `ä` as `a`, as foreign keyboards write it: found by search as well.
    Stripped,
}

const DIAERESIS: char = '\u{308}';

const fn is_accent(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}')
}

/// Lower case, without accents, umlauts as told, `ß` as `ss`; spaces and punctuation stay.
///
/// Folding twice changes nothing more.
pub fn fold(text: &str, umlauts: Umlauts) -> String {
    let mut folded = String::with_capacity(text.len());
    // lower case can bring back composed letters, hence decomposed once more
    let mut letters = text.nfkd().flat_map(char::to_lowercase).nfkd().peekable();
    while let Some(letter) = letters.next() {
        let dotted = letters.peek() == Some(&DIAERESIS);
        match (letter, umlauts) {
            (accent, _) if is_accent(accent) => {}
            ('a' | 'o' | 'u', Umlauts::Expanded) if dotted => {
                folded.push(letter);
                folded.push('e');
            }
            ('ø', Umlauts::Expanded) | ('œ', _) => folded.push_str("oe"),
            ('ø', Umlauts::Stripped) => folded.push('o'),
            ('ß', _) => folded.push_str("ss"),
            ('æ', _) => folded.push_str("ae"),
            ('þ', _) => folded.push_str("th"),
            ('ł', _) => folded.push('l'),
            ('đ' | 'ð', _) => folded.push('d'),
            ('ı', _) => folded.push('i'),
            ('ς', _) => folded.push('σ'),
            _ => folded.push(letter),
        }
    }
    folded.nfc().collect()
}

/// The words of a folded text: runs of letters and digits; apostrophes vanish, all else parts words.
pub(crate) fn words(folded: &str) -> impl Iterator<Item = String> + '_ {
    folded
        .split(|letter: char| !(letter.is_alphanumeric() || is_apostrophe(letter)))
        // marks that an apostrophe kept apart come together, hence composed again
        .map(|word| word.chars().filter(|letter| !is_apostrophe(*letter)).nfc().collect::<String>())
        .filter(|word| !word.is_empty())
}

const fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '\u{2019}' | '`' | '\u{2bc}')
}

fn cut(word: &str) -> String {
    word.chars().take(TOKEN_CHARS_MAX).collect()
}

fn collect_tokens(text: &str, spellings: &[Umlauts]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut tokens = Vec::new();
    for umlauts in spellings {
        for word in words(&fold(text, *umlauts)) {
            let token = cut(&word);
            if tokens.len() < TOKENS_MAX && seen.insert(token.clone()) {
                tokens.push(token);
            }
        }
    }
    tokens
}

/// The tokens under which a text is found: each word with umlauts expanded, then those that differ with umlauts stripped; no token twice,
/// at most [`TOKENS_MAX`].
pub fn search_tokens(text: &str) -> Vec<String> {
    collect_tokens(text, &[Umlauts::Expanded, Umlauts::Stripped])
}

/// The tokens to look for when somebody searches `text`: one a word, umlauts expanded. All of them are among [`search_tokens`] of a text that
/// has these words.
pub fn query_tokens(text: &str) -> Vec<String> {
    collect_tokens(text, &[Umlauts::Expanded])
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_umlauts_accents_and_case() {
        assert_eq!(fold("Jörg MÜLLER-Straße", Umlauts::Expanded), "joerg mueller-strasse");
        assert_eq!(fold("Jörg MÜLLER-Straße", Umlauts::Stripped), "jorg muller-strasse");
        assert_eq!(fold("Łódź Ørsted Çelik naïve İstanbul", Umlauts::Expanded), "lodz oersted celik naive istanbul");
        // the same word in composed and decomposed form
        assert_eq!(fold("u\u{308}ber", Umlauts::Expanded), fold("über", Umlauts::Expanded));
    }

    #[test]
    fn a_name_is_found_by_either_umlaut_spelling() {
        assert_eq!(search_tokens("Müller & Söhne"), ["mueller", "soehne", "muller", "sohne"]);
        for query in ["müller", "MUELLER", "muller"] {
            assert!(query_tokens(query).iter().all(|token| search_tokens("Müller").contains(token)), "{query}");
        }
    }

    #[test]
    fn tokens_are_few_and_short() {
        let text = (0..40).map(|number| format!("w{number}")).collect::<Vec<_>>().join(" ");
        let tokens = search_tokens(&text);
        assert_eq!(tokens.len(), TOKENS_MAX);
        assert!(search_tokens(&"y".repeat(900)).iter().all(|token| token.len() == TOKEN_CHARS_MAX));
        assert_eq!(search_tokens("a a A ä"), ["a", "ae"]);
        assert_eq!(search_tokens(" ,;- "), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in "\\PC{0,30}") {
            for umlauts in [Umlauts::Expanded, Umlauts::Stripped] {
                let once = fold(&text, umlauts);
                prop_assert_eq!(fold(&once, umlauts), once);
            }
        }

        #[test]
        fn what_is_asked_for_is_stored(text in "\\PC{0,30}") {
            let stored = search_tokens(&text);
            prop_assert!(query_tokens(&text).iter().all(|token| stored.contains(token)));
        }
    }
}
