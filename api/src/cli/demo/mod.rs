//! `fairfall demo`: a made-up organisation with nine months behind it, served.
//!
//! Made through the domain, act by act, so that nothing is there which the rules would not have allowed. The same each time but for ids,
//! password and key. It is marked in the database: started again, it finds itself and doubles nothing.

mod account;
mod beginning;
mod behaviour;
mod dice;
mod fill;
mod life;
mod market;
mod names;
mod organisation;
mod place;
mod promises;
mod routing;
mod script;
mod story;
mod world;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::time::Instant;

use fairfall_domain::access::Rank;
use fairfall_persistence::{Store, repo};
use secrecy::ExposeSecret;

use super::DemoArgs;
use super::error::CliError;
use super::output::{say, table, write};
use super::serve::{addresses, base_url};
use crate::app::App;
use crate::config::{Config, ConfigFlags};
use crate::startup::Prepared;

use account::{Password, VARIABLE};
use fill::{fill, marker};
use organisation::{ROLES, address};

/// The database when none is configured: not the one that `serve` takes.
const DATABASE_URL: &str = "sqlite://fairfall-demo.db?mode=rwc";

/// The flags, with a database of its own when none is configured.
pub(super) fn flags(flags: ConfigFlags) -> Result<ConfigFlags, CliError> {
    let config = Config::load(flags.clone())?;
    if is_default(&config, "database_url") {
        Ok(ConfigFlags { database_url: Some(DATABASE_URL.to_owned()), ..flags })
    } else {
        Ok(flags)
    }
}

fn is_default(config: &Config, key: &str) -> bool {
    config.describe().iter().any(|setting| setting.key == key && setting.source == "default")
}

/// Fills the database unless it is filled, and serves it.
pub(super) async fn run(mut config: Config, args: &DemoArgs) -> Result<(), CliError> {
    config.graphiql |= is_default(&config, "graphiql");
    let password = Password::of(&config)?;
    let prepared = Prepared::new(config.clone()).await?;
    let told = make(prepared.app(), args, &password).await?;
    say("");
    for line in addresses(&config, prepared.address()) {
        say(line);
    }
    show_accounts(&password, &told);
    show_first_steps(prepared.address(), &password);
    say("Stop with Ctrl-C. Start again with the same command: nothing is doubled.");
    prepared.run().await?;
    say("Stopped.");
    Ok(())
}

/// What there is to tell of the accounts.
#[derive(Debug)]
struct Told {
    /// Whether the password was set just now.
    password_set: bool,
    /// The partner's key, if it was made just now.
    key: Option<String>,
}

/// Makes the demo, or finds it and sees to its password.
async fn make(app: &App, args: &DemoArgs, password: &Password) -> Result<Told, CliError> {
    if let Some(marker) = marker(app.store()).await? {
        say(format!("The demo of {} with {} leads is there.", marker.made_at.format("%F"), marker.leads));
        let password_set = account::reset(app, password).await?;
        let key = if password_set { account::renew_key(app).await? } else { None };
        return Ok(Told { password_set, key });
    }
    refuse_real(app.store()).await?;
    say(format!("Making an organisation and {} leads of the last nine months ...", args.leads));
    let started = Instant::now();
    let hash = password.hash(app).await?;
    let filled = fill(app.store(), args.leads, &hash, app.now()).await?;
    let seconds = started.elapsed().as_secs_f32();
    say(format!("{} users, {} companies, {} leads in {seconds:.1} s.", filled.users, filled.companies, filled.leads));
    if filled.cut_short > 0 {
        say(format!(
            "{} leads stand earlier than planned: the rules in this database are not the shipped ones.",
            filled.cut_short
        ));
    }
    Ok(Told { password_set: true, key: account::renew_key(app).await? })
}

/// Made-up people must not come among real ones.
async fn refuse_real(store: &Store) -> Result<(), CliError> {
    if repo::user::any(&store.reader()).await? {
        let text = "this database holds an organisation already, and no demo: name another one with `--database-url sqlite://FILE?mode=rwc`";
        return Err(CliError::Failed(text.to_owned()));
    }
    Ok(())
}

