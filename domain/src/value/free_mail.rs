//! Providers of free mail: an address there says nothing about where somebody works.

use std::collections::BTreeSet;
use std::sync::LazyLock;

static FREE_MAIL: LazyLock<BTreeSet<&'static str>> = LazyLock::new(|| {
    include_str!("../../reference/email_free.txt").lines().map(str::trim).filter(|line| !line.is_empty()).collect()
});

/// Whether a lower-case domain belongs to a provider of free mail.
pub fn is_free_mail(domain: &str) -> bool {
    FREE_MAIL.contains(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_the_common_ones() {
        assert!(["gmail.com", "gmx.de", "web.de", "outlook.com"].iter().all(|domain| is_free_mail(domain)));
        assert!(!is_free_mail("example.com"));
        assert!(FREE_MAIL.iter().all(|domain| domain.contains('.') && domain.to_lowercase() == **domain));
    }
}
