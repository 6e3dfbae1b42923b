//! The command line: what may be typed, and what `--help` says. The commands themselves are in the files of their names.

mod demo;
pub mod dispatch;
mod doctor;
pub mod error;
mod import;
mod migrate;
pub mod output;
mod reference;
mod schema;
mod serve;
mod user;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::config::ConfigFlags;

pub use error::CliError;

const CONFIGURATION_HELP: &str = "\
Configuration, the later wins: defaults, a file (--config, FAIRFALL_CONFIG, or fairfall.toml in the current folder), variables FAIRFALL_*, flags.
Show what holds and where it comes from: fairfall doctor

First steps:
  fairfall demo                     an organisation with data to play with, then http://127.0.0.1:8080/graphiql
  fairfall user create --email you@example.com --name \"You\" --role admin
  fairfall serve                    your own organisation, in fairfall.db in the current folder";

/// Lead management between marketing, sales and customer service, over GraphQL
#[derive(Clone, Debug, Parser)]
#[command(name = "fairfall", version, about, after_help = CONFIGURATION_HELP, propagate_version = true, arg_required_else_help = true)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What holds for every command.
#[derive(Args, Clone, Debug, Default)]
pub struct GlobalArgs {
    /// Configuration file (TOML) to read instead of fairfall.toml in the current folder
    #[arg(long, global = true, value_name = "PATH", help_heading = "Configuration")]
    pub config: Option<PathBuf>,

    /// The database's URL
    #[arg(long, global = true, value_name = "URL", help_heading = "Configuration", help = DATABASE_URL_HELP)]
    pub database_url: Option<String>,

    /// Address and port to serve on [default: 127.0.0.1:8080]
    #[arg(long, global = true, value_name = "ADDRESS:PORT", help_heading = "Configuration")]
    pub listen: Option<String>,

    /// What to log: error, warn, info, debug, or a filter such as warn,fairfall=debug [default: info]
    #[arg(long, global = true, value_name = "FILTER", help_heading = "Configuration")]
    pub log: Option<String>,
}

impl From<GlobalArgs> for ConfigFlags {
    fn from(args: GlobalArgs) -> Self {
        Self { config: args.config, database_url: args.database_url, listen: args.listen, log: args.log }
    }
}

/// What to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Serve the API until stopped
    #[command(long_about = SERVE_ABOUT, after_help = SERVE_HELP)]
    Serve(ServeArgs),
    /// Fill an organisation with made-up people and leads, and serve it
    ///
    /// Creates teams in six countries, people of each role, companies, campaigns and leads at all stages, prints the addresses and accounts,
    /// then serves. Started again it finds what is there and doubles nothing.
    #[command(after_help = DEMO_HELP)]
    Demo(DemoArgs),
    /// Bring the tables of the database up to date, or show where they stand
    #[command(after_help = MIGRATE_HELP)]
    Migrate(MigrateArgs),
    /// Read leads from a CSV file, with their history
    ///
    /// Reads the file piece by piece, each piece in one transaction. Run again, it goes on where it stopped and takes no row twice. Rows that
    /// cannot be taken are written to another file with line and reasons.
    #[command(after_help = IMPORT_HELP)]
    Import(ImportArgs),
    /// Load postal codes and languages by country, or show what is loaded
    #[command(subcommand, arg_required_else_help = true)]
    Reference(ReferenceCommand),
    /// Print the GraphQL schema, or check that a file holds it
    #[command(after_help = SCHEMA_HELP)]
    Schema(SchemaArgs),
    /// Create users
    #[command(subcommand, arg_required_else_help = true)]
    User(UserCommand),
    /// Check configuration, database, migrations and clock, and say what to do
    ///
    /// Changes nothing. Ends with 0 when all is well, with 1 when something must be done.
    #[command(after_help = DOCTOR_HELP)]
    Doctor(DoctorArgs),
}

