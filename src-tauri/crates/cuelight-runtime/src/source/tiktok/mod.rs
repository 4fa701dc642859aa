//! TikTok itself: the room, the socket, and what its messages mean.

mod answer;
pub mod bases;
pub mod direct;
mod duties;
pub mod frame;
mod http;
mod identity;
pub mod normalize;
pub mod pace;
mod pursuit;
mod room;
mod socket;
mod upgrade;
