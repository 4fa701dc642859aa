//! `cuelight`: Cuelight for people without a window, and for everything that is checked from outside.

mod capture;
mod config;
mod console;
mod data;
mod decode;
mod disk_health;
mod do_action;
mod doctor;
mod failure;
mod init;
mod interrupts;
mod jobs;
mod logs;
mod open;
mod opened_source;
mod prompt;
mod publishing_watch;
mod replay;
mod rules;
mod run;
mod secrets;
mod serve;
mod services;
mod sessions;
mod simulate;
mod story;
mod work;
mod workers_watch;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use cuelight_runtime::report::story::Language;
use tracing_subscriber::Layer as _;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::failure::Failure;

/// What viewers do on a TikTok LIVE makes things happen.
#[derive(Debug, Parser)]
#[command(name = "cuelight", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Examples:
  cuelight run luna.plays
  cuelight capture luna.plays --duration 30
  cuelight capture --source simulator:small-live --duration 60
  cuelight decode session.frames --session
  cuelight sessions list")]
struct Cli {
    /// Where Cuelight keeps its data; by default the system's folder for application data.
    #[arg(long, global = true, env = "CUELIGHT_DATA_DIR", value_name = "DIR")]
    data_dir: Option<PathBuf>,

    /// What goes to stderr beside the text: error, warn, info, debug or trace.
    #[arg(long, global = true, value_name = "LEVEL", default_value = "error")]
    log: tracing_subscriber::filter::LevelFilter,

    /// The language of what run, work, serve, replay, rules, jobs, do and doctor say: en, es or vi.
    #[arg(long, global = true, value_name = "L", default_value = "en")]
    lang: Language,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watches a live, prints what happens and saves it.
    Capture(Box<capture::CaptureArgs>),
    /// Captures a live and does what the rules say, until it is stopped.
    Run(Box<run::RunArgs>),
    /// Does the waiting jobs without capturing; several processes can share the services of a data folder.
    Work(work::WorkArgs),
    /// Serves the window to browsers and an interface to scripts; captures when it is told to there.
    Serve(serve::ServeArgs),
    /// Decides a recording or a captured session again.
    Replay(replay::ReplayArgs),
    /// Turns wire bytes into events, one JSON line each.
    Decode(decode::DecodeArgs),
    /// Writes a recording of an invented live.
    Simulate(simulate::SimulateArgs),
    /// Shows, renames, exports and deletes what was captured.
    Sessions(sessions::SessionsArgs),
    /// Lists, checks, exports and imports the rules.
    Rules(rules::RulesArgs),
    /// Shows and changes the services and how they treat each event type.
    Services(services::ServicesArgs),
    /// Lists, retries and discards jobs.
    Jobs(jobs::JobsArgs),
    /// Does one action now.
    Do(Box<do_action::DoArgs>),
    /// Shows and changes settings.
    Config(config::ConfigArgs),
    /// Keeps passwords and keys in the system's keychain.
    Secrets(secrets::SecretsArgs),
    /// Shows what was logged.
    Logs(logs::LogsArgs),
    /// Shows where the data lies, and deletes it.
    Data(data::DataArgs),
    /// Creates the data folder; changes nothing that exists.
    Init,
    /// Checks this machine, or the ways into a live, and says what to do about each finding.
    Doctor(doctor::DoctorArgs),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match keep_log(&cli).and_then(|()| run(cli)) {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}

/// Sends what is logged to stderr, and what workers do to the log files too.
fn keep_log(cli: &Cli) -> Result<(), Failure> {
    let stderr = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).without_time().with_filter(cli.log);
    let file = match cli.command {
        Command::Run(_) | Command::Work(_) | Command::Serve(_) | Command::Replay(_) | Command::Do(_) => {
            Some(open::log_file(cli.data_dir.clone())?)
        }
        Command::Capture(_)
        | Command::Decode(_)
        | Command::Simulate(_)
        | Command::Sessions(_)
        | Command::Rules(_)
        | Command::Services(_)
        | Command::Jobs(_)
        | Command::Config(_)
        | Command::Secrets(_)
        | Command::Logs(_)
        | Command::Data(_)
        | Command::Init
        | Command::Doctor(_) => None,
    };
    tracing_subscriber::registry().with(stderr).with(file).init();
    Ok(())
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let (data_dir, language) = (cli.data_dir, cli.lang);
    match cli.command {
        Command::Capture(args) => capture::run(*args, data_dir),
        Command::Run(args) => run::run(&args, data_dir, language),
        Command::Work(args) => work::run(&args, data_dir, language),
        Command::Serve(args) => serve::run(&args, data_dir, language),
        Command::Replay(args) => replay::run(&args, data_dir, language),
        Command::Decode(args) => decode::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Sessions(args) => sessions::run(args, data_dir),
        Command::Rules(args) => rules::run(args, data_dir, language),
        Command::Services(args) => services::run(args, data_dir),
        Command::Jobs(args) => jobs::run(args, data_dir, language),
        Command::Do(args) => do_action::run(&args, data_dir, language),
        Command::Config(args) => config::run(args, data_dir),
        Command::Secrets(args) => secrets::run(&args),
        Command::Logs(args) => logs::run(&args, data_dir),
        Command::Data(args) => data::run(&args, data_dir),
        Command::Init => init::run(data_dir),
        Command::Doctor(args) => doctor::run(&args, data_dir, language),
    }
}