const DATABASE_URL_HELP: &str =
    "Database: sqlite://FILE?mode=rwc, or postgres://USER:PASSWORD@HOST/DATABASE [default: fairfall.db in the current folder]";

const SERVE_ABOUT: &str = "\
Serve the API until stopped

Brings an embedded database up to date first. With PostgreSQL run 'fairfall migrate up' before; any number of nodes may serve the same database. \
Stops on Ctrl-C after what is running has ended.";

const SERVE_HELP: &str = "\
Examples:
  fairfall serve
  fairfall serve --listen 0.0.0.0:8080 --database-url postgres://fairfall@localhost/fairfall";

const DEMO_HELP: &str = "\
Examples:
  fairfall demo
  fairfall demo --leads 2000 --database-url 'sqlite://demo.db?mode=rwc'

The password of all accounts is FAIRFALL_DEMO_PASSWORD, or generated and printed.";

const MIGRATE_HELP: &str = "\
Examples:
  fairfall migrate            bring the tables up to date
  fairfall migrate status     show what was applied and what was not
  fairfall migrate down       take the last migration back; what only it held is lost";

const IMPORT_HELP: &str = "\
Examples:
  fairfall import leads.csv --map leads.toml --check     read everything, write nothing, show what would be rejected
  fairfall import leads.csv --map leads.toml --source fair-2026";

const REFERENCE_LOAD_HELP: &str = "\
Examples:
  fairfall reference load data/postal data/cldr                 every known file of two folders
  fairfall reference load codes.csv --country DE --source 'who made it' --licence CC-BY-4.0 --notice 'what is to be shown'

Known files, by the columns that their first line names:
  postal codes          `plz` (or `postal_code`) and `iso` (or `states`): ISO 3166-2 such as DE-BY, several joined by |
  languages by country  `country`, `language`, `population_percent`";

const REFERENCE_LIST_HELP: &str = "\
Example:
  fairfall reference list";

const SCHEMA_HELP: &str = "\
Examples:
  fairfall schema                             print to standard output
  fairfall schema --out schema.graphql        write the file
  fairfall schema --check                     end with 1 when schema.graphql is not up to date";

const DOCTOR_HELP: &str = "\
Example:
  fairfall doctor --config /etc/fairfall.toml";

const USER_CREATE_HELP: &str = "\
Examples:
  fairfall user create --email ada@example.com --name 'Ada Example' --role admin
  fairfall user create --email max@example.com --name 'Max Muster' --role inside-sales --rank manager
  pass show max | fairfall user create --email max@example.com --name 'Max Muster' --role analyst --password-stdin

The password is asked for, or read from standard input; never from an argument, which others on the machine could see. \
It has 12 to 128 characters; take several words that nobody would expect together.";

/// Arguments of `serve`: those that hold for every command.
#[derive(Args, Clone, Debug)]
pub struct ServeArgs {}

/// Arguments of `demo`.
#[derive(Args, Clone, Debug)]
pub struct DemoArgs {
    /// How many leads to make up, when there are none yet
    #[arg(long, value_name = "N", default_value_t = 400, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub leads: u32,
}

/// Arguments of `migrate`.
#[derive(Args, Clone, Debug)]
pub struct MigrateArgs {
    /// What to do with the tables
    #[arg(value_enum, default_value_t = MigrateAction::Up)]
    pub action: MigrateAction,
}

/// What to do with the tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MigrateAction {
    /// Apply every migration that was not
    Up,
    /// Take the last migration back; what only it held is lost
    Down,
    /// Show what was applied and what was not
    Status,
}

/// Arguments of `import`.
#[derive(Args, Clone, Debug)]
pub struct ImportArgs {
    /// The CSV file, in UTF-8, with a line of column names
    #[arg(value_name = "FILE")]
    pub file: PathBuf,

    /// Which column is what (TOML)
    #[arg(long, value_name = "MAP.toml")]
    pub map: PathBuf,

