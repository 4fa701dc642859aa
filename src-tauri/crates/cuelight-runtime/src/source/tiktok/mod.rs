//! TikTok itself: the room, the socket, and what its messages mean.

pub mod allowance;
mod answer;
mod attendance;
pub mod bases;
mod duties;
pub mod examination;
mod families;
pub mod frame;
pub mod gift_list;
mod http;
mod identity;
mod ladder;
mod listening;
pub mod means;
pub mod normalize;
mod pursuit;
mod quota;
pub mod refusal;
mod room;
mod socket;
mod source;
mod story;
mod upgrade;
mod viewing;
mod way_in;
mod ways;

pub use self::source::TiktokSource;
