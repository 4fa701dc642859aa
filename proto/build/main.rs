//! Turns `proto/webcast.proto` into the owned types (by prost) and, from the same descriptors, the borrowed reader.

mod oracle;
mod reader;
mod schema;

use std::{env, error::Error, fs, path::PathBuf};

const PROTO_FILE: &str = "webcast.proto";
const PROTO_FOLDER: &str = "proto";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={PROTO_FOLDER}");
    println!("cargo::rerun-if-changed=build");
    let descriptors =
        protox::Compiler::new([PROTO_FOLDER])?.include_source_info(true).open_file(PROTO_FILE)?.file_descriptor_set();
    let output = PathBuf::from(env::var("OUT_DIR")?);
    let messages = schema::messages(&descriptors)?;
    fs::write(output.join("read.rs"), reader::generate(&messages))?;
    fs::write(output.join("oracle.rs"), oracle::generate(&messages))?;
    prost_build::Config::new().compile_fds(descriptors)?;
    Ok(())
}
