//! Takes out of the paths in a text whose they are: the home folders, and names of people within other paths.

use super::scrub::NAME;

/// What stands for a home folder.
const HOME: &str = "~";

/// Folders that hold those of people, on Linux, macOS and Windows.
const FOLDERS_OF_PEOPLE: [&str; 2] = ["home", "users"];

/// Knows the home folders of whoever runs this.
#[derive(Debug)]
pub(super) struct Paths {
    /// In lower case, in every form in which they are written: with either separator, and escaped as in JSON.
    homes: Vec<String>,
    /// The names of those folders, in lower case, which stand in paths elsewhere too.
    owners: Vec<String>,
}

impl Paths {
    /// Knows these homes; one that names no folder is passed over.
    pub(super) fn new(homes: &[String]) -> Self {
        let homes = homes.iter().map(|home| home.trim_end_matches(is_separator).to_ascii_lowercase());
        let homes: Vec<String> = homes.filter(|home| home.contains(is_separator)).collect();
        let owner = |home: &String| home.rsplit(is_separator).next().map(str::to_owned);
        let forms = |home: &String| [home.clone(), home.replace('\\', r"\\"), home.replace('\\', "/")];
        Self { owners: homes.iter().filter_map(owner).collect(), homes: homes.iter().flat_map(forms).collect() }
    }

    /// The text with a sign for each home, and for each person who is named in another path.
    pub(super) fn without_owners(&self, text: &str) -> String {
        let text = self.without_homes(text);
        let mut kept = String::with_capacity(text.len());
        let mut before = None;
        for part in (Parts { rest: &text }) {
            let Some(folder) = before else {
                before = Some(part.name);
                kept.push_str(part.name);
                kept.push_str(part.separators);
                continue;
            };
            let is_of_people = FOLDERS_OF_PEOPLE.iter().any(|it| it.eq_ignore_ascii_case(folder));
            let is_whole = !part.separators.is_empty() && is_bare_name(part.name);
            let name = match (is_whole, is_of_people) {
                (true, _) => part.name,
                (false, true) => all_that_may_be_a_name(part.name),
                (false, false) => first_word(part.name),
            };
            let is_owner = self.owners.iter().any(|owner| owner.eq_ignore_ascii_case(name));
            if !name.is_empty() && (is_of_people || is_owner) {
                kept.push_str(NAME);
                kept.push_str(&part.name[name.len()..]);
            } else {
                kept.push_str(part.name);
            }
            kept.push_str(part.separators);
            before = Some(part.name);
        }
        kept
    }

    fn without_homes(&self, text: &str) -> String {
        // ASCII letters alone change, so that places are the same in both.
        let lower = text.to_ascii_lowercase();
        let mut kept = String::with_capacity(text.len());
        let mut done = 0;
        while let Some((place, home)) = self.next_home(&lower, done) {
            kept.push_str(&text[done..place]);
            kept.push_str(HOME);
            done = place + home.len();
        }
        kept.push_str(&text[done..]);
        kept
    }

    /// The next home from there on that is a whole folder's name, not the beginning of another one's.
    fn next_home(&self, lower: &str, from: usize) -> Option<(usize, &str)> {
        let of = |home: &'_ String| {
            let ends = |place: &usize| !lower[place + home.len()..].starts_with(goes_on);
            lower[from..].match_indices(home.as_str()).map(|(place, _)| from + place).find(ends)
        };
        let found = self.homes.iter().filter_map(|home| of(home).map(|place| (place, home.as_str())));
        found.min_by_key(|(place, home)| (*place, std::cmp::Reverse(home.len())))
    }
}

/// What stands between two separators, with those behind it.
struct Part<'a> {
    name: &'a str,
    separators: &'a str,
}

struct Parts<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Parts<'a> {
    type Item = Part<'a>;

    fn next(&mut self) -> Option<Part<'a>> {
        if self.rest.is_empty() {
            return None;
        }
        let (name, behind) = self.rest.split_at(self.rest.find(is_separator).unwrap_or(self.rest.len()));
        let (separators, rest) = behind.split_at(behind.find(|it| !is_separator(it)).unwrap_or(behind.len()));
        self.rest = rest;
        Some(Part { name, separators })
    }
}

fn is_separator(letter: char) -> bool {
    matches!(letter, '/' | '\\')
}

/// Whether a folder's name goes on with it.
fn goes_on(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '-' | '.')
}

/// Whether what stands before a separator is a name, which may have spaces, and nothing more.
fn is_bare_name(text: &str) -> bool {
    text.trim() == text && !text.contains(ends_a_name)
}

/// Where nobody knows how many words the name has, as many as there may be: what is lost helps less than a name harms.
fn all_that_may_be_a_name(text: &str) -> &str {
    text.split([':', '"', '\n', '\r']).next().unwrap_or_default().trim_end()
}

fn first_word(text: &str) -> &str {
    text.split(|letter: char| letter.is_whitespace() || ends_a_name(letter)).next().unwrap_or_default()
}

fn ends_a_name(letter: char) -> bool {
    matches!(letter, ',' | ':' | ';' | '"' | '\'' | '(' | ')' | '\n' | '\r')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let homes = ["/home/mia", r"C:\Users\Mia Luna", "/", ""].map(str::to_owned);
        assert_eq!(Paths::new(&homes).without_owners(text), expected);
    }

    #[test]
    fn a_path_keeps_its_end_and_loses_whose_it_is() {
        check("x: /home/mia/.local/share failed", "x: ~/.local/share failed");
        check(r"x: C:\Users\Mia Luna\AppData\a.db failed", r"x: ~\AppData\a.db failed");
        check(r"x: c:\users\mia luna\a.db failed", r"x: ~\a.db failed");
        check(r"x: path=C:\\Users\\Mia Luna\\a.db failed", r"x: path=~\\a.db failed");
        check("x: C:/Users/Mia Luna/a.db failed", "x: ~/a.db failed");
        check("x: /home/other/a.db failed", "x: /home/(name)/a.db failed");
        check("x: /Users/other/a.db: denied", "x: /Users/(name)/a.db: denied");
        check(r"x: D:\Users\Some Body\a.db failed", r"x: D:\Users\(name)\a.db failed");
        check(r"x: D:\\Users\\Some Body\\a.db failed", r"x: D:\\Users\\(name)\\a.db failed");
        check("x: /home/other: is full", "x: /home/(name): is full");
        check(r"x: D:\Users\Some Body is full", r"x: D:\Users\(name)");
        check(r"x: D:\Users\Some Body: is full", r"x: D:\Users\(name): is full");
        check("x: D:\\Users\\Some Body is full\ny: kept", "x: D:\\Users\\(name)\ny: kept");
        check("x: \"/home/some body\" is full", "x: \"/home/(name)\" is full");
        check(r"x: D:\Users\Some Body is full; see C:\a", r"x: D:\Users\(name):\a");
        check("x: /home/minecraft/a, /home/mia2/b", "x: /home/(name)/a, /home/(name)/b");
    }
}
