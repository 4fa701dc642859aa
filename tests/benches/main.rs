//! Speed and size, measured and never asserted: `make bench`, or `make bench-peers` for the public clients beside us.
//!
//! Names on the command line choose parts: `wire`, `deciding`, `ingest`, `queues`, `latency`, `flood`, `rules`, `idle`,
//! `start`, `peers`.

#![expect(
    clippy::disallowed_methods,
    reason = "a measurement lasts as long as it is told to, so here and only here it sleeps"
)]

mod corpus;
mod deciding;
mod flood;
mod flood_rules;
mod idle;
mod ingest;
mod journal;
mod latency;
mod peers;
mod process;
mod queues;
mod reference;
mod rounds;
mod start;
mod table;
mod thankful;
mod wire;

/// A part of the measurement and whether it runs when none is named.
type Part = (&'static str, fn(), bool);

const PARTS: &[Part] = &[
    ("wire", wire::measure, true),
    ("deciding", deciding::measure, true),
    ("ingest", ingest::measure, true),
    ("queues", queues::measure, true),
    ("latency", latency::measure, true),
    ("flood", flood::measure, true),
    ("rules", flood_rules::measure, true),
    ("idle", idle::measure, true),
    ("start", start::measure, true),
    ("peers", peers::measure, false),
];

fn main() {
    // Cargo adds `--bench`.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    table::heading();
    for (name, measure, by_default) in PARTS {
        if wanted.iter().any(|word| word == name) || (wanted.is_empty() && *by_default) {
            measure();
        }
    }
    table::load("at the end");
}
