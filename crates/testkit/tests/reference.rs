//! The suite can be passed: executors that keep every promise pass every check.

mod pool {
    paceline_testkit::conformance!(paceline_testkit::reference::SOUND_POOL);
}

mod cooperative {
    paceline_testkit::conformance!(paceline_testkit::reference::SOUND_COOPERATIVE);
}
