//! The facts of the host that runs the tests. What they are is not known here, only what must hold.

use paceline_measure::usable_cores;
use paceline_protocol::HostFacts;

#[test]
fn facts_agree_with_each_other() {
    let facts = paceline_measure::host::facts();
    assert_eq!(facts.os, std::env::consts::OS);
    assert!(facts.usable_cores >= 1);
    assert_eq!(facts.usable_cores, usable_cores());
    assert!(facts.logical_cores.is_none_or(|all| all >= facts.usable_cores));
    let memory = facts.available_memory_bytes.zip(facts.total_memory_bytes);
    assert!(memory.is_none_or(|(available, total)| 0 < available && available <= total));
    assert!(facts.open_files.is_none_or(|limit| limit.soft <= limit.hard));
}

#[test]
fn facts_survive_the_way_through_a_journal() {
    let facts = paceline_measure::host::facts();
    let text = serde_json::to_string(&facts).unwrap();
    assert_eq!(serde_json::from_str::<HostFacts>(&text).unwrap(), facts);
}

#[test]
#[cfg(target_os = "linux")]
fn linux_shows_what_every_linux_has() {
    use paceline_measure::available_memory_bytes;
    use paceline_protocol::Ceiling;

    let facts = paceline_measure::host::facts();
    assert!(facts.kernel_release.is_some());
    assert!(facts.logical_cores.is_some());
    assert!(available_memory_bytes().is_some());
    assert!(facts.load_average.is_some());
    assert_ne!(facts.open_files.unwrap().soft, Ceiling::At(0));
}
