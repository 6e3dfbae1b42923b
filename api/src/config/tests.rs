use super::*;

fn sources(file: &str, environment: &[(&str, &str)]) -> Sources {
    Sources {
        file: (!file.is_empty()).then(|| (PathBuf::from("fairfall.toml"), file.to_owned())),
        environment: environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect(),
        flags: ConfigFlags::default(),
    }
}

fn load(file: &str, environment: &[(&str, &str)]) -> Config {
    Config::from_sources(&sources(file, environment)).unwrap()
}

fn faults(file: &str, environment: &[(&str, &str)]) -> String {
    Config::from_sources(&sources(file, environment)).unwrap_err().to_string()
}

fn row(config: &Config, key: &str) -> (String, String) {
    let setting = config.describe().iter().find(|setting| setting.key == key).unwrap();
    (setting.value.clone(), setting.source.clone())
}

const KEY: &str = "c2VjcmV0LXRoYXQtbm9ib2R5LXNob3VsZC1ldmVyLXNlZS1oZXJl";

#[test]
fn defaults_serve_on_this_machine_from_one_file() {
    let config = load("", &[]);
    assert_eq!(config.database_url.expose(), "sqlite://fairfall.db?mode=rwc");
    assert_eq!(config.listen.to_string(), "127.0.0.1:8080");
    assert_eq!((config.mode, config.graphiql), (Mode::Development, true));
    assert_eq!(config.limits, Limits::default());
    assert_eq!(config.session, SessionSettings::default());
    assert_eq!(config.session.access_token(), chrono::TimeDelta::minutes(10));
    assert_eq!(config.trusted_documents, TrustedDocuments::Off);
    assert!(config.token_key.is_none() && config.demo_password.is_none() && config.allowed_origins.is_empty());
    assert!(config.describe().iter().all(|setting| setting.source == "default"));
}

#[test]
fn the_later_layer_wins_and_is_named() {
    let file = "listen = '127.0.0.1:1'\nlog = 'warn'\ndatabase_url = 'sqlite://file.db'\n[limits]\ndepth_max = 11";
    let mut sources =
        sources(file, &[("FAIRFALL_LISTEN", "127.0.0.1:2"), ("FAIRFALL_LOG", "debug"), ("FAIRFALL_LIMITS__ALIASES_MAX", "9")]);
    sources.flags.log = Some("error".to_owned());
    let config = Config::from_sources(&sources).unwrap();
    assert_eq!(
        (config.listen.port(), config.log.as_str(), config.limits.depth_max, config.limits.aliases_max),
        (2, "error", 11, 9)
    );
    assert_eq!(row(&config, "listen"), ("127.0.0.1:2".to_owned(), "variable `FAIRFALL_LISTEN`".to_owned()));
    assert_eq!(row(&config, "log"), ("error".to_owned(), "flag `--log`".to_owned()));
    assert_eq!(row(&config, "database_url"), ("sqlite://file.db".to_owned(), "file `fairfall.toml`".to_owned()));
    assert_eq!(row(&config, "limits.depth_max"), ("11".to_owned(), "file `fairfall.toml`".to_owned()));
    assert_eq!(row(&config, "limits.aliases_max"), ("9".to_owned(), "variable `FAIRFALL_LIMITS__ALIASES_MAX`".to_owned()));
    assert_eq!(row(&config, "pool.readers_max"), ("4".to_owned(), "default".to_owned()));
}

#[test]
fn every_key_can_be_set_by_a_variable() {
    let config = load("", &[]);
    for setting in config.describe() {
        let value = match setting.key.as_str() {
            "database_url" => "sqlite::memory:",
            "listen" => "0.0.0.0:0",
            "token_key" | "token_key_previous" => KEY,
            "mode" => "production",
            "graphiql" => "on",
            "allowed_origins" => "https://a.example, http://localhost:5173",
            "trusted_proxies" => "10.0.0.0/8,::1",
            "log" => "warn,fairfall=debug",
            "log_format" => "json",
            "trusted_documents.mode" => "off",
            "trusted_documents.file" => "documents.json",
            "mail.smtp_url" => "smtps://user:tulips@mail.example",
            "mail.from" => "noreply@mail.example",
            "mail.public_url" => "https://leads.example",
            "enrichment.url" => "https://data.example/",
            "enrichment.hosts" => "data.example",
            "enrichment.people" => "true",
            "demo_password" => "tulips before breakfast",
            "session.refresh_idle_days" => "7",
            _ => "30",
        };
        let variable = keys::variable_of(&setting.key);
        assert_eq!(keys::key_of(&variable), setting.key);
        // an address is of no use without its host among those that may be asked, nor a mail server without a sender
        let beside = [
            ("FAIRFALL_ENRICHMENT__HOSTS", "data.example"),
            ("FAIRFALL_MAIL__FROM", "noreply@mail.example"),
            ("FAIRFALL_MAIL__PUBLIC_URL", "https://leads.example"),
        ];
        let others = beside.into_iter().filter(|(name, _)| *name != variable);
        let environment: Vec<(&str, &str)> = others.chain([(variable.as_str(), value)]).collect();
        let set = load("", &environment);
        assert_eq!(row(&set, &setting.key).1, format!("variable `{variable}`"));
    }
}

