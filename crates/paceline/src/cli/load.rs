//! The arguments of `cargo xtask bench` for items that arrive on schedule.

use std::time::Duration;

use clap::Args;

use paceline_driver::load::{LatencyLimit, Load};

use crate::quantities::{duration, latency_limit, rate};

/// Open loop: at which rate items arrive, and for how long.
#[derive(Debug, Args)]
pub(crate) struct LoadArgs {
    /// Open loop: have items arrive at this rate, such as 500/s, whatever becomes of those before, and
    /// count latency from the arrival. With --find-rate, the highest rate that is tried
    #[arg(long, value_name = "RATE", value_parser = rate,
          conflicts_with_all = ["vs", "resume", "precision"])]
    pub(crate) rate: Option<f64>,
    /// With --rate or --find-rate: how long items arrive [default: 10s; of each rate
    /// that is tried 3s, or longer where the limit is beyond 140 ms]
    #[arg(long = "for", value_name = "TIME", value_parser = duration)]
    pub(crate) arrive_for: Option<Duration>,
    /// Find the highest rate at which each row holds this limit of latency, such as p99=50ms
    #[arg(long, value_name = "LIMIT", value_parser = latency_limit,
          conflicts_with_all = ["vs", "resume", "rounds", "budget", "precision", "min_rounds",
                                "memory_rounds"])]
    pub(crate) find_rate: Option<LatencyLimit>,
}

impl LoadArgs {
    /// What was typed, as the driver takes it.
    pub(crate) fn load(&self) -> Load {
        Load { rate: self.rate, find_rate: self.find_rate, arrive_for: self.arrive_for }
    }
}
