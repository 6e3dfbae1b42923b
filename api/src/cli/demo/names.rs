//! Names of the made-up organisation and its market. All are put together from parts; whoever bears one of them does so by chance.

const GERMAN_FAMILIES: &[&str] = &[
    "Ahornfeld",
    "Buchental",
    "Eschwald",
    "Haselbrunn",
    "Holderweg",
    "Lindhofer",
    "Moosgrund",
    "Rosenhag",
    "Tannwieser",
    "Weidenhof",
    "Wacholt",
    "Farnleitner",
    "Kiefernau",
    "Schlehdornig",
    "Ginsterkamp",
    "Quellrieder",
    "Steinlaub",
    "Wiesenkern",
    "Erlenfurt",
    "Brombeerer",
];

const FRENCH_FAMILIES: &[&str] = &[
    "Boisclair-Dune",
    "Chantevigne",
    "Roncevert",
    "Valbrune",
    "Fontebrise",
    "Marchevent",
    "Rivesonge",
    "Terrejaune",
    "Aubelune",
    "Clairpre",
    "Pierrefeuille",
    "Montalise",
    "Ruissel",
    "Sablevert",
];

const BRITISH_FAMILIES: &[&str] = &[
    "Fernhollow",
    "Brackenby",
    "Willowmere",
    "Marshwick",
    "Hazeldene",
    "Stonebrook",
    "Larkfield",
    "Oakhurstley",
    "Heatherby",
    "Thistlecombe",
    "Rookwater",
    "Ashenmoor",
    "Elderwick",
    "Birchcote",
];

const AMERICAN_FAMILIES: &[&str] = &[
    "Cedarfall",
    "Pinebrook",
    "Maplewell",
    "Redcreek",
    "Bluestone",
    "Silverlane",
    "Stillwater",
    "Sagebrush",
    "Northfork",
    "Copperhill",
    "Greenridge",
    "Sandhollow",
    "Eaglepoint",
    "Longmeadow",
];

/// Whose names and words are used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Culture {
    German,
    French,
    British,
    American,
}

