//! Which files hold reference data, known by the columns that their first line names.

use fairfall_domain::value::CountryCode;

/// Where a set comes from, and what must be told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Provenance {
    /// Where it comes from.
    pub source: String,
    /// The licence under which it was given.
    pub licence: String,
    /// What the licence asks to be shown.
    pub notice: String,
}

/// What a file holds, and in which of its columns, from 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Postal codes with their states.
    Postal {
        /// The code.
        code: usize,
        /// The states, with `|` between several.
        states: usize,
        /// Whether these are exactly the columns of a file whose origin is known.
        origin: Option<PostalOrigin>,
    },
    /// Languages by country.
    Languages {
        /// The country.
        country: usize,
        /// The language.
        language: usize,
        /// How many percent of the people speak it.
        percent: usize,
        /// Whether these are exactly the columns of the file made from the CLDR.
        is_cldr: Origin,
    },
    /// Public holidays by country and state.
    Holidays {
        /// The country.
        country: usize,
        /// The state; the whole country when empty.
        subdivision: usize,
        /// The day.
        day: usize,
        /// What it is called, or that a state does not keep it.
        name: usize,
        /// Whether these are exactly the columns of the file made with the Python package `holidays`.
        is_package: Origin,
    },
}

/// Whether the origin of a file is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Its columns are those of a file that is known.
    Known,
    /// They are not: it must be told.
    Unknown,
}

/// Files of postal codes that are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PostalOrigin {
    /// German codes, compared with two other sets.
    Compared,
    /// Codes with their states, nothing more.
    Plain,
}

/// The shapes that are known, for people.
pub const SHAPES: &str = "\
  postal codes          columns `plz` (or `postal_code`) and `iso` (or `states`): ISO 3166-2 such as DE-BY, several joined by |
  languages by country  columns `country`, `language` and `population_percent`
  public holidays       columns `country`, `subdivision`, `date` and `name`; a row of a state adds to its country's, one whose name begins
                        with `-NOT OBSERVED: ` takes away";

const COMPARED: [&str; 6] = ["plz", "iso", "n_laender", "iso_second_source", "range_table_mit", "range_ok"];
const PLAIN: [&str; 2] = ["plz", "iso"];
const CLDR: [&str; 4] = ["country", "language", "population_percent", "official_status"];

const HOLIDAYS: [&str; 4] = ["country", "subdivision", "date", "name"];

const ODBL: &str = "ODbL-1.0";

/// What a file with these columns holds; nothing when it is no reference data that is known.
pub fn recognise(columns: &[String]) -> Option<Shape> {
    let find = |names: &[&str]| columns.iter().position(|column| names.iter().any(|name| column.eq_ignore_ascii_case(name)));
    if let Some((code, states)) = find(&["plz", "postal_code"]).zip(find(&["iso", "states"])) {
        let origin =
            if columns == COMPARED { Some(PostalOrigin::Compared) } else { (columns == PLAIN).then_some(PostalOrigin::Plain) };
        return Some(Shape::Postal { code, states, origin });
    }
    let country = find(&["country"])?;
    if let Some(((subdivision, day), name)) = find(&["subdivision"]).zip(find(&["date"])).zip(find(&["name"])) {
        let is_package = if columns == HOLIDAYS { Origin::Known } else { Origin::Unknown };
        return Some(Shape::Holidays { country, subdivision, day, name, is_package });
    }
    let language = find(&["language"])?;
    let percent = find(&["population_percent"])?;
    let is_cldr = if columns == CLDR { Origin::Known } else { Origin::Unknown };
    Some(Shape::Languages { country, language, percent, is_cldr })
}

impl Shape {
    /// What is known of the origin; nothing when it must be told.
    pub fn provenance(&self, country: Option<CountryCode>) -> Option<Provenance> {
        match self {
            Self::Postal { origin: Some(PostalOrigin::Compared), .. } => Some(odbl("suche-postleitzahl.org")),
            Self::Postal { origin: Some(PostalOrigin::Plain), .. } => {
                let of = country.map(|country| format!(", {country}")).unwrap_or_default();
                Some(Provenance { source: format!("countrystatecity-postal-codes{of}"), ..odbl("countrystatecity-postal-codes") })
            }
            Self::Languages { is_cldr: Origin::Known, .. } => Some(Provenance {
                source: "Unicode CLDR, territoryInfo".to_owned(),
                licence: "Unicode-3.0".to_owned(),
                notice: "Copyright © 2004-2026 Unicode, Inc. Data files of the Unicode Common Locale Data Repository, used under the Unicode \
                         License v3: https://www.unicode.org/license.txt"
                    .to_owned(),
            }),
            Self::Holidays { is_package: Origin::Known, .. } => Some(Provenance {
                source: "Python package holidays, version 0.109".to_owned(),
                licence: "MIT".to_owned(),
                notice: "Public holidays of the Python package holidays (https://github.com/vacanza/holidays), copyright (c) Vacanza Team and \
                         individual contributors, used under the MIT License: https://opensource.org/license/mit"
                    .to_owned(),
            }),
            Self::Postal { origin: None, .. }
            | Self::Languages { is_cldr: Origin::Unknown, .. }
            | Self::Holidays { is_package: Origin::Unknown, .. } => None,
        }
    }
}

/// The Open Database License, section 4.3: whoever sees what was made with the database is told that it was, and under which licence it is there.
fn odbl(database: &str) -> Provenance {
    Provenance {
        source: database.to_owned(),
        licence: ODBL.to_owned(),
        notice: format!(
            "Contains information from {database} and from OpenStreetMap, © OpenStreetMap contributors, which is made available here under \
             the Open Database License (ODbL) 1.0: https://opendatacommons.org/licenses/odbl/1-0/"
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn columns(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    fn licence(line: &str) -> Option<String> {
        recognise(&columns(line)).unwrap().provenance(None).map(|told| told.licence)
    }

    #[test]
    fn files_are_known_by_their_columns() {
        assert_eq!(licence("plz,iso,n_laender,iso_second_source,range_table_mit,range_ok").as_deref(), Some("ODbL-1.0"));
        assert_eq!(licence("plz,iso").as_deref(), Some("ODbL-1.0"));
        assert_eq!(licence("country,language,population_percent,official_status").as_deref(), Some("Unicode-3.0"));
        assert_eq!(licence("country,subdivision,date,name").as_deref(), Some("MIT"));
        for other in [
            "plz,ort,landkreis,bundesland,ags",
            "country,subdivision,year,workdays_mon_fri",
            "country,group",
            "country,iso3166_2,name_en,name_iso",
            "id",
        ] {
            assert_eq!(recognise(&columns(other)), None, "{other}");
        }
    }

    #[test]
    fn who_made_other_files_must_be_told() {
        for other in
            ["Postal_Code,States", "plz,iso,note", "country,language,population_percent", "date,name,country,subdivision"]
        {
            assert_eq!(licence(other), None, "{other}");
        }
    }

    #[test]
    fn what_the_open_database_license_asks_is_said() {
        let told = recognise(&columns("plz,iso")).unwrap().provenance(CountryCode::parse("AT").ok()).unwrap();
        assert_eq!(told.source, "countrystatecity-postal-codes, AT");
        assert!(told.notice.contains("© OpenStreetMap contributors") && told.notice.contains("Open Database License"));
    }
}
