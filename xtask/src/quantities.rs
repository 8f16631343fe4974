//! Durations and percentages as they are typed.

use std::time::Duration;

use jiff::SignedDuration;

/// Reads "90s", "5m", "1h 30m".
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration above zero, such as 90s, 5m or 1h30m");
    let duration: SignedDuration = text.parse().map_err(|_| wanted())?;
    Duration::try_from(duration).ok().filter(|duration| !duration.is_zero()).ok_or_else(wanted)
}

/// Reads a share such as "2%" or "0.5 %" and returns it as a fraction: 0.02, 0.005.
pub(crate) fn percentage(text: &str) -> Result<f64, String> {
    let wanted = || format!("`{text}` is no percentage above 0 and below 100, such as 5%");
    let number = text.trim().strip_suffix('%').ok_or_else(wanted)?;
    let percent: f64 = number.trim().parse().map_err(|_| wanted())?;
    if percent > 0.0 && percent < 100.0 { Ok(percent / 100.0) } else { Err(wanted()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_as_people_write_them() {
        assert_eq!(duration("90s"), Ok(Duration::from_secs(90)));
        assert_eq!(duration("5m"), Ok(Duration::from_secs(300)));
        assert_eq!(duration("1h30m"), Ok(Duration::from_secs(5_400)));
    }

    #[test]
    fn percentages_become_fractions() {
        assert_eq!(percentage("5%"), Ok(0.05));
        assert_eq!(percentage(" 0.5 % "), Ok(0.005));
    }

    #[test]
    fn what_is_out_of_range_or_no_quantity_is_refused() {
        for text in ["", "5", "0%", "100%", "-3%", "NaN%", "inf%", "five%"] {
            assert!(percentage(text).is_err(), "{text}");
        }
        for text in ["", "5", "0s", "-5m", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }
}