#[test]
fn lists_are_parted_by_commas_in_variables() {
    let config = load("", &[("FAIRFALL_ALLOWED_ORIGINS", "https://a.example, http://localhost:5173,")]);
    let origins: Vec<_> = config.allowed_origins.iter().map(AllowedOrigin::as_str).collect();
    assert_eq!(origins, ["https://a.example", "http://localhost:5173"]);
    let config = load("trusted_proxies = ['10.0.0.0/8', '::1']", &[]);
    assert_eq!(config.trusted_proxies.len(), 2);
    assert_eq!(row(&config, "trusted_proxies").0, "10.0.0.0/8, ::1");
}

#[test]
fn the_mode_follows_the_database_and_graphiql_the_mode() {
    let postgres = ("FAIRFALL_DATABASE_URL", "postgres://u:hush@localhost/fairfall");
    for (environment, expected) in [
        (vec![postgres], (Mode::Production, false)),
        (vec![postgres, ("FAIRFALL_MODE", "development")], (Mode::Development, true)),
        (vec![postgres, ("FAIRFALL_GRAPHIQL", "on")], (Mode::Production, true)),
        (vec![("FAIRFALL_MODE", "production")], (Mode::Production, false)),
        (vec![("FAIRFALL_GRAPHIQL", "off")], (Mode::Development, false)),
    ] {
        let config = load("", &environment);
        assert_eq!((config.mode, config.graphiql), expected, "{environment:?}");
        assert_eq!(row(&config, "mode").0, expected.0.as_str());
        assert_eq!(row(&config, "graphiql").0, if expected.1 { "on" } else { "off" });
    }
}

#[test]
fn unknown_names_tell_the_nearest_known_one() {
    let told = faults("tokenkey = 'x'\ndepth_max = 3\n[limits]\ndepth_maximum = 3\n[listen]\nport = 1", &[]);
    assert_eq!(
        told,
        "unknown key `depth_max` in file `fairfall.toml`: did you mean `limits.depth_max`?\n\
         unknown key `limits.depth_maximum` in file `fairfall.toml`: did you mean `limits.depth_max`?\n\
         unknown key `listen.port` in file `fairfall.toml`: did you mean `listen`?\n\
         unknown key `tokenkey` in file `fairfall.toml`: did you mean `token_key`?"
    );
    for (variable, nearest) in [
        ("FAIRFALL_DATABSE_URL", "FAIRFALL_DATABASE_URL"),
        ("FAIRFALL_LIMITS_DEPTH_MAX", "FAIRFALL_LIMITS__DEPTH_MAX"),
        ("FAIRFALL_TOKENKEY", "FAIRFALL_TOKEN_KEY"),
        ("FAIRFALL_DATABASE", "FAIRFALL_DATABASE_URL"),
    ] {
        assert_eq!(faults("", &[(variable, "hush")]), format!("unknown variable `{variable}`: did you mean `{nearest}`?"));
    }
    assert!(faults("limits = 3", &[]).contains("did you mean `limits."));
}

#[test]
fn foreign_test_and_empty_variables_are_let_be() {
    let config =
        load("", &[("FAIRFALL_TEST_DATABASE_URL", "x"), ("FAIRFALL_CONFIG", "x"), ("PATH", "x"), ("FAIRFALL_LISTEN", "")]);
    assert_eq!(row(&config, "listen").1, "default");
}

#[test]
fn wrong_kinds_are_told_with_place_and_expectation() {
    for (file, environment, told) in [
        ("listen = 8080", vec![], "`listen` (file `fairfall.toml`): expected a text"),
        (
            "[limits]\ndepth_max = 'deep'",
            vec![],
            "`limits.depth_max` (file `fairfall.toml`): expected a whole number that is not negative",
        ),
        ("allowed_origins = 'https://a.example'", vec![], "`allowed_origins` (file `fairfall.toml`): expected a list of texts"),
        ("allowed_origins = [1]", vec![], "`allowed_origins` (file `fairfall.toml`): expected a list of texts"),
        ("log_format = 'xml'", vec![], "`log_format` (file `fairfall.toml`): `xml` is not one of `text`, `json`"),
        (
            "",
            vec![("FAIRFALL_LIMITS__DEPTH_MAX", "deep")],
            "`limits.depth_max` (variable `FAIRFALL_LIMITS__DEPTH_MAX`): expected a whole number that is not negative",
        ),
        (
            "",
            vec![("FAIRFALL_MODE", "test")],
            "`mode` (variable `FAIRFALL_MODE`): `test` is not one of `development`, `production`",
        ),
        ("listen = ", vec![], "line 1 of the configuration file `fairfall.toml` is not TOML: "),
    ] {
        let found = faults(file, &environment);
        assert!(found.starts_with(told), "{found}");
    }
}

