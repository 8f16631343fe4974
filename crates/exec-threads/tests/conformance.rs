//! What every executor promises, for each pool.

mod threadpool {
    paceline_testkit::conformance!(paceline_exec_threads::Threadpool);
}

mod rayon {
    paceline_testkit::conformance!(paceline_exec_threads::Rayon);
}
