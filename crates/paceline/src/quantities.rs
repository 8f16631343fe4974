//! Counts, durations, percentages and sizes as they are typed.

use std::num::NonZeroUsize;
use std::time::Duration;

use jiff::SignedDuration;
use paceline_driver::load::LatencyLimit;

/// Reads "90s", "5m", "1h 30m".
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let wanted = || format!("`{text}` is no duration above zero, such as 90s, 5m or 1h30m");
    let duration: SignedDuration = text.parse().map_err(|_| wanted())?;
    Duration::try_from(duration).ok().filter(|duration| !duration.is_zero()).ok_or_else(wanted)
}

/// Reads a number of seconds, or a duration with its unit.
pub(crate) fn seconds(text: &str) -> Result<Duration, String> {
    match text.parse::<u32>() {
        Ok(number) if number > 0 => Ok(Duration::from_secs(number.into())),
        _ => duration(text),
    }
}

/// Reads how many of something there may be: a whole number from 1.
pub(crate) fn count(text: &str) -> Result<NonZeroUsize, String> {
    text.trim().parse().map_err(|_| format!("`{text}` is no whole number from 1, such as 8"))
}

/// Reads a share such as "2%" or "0.5 %" and returns it as a fraction: 0.02, 0.005.
pub(crate) fn percentage(text: &str) -> Result<f64, String> {
    let wanted = || format!("`{text}` is no percentage above 0 and below 100, such as 5%");
    let number = text.trim().strip_suffix('%').ok_or_else(wanted)?;
    let percent: f64 = number.trim().parse().map_err(|_| wanted())?;
    if percent > 0.0 && percent < 100.0 { Ok(percent / 100.0) } else { Err(wanted()) }
}

/// The highest rate that is accepted, in arrivals per second: one each microsecond.
const HIGHEST_RATE: f64 = 1e6;

/// Reads a rate such as "500/s", "500" or "30/min" and returns it per second.
pub(crate) fn rate(text: &str) -> Result<f64, String> {
    let wanted = || format!("`{text}` is no rate up to 1000000/s, such as 500/s or 30/min");
    let (number, seconds) = match text.trim().split_once('/') {
        None => (text, 1.0),
        Some((number, "s")) => (number, 1.0),
        Some((number, "min")) => (number, 60.0),
        Some(_) => return Err(wanted()),
    };
    let per_s = number.trim().parse::<f64>().map_err(|_| wanted())? / seconds;
    if (0.001..=HIGHEST_RATE).contains(&per_s) { Ok(per_s) } else { Err(wanted()) }
}

/// Reads a limit of latency such as "p99=50ms" or "max=1s".
pub(crate) fn latency_limit(text: &str) -> Result<LatencyLimit, String> {
    let wanted =
        || format!("`{text}` is no limit of latency: p50, p90, p99, p99.9 or max, as in p99=50ms");
    let (name, limit) = text.split_once('=').ok_or_else(wanted)?;
    let quantile = match name.trim() {
        "p50" => 0.5,
        "p90" => 0.9,
        "p99" => 0.99,
        "p99.9" => 0.999,
        "max" => 1.0,
        _ => return Err(wanted()),
    };
    Ok(LatencyLimit { quantile, limit: duration(limit.trim()).map_err(|_| wanted())? })
}

/// The units of sizes in lower case. `64M` is in none of them, since some mean 10^6 by it and some 2^20.
const UNITS: [(&str, u64); 9] = [
    ("b", 1),
    ("kb", 1_000),
    ("mb", 1_000_000),
    ("gb", 1_000_000_000),
    ("tb", 1_000_000_000_000),
    ("kib", 1 << 10),
    ("mib", 1 << 20),
    ("gib", 1 << 30),
    ("tib", 1 << 40),
];

/// Reads a size such as "64MiB", "1.5 GiB" or "500MB" and returns whole bytes, rounded down. The unit
/// may be in upper or lower case: no size is counted in bits.
pub(crate) fn bytes(text: &str) -> Result<u64, String> {
    let wanted =
        || format!("`{text}` is no size of a byte or more, such as 64MiB, 1.5 GiB or 500MB");
    let text = text.trim();
    let is_of_number = |character: char| character.is_ascii_digit() || character == '.';
    let end = text.find(|character| !is_of_number(character)).ok_or_else(wanted)?;
    let (number, unit) = (&text[..end], text[end..].trim_start().to_ascii_lowercase());
    let (_, size) = UNITS.iter().find(|(name, _)| *name == unit).ok_or_else(wanted)?;
    let bytes = number.parse::<f64>().map_err(|_| wanted())? * *size as f64;
    // From 2^64 on, a conversion would saturate.
    if bytes >= 1.0 && bytes < u64::MAX as f64 { Ok(bytes as u64) } else { Err(wanted()) }
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
    fn a_count_is_a_whole_number_from_one_and_what_is_none_is_refused_in_plain_words() {
        assert_eq!(count(" 16 ").map(NonZeroUsize::get), Ok(16));
        for text in ["", "0", "-1", "a", "1.5", "99999999999999999999999"] {
            assert_eq!(count(text), Err(format!("`{text}` is no whole number from 1, such as 8")));
        }
    }

    #[test]
    fn percentages_become_fractions() {
        assert_eq!(percentage("5%"), Ok(0.05));
        assert_eq!(percentage(" 0.5 % "), Ok(0.005));
    }

    #[test]
    fn rates_are_per_second_and_limits_name_their_percentile() {
        assert_eq!(rate("500/s"), Ok(500.0));
        assert_eq!(rate("2.5"), Ok(2.5));
        assert_eq!(rate("30/min"), Ok(0.5));
        for text in ["", "0", "-5/s", "5/h", "NaN", "inf", "2000000/s", "/s", "fast"] {
            assert!(rate(text).is_err(), "{text}");
        }
        let limit = LatencyLimit { quantile: 0.99, limit: Duration::from_millis(50) };
        assert_eq!(latency_limit("p99=50ms"), Ok(limit));
        for text in ["", "p99", "p98=50ms", "p99=0s", "p99=50", "50ms=p99"] {
            assert!(latency_limit(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_become_whole_bytes() {
        assert_eq!(bytes("64MiB"), Ok(64 << 20));
        assert_eq!(bytes(" 1.5 GiB "), Ok(3 << 29));
        assert_eq!(bytes("500MB"), Ok(500_000_000));
        assert_eq!(bytes("0.0015kb"), Ok(1));
        assert_eq!(bytes("1B"), Ok(1));
        assert_eq!(bytes("8388607 tib"), Ok(8_388_607 << 40));
        for (unit, size) in UNITS {
            assert_eq!(bytes(&format!("3{unit}")), Ok(3 * size), "{unit}");
            assert_eq!(bytes(&format!("3 {}", unit.to_uppercase())), Ok(3 * size), "{unit}");
        }
    }

    #[test]
    fn what_is_out_of_range_or_no_quantity_is_refused() {
        for text in ["", "5", "0%", "100%", "-3%", "NaN%", "inf%", "five%"] {
            assert!(percentage(text).is_err(), "{text}");
        }
        for text in ["", "5", "0s", "-5m", "soon"] {
            assert!(duration(text).is_err(), "{text}");
        }
        let sizes = ["", "64", "64M", "64 Mi", "MiB", ".", "-1MB", "1e3MB", "1,5GB", "1.2.3MB"];
        for text in sizes.into_iter().chain(["0MiB", "0.4B", "16777216TiB", "infMB", "5 µB"]) {
            assert!(bytes(text).is_err(), "{text}");
        }
    }
}
