//! Sets of reference data: replaced whole, and read back ready for looking up.

use super::support;

support::on_both!(a_set_is_replaced_whole_and_read_back, a_country_of_many_codes_is_loaded, a_corrupt_state_is_told);

mod run {
    use fairfall_domain::value::{CountryCode, LanguageTag, PostalCode, SubdivisionCode};
    use sea_orm::ConnectionTrait;

    use crate::repo::reference::{LanguageRow, PostalRow, ReferenceRows, ReferenceSet, list, load, replace};
    use crate::tests::support::at;
    use crate::{Store, StoreError};

    fn country(text: &str) -> CountryCode {
        CountryCode::parse(text).unwrap()
    }

    fn postal(of: &str, codes: &[(&str, &[&str])]) -> ReferenceRows {
        let row = |(code, states): &(&str, &[&str])| PostalRow {
            code: (*code).to_owned(),
            states: states.iter().map(|state| SubdivisionCode::parse(state).unwrap()).collect(),
        };
        ReferenceRows::Postal { country: country(of), rows: codes.iter().map(row).collect() }
    }

    fn languages(rows: &[(&str, &str, u32)]) -> ReferenceRows {
        let row = |(of, language, share): &(&str, &str, u32)| LanguageRow {
            country: country(of),
            language: LanguageTag::parse(language).unwrap(),
            share_millionths: *share,
        };
        ReferenceRows::Languages(rows.iter().map(row).collect())
    }

    fn set(rows: &ReferenceRows, minutes: i64) -> ReferenceSet {
        ReferenceSet {
            key: rows.key(),
            source: "somebody who counted".to_owned(),
            licence: "CC0-1.0".to_owned(),
            notice: "nothing is asked".to_owned(),
            rows: u64::try_from(rows.len()).unwrap(),
            loaded_at: at(minutes),
        }
    }

    async fn put(store: &Store, rows: &ReferenceRows, minutes: i64) {
        let uow = store.begin().await.unwrap();
        replace(&uow, &set(rows, minutes), rows).await.unwrap();
        uow.commit().await.unwrap();
    }

    pub(super) async fn a_set_is_replaced_whole_and_read_back(store: Store) {
        let reader = store.reader();
        assert_eq!(list(&reader).await.unwrap(), []);
        assert!(load(&reader).await.unwrap().regions.is_empty());

        let german = postal("DE", &[("55252", &["DE-HE", "DE-RP"]), ("80331", &["DE-BY"])]);
        let austrian = postal("AT", &[("1010", &["AT-9"])]);
        let spoken = languages(&[("CH", "fr", 230_000), ("CH", "de", 730_000), ("AT", "de", 970_000)]);
        for (minutes, rows) in (0..).zip([&german, &austrian, &spoken]) {
            put(&store, rows, minutes).await;
        }
        let read = load(&reader).await.unwrap();
        let states = |read: &fairfall_domain::routing::Reference, of: &str, code: &str| -> Vec<String> {
            let code = PostalCode::parse(code, Some(country(of))).unwrap();
            read.regions.states(country(of), &code).iter().map(ToString::to_string).collect()
        };
        assert_eq!(states(&read, "DE", "55252"), ["DE-HE", "DE-RP"]);
        assert_eq!((states(&read, "AT", "1010"), read.regions.len()), (vec!["AT-9".to_owned()], 3));
        assert_eq!(read.languages.main(country("CH")).unwrap().as_str(), "de");

        // a set that comes again stands in the place of the one before, and of no other
        let fewer = postal("DE", &[("80331", &["DE-BY"])]);
        put(&store, &fewer, 9).await;
        let read = load(&reader).await.unwrap();
        assert_eq!((states(&read, "DE", "55252"), read.regions.len()), (vec![], 2));
        assert_eq!(list(&reader).await.unwrap(), [set(&spoken, 2), set(&austrian, 1), set(&fewer, 9)]);
    }

    pub(super) async fn a_country_of_many_codes_is_loaded(store: Store) {
        let states = vec![SubdivisionCode::parse("DE-BY").unwrap()];
        let rows = (10_000..23_000).map(|code: u32| PostalRow { code: code.to_string(), states: states.clone() });
        let rows = ReferenceRows::Postal { country: country("DE"), rows: rows.collect() };
        put(&store, &rows, 0).await;
        put(&store, &rows, 1).await;
        assert_eq!(load(&store.reader()).await.unwrap().regions.len(), 13_000);
    }

    pub(super) async fn a_corrupt_state_is_told(store: Store) {
        let uow = store.begin().await.unwrap();
        let insert = "INSERT INTO postal_region (country, code, states) VALUES ('DE', '80331', 'DE-BY|nowhere')";
        uow.conn().execute_unprepared(insert).await.unwrap();
        let told = load(&uow).await.unwrap_err();
        let expected = StoreError::Corrupt { table: "postal_region", column: "states", id: "DE 80331".to_owned() };
        assert_eq!(told, expected);
    }
}
