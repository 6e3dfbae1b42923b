//! The run: provision, fill, measure, in the order in which one part does not disturb the next.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use tempfile::TempDir;

use super::capture::{self, Statement};
use super::database::Database;
use super::fill::Fill;
use super::http::Connection;
use super::load::{self, Load, Work};
use super::pgbench::{self, Runner};
use super::report::{Measured, Report};
use super::server::{Program, Server};
use super::{BenchArguments, Part, activities, funnel, import, machine, operations, server, sla};
use crate::postgres::{Cluster, Setting};

/// Durable, with a log that tells statements when asked to.
const SETTINGS: &[&str] = &[
    "shared_buffers=1GB",
    "max_wal_size=4GB",
    "logging_collector=on",
    "log_destination=jsonlog",
    "log_directory=log",
    "log_filename=bench.log",
    "log_rotation_size=0",
];

const PASSWORD: &str = "a bench needs only one password";
const MARKETING: &str = "marketing@signs-in.example";
const INSIDE_SALES: &str = "inside@signs-in.example";
const ANALYST: &str = "analyst@signs-in.example";

/// Connections that record at once: senders in bulk are few.
const ACTIVITY_CONNECTIONS_MAX: usize = 4;

/// Acts whose statements are compared: the pages of (b) differ in what they bind.
const PAGES_COMPARED: usize = 12;

/// The lead whose statements are compared: one of those that can be qualified and are never reached by chance before.
const LEAD_COMPARED: u64 = 11;

/// Everything that is up.
struct Bench<'a> {
    arguments: &'a BenchArguments,
    database: Database,
    program: Program,
    folder: PathBuf,
    fill: Fill,
}

/// Provisions, measures, and answers the figures.
pub fn run(arguments: &BenchArguments) -> Result<Report> {
    println!("== build");
    let binary = match &arguments.server {
        Some(given) => given.canonicalize().with_context(|| format!("`{}` is not there", given.display()))?,
        None => server::build()?,
    };
    println!("== postgresql");
    let settings = SETTINGS.iter().map(|text| Setting::parse(text)).collect::<Result<Vec<_>>>()?;
    let cluster = Cluster::start(&settings)?;
    let folder = TempDir::with_prefix("fairfall-bench-").context("no temporary folder can be made")?;
    let mut report = Report::default();
    if [Part::A, Part::B, Part::C, Part::D, Part::Activities, Part::Memory].into_iter().any(|part| arguments.wants(part)) {
        let bench = Bench::prepare(arguments, &binary, folder.path(), cluster.url())?;
        report.machine = machine::describe(&bench.database)?;
        bench.measure(&mut report)?;
    }
    if arguments.wants(Part::Import) {
        println!("== import");
        report.imports = import::both(&binary, folder.path(), cluster.url())?;
    }
    if arguments.wants(Part::Sla) {
        println!("== promises");
        report.promises = Some(sla::measure(&binary, folder.path(), cluster.url())?);
    }
    report.setting = format!(
        "{} leads with 6 transitions each, {} connections, {} s each after a warm-up of 2 s; sessions, limits and validation as shipped, \
         but for the points a minute",
        arguments.leads, arguments.connections, arguments.seconds
    );
    Ok(report)
}

impl<'a> Bench<'a> {
    fn prepare(arguments: &'a BenchArguments, binary: &Path, folder: &Path, cluster_url: &str) -> Result<Self> {
        println!("== fill");
        let start = Instant::now();
        let database = Database::create(cluster_url, "bench")?;
        let program = Program::new(binary, folder, database.url())?;
        crate::process::capture(&mut program.command(&["migrate", "up"]))?;
        for (email, role, rank) in
            [(MARKETING, "marketing", "manager"), (INSIDE_SALES, "inside-sales", "member"), (ANALYST, "analyst", "member")]
        {
            program.create_user(email, role, rank, PASSWORD)?;
        }
        let fill = Fill::new(arguments.leads, arguments.passages);
        fill.leads(&database)?;
        println!("{} leads in {:.0} s", arguments.leads, start.elapsed().as_secs_f64());
        Ok(Self { arguments, database, program, folder: folder.to_owned(), fill })
    }

    fn measure(&self, report: &mut Report) -> Result<()> {
        let server = self.program.serve()?;
        if self.arguments.wants(Part::Memory) {
            std::thread::sleep(Duration::from_secs(2));
            report.memory.push(("idle", server.memory()?));
        }
        if self.arguments.wants(Part::A) {
            report.operations.push(self.measure_lead(&server)?);
        }
        if self.arguments.wants(Part::B) || self.arguments.wants(Part::Memory) {
            self.measure_queue(&server, report)?;
        }
        if self.arguments.wants(Part::Activities) {
            report.activities = Some(self.measure_activities(&server)?);
        }
        if self.arguments.wants(Part::C) {
            report.operations.push(self.measure_act(server)?);
        } else {
            drop(server);
        }
        if self.arguments.wants(Part::D) {
            self.measure_funnel(report)?;
        }
        Ok(())
    }

    /// (a)
    fn measure_lead(&self, server: &Server) -> Result<Measured> {
        println!("== (a) a lead");
        let token = operations::sign_in(server.address(), MARKETING, PASSWORD)?;
        let request = operations::one_lead(LEAD_COMPARED);
        let statements = self.statements(server, &token, &[&request, &request], operations::LEAD_STARTS)?.concat();
        let work = operations::leads(&token, self.arguments.leads);
        let load = self.load(server, &work)?;
        let script = pgbench::of_any_lead(&statements, LEAD_COMPARED, &self.fill.around());
        let pgbench = self.runner().run("a", &[script])?;
        Ok(measured("(a) a lead with company, owner, transitions", load, pgbench, statements.len(), 0.30, 25))
    }

