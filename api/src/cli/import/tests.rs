use std::fs;

use fairfall_domain::violation::ViolationCode;

use super::*;
use crate::clock::new_id;

fn folder() -> PathBuf {
    let id: uuid::Uuid = new_id();
    let folder = std::env::temp_dir().join(format!("fairfall-import-{id}"));
    fs::create_dir(&folder).unwrap();
    folder
}

fn columns() -> Vec<String> {
    ["id", "name"].map(str::to_owned).to_vec()
}

fn reasons(message: &str) -> Violations {
    Violations::one("name", ViolationCode::Malformed, message)
}

fn rows() -> Vec<ByteRecord> {
    let file = "id,name\n1,\"two\nlines\"\n2,\"a, b\"\n3,c,surplus\n".as_bytes();
    let reader = ReaderBuilder::new().flexible(true).from_reader(file);
    reader.into_byte_records().collect::<Result<_, _>>().unwrap()
}

#[test]
fn rejected_rows_stand_as_they_were_with_line_and_reasons() {
    let folder = folder();
    let path = folder.join("x.rejected.csv");
    let mut file = RejectedFile::new(path.clone(), b',', columns());
    file.begin().unwrap();
    assert!(!path.exists(), "without a rejected row there is no file");
    for row in rows() {
        file.write(&row, &reasons("no; not so")).unwrap();
    }
    file.flush().unwrap();
    let written = fs::read_to_string(&path).unwrap();
    let expected = "id,name,line,reasons\n1,\"two\nlines\",2,`name`: no; not so\n2,\"a, b\",4,`name`: no; not so\n3,c,5,`name`: no; not so,surplus\n";
    assert_eq!(written, expected);
    // it is read like any file
    let source = Source { path, delimiter: b',' };
    assert_eq!(source.columns().unwrap(), ["id", "name", "line", "reasons"]);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_run_that_goes_on_keeps_what_is_before_and_cuts_what_is_after() {
    let folder = folder();
    let path = folder.join("x.rejected.csv");
    let write = |from: &mut RejectedFile, rows: &[ByteRecord]| {
        for row in rows {
            from.write(row, &reasons("no")).unwrap();
        }
        from.flush().unwrap();
    };
    let mut whole = RejectedFile::new(path.clone(), b',', columns());
    write(&mut whole, &rows());
    let expected = fs::read(&path).unwrap();
    let mut again = RejectedFile::new(path.clone(), b',', columns());
    assert_eq!(again.keep_up_to(2).unwrap(), 1);
    write(&mut again, &rows()[1..]);
    assert_eq!(fs::read(&path).unwrap(), expected);
    // a row that was cut in the middle does not count
    fs::write(&path, &expected[..expected.len() - 12]).unwrap();
    assert_eq!(RejectedFile::new(path.clone(), b',', columns()).keep_up_to(99).unwrap(), 2);
    // nor does a file with other columns
    let other = ["id", "other"].map(str::to_owned).to_vec();
    assert_eq!(RejectedFile::new(path.clone(), b',', other).keep_up_to(99).unwrap(), 0);
    fs::remove_file(&path).unwrap();
    assert_eq!(RejectedFile::new(path, b',', columns()).keep_up_to(99).unwrap(), 0);
    fs::remove_dir_all(folder).unwrap();
}

#[test]
fn a_check_leaves_the_rejected_rows_of_an_import_alone() {
    let args = |rejected: Option<&str>| ImportArgs {
        file: "a/leads.csv".into(),
        map: "a/leads.toml".into(),
        check: false,
        source: None,
        rejected: rejected.map(Into::into),
    };
    assert_eq!(rejected_path(&args(None), Mode::Write).unwrap(), PathBuf::from("a/leads.rejected.csv"));
    assert_eq!(rejected_path(&args(None), Mode::Check).unwrap(), PathBuf::from("a/leads.check.csv"));
    assert_eq!(rejected_path(&args(Some("b.csv")), Mode::Check).unwrap(), PathBuf::from("b.csv"));
    assert!(matches!(rejected_path(&args(Some("a/leads.csv")), Mode::Write), Err(CliError::Usage(_))));
}

#[test]
fn the_first_line_names_each_column_once() {
    let folder = folder();
    let columns = |text: &str| {
        let path = folder.join("leads.csv");
        fs::write(&path, text).unwrap();
        Source { path, delimiter: b';' }.columns()
    };
    assert_eq!(columns("\u{feff}id; name \n1;a\n").unwrap(), ["id", "name"]);
    for (text, told) in [("", "the file is empty"), ("id;name;id\n", "`id` twice")] {
        let Err(CliError::Failed(message)) = columns(text) else { panic!("{text}") };
        assert!(message.contains(told), "{message}");
    }
    fs::remove_dir_all(&folder).unwrap();
}

#[test]
fn rates_are_whole_and_never_divided_by_nothing() {
    assert_eq!(progress::per_second(500, 0.25), 2000);
    assert_eq!(progress::per_second(500, 0.0), 500_000);
}
