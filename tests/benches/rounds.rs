//! Several ways of doing the same, timed in turn, so that what slows the machine down slows all of them.

use std::time::Duration;

use cpu_time::ProcessTime;

/// How often each way is timed, after one time that does not count.
const ROUNDS: usize = 7;

/// CPU time of the whole process for each way and round, in microseconds a message.
pub(crate) struct Rounds {
    /// One line a way, in the order given; one column a round.
    cpu_us: Vec<Vec<f64>>,
}

impl Rounds {
    /// Runs every way once a round; each goes through all `messages` and gives the CPU time of that.
    pub(crate) fn of(messages: u64, ways: &mut [&mut dyn FnMut() -> Duration]) -> Self {
        let mut cpu_us = vec![Vec::new(); ways.len()];
        for round in 0..=ROUNDS {
            for (way, times) in ways.iter_mut().zip(&mut cpu_us) {
                let spent = way();
                if round > 0 {
                    times.push(spent.as_secs_f64() * 1e6 / messages as f64);
                }
            }
        }
        Self { cpu_us }
    }

    /// The median time of that way, in microseconds a message.
    pub(crate) fn cpu_us(&self, way: usize) -> f64 {
        median(self.cpu_us[way].clone())
    }

    /// How many times as long as the first way that way took, in the middle of all rounds.
    pub(crate) fn ratio_to_first(&self, way: usize) -> f64 {
        self.ratio(way, 0)
    }

    /// How many times as long as the other way that way took, in the middle of all rounds.
    pub(crate) fn ratio(&self, way: usize, other: usize) -> f64 {
        median(self.cpu_us[way].iter().zip(&self.cpu_us[other]).map(|(one, other)| one / other).collect())
    }
}

/// CPU time that a deed costs the whole process.
pub(crate) fn cpu_time(deed: impl FnOnce()) -> Duration {
    let start = ProcessTime::now();
    deed();
    start.elapsed()
}

/// The middle one of these numbers.
pub(crate) fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers[numbers.len() / 2]
}