    /// Read and check everything, write nothing to the database
    #[arg(long)]
    pub check: bool,

    /// Name of where the leads come from; a row is known again by it and its external id [default: what the map says]
    #[arg(long, value_name = "NAME")]
    pub source: Option<String>,

    /// Where to write rows that were not taken [default: FILE.rejected.csv]
    #[arg(long, value_name = "PATH")]
    pub rejected: Option<PathBuf>,
}

/// What to do with reference data.
#[derive(Clone, Debug, Subcommand)]
pub enum ReferenceCommand {
    /// Load files, each in the place of the set that was loaded before
    ///
    /// A set is the postal codes of one country, or the languages of all. Each is replaced in one transaction. Loading it again changes nothing
    /// but the time. Rows that cannot be taken are written to FILE.rejected.csv with line and reasons.
    #[command(after_help = REFERENCE_LOAD_HELP)]
    Load(ReferenceLoadArgs),
    /// Show what is loaded, from where, with licence and notice, and when
    #[command(after_help = REFERENCE_LIST_HELP)]
    List,
}

/// Arguments of `reference load`.
#[derive(Args, Clone, Debug)]
pub struct ReferenceLoadArgs {
    /// CSV files in UTF-8, or folders of which every known file is loaded
    #[arg(value_name = "PATH", required = true)]
    pub paths: Vec<PathBuf>,

    /// The country of the postal codes [default: that of the first state in the file]
    #[arg(long, value_name = "COUNTRY")]
    pub country: Option<String>,

    /// Who made the data [default: known by the columns, where they are those of a known file]
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,

    /// The licence under which it was given [default: likewise]
    #[arg(long, value_name = "NAME")]
    pub licence: Option<String>,

    /// What the licence asks to be shown where the data is used [default: likewise]
    #[arg(long, value_name = "TEXT")]
    pub notice: Option<String>,
}

/// Arguments of `schema`.
#[derive(Args, Clone, Debug)]
pub struct SchemaArgs {
    /// Write to this file; with --check the file to compare with [default: print; with --check schema.graphql]
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,

    /// Write nothing; end with 1 when the file is not up to date
    #[arg(long)]
    pub check: bool,
}

/// Arguments of `doctor`: those that hold for every command.
#[derive(Args, Clone, Debug)]
pub struct DoctorArgs {}

/// What to do with users.
#[derive(Clone, Debug, Subcommand)]
pub enum UserCommand {
    /// Create a user, such as the first admin
    #[command(after_help = USER_CREATE_HELP)]
    Create(UserCreateArgs),
}

/// Arguments of `user create`.
#[derive(Args, Clone, Debug)]
pub struct UserCreateArgs {
    /// The e-mail to sign in with
    #[arg(long, value_name = "EMAIL")]
    pub email: String,

    /// The name that colleagues see
    #[arg(long, value_name = "NAME")]
    pub name: String,

    /// What the user works as
    #[arg(long, value_enum)]
    pub role: RoleArg,

    /// Whether the user heads others of the department; counts for the four departments only
    #[arg(long, value_enum, default_value_t = RankArg::Member)]
    pub rank: RankArg,

    /// Read the password from standard input instead of asking for it
    #[arg(long)]
    pub password_stdin: bool,
}

/// What a user works as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleArg {
    /// Keeps users, teams, territories and agreements
    Admin,
    /// Creates demand and qualifies it
    Marketing,
    /// Inside sales (Vertriebsinnendienst)
    InsideSales,
    /// Field sales (Außendienst)
    FieldSales,
    /// Takes customers over (Kundendienst)
    CustomerService,
    /// Sees figures, no personal data
    Analyst,
    /// A machine that pushes leads in
    Partner,
}

/// The rank within a department.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RankArg {
    /// Works on leads
    Member,
    /// Heads the department or a team of it
    Manager,
}

#[cfg(test)]
mod tests;
