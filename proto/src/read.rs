//! What is read: every message as a struct that borrows from the bytes it came in.
//!
//! Generated from `webcast.proto`. A message equals what prost reads from the same bytes whenever prost accepts them;
//! where prost refuses, it keeps what makes sense and tells the rest in [`Faults`].

use smallvec::SmallVec;

use crate::{
    text::Str,
    wire::{Faults, Fields, Nested, Packed, Value},
};

include!(concat!(env!("OUT_DIR"), "/read.rs"));
