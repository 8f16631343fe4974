use super::{Counters, NoiseProbe, Pressure, SystemCpu, Throttling, difference, fastest_core_hz};
use crate::cpu::CpuTimes;
use paceline_protocol::{Noise, PressureScope};

/// A reading when the machine had worked so long, and children that are gone for 5 ns of it.
fn counters(busy_ns: u64, others: u64) -> Counters {
    Counters {
        at: None,
        cpu: Some(SystemCpu { busy_ns, steal_ns: Some(others) }),
        children: Some(CpuTimes { user_ns: 4, system_ns: 1 }),
        throttling: Some(Throttling { periods: others, waited_ns: 2 * others }),
        pressure: Some(Pressure { some_ns: 3 * others, scope: PressureScope::System }),
        frequency_hz: Some(others),
    }
}

#[test]
fn every_counter_is_told_as_its_growth_and_frequencies_as_they_were() {
    let children = Some(CpuTimes { user_ns: 504, system_ns: 101 });
    let after = Counters { children, ..counters(1_900, 15) };
    let noise = difference(&counters(1_000, 10), &after);
    let expected = Noise {
        window_ns: None,
        steal_ns: Some(5),
        throttled_ns: Some(10),
        throttled_periods: Some(5),
        cpu_pressure_ns: Some(15),
        cpu_pressure_scope: Some(PressureScope::System),
        others_cpu_ns: Some(300),
        frequency_before_hz: Some(10),
        frequency_after_hz: Some(15),
    };
    assert_eq!(noise, expected);
}

#[test]
fn the_window_is_the_time_between_both_readings() {
    let noise = NoiseProbe::start().finish();
    assert!(noise.window_ns.is_some_and(|window_ns| window_ns > 0));
}

#[test]
fn a_negative_rest_is_shown_and_not_clamped() {
    let children = Some(CpuTimes { user_ns: 914, system_ns: 1 });
    let after = Counters { children, ..counters(1_900, 0) };
    let noise = difference(&counters(1_000, 0), &after);
    assert_eq!(noise.others_cpu_ns, Some(-10));
}

#[test]
fn without_the_time_of_children_that_of_others_is_absent() {
    let after = Counters { children: None, ..counters(1_900, 0) };
    let noise = difference(&counters(1_000, 0), &after);
    assert_eq!(noise.others_cpu_ns, None);
}

#[test]
fn a_counter_that_ran_backwards_is_absent() {
    let noise = difference(&counters(1_000, 10), &counters(1_000, 9));
    assert_eq!((noise.steal_ns, noise.throttled_ns, noise.cpu_pressure_ns), (None, None, None));
}

#[test]
fn pressures_of_different_scopes_have_no_difference() {
    let mut after = counters(1_000, 20);
    after.pressure = Some(Pressure { some_ns: 99, scope: PressureScope::Cgroup });
    let noise = difference(&counters(1_000, 10), &after);
    assert_eq!((noise.cpu_pressure_ns, noise.cpu_pressure_scope), (None, None));
}

#[test]
fn what_no_kernel_file_shows_is_absent_in_the_journal_too() {
    let blind = Counters {
        at: None,
        cpu: None,
        children: None,
        throttling: None,
        pressure: None,
        frequency_hz: None,
    };
    let noise = difference(&blind, &blind);
    assert_eq!(noise, Noise::default());
    let text = serde_json::to_string(&noise).unwrap();
    assert!(!text.contains('0'), "an absent fact became a zero in {text}");
}

#[test]
fn the_fastest_core_is_told_in_hertz() {
    let sysfs = tempfile::tempdir().unwrap();
    assert_eq!(fastest_core_hz(sysfs.path()), None);
    for (policy, khz) in [(0, "800000\n"), (1, "3400000\n")] {
        let folder = sysfs.path().join(format!("devices/system/cpu/cpufreq/policy{policy}"));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("scaling_cur_freq"), khz).unwrap();
    }
    assert_eq!(fastest_core_hz(sysfs.path()), Some(3_400_000_000));
}
