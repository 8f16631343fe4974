//! What items have started and what would outlive this process.

use paceline_measure::process::kill_with_variable;
use paceline_protocol::CASE_MARK;

/// Kills every process that bears this worker's mark, and none else. A worker without a mark, which
/// nobody drives, kills nothing.
pub(crate) fn kill() {
    if let Some(mark) = std::env::var_os(CASE_MARK) {
        kill_with_variable(CASE_MARK, &mark);
    }
}
