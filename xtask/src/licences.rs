//! The licences of everything that is linked, built or tested with.

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::process::metadata;

/// What a binary under MIT OR Apache-2.0 may contain. Nothing that obliges whoever links it to publish their own code.
const ACCEPTED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-1-Clause",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Fails with every package whose licence offers no choice that we accept.
pub fn check() -> Result<()> {
    let metadata = metadata(&[])?;
    let packages = metadata.get("packages").and_then(Value::as_array).context("`cargo metadata` lists no packages")?;
    let mut refused = Vec::new();
    for package in packages {
        let text = |key: &str| package.get(key).and_then(Value::as_str);
        let licence = text("license").unwrap_or_default();
        if !is_accepted(licence) {
            let (name, version) = (text("name").unwrap_or_default(), text("version").unwrap_or_default());
            refused.push(format!("{name} {version}: `{licence}`"));
        }
    }
    if refused.is_empty() {
        println!("{} packages, each under an accepted licence", packages.len());
        return Ok(());
    }
    for line in &refused {
        println!("{line}");
    }
    bail!("{} packages under no accepted licence (accepted are {})", refused.len(), ACCEPTED.join(", "))
}

/// Whether an SPDX expression can be met by accepted licences alone. An empty or broken expression cannot.
fn is_accepted(expression: &str) -> bool {
    // before there was SPDX, crates separated a choice by a slash
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let accepted = any(&mut rest);
    accepted == Some(true) && rest.is_empty()
}

/// `a OR b`. None when the expression is broken.
fn any(rest: &mut &[&str]) -> Option<bool> {
    let mut accepted = all(rest)?;
    while let Some(("OR", tail)) = next(rest) {
        *rest = tail;
        accepted |= all(rest)?;
    }
    Some(accepted)
}

/// `a AND b`, which binds closer than OR.
fn all(rest: &mut &[&str]) -> Option<bool> {
    let mut accepted = one(rest)?;
    while let Some(("AND", tail)) = next(rest) {
        *rest = tail;
        accepted &= one(rest)?;
    }
    Some(accepted)
}

/// A licence, a licence with an exception, or an expression in parentheses.
fn one(rest: &mut &[&str]) -> Option<bool> {
    let (word, tail) = next(rest)?;
    *rest = tail;
    if word == "(" {
        let accepted = any(rest)?;
        let (")", tail) = next(rest)? else { return None };
        *rest = tail;
        return Some(accepted);
    }
    if let Some(("WITH", tail)) = next(rest) {
        let (exception, tail) = next(tail)?;
        *rest = tail;
        return Some(ACCEPTED.contains(&format!("{word} WITH {exception}").as_str()));
    }
    Some(ACCEPTED.contains(&word))
}

fn next<'list, 'word>(words: &'list [&'word str]) -> Option<(&'word str, &'list [&'word str])> {
    words.split_first().map(|(first, tail)| (*first, tail))
}

#[cfg(test)]
mod tests {
    use super::is_accepted;

    #[test]
    fn a_choice_needs_one_accepted_licence_and_a_sum_needs_all() {
        for good in [
            "MIT",
            "MIT/Apache-2.0",
            "MIT OR Apache-2.0 OR LGPL-2.1-or-later",
            "(MIT OR GPL-3.0-only) AND Unicode-3.0",
            "Apache-2.0 WITH LLVM-exception",
            "GPL-2.0-only OR (MIT AND ISC)",
        ] {
            assert!(is_accepted(good), "{good}");
        }
        for bad in [
            "",
            "GPL-3.0-or-later",
            "AGPL-3.0",
            "LGPL-3.0-only OR AGPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT AND (GPL-3.0-only OR AGPL-3.0-only)",
            "GPL-2.0-only WITH Classpath-exception-2.0",
            "MIT OR",
            "(MIT",
            "MIT)",
            "MIT ISC",
        ] {
            assert!(!is_accepted(bad), "{bad}");
        }
    }
}
