//! The table that a run prints: what was wanted, what was measured, and one word on it.

use std::fmt;

/// What a figure should be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Wanted {
    /// The smaller the better.
    AtMost { goal: f64, floor: f64 },
    /// The larger the better.
    AtLeast { goal: f64, floor: f64 },
    /// Exactly zero.
    None,
    /// Nothing in particular; it explains another figure.
    Told,
}

impl Wanted {
    fn verdict(self, measured: f64) -> &'static str {
        let (meets_goal, meets_floor) = match self {
            Self::AtMost { goal, floor } => (measured <= goal, measured <= floor),
            Self::AtLeast { goal, floor } => (measured >= goal, measured >= floor),
            Self::None => (measured == 0.0, measured == 0.0),
            Self::Told => return "",
        };
        match (meets_goal, meets_floor) {
            (true, _) => "goal",
            (false, true) => "floor",
            (false, false) => "BELOW",
        }
    }

    fn bounds(self) -> (String, String) {
        match self {
            Self::AtMost { goal, floor } => (format!("<= {}", Number(goal)), format!("<= {}", Number(floor))),
            Self::AtLeast { goal, floor } => (format!(">= {}", Number(goal)), format!(">= {}", Number(floor))),
            Self::None => ("0".to_owned(), "0".to_owned()),
            Self::Told => (String::new(), String::new()),
        }
    }
}

/// Prints what stands above the figures.
pub(crate) fn heading() {
    load("at the start");
    row(["figure", "goal", "floor", "measured", "", "verdict"]);
}

/// Prints what the following figures are about.
pub(crate) fn section(text: &str) {
    println!("\n{text}");
}

/// Prints one figure.
pub(crate) fn figure(name: &str, wanted: Wanted, measured: f64, unit: &str) {
    let (goal, floor) = wanted.bounds();
    row([name, &goal, &floor, &Number(measured).to_string(), unit, wanted.verdict(measured)]);
}

/// Prints how busy the machine is, since wall times depend on it.
pub(crate) fn load(moment: &str) {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let minutes: Vec<&str> = load.split(' ').take(3).collect();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    println!("load {moment} (1, 5, 15 minutes): {} on {processors} processors", minutes.join(" "));
}

fn row([name, goal, floor, measured, unit, verdict]: [&str; 6]) {
    println!("  {name:<52} {goal:>10} {floor:>10} {measured:>10} {unit:<9} {verdict}");
}

/// A number with about three digits that say something.
struct Number(f64);

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = match self.0.abs() {
            size if size >= 100.0 || size == 0.0 => 0,
            size if size >= 10.0 => 1,
            _ => 2,
        };
        write!(f, "{:.decimals$}", self.0)
    }
}
