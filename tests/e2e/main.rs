//! Promises that need programs of others beside ours: the public clients that `scripts/setup` installs.

mod client;
mod comparison;
mod defects;
mod line;
mod loss;
mod peers;
