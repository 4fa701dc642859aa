//! Promises of decoding.
