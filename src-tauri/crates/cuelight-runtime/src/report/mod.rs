//! What people and files are told about events: console lines, summaries, exports.

mod catalogue;
pub mod console;
pub mod csv;
pub mod export;
pub mod statistics;
pub mod story;
pub mod summary;
pub mod texts;
pub mod whole_file;
pub mod words;
