//! Which records meet a fault.

use std::collections::HashMap;

use paceline_api::Remote;
use paceline_protocol::service::Faults;

/// What goes wrong with a GET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Error,
    Reset,
    Truncated,
    Stall,
}

/// The records of `1..=records` that meet a fault. Each kind takes its exact share, rounded to whole
/// records, from an order drawn by lot; what is asked beyond all of them is not there to be taken.
///
/// # Errors
///
/// In words, when a share is no fraction.
pub(crate) fn choose(
    remote: &Remote,
    records: u32,
    faults: &Faults,
) -> Result<HashMap<u64, Fault>, String> {
    let shares = [
        ("errors", faults.errors, Fault::Error),
        ("resets", faults.resets, Fault::Reset),
        ("truncated", faults.truncated, Fault::Truncated),
        ("stalls", faults.stalls, Fault::Stall),
    ];
    if let Some((name, share, _)) = shares.iter().find(|(_, s, _)| !(0.0..=1.0).contains(s)) {
        return Err(format!("`{name}` is a fraction from 0 to 1, not {share}"));
    }
    if shares.iter().all(|(_, share, _)| *share == 0.0) {
        return Ok(HashMap::new());
    }
    let mut ids: Vec<u64> = (1..=u64::from(records)).collect();
    ids.sort_by_cached_key(|id| remote.lot(*id));
    let kinds = shares.iter().flat_map(|(_, share, fault)| {
        let count = (share * f64::from(records)).round() as usize;
        std::iter::repeat_n(*fault, count)
    });
    Ok(ids.into_iter().zip(kinds).collect())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn chosen(seed: u64, records: u32, faults: Faults) -> HashMap<u64, Fault> {
        let remote = Remote::new(seed, Duration::ZERO).unwrap();
        choose(&remote, records, &faults).unwrap()
    }

    #[test]
    fn a_share_is_exactly_that_many_records_and_no_record_meets_two_faults() {
        let faults = Faults { errors: 0.01, resets: 0.02, stalls: 0.5, ..Faults::default() };
        let chosen = chosen(3, 500, faults);
        let count = |fault| chosen.values().filter(|each| **each == fault).count();
        assert_eq!(count(Fault::Error), 5);
        assert_eq!(count(Fault::Reset), 10);
        assert_eq!(count(Fault::Truncated), 0);
        assert_eq!(count(Fault::Stall), 250);
        assert!(chosen.keys().all(|id| (1..=500).contains(id)));
    }

    #[test]
    fn the_seed_decides_which_records() {
        let faults = Faults { errors: 0.1, ..Faults::default() };
        assert_eq!(chosen(1, 100, faults), chosen(1, 100, faults));
        assert_ne!(chosen(1, 100, faults), chosen(2, 100, faults));
    }

    #[test]
    fn a_share_outside_of_a_fraction_is_refused_by_its_name() {
        let remote = Remote::new(1, Duration::ZERO).unwrap();
        for share in [-0.1, 1.1, f64::NAN] {
            let faults = Faults { truncated: share, ..Faults::default() };
            let reason = choose(&remote, 10, &faults).unwrap_err();
            assert!(reason.contains("`truncated`"), "{reason}");
        }
    }
}
