//! In which quotation marks of a Minecraft command a place stands.

/// Strings inside strings that are followed; commands hold JSON in a string, seldom more.
const DEPTH: usize = 4;

/// The strings that are open at a place, read from the start of the text.
///
/// A quotation mark ends the string that the same mark, behind as many backslashes, opened; any other opens one inside.
#[derive(Debug, Default)]
pub(super) struct Quotes {
    open: Vec<(char, usize)>,
    is_behind_slot: bool,
}

impl Quotes {
    /// Reads on; `slot_follows` tells that a placeholder stands behind this text.
    pub(super) fn read(&mut self, text: &str, slot_follows: bool) {
        let mut backslashes = 0;
        let mut is_behind_letter = self.is_behind_slot;
        let mut characters = text.chars().peekable();
        while let Some(character) = characters.next() {
            let is_before_letter = characters.peek().map_or(slot_follows, |next| next.is_alphanumeric());
            let is_apostrophe = character == '\'' && is_behind_letter && is_before_letter;
            if matches!(character, '"' | '\'') && !is_apostrophe {
                self.meet(character, backslashes);
            }
            backslashes = if character == '\\' { backslashes + 1 } else { 0 };
            is_behind_letter = character.is_alphanumeric();
        }
        self.is_behind_slot = slot_follows;
    }

    fn meet(&mut self, mark: char, backslashes: usize) {
        if let Some(place) = self.open.iter().position(|known| *known == (mark, backslashes)) {
            self.open.truncate(place);
        } else if self.open.len() < DEPTH {
            self.open.push((mark, backslashes));
        }
    }

    /// The marks of the open strings, the outermost first.
    pub(super) fn open(&self) -> Vec<char> {
        self.open.iter().map(|(mark, _)| *mark).collect()
    }
}