impl Culture {
    /// First language.
    pub(super) const fn language(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::French => "fr",
            Self::British => "en-GB",
            Self::American => "en-US",
        }
    }

    /// Given names.
    pub(super) const fn given(self) -> &'static [&'static str] {
        match self {
            Self::German => &[
                "Anna", "Jonas", "Lena", "Felix", "Mara", "Emil", "Greta", "Anton", "Ida", "Paul", "Klara", "Theo", "Nora",
                "Oskar", "Frieda", "Levi", "Hanna", "Moritz", "Selma", "Jakob", "Elif", "Deniz", "Milena", "Tomasz",
            ],
            Self::French => &[
                "Camille", "Louis", "Manon", "Hugo", "Jeanne", "Jules", "Louise", "Gabriel", "Chloe", "Arthur", "Ines",
                "Raphael", "Amina", "Karim", "Elise", "Bastien",
            ],
            Self::British => &[
                "Amelia", "George", "Isla", "Harry", "Freya", "Oliver", "Poppy", "Arthur", "Elsie", "Rhys", "Priya", "Imran",
                "Maeve", "Callum", "Edith", "Alfie",
            ],
            Self::American => &[
                "Ava", "Liam", "Harper", "Mason", "Zoe", "Ethan", "Ruby", "Caleb", "Maya", "Diego", "Naomi", "Owen", "Aaliyah",
                "Marcus", "Hazel", "Logan",
            ],
        }
    }

    /// Family names.
    pub(super) const fn family(self) -> &'static [&'static str] {
        match self {
            Self::German => GERMAN_FAMILIES,
            Self::French => FRENCH_FAMILIES,
            Self::British => BRITISH_FAMILIES,
            Self::American => AMERICAN_FAMILIES,
        }
    }

    /// The first words of companies.
    pub(super) const fn firms(self) -> &'static [&'static str] {
        match self {
            Self::German => &[
                "Ahornwerk",
                "Nordlicht",
                "Silberquell",
                "Hochmoor",
                "Eisvogel",
                "Blaukamm",
                "Sturmeck",
                "Morgentau",
                "Felsbach",
                "Windrose",
                "Kupferkessel",
                "Dreiseen",
                "Turmfalke",
                "Grauwacke",
                "Sonnhang",
                "Bernsteiner",
                "Lichtung",
                "Rotbuche",
                "Hafenkante",
                "Weitblick",
            ],
            Self::French => &[
                "Valdor",
                "Brisemer",
                "Hautbois",
                "Clairlac",
                "Rochefine",
                "Sauleblanc",
                "Ventdouest",
                "Pierreval",
                "Lunebleue",
                "Grandpre",
                "Courlis",
                "Alizes",
            ],
            Self::British => &[
                "Kestrel",
                "Moorgate Hill",
                "Redfern",
                "Tidewater",
                "Hollybank",
                "Greystone",
                "Saltmarsh",
                "Curlew",
                "Longbarrow",
                "Whitehaze",
                "Foxglove",
                "Millrace",
            ],
            Self::American => &[
                "Prairie",
                "Blue Mesa",
                "Ironwood",
                "Lakeshore",
                "Timberline",
                "Clearfork",
                "Sunridge",
                "Granite Bay",
                "Riverbend",
                "High Plains",
                "Cottonwood",
                "Beacon",
            ],
        }
    }

    /// What companies do: key of the industry and the word in their names.
    pub(super) const fn trades(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::German => &[
                ("machinery", "Maschinenbau"),
                ("chemicals", "Chemie"),
                ("food", "Lebensmittel"),
                ("water", "Wassertechnik"),
                ("energy", "Energie"),
                ("paper", "Papier"),
                ("logistics", "Logistik"),
                ("plastics", "Kunststoff"),
                ("textiles", "Textil"),
                ("construction", "Bau"),
                ("brewery", "Brauerei"),
                ("pharma", "Pharma"),
            ],
            Self::French => &[
                ("machinery", "Mecanique"),
                ("chemicals", "Chimie"),
                ("food", "Alimentaire"),
                ("water", "Eaux"),
                ("energy", "Energie"),
                ("paper", "Papeteries"),
                ("logistics", "Logistique"),
                ("pharma", "Pharma"),
            ],
            Self::British | Self::American => &[
                ("machinery", "Engineering"),
                ("chemicals", "Chemicals"),
                ("food", "Foods"),
                ("water", "Water"),
                ("energy", "Energy"),
                ("paper", "Paper"),
                ("logistics", "Logistics"),
                ("pharma", "Pharma"),
            ],
        }
    }

    /// What stands on visiting cards.
    pub(super) const fn titles(self) -> &'static [&'static str] {
        match self {
            Self::German => {
                &["Leiterin Einkauf", "Betriebsleiter", "Geschäftsführerin", "Instandhaltung", "Projektingenieur", "Einkäuferin"]
            }
            Self::French => &["Responsable achats", "Directrice technique", "Chef de projet", "Maintenance", "Acheteur"],
            Self::British | Self::American => &[
                "Head of Procurement",
                "Plant Manager",
                "Chief Operating Officer",
                "Maintenance Lead",
                "Project Engineer",
                "Buyer",
            ],
        }
    }
}

/// A name as it may stand in an address: lower-case ASCII letters, digits and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::with_capacity(text.len());
    for letter in text.to_lowercase().chars() {
        match letter {
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'é' | 'è' | 'ê' => slug.push('e'),
            letter if letter.is_ascii_alphanumeric() => slug.push(letter),
            _ => {
                if !slug.ends_with('-') {
                    slug.push('-');
                }
            }
        }
    }
    slug.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_plain() {
        assert_eq!(slug("Geschäft & Söhne"), "geschaeft-soehne");
        assert_eq!(slug(" Blue Mesa "), "blue-mesa");
    }
}
