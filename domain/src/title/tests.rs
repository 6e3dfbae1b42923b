use std::fmt::Write;

use super::*;
use proptest::prelude::*;

/// Made titles, German and English, with what they say.
fn labelled() -> Vec<(&'static str, TitleFunction, TitleSeniority)> {
    let read = |line: &'static str| {
        let fields: Vec<&str> = line.split('\t').collect();
        (fields[0], fields[1].parse().unwrap(), fields[2].parse().unwrap())
    };
    include_str!("labelled.tsv").lines().filter(|line| !line.starts_with('#')).map(read).collect()
}

#[test]
fn nearly_all_labelled_titles_are_read_right() {
    let titles = labelled();
    assert!(titles.len() >= 300, "{}", titles.len());
    let wrong: Vec<_> = titles
        .iter()
        .filter_map(|(title, function, seniority)| {
            let read = classify(title);
            ((read.function, read.seniority) != (*function, *seniority)).then_some((title, read))
        })
        .collect();
    let (right, all) = (titles.len() - wrong.len(), titles.len());
    assert!(right * 100 >= all * 95, "{right} of {all}; wrong: {wrong:#?}");
}

#[test]
fn what_titles_say_is_as_reviewed() {
    let mut table = String::new();
    for (title, _, _) in labelled() {
        let Title { function, seniority, confidence_percent, matched, source } = classify(title);
        writeln!(table, "{title} | {function} {seniority} {confidence_percent} % | {} | {source}", matched.unwrap_or_default())
            .unwrap();
    }
    insta::assert_snapshot!(table);
}

#[test]
fn an_assistant_of_executives_is_none() {
    let read = classify("Assistentin der Geschäftsführung");
    assert_eq!((read.function, read.seniority), (TitleFunction::Assistance, TitleSeniority::Assistant));
    assert_eq!(read.matched.as_deref(), Some("Assistentin"));
    assert!(read.confidence_percent >= 90);
}

#[test]
fn the_taxonomy_knows_what_no_rule_does() {
    let read = classify("Registered Dental Hygienist");
    assert_eq!((read.function, read.source), (TitleFunction::Health, TitleSource::Taxonomy));
    assert!((1..=80).contains(&read.confidence_percent), "{read:?}");
}

#[test]
fn what_is_no_title_says_nothing() {
    for title in ["", " ", "xyz", "?!", "12", "Herr"] {
        let read = classify(title);
        assert_eq!(
            (read.function, read.seniority, read.source),
            (TitleFunction::Unknown, TitleSeniority::Unknown, TitleSource::Nothing),
            "{title}"
        );
        assert_eq!((read.confidence_percent, read.matched), (0, None));
    }
}

proptest! {
    #[test]
    fn any_text_is_read_and_case_does_not_matter(text in "\\PC{0,60}", word in "[a-zäöüß]{2,12}( [a-zäöüß]{2,12}){0,4}") {
        let read = classify(&text);
        prop_assert!(read.confidence_percent <= 100);
        prop_assert_eq!(read.matched.is_none(), read.source == TitleSource::Nothing);
        let (lower, upper) = (classify(&word), classify(&word.to_uppercase()));
        prop_assert_eq!((lower.function, lower.seniority), (upper.function, upper.seniority));
    }
}
