//! Asking for what is missing, on a terminal only.

use std::io::{self, BufRead, IsTerminal};

use crate::console::TextTo;
use crate::failure::Failure;

/// Whether somebody sits there to be asked.
pub(crate) fn can_ask() -> bool {
    io::stdin().is_terminal()
}

/// Asks a question and reads one line; an empty line takes the offer.
pub(crate) fn ask(text: TextTo, question: &str, offer: Option<&str>) -> Result<String, Failure> {
    text.part(question);
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line).map_err(Failure::failed)?;
    let answer = line.trim();
    match (answer, offer) {
        ("", Some(offer)) if read > 0 => Ok(offer.to_owned()),
        ("", _) => Err(Failure::wrong_use("no answer was given")),
        (answer, _) => Ok(answer.to_owned()),
    }
}

/// Whether the one at the terminal says yes; an empty line is a no.
pub(crate) fn agrees(text: TextTo, question: &str) -> Result<bool, Failure> {
    let answer = ask(text, &format!("{question} (yes/no) "), Some("no"))?;
    Ok(matches!(answer.as_str(), "y" | "yes"))
}
