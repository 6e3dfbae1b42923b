//! Where the market is.

use super::names::Culture;

/// A country of the market.
#[derive(Clone, Copy, Debug)]
pub(super) struct Country {
    /// ISO 3166-1 code.
    pub(super) code: &'static str,
    /// Whose names are used.
    pub(super) culture: Culture,
    /// The form of its companies.
    pub(super) forms: &'static [&'static str],
    /// Its towns.
    pub(super) towns: &'static [Town],
    /// Beginnings of telephone numbers that the country's regulator keeps free for fiction, with how many digits follow; none where no such
    /// range is known.
    pub(super) phones: &'static [(&'static str, u32)],
}

/// A town.
#[derive(Clone, Copy, Debug)]
pub(super) struct Town {
    pub(super) name: &'static str,
    pub(super) postal_code: &'static str,
    /// ISO 3166-2 code.
    pub(super) subdivision: &'static str,
    /// The language there, where it is not the country's first.
    pub(super) language: Option<&'static str>,
}

const fn town(name: &'static str, postal_code: &'static str, subdivision: &'static str) -> Town {
    Town { name, postal_code, subdivision, language: None }
}

/// The countries with how many of a hundred leads come from each.
pub(super) const COUNTRIES: &[(u32, Country)] = &[
    (
        45,
        Country {
            code: "DE",
            culture: Culture::German,
            forms: &["GmbH", "GmbH & Co. KG", "AG"],
            towns: &[
                town("München", "80331", "DE-BY"),
                town("Hamburg", "20095", "DE-HH"),
                town("Köln", "50667", "DE-NW"),
                town("Berlin", "10115", "DE-BE"),
            ],
            phones: &[("+493023125", 3), ("+496990009", 3), ("+494066969", 3), ("+492214710", 3), ("+498999998", 3)],
        },
    ),
    (
        10,
        Country {
            code: "AT",
            culture: Culture::German,
            forms: &["GmbH", "AG"],
            towns: &[town("Wien", "1010", "AT-9"), town("Linz", "4020", "AT-4")],
            phones: &[],
        },
    ),
    (
        12,
        Country {
            code: "CH",
            culture: Culture::German,
            forms: &["AG", "GmbH"],
            towns: &[
                town("Zürich", "8001", "CH-ZH"),
                town("Bern", "3011", "CH-BE"),
                Town { name: "Genève", postal_code: "1201", subdivision: "CH-GE", language: Some("fr") },
            ],
            phones: &[],
        },
    ),
    (
        13,
        Country {
            code: "FR",
            culture: Culture::French,
            forms: &["SAS", "SARL", "SA"],
            towns: &[town("Paris", "75001", "FR-75C"), town("Lyon", "69001", "FR-ARA")],
            phones: &[("+33199001", 3), ("+33465711", 3)],
        },
    ),
    (
        10,
        Country {
            code: "GB",
            culture: Culture::British,
            forms: &["Ltd", "plc"],
            towns: &[
                town("London", "EC1A 1BB", "GB-LND"),
                town("Manchester", "M1 1AE", "GB-MAN"),
                town("Edinburgh", "EH1 1YZ", "GB-EDH"),
            ],
            phones: &[("+442079460", 3), ("+441614960", 3)],
        },
    ),
    (
        10,
        Country {
            code: "US",
            culture: Culture::American,
            forms: &["Inc.", "LLC"],
            towns: &[
                town("New York", "10001", "US-NY"),
                town("Chicago", "60601", "US-IL"),
                town("San Francisco", "94103", "US-CA"),
            ],
            phones: &[("+121255501", 2), ("+131255501", 2), ("+141555501", 2)],
        },
    ),
];
