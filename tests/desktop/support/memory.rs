//! Memory and processor time of processes, as Linux accounts for them.

use std::fs;
use std::time::Duration;

/// Memory of one or several processes, in KiB.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Memory {
    rss: u64,
    pss: u64,
    private: u64,
}

impl Memory {
    /// That of a process; nothing once it has ended.
    pub(crate) fn of(id: u32) -> Self {
        let rollup = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).unwrap_or_default();
        let line = |name: &str| {
            let value = rollup.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
            value.split_whitespace().next().and_then(|it| it.parse().ok()).unwrap_or(0)
        };
        Self { rss: line("Rss:"), pss: line("Pss:"), private: line("Private_Clean:") + line("Private_Dirty:") }
    }

    /// Both together.
    pub(crate) fn plus(self, other: Self) -> Self {
        Self { rss: self.rss + other.rss, pss: self.pss + other.pss, private: self.private + other.private }
    }

    /// Resident, in MiB.
    pub(crate) fn rss_mib(self) -> u64 {
        self.rss / 1024
    }

    /// Proportional, in MiB.
    pub(crate) fn pss_mib(self) -> u64 {
        self.pss / 1024
    }

    /// Private, in MiB.
    pub(crate) fn private_mib(self) -> u64 {
        self.private / 1024
    }
}

/// Processor time of a process' living threads so far.
pub(crate) fn cpu_time(id: u32) -> Duration {
    let threads = fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    let nanoseconds = threads.filter_map(|thread| {
        let times = fs::read_to_string(thread.path().join("schedstat")).ok()?;
        times.split(' ').next()?.parse::<u64>().ok()
    });
    Duration::from_nanos(nanoseconds.sum())
}
