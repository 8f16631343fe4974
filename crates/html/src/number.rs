//! Numbers as people read them.

/// A time in seconds with three significant digits and the unit that suits it.
pub(crate) fn time(seconds: f64) -> String {
    let (value, unit) = match seconds.abs() {
        small if small < 0.999_5e-6 => (seconds * 1e9, "ns"),
        small if small < 0.999_5e-3 => (seconds * 1e6, "µs"),
        small if small < 0.999_5 => (seconds * 1e3, "ms"),
        _ => (seconds, "s"),
    };
    format!("{} {unit}", three_digits(value))
}

/// A time on an axis, where ticks are round: no digits that say nothing.
pub(crate) fn tick_time(seconds: f64) -> String {
    if seconds == 0.0 {
        return "0".to_owned();
    }
    let text = time(seconds);
    let Some((value, unit)) = text.split_once(' ') else { return text };
    format!("{} {unit}", trimmed(value))
}

/// Bytes as MiB or GiB with three significant digits.
pub(crate) fn size(bytes: f64) -> String {
    let mib = bytes / f64::from(1 << 20);
    match mib {
        small if small < 0.999_5 => format!("{} KiB", three_digits(mib * 1024.0)),
        small if small < 1023.5 => format!("{} MiB", three_digits(mib)),
        _ => format!("{} GiB", three_digits(mib / 1024.0)),
    }
}

/// A size on an axis.
pub(crate) fn tick_size(bytes: f64) -> String {
    let text = size(bytes);
    let Some((value, unit)) = text.split_once(' ') else { return text };
    format!("{} {unit}", trimmed(value))
}

/// A number with three significant digits, never in powers of ten.
pub(crate) fn three_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return "0".to_owned();
    }
    // Rounded first: 0.9997 is 1.00, which has one digit before its point.
    let rounded = format!("{value:.2e}").parse().unwrap_or(value);
    let before_point = f64::abs(rounded).log10().floor() as i32 + 1;
    let decimals = (3 - before_point).clamp(0, 6) as usize;
    format!("{value:.decimals$}")
}

/// A share as percent: two digits where that says something.
pub(crate) fn percent(share: f64) -> String {
    let percent = share * 100.0;
    match percent.abs() {
        small if small < 9.95 => format!("{percent:.1} %"),
        _ => format!("{percent:.0} %"),
    }
}

/// A coordinate in SVG: a tenth of a pixel is finer than any screen.
pub(crate) fn px(value: f64) -> String {
    let text = format!("{value:.1}");
    match text.strip_suffix(".0") {
        Some("-0") => "0".to_owned(),
        Some(whole) => whole.to_owned(),
        None => text,
    }
}

/// A path through these corners.
pub(crate) fn polyline(corners: &[(f64, f64)]) -> String {
    let corners: Vec<String> =
        corners.iter().map(|(x, y)| format!("{} {}", px(*x), px(*y))).collect();
    match corners.is_empty() {
        true => String::new(),
        false => format!("M{}", corners.join("L")),
    }
}

/// "1 row", "2 rows".
pub(crate) fn count(number: usize, one: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {one}s", thousands(number as u64)) }
}

/// A whole number with its thousands apart.
pub(crate) fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let groups: Vec<&str> =
        digits.as_bytes().rchunks(3).rev().filter_map(|g| std::str::from_utf8(g).ok()).collect();
    groups.join(",")
}

fn trimmed(value: &str) -> &str {
    match value.contains('.') {
        true => value.trim_end_matches('0').trim_end_matches('.'),
        false => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_a_unit_that_suits_them() {
        let shown = [21.92, 1.0347, 0.066_12, 0.999_7, 0.000_042, 3e-9, 0.0].map(time);
        assert_eq!(shown, ["21.9 s", "1.03 s", "66.1 ms", "1.00 s", "42.0 µs", "3.00 ns", "0 ns"]);
    }

    #[test]
    fn ticks_have_no_empty_digits() {
        assert_eq!([0.0, 0.01, 0.2, 50.0].map(tick_time), ["0", "10 ms", "200 ms", "50 s"]);
        assert_eq!([1048576.0, 2147483648.0].map(tick_size), ["1 MiB", "2 GiB"]);
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!([1.0, -0.01, 2.25].map(px), ["1", "0", "2.2"]);
    }
}
