//! The ways into a live, and what each of them does with everything TikTok may do.

mod captcha;
mod climbing;
mod every_scenario;
mod lookup;
mod outside;
mod pages;
mod sign;
mod tikfinity;
mod waiting;
