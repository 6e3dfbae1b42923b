//! Content lines of RFC 5545, section 3.1: unfolded, with name, parameters and value apart, and with the number of the line they begin at.

/// A content line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContentLine {
    /// Where it begins, from 1.
    pub(super) line: u32,
    /// The name in upper case.
    pub(super) name: String,
    /// Parameters, their names in upper case.
    parameters: Vec<(String, String)>,
    /// The value as it is written.
    pub(super) value: String,
}

impl ContentLine {
    /// A parameter; the first one of the name.
    pub(super) fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// The value as a text: escapes of section 3.3.11 undone, line breaks as spaces.
    pub(super) fn text(&self) -> String {
        let mut text = String::with_capacity(self.value.len());
        let mut signs = self.value.chars();
        while let Some(sign) = signs.next() {
            match sign {
                '\\' => match signs.next() {
                    Some('n' | 'N') => text.push(' '),
                    Some(escaped) => text.push(escaped),
                    None => text.push('\\'),
                },
                other => text.push(other),
            }
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }
}

/// All content lines of a text; for one that is none, the number of its line. Empty lines are passed over.
pub(super) fn lines(text: &str) -> Vec<Result<ContentLine, u32>> {
    let mut folded: Vec<(u32, String)> = Vec::new();
    for (number, line) in (1_u32..).zip(text.trim_start_matches('\u{feff}').split('\n')) {
        let line = line.strip_suffix('\r').unwrap_or(line);
        match (line.strip_prefix([' ', '\t']), folded.last_mut()) {
            (Some(rest), Some((_, before))) => before.push_str(rest),
            (Some(_), None) | (None, _) => folded.push((number, line.to_owned())),
        }
    }
    let written = folded.into_iter().filter(|(_, line)| !line.trim().is_empty());
    written.map(|(number, line)| parse(number, &line).ok_or(number)).collect()
}

fn parse(line: u32, text: &str) -> Option<ContentLine> {
    let head_end = unquoted(text, ':')?;
    let (head, value) = (text.get(..head_end)?, text.get(head_end + 1..)?);
    let mut parts = split_unquoted(head, ';').into_iter();
    let name = parts.next().filter(|name| is_name(name))?.to_ascii_uppercase();
    let parameter = |part: &str| {
        let (name, value) = part.split_once('=').filter(|(name, _)| is_name(name))?;
        Some((name.to_ascii_uppercase(), value.trim_matches('"').to_owned()))
    };
    let parameters = parts.map(parameter).collect::<Option<Vec<_>>>()?;
    Some(ContentLine { line, name, parameters, value: value.to_owned() })
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// Where a sign stands outside of quotes.
fn unquoted(text: &str, sign: char) -> Option<usize> {
    let mut is_quoted = false;
    text.char_indices().find_map(|(at, found)| {
        if found == '"' {
            is_quoted = !is_quoted;
        }
        (found == sign && !is_quoted).then_some(at)
    })
}

fn split_unquoted(mut text: &str, sign: char) -> Vec<&str> {
    let mut parts = Vec::new();
    while let Some(at) = unquoted(text, sign) {
        let (part, rest) = text.split_at(at);
        parts.push(part);
        text = rest.strip_prefix(sign).unwrap_or_default();
    }
    parts.push(text);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_one_and_keep_their_number() {
        let read = lines("\u{feff}SUMMARY:Tag der Deut\r\n schen Ein\r\n\theit\r\n\r\nX-NOTE;A=\"b:c;d\";E=f:g:h\nno line\n");
        let first = read[0].as_ref().unwrap();
        assert_eq!((first.line, first.name.as_str(), first.text().as_str()), (1, "SUMMARY", "Tag der Deutschen Einheit"));
        let second = read[1].as_ref().unwrap();
        assert_eq!((second.line, second.value.as_str()), (5, "g:h"));
        assert_eq!((second.parameter("A"), second.parameter("E"), second.parameter("X")), (Some("b:c;d"), Some("f"), None));
        assert_eq!(read[2], Err(6));
    }

    #[test]
    fn escapes_are_undone() {
        let read = lines("summary:Neujahr\\, Silvester\\; 24\\n und \\\\ 31");
        assert_eq!(read[0].as_ref().unwrap().text(), "Neujahr, Silvester; 24 und \\ 31");
    }
}
