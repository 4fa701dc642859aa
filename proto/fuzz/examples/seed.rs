//! Writes a small seed corpus for every target from the recordings of the repository's tests.

use std::{collections::HashMap, error::Error, fs, path::Path};

use base64::{Engine, engine::general_purpose::STANDARD};
use webcast_proto::{FrameReader, frames::Recording, inflate::Inflater, oracle::MESSAGE_TYPES, read, wire::Faults};

/// Seeds of one message type; more of a kind only make each run slower.
const SEEDS_OF_A_TYPE: usize = 4;

/// The longest message taken as a seed, in bytes; libFuzzer works best with small inputs.
const MAX_SEED_BYTES: usize = 6_000;

/// Frames taken from the shortest recorded session.
const FRAME_SEEDS: usize = 5;

fn main() -> Result<(), Box<dyn Error>> {
    let fuzz = Path::new(env!("CARGO_MANIFEST_DIR"));
    let recordings = fuzz.join("../../tests/recordings/wire");
    let corpus = fuzz.join("corpus");
    let messages = seed_messages(&recordings, &corpus.join("message"))?;
    let frames = seed_frames(&recordings, &corpus)?;
    println!("wrote {messages} messages and {frames} frames into {}", corpus.display());
    Ok(())
}

fn seed_messages(recordings: &Path, corpus: &Path) -> Result<usize, Box<dyn Error>> {
    fs::create_dir_all(corpus)?;
    let mut seeds = HashMap::<usize, usize>::new();
    for line in fs::read_to_string(recordings.join("messages.jsonl"))?.lines() {
        let line: serde_json::Value = serde_json::from_str(line)?;
        let method = line["type"].as_str().unwrap_or_default();
        let payload = STANDARD.decode(line["payload_b64"].as_str().unwrap_or_default())?;
        let name = method.strip_prefix("Webcast").unwrap_or(method);
        let Some(index) = MESSAGE_TYPES.iter().position(|kind| kind.name == name) else { continue };
        let seen = seeds.entry(index).or_default();
        if payload.len() <= MAX_SEED_BYTES && *seen < SEEDS_OF_A_TYPE {
            let seed = [&[u8::try_from(index)?][..], &payload].concat();
            fs::write(corpus.join(format!("{name}-{seen}")), seed)?;
            *seen += 1;
        }
    }
    Ok(seeds.values().sum())
}

/// Writes frames for target `frame` and their unpacked batches for `fetch_result`.
fn seed_frames(recordings: &Path, corpus: &Path) -> Result<usize, Box<dyn Error>> {
    fs::create_dir_all(corpus.join("frame"))?;
    fs::create_dir_all(corpus.join("fetch_result"))?;
    let bytes = fs::read(recordings.join("session-5.frames"))?;
    let mut recording = Recording::new(bytes.as_slice());
    let mut inflater = Inflater::new();
    let mut frames = 0;
    while let Some(frame) = recording.next_frame()
        && frames < FRAME_SEEDS
    {
        let frame = frame?;
        FrameReader::new().read(frame.bytes)?;
        let body = inflater.inflate(read::PushFrame::read(frame.bytes, &mut Faults::default()).payload)?;
        fs::write(corpus.join(format!("frame/{frames}")), frame.bytes)?;
        fs::write(corpus.join(format!("fetch_result/{frames}")), body)?;
        frames += 1;
    }
    fs::copy(recordings.join("batch-2026-08.pb"), corpus.join("fetch_result/batch"))?;
    Ok(frames)
}
