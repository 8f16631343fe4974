//! What every executor promises.

paceline_testkit::conformance!(exec_crossbeam::Crossbeam);
