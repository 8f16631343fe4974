//! Process groups. A child in a group of its own gets no Ctrl-C from the terminal, and is killed with its group.

use std::process::{Child, Command};

/// Gives `command` a group of its own: Ctrl-C in a terminal then reaches the driver alone, which decides.
#[cfg(unix)]
pub(crate) fn set_apart(command: &mut Command) {
    std::os::unix::process::CommandExt::process_group(command, 0);
}

#[cfg(not(unix))]
pub(crate) fn set_apart(_: &mut Command) {}

/// Kills all of the group of `child`, which was [set apart](set_apart) and has not been waited for.
#[cfg(unix)]
pub(crate) fn kill(child: &mut Child) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
        // A group that is gone already is what is wanted.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
pub(crate) fn kill(child: &mut Child) {
    let _ = child.kill();
}