#[test]
fn wrong_values_are_told_all_at_once() {
    let told = faults(
        "listen = 'localhost'\nallowed_origins = ['*', 'https://a.example/']\ntrusted_proxies = ['proxy']\nlog = 'fairfall=loud'\n\
         [limits]\ndepth_max = 0\n[pool]\nreaders_max = 0\n[session]\naccess_token_minutes = 61\nrefresh_idle_days = 70\n[trusted_documents]\nmode = 'only'",
        &[("FAIRFALL_DATABASE_URL", "mysql://u:hush@host/db")],
    );
    for key in [
        "`database_url` (variable `FAIRFALL_DATABASE_URL`): expected `sqlite://",
        "`listen` (file `fairfall.toml`): expected an address and a port",
        "`allowed_origins` (file `fairfall.toml`): `*` is not taken",
        "`allowed_origins` (file `fairfall.toml`): `https://a.example/` is not an origin",
        "`trusted_proxies` (file `fairfall.toml`): `proxy` is not an IP address",
        "`log` (file `fairfall.toml`): `fairfall=loud` is not a log filter",
        "`trusted_documents.file` (default): needed",
        "`limits.depth_max` (file `fairfall.toml`): must be at least 1",
        "`pool.readers_max` (file `fairfall.toml`): must be at least 1",
        "`session.access_token_minutes` (file `fairfall.toml`): must be at most 60",
        "`session.refresh_idle_days` (file `fairfall.toml`): must be at most `session.refresh_absolute_days`",
    ] {
        assert!(told.contains(key), "{key} in\n{told}");
    }
    assert_eq!(told.lines().count(), 11, "{told}");
}

#[test]
fn secrets_show_nowhere() {
    let environment = [
        ("FAIRFALL_TOKEN_KEY", KEY),
        ("FAIRFALL_DEMO_PASSWORD", "hush hush hush"),
        ("FAIRFALL_DATABASE_URL", "postgres://u:hush@localhost/fairfall"),
    ];
    let config = load("", &environment);
    let shown = format!("{config:?} {:?}", sources("", &environment));
    assert!(!shown.contains("hush") && !shown.contains(KEY), "{shown}");
    assert_eq!(row(&config, "token_key"), ("(set, hidden)".to_owned(), "variable `FAIRFALL_TOKEN_KEY`".to_owned()));
    assert_eq!(row(&config, "token_key_previous"), ("(not set)".to_owned(), "default".to_owned()));
    assert_eq!(row(&config, "database_url").0, "postgres://u:***@localhost/fairfall");
    for file in
        ["token_key = 'hush'", "token_key = hush", "token_key = 123456", "demo_password = ['hush']", "token_key = { hush = 1 }"]
    {
        let told = faults(file, &[]);
        let repeated = told.replace("token_key.hush", "");
        assert!(!repeated.contains("hush") && !told.contains("123456"), "{told}");
    }
    assert!(faults("", &[("FAIRFALL_TOKEN_KEY", "short")]).contains("at least 32 bytes"));
}

#[test]
fn the_data_folder_is_the_one_of_the_embedded_database() {
    let folder = |url: &str| load("", &[("FAIRFALL_DATABASE_URL", url)]).data_folder().map(Path::to_owned);
    assert_eq!(folder("sqlite:///srv/data/fairfall.db"), Some(PathBuf::from("/srv/data")));
    assert_eq!(folder("sqlite::memory:"), None);
    assert_eq!(folder("postgres://localhost/fairfall"), None);
}

#[test]
fn a_named_file_must_exist() {
    let flags = ConfigFlags { config: Some(PathBuf::from("/no/such/fairfall.toml")), ..ConfigFlags::default() };
    let error = Config::load(flags).unwrap_err();
    assert!(matches!(error.faults(), [ConfigFault::FileUnreadable { .. }]), "{error}");
}

#[test]
fn mails_need_a_sender_and_an_address_for_their_links() {
    assert!(load("", &[]).mail.is_none());
    assert!(load("[mail]\nfrom = 'a@b.example'", &[]).mail.is_none());
    let told = faults("[mail]\nsmtp_url = 'smtp://u:hush@mail.example'", &[]);
    assert!(told.contains("`mail.from`") && told.contains("`mail.public_url`") && !told.contains("hush"), "{told}");
    let file = "[mail]\nsmtp_url = 'smtp://u:hush@mail.example'\nfrom = 'a@b.example'\npublic_url = 'https://leads.example'";
    let config = load(file, &[]);
    assert_eq!(row(&config, "mail.smtp_url").0, "(set, hidden)");
    assert!(!format!("{config:?}").contains("hush"));
    let told = faults(&file.replace("a@b.example", "nobody").replace("https://", "ftp://"), &[]);
    assert!(told.contains("`mail.from`") && told.contains("`mail.public_url`"), "{told}");
}
