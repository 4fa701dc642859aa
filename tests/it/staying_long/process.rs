//! What this process takes of the machine, as Linux counts it.

use std::fs;

/// Memory, handles and threads of this process.
#[derive(Clone, Copy, Debug)]
pub(super) struct Usage {
    pub(super) resident_bytes: u64,
    pub(super) handle_count: usize,
    pub(super) thread_count: usize,
}

impl Usage {
    /// What it takes now.
    pub(super) fn now() -> Self {
        let status = fs::read_to_string("/proc/self/status").expect("Linux tells about a process");
        let resident = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("its memory, too");
        let resident_kib: u64 = resident.trim().trim_end_matches(" kB").parse().expect("a number of KiB");
        let entries = |path| fs::read_dir(path).expect("Linux lists what a process has").count();
        Self {
            resident_bytes: resident_kib * 1024,
            handle_count: entries("/proc/self/fd"),
            thread_count: entries("/proc/self/task"),
        }
    }

    /// The most of each; what is only held for a moment shall be in all of them.
    pub(super) fn most_of(usages: &[Self]) -> Self {
        let most = |a: Self, b: Self| Self {
            resident_bytes: a.resident_bytes.max(b.resident_bytes),
            handle_count: a.handle_count.max(b.handle_count),
            thread_count: a.thread_count.max(b.thread_count),
        };
        usages.iter().copied().reduce(most).expect("it was looked at more than once")
    }
}
