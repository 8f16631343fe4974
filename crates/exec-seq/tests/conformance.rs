//! What every executor promises.

paceline_testkit::conformance!(paceline_exec_seq::Sequential);
