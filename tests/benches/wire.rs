//! From frames to events, on one thread.

use std::hint::black_box;

use cuelight_core::event::{Event, EventData};
use cuelight_core::gift_catalogue::GiftCatalogue;
use cuelight_core::session::{SessionOptions, SessionState};
use cuelight_runtime::source::tiktok::frame::FrameDecoder;

use crate::corpus::Corpus;
use crate::reference::Reference;
use crate::rounds::{Rounds, cpu_time};
use crate::table::{self, Wanted};

/// When every frame is said to have arrived, ms since 1970.
const RECEIVED_MS: i64 = 1_790_000_000_000;

pub(crate) fn measure() {
    for corpus in Corpus::all() {
        table::section(&format!("wire, {}", corpus.describe()));
        let rounds = Rounds::of(
            corpus.messages,
            &mut [
                &mut || cpu_time(|| scan(&corpus)),
                &mut || cpu_time(|| decode(&corpus)),
                &mut || cpu_time(|| follow(&corpus)),
                &mut || cpu_time(|| write(&corpus)),
            ],
        );
        let wanted = Wanted::AtMost { goal: 1.3, floor: 2.0 };
        table::figure("frames to events, times the reference", wanted, rounds.ratio_to_first(1), "x");
        table::figure("  reference, CPU a message", Wanted::Told, rounds.cpu_us(0), "us");
        table::figure("  frames to events, CPU a message", Wanted::Told, rounds.cpu_us(1), "us");
        let follow_ns = (rounds.cpu_us(2) - rounds.cpu_us(1)) * 1000.0;
        table::figure("  + duplicates, combos, likes, sums: CPU an event", Wanted::Told, follow_ns, "ns");
        let write_ns = (rounds.cpu_us(3) - rounds.cpu_us(2)) * 1000.0;
        table::figure("  + JSON: CPU an event", Wanted::Told, write_ns, "ns");
        table::figure("  all of it, times the reference", Wanted::Told, rounds.ratio_to_first(3), "x");
    }
}

pub(crate) fn scan(corpus: &Corpus) {
    let mut reference = Reference::new();
    for frame in &corpus.frames {
        black_box(reference.read(frame));
    }
}

pub(crate) fn decode(corpus: &Corpus) {
    let mut decoder = FrameDecoder::new();
    for frame in &corpus.frames {
        black_box(decoder.read(frame, RECEIVED_MS));
    }
}

fn follow(corpus: &Corpus) {
    happened(corpus, |event| drop(black_box(event)));
}

fn write(corpus: &Corpus) {
    let mut json = Vec::new();
    happened(corpus, |event| {
        json.clear();
        serde_json::to_writer(&mut json, &EventData(&event)).expect("every event has a JSON form");
        black_box(&json);
    });
}

/// What a session makes of the frames.
pub(crate) fn happened(corpus: &Corpus, mut tell: impl FnMut(Event)) {
    let mut decoder = FrameDecoder::new();
    let mut session = SessionState::new(SessionOptions::default());
    let mut catalogue = GiftCatalogue::default();
    let mut accepted = Vec::new();
    for frame in &corpus.frames {
        for event in decoder.read(frame, RECEIVED_MS).batch.events {
            session.accept(event, RECEIVED_MS, &mut catalogue, &mut accepted);
            accepted.drain(..).for_each(&mut tell);
        }
    }
}
