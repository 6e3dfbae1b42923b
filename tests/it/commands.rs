//! The command line as a newcomer meets it.

use fairfall_tests::app::{TOKEN_KEY, environment};
use fairfall_tests::cli::{run, run_with_input};
use fairfall_tests::database::{Kind, TestDatabase};
use fairfall_tests::organisation::PASSWORD;
use fairfall_tests::process::ServerProcess;
use fairfall_tests::{actor, environment as outside};
use serde_json::{Value, json};

async fn empty_folder() -> TestDatabase {
    TestDatabase::of(Kind::Sqlite).await.unwrap()
}

const NEWCOMER: [&str; 9] =
    ["user", "create", "--email", "ada@example.org", "--name", "Ada", "--role", "admin", "--password-stdin"];

#[tokio::test]
async fn the_first_admin_is_made_and_signs_in() {
    let folder = empty_folder().await;
    let made = run_with_input(&folder, &NEWCOMER, &[], &format!("{PASSWORD}\n")).await.well();
    assert_eq!(made.output, "ada@example.org was created with role ADMIN.\n");
    let again = run_with_input(&folder, &NEWCOMER, &[], PASSWORD).await;
    assert_eq!(
        (again.code, again.errors.as_str()),
        (Some(1), "fairfall: a user with the e-mail `ada@example.org` exists already\n")
    );

    // everything beside the database: no configuration at all but a free port
    let server = ServerProcess::spawn(&folder, &["serve", "--listen", "127.0.0.1:0"], Vec::new()).await;
    assert!(folder.file("fairfall.db").is_file());
    let payload = actor::create_session(&server.client(), "ada@example.org", PASSWORD).await;
    let (access, _) = actor::pair(&payload);
    let data = server.client().with_token(&access).query("{ viewer { role user { name } } }", Value::Null).await;
    assert_eq!(data["viewer"], json!({ "role": "ADMIN", "user": { "name": "Ada" } }));
    // the key beside the database outlives the process
    server.kill().await;
    let server = ServerProcess::spawn(&folder, &["serve", "--listen", "127.0.0.1:0"], Vec::new()).await;
    assert_eq!(server.client().with_token(&access).ask("{ viewer { role } }", Value::Null).await.status, 200);
}

#[tokio::test]
async fn doctor_finds_what_is_wrong_and_what_is_not() {
    let folder = empty_folder().await;
    run(&folder, &["migrate"], &[]).await.well();
    let well = run(&folder, &["doctor", "--listen", "127.0.0.1:0"], &[]).await.well();
    assert!(well.output.ends_with("All is well.\n"), "{}", well.output);
    let unreachable =
        [("FAIRFALL_DATABASE_URL", "postgres://nobody:secret-word@127.0.0.1:1/none"), ("FAIRFALL_TOKEN_KEY", TOKEN_KEY)];
    let ill = run(&folder, &["doctor", "--listen", "127.0.0.1:0"], &unreachable).await;
    assert_eq!(ill.code, Some(1));
    assert!(ill.output.contains("problem"), "{}", ill.output);
    assert!(!ill.output.contains("secret-word") && !ill.output.contains(TOKEN_KEY), "{}", ill.output);
}

#[tokio::test]
async fn a_mistyped_key_is_told_with_the_nearest_one() {
    let folder = empty_folder().await;
    let variable = run(&folder, &["serve"], &[("FAIRFALL_DATABASE_ULR", "x")]).await;
    assert_eq!(variable.code, Some(2));
    assert!(
        variable.errors.contains("`FAIRFALL_DATABASE_ULR`") && variable.errors.contains("`FAIRFALL_DATABASE_URL`"),
        "{}",
        variable.errors
    );
    std::fs::write(folder.file("fairfall.toml"), "[limits]\ndepth_mx = 3\n").unwrap();
    let file = run(&folder, &["serve"], &[]).await;
    assert_eq!(file.code, Some(2));
    assert!(file.errors.contains("`limits.depth_mx`") && file.errors.contains("`limits.depth_max`"), "{}", file.errors);
}

#[tokio::test]
async fn the_schema_is_printed_without_a_database() {
    let folder = empty_folder().await;
    let printed = run(&folder, &["schema"], &[]).await.well();
    assert_eq!(printed.output, fairfall::graphql::schema::sdl());
    let file = outside::repository().join("schema.graphql");
    run(&folder, &["schema", "--check", "--out", file.to_str().unwrap()], &[]).await.well();
    let wrong = folder.file("wrong.graphql");
    std::fs::write(&wrong, "type Query { a: Int }\n").unwrap();
    assert_eq!(run(&folder, &["schema", "--check", "--out", wrong.to_str().unwrap()], &[]).await.code, Some(1));
}

#[tokio::test]
async fn postgres_wants_its_migrations_and_a_key_first() {
    let Some(database) = TestDatabase::of(Kind::Postgres).await else { return };
    let variables = environment(database.url(), &[]);
    let variables: Vec<_> = variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let early = run(&database, &["serve"], &variables).await;
    assert_eq!(early.code, Some(1));
    assert!(early.errors.contains("run `fairfall migrate up` first"), "{}", early.errors);
    run(&database, &["migrate", "up"], &variables).await.well();
    let status = run(&database, &["migrate", "status"], &variables).await.well();
    assert!(!status.output.contains("pending") || status.output.contains("0 pending"), "{}", status.output);
    let without_key: Vec<_> = variables.iter().filter(|(name, _)| *name != "FAIRFALL_TOKEN_KEY").copied().collect();
    let refused = run(&database, &["serve"], &without_key).await;
    assert_eq!(refused.code, Some(1));
    assert!(refused.errors.contains("FAIRFALL_TOKEN_KEY"), "{}", refused.errors);
    run(&database, &["migrate", "down"], &variables).await.well();
    run(&database, &["migrate", "up"], &variables).await.well();
    ServerProcess::serve(&database, &[]).await;
}

#[tokio::test]
async fn every_command_explains_itself() {
    let folder = empty_folder().await;
    for command in [
        ["--help"].as_slice(),
        &["serve", "--help"],
        &["demo", "--help"],
        &["migrate", "--help"],
        &["import", "--help"],
        &["reference", "load", "--help"],
        &["schema", "--help"],
        &["user", "create", "--help"],
        &["doctor", "--help"],
    ] {
        let told = run(&folder, command, &[]).await.well();
        assert!(told.output.contains("Usage: fairfall") && told.output.len() > 300, "{command:?}: {}", told.output);
    }
    assert_eq!(run(&folder, &["nonsense"], &[]).await.code, Some(2));
}
