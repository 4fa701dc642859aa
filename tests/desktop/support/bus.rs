//! A session bus of the test's own.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use zbus::fdo::DBusProxy;

use super::{Program, until};

/// A bus.
pub(crate) struct Bus {
    address: String,
    _program: Program,
}

impl Bus {
    /// Starts one.
    pub(crate) fn start() -> Self {
        let mut command = Command::new("dbus-daemon");
        command.args(["--session", "--nofork", "--print-address=1"]);
        command.stdout(Stdio::piped()).stderr(Stdio::null());
        let mut program = Program::start(command);
        let told = program.child().stdout.take().expect("stdout is a pipe");
        let mut address = String::new();
        BufReader::new(told).read_line(&mut address).expect("the bus tells its address");
        Self { address: address.trim().to_owned(), _program: program }
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` is set to.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// A connection to it.
    pub(crate) async fn connect(&self) -> zbus::Connection {
        let builder = zbus::connection::Builder::address(self.address()).expect("the bus has told it");
        builder.build().await.expect("the bus is there")
    }

    /// Waits until somebody has that name.
    pub(crate) async fn owned(&self, name: &str) {
        let bus = self.connect().await;
        let names = DBusProxy::new(&bus).await.expect("every bus tells names");
        until(name, async || {
            let asked = names.name_has_owner(name.try_into().expect("a test's name")).await;
            asked.is_ok_and(|owned| owned).then_some(())
        })
        .await;
    }
}
