use super::*;
use clap::CommandFactory;
use clap::error::ErrorKind;

fn parse(line: &str) -> Result<Cli, clap::Error> {
    Cli::try_parse_from(std::iter::once("fairfall").chain(line.split_whitespace()))
}

fn command(line: &str) -> Command {
    parse(line).unwrap().command
}

#[test]
fn definitions_hold_together() {
    Cli::command().debug_assert();
}

#[test]
fn global_flags_stand_before_or_after_the_command() {
    for line in [
        "--listen 0.0.0.0:1 --log debug serve",
        "serve --listen 0.0.0.0:1 --log debug",
        "user --log debug create --listen 0.0.0.0:1 --email a --name b --role admin",
    ] {
        let flags = ConfigFlags::from(parse(line).unwrap().global);
        assert_eq!((flags.listen.as_deref(), flags.log.as_deref()), (Some("0.0.0.0:1"), Some("debug")), "{line}");
        assert_eq!((flags.config, flags.database_url), (None, None));
    }
    let flags = ConfigFlags::from(parse("doctor --config a.toml --database-url sqlite::memory:").unwrap().global);
    assert_eq!((flags.config, flags.database_url.as_deref()), (Some(PathBuf::from("a.toml")), Some("sqlite::memory:")));
}

#[test]
fn each_command_reads_its_arguments() {
    assert!(matches!(command("serve"), Command::Serve(_)));
    assert!(matches!(command("doctor"), Command::Doctor(_)));
    assert!(matches!(command("demo"), Command::Demo(DemoArgs { leads: 400 })));
    assert!(matches!(command("demo --leads 7"), Command::Demo(DemoArgs { leads: 7 })));
    for (line, expected) in [
        ("migrate", MigrateAction::Up),
        ("migrate up", MigrateAction::Up),
        ("migrate down", MigrateAction::Down),
        ("migrate status", MigrateAction::Status),
    ] {
        assert!(matches!(command(line), Command::Migrate(MigrateArgs { action }) if action == expected), "{line}");
    }
    let Command::Import(import) = command("import leads.csv --map map.toml --check --source fair --rejected no.csv") else {
        panic!("not an import")
    };
    assert_eq!((import.file, import.map, import.check), (PathBuf::from("leads.csv"), PathBuf::from("map.toml"), true));
    assert_eq!((import.source.as_deref(), import.rejected), (Some("fair"), Some(PathBuf::from("no.csv"))));
    let Command::Reference(ReferenceCommand::Load(load)) = command("reference load a b.csv --country DE --licence MIT") else {
        panic!("not a load")
    };
    assert_eq!((load.paths, load.country.as_deref()), (vec![PathBuf::from("a"), PathBuf::from("b.csv")], Some("DE")));
    assert_eq!((load.source, load.licence.as_deref(), load.notice), (None, Some("MIT"), None));
    assert!(matches!(command("reference list"), Command::Reference(ReferenceCommand::List)));
    let Command::Schema(schema) = command("schema --check --out x.graphql") else { panic!("not a schema") };
    assert_eq!((schema.check, schema.out), (true, Some(PathBuf::from("x.graphql"))));
}

#[test]
fn users_have_roles_and_ranks_and_no_password_argument() {
    let names = ["admin", "marketing", "inside-sales", "field-sales", "customer-service", "analyst", "partner"];
    let roles = RoleArg::value_variants();
    assert_eq!(names.len(), roles.len());
    for (name, wanted) in names.into_iter().zip(roles) {
        let Command::User(UserCommand::Create(user)) =
            command(&format!("user create --email a@b.example --name Ada --role {name}"))
        else {
            panic!("not a user")
        };
        assert_eq!((user.role, user.rank, user.password_stdin), (*wanted, RankArg::Member, false));
    }
    let Command::User(UserCommand::Create(user)) =
        command("user create --email a --name b --role marketing --rank manager --password-stdin")
    else {
        panic!("not a user")
    };
    assert_eq!((user.rank, user.password_stdin), (RankArg::Manager, true));
    let error = parse("user create --email a --name b --role admin --password x").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnknownArgument);
}

#[test]
fn what_is_missing_or_out_of_range_is_refused() {
    for (line, kind) in [
        ("", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ("user", ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand),
        ("import leads.csv", ErrorKind::MissingRequiredArgument),
        ("demo --leads 0", ErrorKind::ValueValidation),
        ("migrate sideways", ErrorKind::InvalidValue),
        ("server", ErrorKind::InvalidSubcommand),
    ] {
        assert_eq!(parse(line).unwrap_err().kind(), kind, "{line}");
    }
}

#[test]
fn every_command_and_argument_says_what_it_is() {
    fn check(command: &clap::Command) {
        assert!(command.get_about().is_some(), "{}", command.get_name());
        for argument in command.get_arguments() {
            assert!(argument.get_help().is_some(), "{} {}", command.get_name(), argument.get_id());
        }
        let ends = command.get_subcommands().next().is_none();
        assert!(
            !ends || command.get_after_help().is_some_and(|help| help.to_string().starts_with("Example")),
            "{}",
            command.get_name()
        );
        command.get_subcommands().for_each(check);
    }
    check(&Cli::command());
}
