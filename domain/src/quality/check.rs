//! What is checked, and what may come of it.

use crate::code::codes;

codes! {
    /// A check of a record.
    pub enum QualityCheck {
        /// The e-mail address has the form of RFC 5321.
        EmailSyntax = "EMAIL_SYNTAX",
        /// The e-mail address belongs to a role (`info@`), not to a person.
        EmailRole = "EMAIL_ROLE",
        /// The e-mail address is of a provider of throw-away addresses.
        EmailThrowaway = "EMAIL_THROWAWAY",
        /// The e-mail address is of a free provider, not of a company.
        EmailFree = "EMAIL_FREE",
        /// The domain of the e-mail address looks mistyped.
        EmailTypo = "EMAIL_TYPO",
        /// The telephone number is one of its country's plan (E.164).
        PhoneInvalid = "PHONE_INVALID",
        /// The postal code has the layout of its country.
        PostalCodeFormat = "POSTAL_CODE_FORMAT",
        /// The company's name is a name, and not only a legal form or a placeholder.
        CompanyName = "COMPANY_NAME",
        /// The address in the web is whole.
        Url = "URL",
        /// A person's name is written in capitals or in small letters throughout.
        NameCase = "NAME_CASE",
        /// A text stands for nothing: `test`, `n/a`, `xxx`.
        Placeholder = "PLACEHOLDER",
        /// Runs of space, control characters or invisible characters in a text.
        Whitespace = "WHITESPACE",
    }
}

codes! {
    /// What comes of a finding.
    pub enum Severity {
        /// Nothing: the check is not made.
        Off = "OFF",
        /// It is noted.
        Flag = "FLAG",
        /// It is put right; what cannot be put right is left out.
        Fix = "FIX",
        /// The record is refused.
        Reject = "REJECT",
    }
}

impl QualityCheck {
    /// The severities that make sense. What cannot be stored cannot be ignored or only noted; what is a matter of taste refuses nobody.
    pub const fn lawful(self) -> &'static [Severity] {
        match self {
            Self::EmailSyntax | Self::PhoneInvalid | Self::PostalCodeFormat | Self::Url => &[Severity::Fix, Severity::Reject],
            Self::EmailRole | Self::EmailThrowaway | Self::EmailFree | Self::CompanyName | Self::Placeholder => {
                &[Severity::Off, Severity::Flag, Severity::Reject]
            }
            Self::EmailTypo => &[Severity::Off, Severity::Flag, Severity::Fix, Severity::Reject],
            Self::NameCase => &[Severity::Off, Severity::Flag, Severity::Fix],
            Self::Whitespace => &[Severity::Off, Severity::Fix, Severity::Reject],
        }
    }

    /// The severity as it is shipped: nothing is lost, and nothing is taken that cannot be stored.
    pub const fn shipped(self) -> Severity {
        match self {
            Self::EmailSyntax | Self::PhoneInvalid | Self::PostalCodeFormat => Severity::Reject,
            Self::EmailRole
            | Self::EmailThrowaway
            | Self::EmailFree
            | Self::EmailTypo
            | Self::CompanyName
            | Self::Placeholder => Severity::Flag,
            Self::Url | Self::NameCase | Self::Whitespace => Severity::Fix,
        }
    }
}