fn show_accounts(password: &Password, told: &Told) {
    let mut rows = vec![["Role", "Rank", "E-mail"].map(str::to_owned)];
    for role in ROLES {
        for rank in [Rank::Member, Rank::Manager] {
            let held = fairfall_domain::access::Role::restore(role.kind, rank).map_or(Rank::Member, |_| rank);
            rows.push([role.kind.to_string(), held.to_string(), address(role.name, rank)]);
        }
    }
    say("");
    say("Accounts, all with the same password; their colleagues are in the query `users`:");
    write(&table(&rows));
    say("");
    match (password.chosen, told.password_set) {
        (false, _) => {
            say(format!("Password     {}", password.text.expose_secret()));
            say(format!("             New at each start, and kept nowhere. Set {VARIABLE} to choose it and to stay signed in."));
        }
        (true, true) => say(format!("Password     what {VARIABLE} says; it was set just now")),
        (true, false) => say(format!("Password     what {VARIABLE} says, as before")),
    }
    match &told.key {
        Some(key) => say(format!("Partner key  {key}   (sent as a bearer token; keys that were shown here before are revoked)")),
        None => say("Partner key  shown when it was made; as admin make another one with `apiKeyCreate`"),
    }
}

fn show_first_steps(address: SocketAddr, password: &Password) {
    let base = base_url(address);
    let api = format!("{base}/graphql");
    let known = if password.chosen { format!("\"${VARIABLE}\"") } else { format!("'{}'", password.text.expose_secret()) };
    say("");
    say("Five things to try:");
    say("1. Sign in as inside sales:");
    say(format!("   PASSWORD={known}"));
    say(sign_in(&api, "TOKEN", &address_of("inside")));
    say("2. See what waits for the team, what is due first on top:");
    say(ask(&api, "TOKEN", "{queue(scope:TEAM,first:5){nodes{id title stage country nextClock{kind state secondsLeft}}}}"));
    say("3. Ask why leads went to whom they went:");
    say(ask(&api, "TOKEN", "{leads(first:3){nodes{title owner{name} decisions{explanation}}}}"));
    say(
        "4. See a promise lapse, as marketing: in the minute after the demo was made somebody is warned, then a colleague gets the lead, then it comes back.",
    );
    say(sign_in(&api, "MARKETING", &address_of("marketing")));
    say(ask(&api, "MARKETING", LAPSE));
    say(format!("5. Look around in a browser: {base}/graphiql (put {{\"authorization\": \"Bearer ...\"}} into its headers)"));
    say("");
}

/// What came of the lead whose promise lapses, inside a JSON text.
const LAPSE: &str =
    r#"{leads(filter:{productAreas:[\"quickstart\"]},first:1){nodes{title clocks{kind state lap} transitions{act reason at}}}}"#;

/// A request with its body as JSON, to be continued.
fn post(api: &str) -> String {
    format!("curl -s {api} -H 'content-type: application/json'")
}

/// A line for a shell that keeps an access token in a variable.
fn sign_in(api: &str, variable: &str, email: &str) -> String {
    let operation = "mutation($e:String!,$p:String!){sessionCreate(input:{email:$e,password:$p}){session{accessToken}}}";
    let body = format!(r#"{{"query":"{operation}","variables":{{"e":"{email}","p":"'"$PASSWORD"'"}}}}"#);
    format!(r#"   {variable}=$({} -d '{body}' | sed 's/.*"accessToken": *"\([^"]*\)".*/\1/')"#, post(api))
}

/// A line for a shell that asks with a token that a variable holds.
fn ask(api: &str, variable: &str, query: &str) -> String {
    format!(r#"   {} -H "authorization: Bearer ${variable}" -d '{{"query":"{query}"}}'"#, post(api))
}

/// The address of the member's account of a role.
fn address_of(role: &str) -> String {
    address(role, Rank::Member)
}
