//! Promises of recordings.
