//! The system's keychain: a real gnome-keyring, unlocked, on the test's own bus.

use std::io::Write as _;
use std::process::{Command, Stdio};

use super::Program;

/// The name under which keychains answer.
pub(crate) const NAME: &str = "org.freedesktop.secrets";

/// What it keeps its file under; without one that file would be readable.
const PASSWORD: &[u8] = b"lanterns over the harbour";

/// Starts it in the environment of that command, which says where it lies.
pub(crate) fn start(mut command: Command) -> Program {
    command.args(["--foreground", "--unlock", "--components=secrets"]);
    command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut program = Program::start(command);
    let mut password = program.child().stdin.take().expect("stdin is a pipe");
    password.write_all(PASSWORD).expect("it reads its password");
    program
}