    /// (b) and the memory under it.
    fn measure_queue(&self, server: &Server, report: &mut Report) -> Result<()> {
        println!("== (b) a page of a queue");
        let token = operations::sign_in(server.address(), INSIDE_SALES, PASSWORD)?;
        if self.arguments.wants(Part::Memory) {
            report.memory.push(("after signing in", server.memory()?));
        }
        let work = operations::queue(&token, server.address())?;
        let bodies: Vec<&Vec<u8>> = work.bodies.iter().take(PAGES_COMPARED + 1).collect();
        let pages = self.statements(server, &token, &bodies, work.starts)?;
        server.forget_peak()?;
        let load = self.load(server, &work)?;
        if self.arguments.wants(Part::Memory) {
            report.memory.push(("under (b)", server.memory()?));
        }
        if self.arguments.wants(Part::B) {
            let count = pages.iter().map(Vec::len).max().unwrap_or_default();
            let scripts: Vec<_> = pages.iter().enumerate().map(|(number, page)| pgbench::as_sent(page, number)).collect();
            let pgbench = self.runner().run("b", &scripts)?;
            report.operations.push(measured("(b) 50 leads of a queue with company, owner", load, pgbench, count, 0.40, 40));
        }
        Ok(())
    }

    /// What the server asks for each request but the first.
    fn statements(&self, server: &Server, access_token: &str, bodies: &[&Vec<u8>], starts: &str) -> Result<Vec<Vec<Statement>>> {
        let mut connection = Connection::open(server.address(), Some(access_token))?;
        capture::statements(&self.database, bodies.len().saturating_sub(1), |number| match bodies.get(number) {
            Some(body) => load::check(connection.post(body)?, starts),
            None => Ok(()),
        })
    }

    /// Activities in bulk.
    fn measure_activities(&self, server: &Server) -> Result<activities::Recorded> {
        println!("== activities");
        let token = operations::sign_in(server.address(), MARKETING, PASSWORD)?;
        let connections = usize::try_from(self.arguments.connections)?.min(ACTIVITY_CONNECTIONS_MAX);
        let recorded =
            activities::measure(server, &self.database, &token, self.arguments.leads, connections, self.arguments.seconds)?;
        println!(
            "{:.0} activities a minute, p50 {:?}, p99 {:?} a batch of {}",
            recorded.per_minute,
            recorded.p50,
            recorded.p99,
            activities::BATCH
        );
        println!(
            "in the server's process: {:.0} % of the cores; {} leads changed their grade",
            recorded.process_share * 100.0,
            recorded.regraded
        );
        Ok(recorded)
    }

    /// (c); the server is stopped before pgbench starts, because its journal would go on with what pgbench writes.
    fn measure_act(&self, server: Server) -> Result<Measured> {
        println!("== (c) an act");
        let token = operations::sign_in(server.address(), MARKETING, PASSWORD)?;
        let mut work = operations::qualify(&token, self.arguments.leads);
        let (warm, compared) = (operations::qualify_one(1), operations::qualify_one(LEAD_COMPARED));
        work.bodies.retain(|body| *body != warm && *body != compared);
        let statements = self.statements(&server, &token, &[&warm, &compared], operations::QUALIFY_STARTS)?.concat();
        let load = self.load(&server, &work)?;
        drop(server);
        self.database.ask("VACUUM ANALYZE lead")?;
        let loads = statements.iter().find(|statement| statement.text.contains("FOR UPDATE"));
        let script = pgbench::act_by_statements(loads.context("the server locks no lead")?, LEAD_COMPARED, &self.fill.around());
        let pgbench = self.runner().run("c", &[script])?;
        Ok(measured("(c) qualify, against statement by statement", load, pgbench, statements.len(), 0.50, 30))
    }

    /// (d)
    fn measure_funnel(&self, report: &mut Report) -> Result<()> {
        println!("== (d) the funnel");
        let passages = self.fill.earlier_passages(&self.database)?;
        println!("{passages} passages");
        let server = self.program.serve()?;
        let token = operations::sign_in(server.address(), ANALYST, PASSWORD)?;
        let mut connection = Connection::open(server.address(), Some(&token))?;
        report.funnel = funnel::by_server(&mut connection, &self.database)?;
        report.funnel.push(funnel::by_transitions(&self.database)?);
        Ok(())
    }

    fn load(&self, server: &Server, work: &Work) -> Result<Load> {
        let load = load::run(server.address(), work, usize::try_from(self.arguments.connections)?, self.arguments.seconds)?;
        println!("{:.0} a second, p50 {:?}, p99 {:?}, {} answers", load.rate, load.p50, load.p99, load.count);
        Ok(load)
    }

    fn runner(&self) -> Runner<'_> {
        Runner {
            database: &self.database,
            folder: &self.folder,
            connections: usize::try_from(self.arguments.connections).unwrap_or(16),
            seconds: self.arguments.seconds,
        }
    }
}

fn measured(what: &'static str, load: Load, pgbench: f64, statements: usize, share_goal: f64, p99_ms: u64) -> Measured {
    println!("{pgbench:.0} a second by pgbench: a share of {:.2}; {statements} statements", load.rate / pgbench);
    Measured { what, load, pgbench, statements, share_goal, p99_goal: Duration::from_millis(p99_ms) }
}
