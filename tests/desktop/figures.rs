//! What the installed app takes to start, to idle and to change screens, beside a bare Tauri window, and its engine alone;
//! printed and never asserted: `make bench-desktop`.
//!
//! Resident memory (RSS) counts pages that processes share once for each of them, PSS divides them among those who share,
//! private memory leaves them out.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use system_tests::{FakeTikTok, Pace, Recording, Scenario};

use crate::support::{Desk, Memory, Program, command_line, until};

/// Starts of each program, for the middle one.
const STARTS: usize = 5;

/// After a start or a closing, until nothing happens any more.
const SETTLING: Duration = Duration::from_secs(8);

/// How long idling is watched.
const IDLE: Duration = Duration::from_secs(20);

/// Between two screens, until nothing of the last one is drawn any more.
const BETWEEN_SCREENS: Duration = Duration::from_secs(1);

/// What a busy live sends in half a minute and a little longer.
const BUSY_MESSAGES: &str = "8000";

/// From one frame of a busy live to the next.
const BUSY_FRAME_MS: u64 = 58;

/// The variable that names the bare window's program.
const BARE: &str = "CUELIGHT_BARE";

#[tokio::test]
#[ignore = "prints figures and fails nothing; `make bench-desktop` asks for it"]
async fn start_memory_and_idling_beside_a_bare_window() {
    let desk = Desk::set_up().await;
    let tray = desk.put_up_a_tray().await;
    let bare = std::env::var(BARE).unwrap_or_else(|_| panic!("{BARE} must name the program; run `make bench-desktop`"));

    println!("\n{:<58} {:>9}", "figure", "value");
    start("Cuelight", &desk, || desk.open(), "Cuelight").await;
    start("a bare Tauri window", &desk, || open_bare(&desk, &bare), "Bare").await;

    let beside = open_bare(&desk, &bare);
    desk.display.painted("Bare").await;
    tokio::time::sleep(SETTLING).await;
    memory("a bare Tauri window, open", &beside);
    drop(beside);

    let app = desk.open();
    let window = desk.display.painted("Cuelight").await;
    tokio::time::sleep(SETTLING).await;
    memory("Cuelight, window open", &app);
    idling("Cuelight, window open", &app).await;
    desk.display.close(window);
    until("the end of the web process", async || app.below("WebKitWebProces").is_empty().then_some(())).await;
    tokio::time::sleep(SETTLING).await;
    memory("Cuelight, closed to the tray", &app);
    idling("Cuelight, closed to the tray", &app).await;

    let before = Instant::now();
    tray.choose("Open Cuelight").await;
    desk.display.painted("Cuelight").await;
    told("opened again from the tray until painted", before.elapsed().as_millis(), "ms");
}

#[tokio::test]
#[ignore = "prints figures and fails nothing; `make bench-desktop` asks for it"]
async fn screens_change() {
    let desk = Desk::set_up().await;
    let page = desk.open_page().await;
    page.go_to("Live").await;
    for visit in ["first visit", "second visit"] {
        for screen in ["Rules", "Services", "Settings", "Live"] {
            let taken = page.time_of_going_to(screen).await;
            told(&format!("{screen}, {visit}: pressed until the second frame"), format!("{taken:.0}"), "ms");
            tokio::time::sleep(BETWEEN_SCREENS).await;
        }
    }
    page.end().await;
}

#[tokio::test]
#[ignore = "prints figures and fails nothing; `make bench-desktop` asks for it"]
async fn the_engine_without_a_window() {
    let desk = Desk::set_up().await;
    let live = busy_live(&desk);
    // It has a runtime of its own, which cannot be begun within the test's.
    let tiktok = tokio::task::spawn_blocking(|| FakeTikTok::start(live)).await.expect("it starts");
    let desk = desk.with_tiktok(&tiktok);
    most_memory(&desk, "a busy live of 30 s", &["luna.plays"]).await;
    // With the invented people and what they plan in the same process.
    most_memory(&desk, "a busy simulated live of 30 s", &["--source", "simulator:busy"]).await;
}

/// What a busy simulated live sends, as TikTok would send it.
fn busy_live(desk: &Desk) -> Scenario {
    let path = desk.home().join("busy.frames");
    let mut command = desk.command(&command_line().display().to_string());
    command.args(["simulate", "--scenario", "busy", "--events", BUSY_MESSAGES, "--output"]).arg(&path);
    assert!(command.status().expect("the command line is installed").success(), "it writes the recording");
    Scenario::replay(Recording::read(&path).expect("a recording"), Pace::EveryMs(BUSY_FRAME_MS))
}

async fn most_memory(desk: &Desk, what: &str, arguments: &[&str]) {
    let mut command = desk.command(&command_line().display().to_string());
    command.arg("run").args(arguments).args(["--duration", "30"]).stdout(Stdio::null());
    let mut run = Program::start(command);
    let mut most = 0;
    while run.is_running() {
        most = most.max(Memory::of(run.id()).rss_mib());
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    told(&format!("cuelight run, {what}: most RSS"), most, "MiB");
}

fn open_bare(desk: &Desk, program: &str) -> Program {
    let mut command: Command = desk.command(program);
    command.stdout(Stdio::null());
    assert!(Path::new(program).is_file(), "{program} was built");
    Program::start(command)
}

async fn start(what: &str, desk: &Desk, open: impl Fn() -> Program, title: &str) {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        let before = Instant::now();
        let app = open();
        desk.display.painted(title).await;
        times.push(before.elapsed().as_millis());
        drop(app);
        until("the window's end", async || desk.display.window(title).is_none().then_some(())).await;
    }
    told(&format!("{what}: started until painted, first of {STARTS}"), times[0], "ms");
    times.sort_unstable();
    told(&format!("{what}: started until painted, middle of {STARTS}"), times[STARTS / 2], "ms");
}

fn memory(what: &str, app: &Program) {
    let all = app.memory("");
    let lasting = app.memory("WebKitNetwork");
    let own = Memory::of(app.id());
    told(&format!("{what}: PSS of all its processes"), all.plus(own).pss_mib(), "MiB");
    told(&format!("{what}: RSS of all its processes"), all.plus(own).rss_mib(), "MiB");
    told(&format!("{what}: private, app + network process"), lasting.plus(own).private_mib(), "MiB");
    told(&format!("{what}: private, app alone"), own.private_mib(), "MiB");
}

async fn idling(what: &str, app: &Program) {
    let before = app.cpu_time();
    tokio::time::sleep(IDLE).await;
    let used = app.cpu_time().saturating_sub(before);
    let percent = used.as_secs_f64() / IDLE.as_secs_f64() * 100.0;
    println!("{:<58} {percent:>9.2} %", format!("{what}: CPU of one core while idle"));
}

fn told(what: &str, value: impl std::fmt::Display, unit: &str) {
    println!("{what:<58} {value:>9} {unit}");
}
