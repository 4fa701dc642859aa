//! The tokens of a data folder, in a file that only its user can read.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use serde::{Deserialize, Serialize};

use super::limits;
use super::role::{OverlayName, Role};
use super::token::Token;

/// Largest file of tokens that is read, in bytes: all overlays have room in it several times.
const FILE_BYTES: u64 = 64 * 1024;

/// Who is let in.
#[derive(Debug)]
pub(super) struct Tokens {
    file: PathBuf,
    kept: Mutex<Kept>,
}

#[derive(Debug)]
struct Kept {
    set: TokenSet,
    /// Counts how often the set was renewed.
    generation: u64,
}

/// The form of the file.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenSet {
    full: Token,
    remote: Token,
    #[serde(default)]
    overlays: BTreeMap<OverlayName, Token>,
}

/// Somebody whose token is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Admitted {
    pub(super) role: Role,
    generation: u64,
}

impl Tokens {
    /// Reads the tokens, or makes new ones where there are none that can be read.
    ///
    /// New ones that cannot be written are good until the program ends.
    pub(super) fn open(file: PathBuf) -> Self {
        let set = match read(&file) {
            Ok(set) => set,
            Err(error) => {
                if error.kind() != io::ErrorKind::NotFound {
                    tracing::warn!(%error, file = %file.display(), "the tokens could not be read, so there are new ones");
                }
                let set = TokenSet::random();
                keep(&file, &set);
                set
            }
        };
        Self { file, kept: Mutex::new(Kept { set, generation: 0 }) }
    }

    /// Whose token that is; nobody's: `None`.
    pub(super) fn admit(&self, token: &Token) -> Option<Admitted> {
        let kept = self.kept.lock();
        let mut role = None;
        // All are compared, so that the time tells nothing.
        for (name, of_overlay) in &kept.set.overlays {
            if of_overlay.is(token) {
                role = Some(Role::Overlay(name.clone()));
            }
        }
        if kept.set.remote.is(token) {
            role = Some(Role::Remote);
        }
        if kept.set.full.is(token) {
            role = Some(Role::Full);
        }
        role.map(|role| Admitted { role, generation: kept.generation })
    }

    /// Whether the token that somebody was let in with is still good.
    pub(super) fn still_admits(&self, admitted: &Admitted) -> bool {
        self.kept.lock().generation == admitted.generation
    }

    pub(super) fn full(&self) -> Token {
        self.kept.lock().set.full.clone()
    }

    pub(super) fn remote(&self) -> Token {
        self.kept.lock().set.remote.clone()
    }

    /// The token of that overlay, a new one where it has none yet; `None` where there are too many overlays.
    pub(super) fn overlay(&self, name: &OverlayName) -> Option<Token> {
        let mut kept = self.kept.lock();
        if let Some(token) = kept.set.overlays.get(name) {
            return Some(token.clone());
        }
        if kept.set.overlays.len() >= limits::OVERLAYS {
            return None;
        }
        let token = Token::random();
        kept.set.overlays.insert(name.clone(), token.clone());
        keep(&self.file, &kept.set);
        Some(token)
    }

    /// Makes all tokens anew; those from before let nobody in any more. Overlays have to ask for theirs again.
    pub(super) fn renew(&self) {
        let mut kept = self.kept.lock();
        kept.set = TokenSet::random();
        kept.generation += 1;
        keep(&self.file, &kept.set);
    }
}

impl TokenSet {
    fn random() -> Self {
        Self { full: Token::random(), remote: Token::random(), overlays: BTreeMap::new() }
    }
}

fn read(file: &Path) -> io::Result<TokenSet> {
    if fs::metadata(file)?.len() > FILE_BYTES {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "it is too large"));
    }
    serde_json::from_slice(&fs::read(file)?).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

fn keep(file: &Path, set: &TokenSet) {
    if let Err(error) = write(file, set) {
        tracing::warn!(%error, file = %file.display(), "the tokens could not be written, so links are good for this run only");
    }
}

/// Writes beside the file and then into its place: a crash leaves the old tokens or the new ones.
fn write(file: &Path, set: &TokenSet) -> io::Result<()> {
    let beside = file.with_extension("json.new");
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    // Elsewhere the data folder lies in the user's own profile, which others cannot read.
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut written = options.open(&beside)?;
    written.write_all(&serde_json::to_vec_pretty(set)?)?;
    written.sync_all()?;
    fs::rename(&beside, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place() -> (tempfile::TempDir, PathBuf) {
        let place = tempfile::tempdir().expect("a temporary folder");
        let file = place.path().join("server-tokens.json");
        (place, file)
    }

    #[test]
    fn tokens_stay_over_a_restart_and_only_their_user_can_read_them() {
        let (_place, file) = place();
        let tokens = Tokens::open(file.clone());
        let alerts: OverlayName = "alerts".parse().expect("a name");
        let of_overlay = tokens.overlay(&alerts).expect("there is room");
        let again = Tokens::open(file.clone());
        for (token, role) in
            [(tokens.full(), Role::Full), (tokens.remote(), Role::Remote), (of_overlay, Role::Overlay(alerts))]
        {
            assert_eq!(again.admit(&token).map(|it| it.role), Some(role), "a link is copied once");
        }
        assert_eq!(again.admit(&Token::random()), None, "nobody else is let in");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(&file).expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "another user of the machine must not act here");
        }
    }

    #[test]
    fn renewed_tokens_shut_out_whoever_has_an_old_one() {
        let (_place, file) = place();
        let tokens = Tokens::open(file.clone());
        let old = tokens.full();
        let admitted = tokens.admit(&old).expect("it is right");
        assert!(tokens.still_admits(&admitted), "nothing changed");
        tokens.renew();
        assert_eq!(tokens.admit(&old), None, "the link from before is no longer good");
        assert!(!tokens.still_admits(&admitted), "nor is who came in with it");
        assert!(tokens.admit(&tokens.full()).is_some(), "the new one is");
        assert_eq!(Tokens::open(file).admit(&old), None, "for good");
    }

    #[test]
    fn a_damaged_file_is_replaced_and_never_lets_anybody_in() {
        let (_place, file) = place();
        for damaged in ["", "{}", r#"{"full":"","remote":""}"#, "[1]"] {
            fs::write(&file, damaged).expect("writable");
            let tokens = Tokens::open(file.clone());
            let again = Tokens::open(file.clone());
            assert!(again.admit(&tokens.full()).is_some(), "{damaged:?} was replaced by good ones");
        }
    }

    #[test]
    fn overlays_without_end_are_refused() {
        let (_place, file) = place();
        let tokens = Tokens::open(file);
        let name = |number: usize| format!("overlay-{number}").parse().expect("a name");
        for number in 0..limits::OVERLAYS {
            assert!(tokens.overlay(&name(number)).is_some(), "number {number} has room");
        }
        assert!(tokens.overlay(&name(limits::OVERLAYS)).is_none(), "the file must not grow without end");
        assert!(tokens.overlay(&name(0)).is_some(), "who is known keeps its token");
    }
}
