//! The lives that the simulator can play, by name.

/// A kind of live.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scenario {
    /// A few dozen viewers; endless.
    SmallLive,
    /// A live of 1 000 viewers; endless.
    Typical,
    /// About 250 messages a second in 20 frames; endless.
    Busy,
    /// Bursts of rose combos by hundreds of viewers at once; endless.
    RaidOfRoses,
    /// A match to its end, with gifts pouring in during the last seconds.
    BattleFinish,
    /// Combos that never end, end twice, or count out of order.
    MissingEnds,
    /// A connection that breaks in the middle of a combo and comes back.
    ReconnectInCombo,
    /// Each event type at least once, with names and messages as odd as they come.
    Everything,
}

impl Scenario {
    /// Every scenario, the calmest first.
    pub const ALL: &'static [Self] = &[
        Self::SmallLive,
        Self::Typical,
        Self::Busy,
        Self::RaidOfRoses,
        Self::BattleFinish,
        Self::MissingEnds,
        Self::ReconnectInCombo,
        Self::Everything,
    ];

    /// The name on the command line, after `simulator:`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SmallLive => "small-live",
            Self::Typical => "typical",
            Self::Busy => "busy",
            Self::RaidOfRoses => "raid-of-roses",
            Self::BattleFinish => "battle-finish",
            Self::MissingEnds => "missing-ends",
            Self::ReconnectInCombo => "reconnect-in-combo",
            Self::Everything => "everything",
        }
    }

    /// The scenario of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|scenario| scenario.name() == name)
    }

    /// Whether it goes on until it is stopped.
    #[must_use]
    pub fn is_endless(self) -> bool {
        match self {
            Self::SmallLive | Self::Typical | Self::Busy | Self::RaidOfRoses => true,
            Self::BattleFinish | Self::MissingEnds | Self::ReconnectInCombo | Self::Everything => false,
        }
    }
}
