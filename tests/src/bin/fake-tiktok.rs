//! The fake TikTok as a program: for trying a client by hand and for peers that are not written in Rust.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use system_tests::{Account, FakeTikTok, Pace, Recording, Scenario, scenario};

/// Plays TikTok on a loopback port until it is stopped.
#[derive(Parser)]
#[command(name = "fake-tiktok")]
struct Options {
    /// The port; 0 takes a free one and prints it.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// What every connection gets.
    #[arg(long, default_value = "normal")]
    scenario: String,
    /// Plays this `.frames` recording in place of a scenario.
    #[arg(long, value_name = "FILE")]
    frames: Option<PathBuf>,
    /// Milliseconds between the frames of the recording; without it they go as fast as they are read.
    #[arg(long, value_name = "MS", requires = "frames")]
    every_ms: Option<u64>,
    /// Names the scenarios and the handles with a meaning, then ends.
    #[arg(long)]
    list: bool,
}

fn main() -> ExitCode {
    let options = Options::parse();
    if options.list {
        list();
        return ExitCode::SUCCESS;
    }
    match play(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}

fn play(options: &Options) -> Result<(), String> {
    let tiktok = FakeTikTok::start_on(options.port, chosen(options)?)
        .map_err(|error| format!("could not listen on port {}: {error}", options.port))?;
    for (name, value) in tiktok.environment() {
        println!("{name}={value}");
    }
    loop {
        std::thread::park();
    }
}

fn chosen(options: &Options) -> Result<Scenario, String> {
    let Some(path) = &options.frames else {
        return scenario::named(&options.scenario)
            .ok_or_else(|| format!("there is no scenario {}; see --list", options.scenario));
    };
    let recording = Recording::read(path).map_err(|error| error.to_string())?;
    Ok(Scenario::replay(recording, options.every_ms.map_or(Pace::FlatOut, Pace::EveryMs)))
}

fn list() {
    println!("Scenarios:");
    for entry in scenario::NAMED {
        println!("  {:<20} {}", entry.name, entry.about);
    }
    println!("Handles (every other one is live):");
    for (handle, account) in Account::NAMED {
        println!("  @{handle:<19} {account:?}");
    }
}
