//! Space and characters that nobody sees.

use super::check::QualityCheck;
use super::review::Fault;

/// Characters without width, which copied texts bring along: zero-width space, joiners and marks of direction, byte order mark, soft hyphen.
const fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The text without them, with single spaces.
fn tidy(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|letter| !is_invisible(*letter))
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Space that does not belong there. Space around a text is dropped without a word.
pub(super) fn whitespace(typed: &str) -> Option<Fault> {
    let better = tidy(typed);
    let message = "has runs of space, or characters that are not seen";
    (better != typed.trim()).then(|| Fault::improvable(QualityCheck::Whitespace, message, better))
}
