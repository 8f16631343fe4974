//! Where the randomness of a record comes from.

use paceline_core::Checksum;
use rand_pcg::Pcg32;

/// A generator of its own for one purpose of one record.
///
/// Its state is the xxh3 hash of seed, record and purpose, which makes it as good as a counter-based
/// generator: it can be had in any order and by any process, and no draw shifts another, as it would
/// with one generator that all records share. PCG32 (O'Neill: "PCG: a family of simple fast
/// space-efficient statistically good algorithms for random number generation", 2014) has an output
/// fixed by its publication, as xxh3 has.
pub(crate) fn stream(seed: u64, id: u64, purpose: Stream) -> Pcg32 {
    let key = [seed, id, purpose as u64].map(u64::to_le_bytes);
    Pcg32::new(Checksum::of(key.as_flattened()).0, purpose as u64)
}

/// What a generator is for. The numbers enter the hash, so they must never be given anew.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Stream {
    /// How long the answer to a GET takes.
    GetLatency = 0,
    /// How long the answer to a PUT takes.
    PutLatency = 1,
    /// The person that a GET returns.
    Person = 2,
    /// The company that a PUT sets.
    Company = 3,
    /// Where the record stands in an order drawn by lot.
    Lot = 4,
}
