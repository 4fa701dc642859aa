//! `cuelight`: Cuelight for people without a window, and for everything that is checked from outside.

mod capture;
mod config;
mod console;
mod decode;
mod doctor;
mod failure;
mod init;
mod interrupts;
mod open;
mod opened_source;
mod prompt;
mod sessions;
mod simulate;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::failure::Failure;

/// What viewers do on a TikTok LIVE makes things happen.
#[derive(Debug, Parser)]
#[command(name = "cuelight", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Examples:
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

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Watches a live, prints what happens and saves it.
    Capture(Box<capture::CaptureArgs>),
    /// Turns wire bytes into events, one JSON line each.
    Decode(decode::DecodeArgs),
    /// Writes a recording of an invented live.
    Simulate(simulate::SimulateArgs),
    /// Shows, renames, exports and deletes what was captured.
    Sessions(sessions::SessionsArgs),
    /// Shows and changes settings.
    Config(config::ConfigArgs),
    /// Creates the data folder; changes nothing that exists.
    Init,
    /// Checks this machine and says what to do about each finding.
    Doctor,
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt().with_max_level(cli.log).with_writer(std::io::stderr).without_time().init();
    match run(cli) {
        Ok(code) => code,
        Err(failure) => failure.tell(),
    }
}

fn run(cli: Cli) -> Result<ExitCode, Failure> {
    let data_dir = cli.data_dir;
    match cli.command {
        Command::Capture(args) => capture::run(*args, data_dir),
        Command::Decode(args) => decode::run(args),
        Command::Simulate(args) => simulate::run(args),
        Command::Sessions(args) => sessions::run(args, data_dir),
        Command::Config(args) => config::run(args, data_dir),
        Command::Init => init::run(data_dir),
        Command::Doctor => doctor::run(data_dir),
    }
}
