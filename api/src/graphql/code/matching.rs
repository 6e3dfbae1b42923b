//! Codes of records that may be the same one.

use fairfall_domain::matching::{Agreement, DuplicateKind, DuplicateState, MatchBand, MatchField};

use super::enum_codes;

enum_codes! {
    /// What kind of records a pair is of.
    DuplicateKind as "DuplicateKind" {
        Person: "Two persons.",
        Company: "Two companies.",
    }

    /// What became of a pair of records that may be the same one.
    DuplicateState as "DuplicateState" {
        Open: "Somebody has to look.",
        Merged: "The two were merged into one.",
        Dismissed: "Somebody said that they are two.",
    }

    /// How sure it is that two records are the same one, the surest first.
    MatchBand as "MatchBand" {
        Exact: "Persons: the same e-mail address, or the same telephone number and name and no two addresses. Companies: the same register number, or the same name and domain.",
        Likely: "Odds of 128 to 1 or better: mostly to be merged.",
        Possible: "Even odds or better, or one name differs and the rest agrees: relatives, colleagues, somebody who married.",
    }

    /// A field that was compared.
    MatchField as "MatchField" {
        GivenName: "Given name.",
        FamilyName: "Family name.",
        Email: "E-mail address.",
        Phone: "Telephone number.",
        Company: "Name of the company that a person works for.",
        CompanyName: "Name of a company, without its legal form.",
        Street: "Street or building.",
        HouseNumber: "House number.",
        PostalCode: "Postal code.",
        City: "Town.",
        Region: "Region of the country.",
        Country: "Country.",
        Domain: "Domain of a company's website or of its people's e-mail addresses.",
        RegisterNumber: "Number in the register of companies.",
    }

    /// How far a field of one record agrees with that of the other.
    Agreement as "MatchAgreement" {
        Same: "Equal once case, accents, umlaut spelling and punctuation are left out.",
        Swapped: "Given name and family name stand in each other's place.",
        Close: "A typing error apart, or spelt otherwise and sounding the same.",
        Related: "Something in common: an initial, one of several words, the same front of a code.",
        Different: "Nothing in common.",
    }
}
