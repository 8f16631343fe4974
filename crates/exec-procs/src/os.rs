//! Every call to the operating system that the standard library does not make for us, with what is
//! done where a system has no such call.

use std::fs::File;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

use paceline_core::SOCKET_FOLDER;

use crate::error::PoolError;

#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) mod socket;

/// The executable that runs now, in a form that still starts it after its file was replaced or
/// deleted. Elsewhere than on Linux only the path is known, and the build id tells a replaced file.
pub(crate) fn own_executable() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        // The child resolves this link between fork and exec, when it still is this executable.
        Ok(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe()
    }
}

/// A number that two processes share only when they run the same file: its device, inode and length,
/// where there are such things. It costs one call, whereas a hash of the contents would cost more than
/// starting the child.
pub(crate) fn build_id() -> io::Result<u64> {
    build_id_of(&own_executable()?)
}

fn build_id_of(executable: &Path) -> io::Result<u64> {
    let file = std::fs::metadata(executable)?;
    let mut hash = DefaultHasher::new();
    env!("CARGO_PKG_VERSION").hash(&mut hash);
    file.len().hash(&mut hash);
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // A file cannot be written while it runs, and its inode is not given away before it ends.
        (file.dev(), file.ino()).hash(&mut hash);
    }
    #[cfg(not(unix))]
    file.modified()?.hash(&mut hash);
    Ok(hash.finish())
}

/// Keeps the signals of a terminal from a child: the parent decides what an interruption means for
/// items in work. Windows sends them to the whole console; its children end with the parent's channel.
pub(crate) fn set_apart(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Whether a child has ended. It is not waited for by that, so that its number stays its own.
#[cfg(any(test, not(all(unix, not(target_os = "macos")))))]
pub(crate) fn has_ended(child: &mut Child) -> bool {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let look = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        let pid = Pid::from_raw(child.id().cast_signed());
        pid.is_some_and(|pid| matches!(waitid(WaitId::Pid(pid), look), Ok(Some(_))))
    }
    #[cfg(not(unix))]
    child.try_wait().is_ok_and(|status| status.is_some())
}

/// Kills a child that was [set apart](set_apart) with the programs that its items have started: nobody
/// else would end those. It may have ended, but must not have been waited for: until then its group's
/// number is its own, and afterwards may be someone else's.
pub(crate) fn kill_group(child: &mut Child) {
    #[cfg(unix)]
    {
        use rustix::process::{Pid, Signal, kill_process_group};

        if let Some(group) = Pid::from_raw(child.id().cast_signed()) {
            // The only error is that all of it has ended.
            let _ = kill_process_group(group, Signal::KILL);
        }
    }
    // The only error is that it has ended.
    let _ = child.kill();
}

/// A thread as the one whose children the kernel can list.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mother {
    #[cfg(target_os = "linux")]
    thread: rustix::process::Pid,
}

impl Mother {
    /// The calling thread.
    pub(crate) fn this_thread() -> Self {
        Self {
            #[cfg(target_os = "linux")]
            thread: rustix::thread::gettid(),
        }
    }

    /// Kills what the thread is just spawning. It waits in the kernel until its child is another program,
    /// and a child that is stopped before that has a number which only the kernel knows. Elsewhere than on
    /// Linux such a child is waited for. Source: proc(5), /proc/pid/task/tid/children.
    pub(crate) fn kill_newborn(self) {
        #[cfg(target_os = "linux")]
        {
            use rustix::process::{Pid, Signal, kill_process};
            let list = format!("/proc/self/task/{}/children", self.thread);
            let children = std::fs::read_to_string(list).unwrap_or_default();
            let pids = children.split_ascii_whitespace().filter_map(|pid| pid.parse().ok());
            pids.filter_map(Pid::from_raw).for_each(|pid| {
                // The only error is that it has ended.
                let _ = kill_process(pid, Signal::KILL);
            });
        }
    }
}

/// Has the kernel kill this process when the thread that spawned it ends, be it stopped or not. Where
/// there is no such call, a child ends when it sees its channel closed, which takes a running child.
pub(crate) fn die_with_parent() {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        use rustix::process::{Signal, set_parent_process_death_signal};
        // A refusal leaves the closed channel, as elsewhere.
        let _ = set_parent_process_death_signal(Some(Signal::KILL));
    }
}

/// What this process reads from its parent. An item that reads standard input finds its end at once,
/// where the system lets one file stand in for another.
pub(crate) fn take_stdin() -> io::Result<impl io::Read + Send + 'static> {
    #[cfg(unix)]
    {
        use std::os::fd::AsFd;
        let taken = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        rustix::stdio::dup2_stdin(File::open("/dev/null")?)?;
        Ok(taken)
    }
    #[cfg(not(unix))]
    Ok(io::stdin())
}

/// A file without a name, for what a child writes before it is ready: in memory where there is such a
/// thing, since a place in a folder costs several times as much, else in `folder`.
pub(crate) fn nameless_file(folder: &Path) -> io::Result<File> {
    #[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
    {
        use rustix::fs::{MemfdFlags, memfd_create};
        if let Ok(file) = memfd_create("paceline-first-words", MemfdFlags::CLOEXEC) {
            return Ok(file.into());
        }
    }
    tempfile::tempfile_in(folder)
}

/// Makes standard error of this process what its standard output is. Without such a call, standard
/// error goes where it went at the start.
pub(crate) fn point_stderr_at_stdout() {
    #[cfg(unix)]
    // A refusal only leaves later messages in the file for the first ones.
    let _ = rustix::stdio::dup2_stderr(io::stdout());
}

/// Whether processes meet at the path of a socket. Mach ports and named pipes are elsewhere.
pub(crate) const DOORS_ARE_SOCKETS: bool = cfg!(all(unix, not(target_os = "macos")));

/// Sees to it that `lanes` children can be started: raises the soft limit of file descriptors to the
/// hard one, and refuses before anything is begun when a limit is too low all the same.
pub(crate) fn provide_for(lanes: usize) -> Result<(), PoolError> {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit};
        // A refusal shows in the count.
        let have = paceline_core::raise_open_files();
        let need = open_files() + FILES_IN_RESERVE + lanes * FILES_PER_LANE;
        within(lanes, "file descriptors", need, "RLIMIT_NOFILE", have)?;
        // The limit counts threads: two in each child, one lane here.
        let have = getrlimit(Resource::Nproc).current;
        within(lanes, "processes and threads", 1 + 3 * lanes, "RLIMIT_NPROC", have)?;
    }
    #[cfg(not(unix))]
    let _ = lanes;
    Ok(())
}

/// While a lane starts: the child's standard input and first messages, its door with the two ends of a
/// channel and the handle on it, and four that come and go. Afterwards it keeps three.
#[cfg(unix)]
const FILES_PER_LANE: usize = 10;
/// For messages in fragments, which take two at each end, and for what else the process does.
#[cfg(unix)]
const FILES_IN_RESERVE: usize = 32;

#[cfg(unix)]
fn within(
    lanes: usize,
    what: &'static str,
    need: usize,
    limit: &'static str,
    have: Option<u64>,
) -> Result<(), PoolError> {
    let need = need as u64;
    match have {
        Some(have) if have < need => Err(PoolError::TooFew { lanes, what, need, limit, have }),
        _ => Ok(()),
    }
}

/// The stack of a lane's thread in MiB: the standard library's default.
pub(crate) const STACK_MIB: usize = 2;

/// Refuses, before anything starts, if the stacks of `lanes` threads do not fit into the address space. What
/// else a lane needs is not known beforehand, and a process whose address space runs out aborts.
pub(crate) fn provide_stacks_for(lanes: usize) -> Result<(), PoolError> {
    #[cfg(unix)]
    if let Some(have) = paceline_core::address_space_bytes() {
        let need = address_space_mib() + lanes * STACK_MIB;
        within(lanes, "MiB of address space", need, "RLIMIT_AS", Some(have >> 20))?;
    }
    #[cfg(not(unix))]
    let _ = lanes;
    Ok(())
}

/// How much address space this process uses; 0 where the system does not say. Source: proc(5),
/// /proc/pid/status.
#[cfg(unix)]
fn address_space_mib() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let size = status.lines().find_map(|line| line.strip_prefix("VmSize:"));
    let kib = size.and_then(|size| size.trim().strip_suffix(" kB")?.parse::<usize>().ok());
    kib.unwrap_or(0) >> 10
}

/// How many file descriptors this process has open, where that can be seen; else a fair guess.
#[cfg(unix)]
fn open_files() -> usize {
    const GUESS: usize = 64;
    std::fs::read_dir("/dev/fd").map_or(GUESS, Iterator::count)
}

/// A folder for the sockets that children connect to: the one that the driver made, else the folder for
/// temporary files. If its path is too long for a socket's address, or nothing can be made there, another one.
pub(crate) fn socket_folder() -> Result<PathBuf, PoolError> {
    let folder = std::env::var_os(SOCKET_FOLDER).map_or_else(std::env::temp_dir, PathBuf::from);
    let Err(reason) = try_socket_folder(&folder) else { return Ok(folder) };
    let other = ["/tmp", "/var/tmp", "/dev/shm"]
        .into_iter()
        .map(PathBuf::from)
        .find(|other| try_socket_folder(other).is_ok());
    other.ok_or(PoolError::SocketFolder { folder, reason })
}

fn try_socket_folder(folder: &Path) -> Result<(), String> {
    /// "/.paceline-", sixteen digits, and a closing zero.
    const APPENDED_BYTES: usize = 28;
    /// The smallest size that a socket's address has on these systems; Linux has four more.
    const ADDRESS_BYTES: usize = 104;
    let length = folder.as_os_str().len();
    if DOORS_ARE_SOCKETS && length + APPENDED_BYTES > ADDRESS_BYTES {
        let most = ADDRESS_BYTES - APPENDED_BYTES;
        return Err(format!("its path has {length} bytes; a socket's folder may have {most}"));
    }
    if folder.to_str().is_none() {
        return Err("its path is not Unicode, which ipc-channel asks for".to_owned());
    }
    // A file without a name shows as much as a socket would, and cannot stay behind.
    tempfile::tempfile_in(folder).map(drop).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_serves_for_sockets_only_if_it_can_be_written_to_and_its_path_is_short() {
        let folder = tempfile::tempdir().expect("tests have a temporary folder");
        assert_eq!(try_socket_folder(folder.path()), Ok(()));
        assert!(try_socket_folder(&folder.path().join("missing")).is_err());

        let long = folder.path().join("x".repeat(100));
        std::fs::create_dir(&long).expect("the temporary folder can be written to");
        let reason = try_socket_folder(&long).expect_err("the path is too long");
        assert!(reason.contains("bytes"), "{reason}");
    }

    #[cfg(unix)]
    #[test]
    fn too_low_a_limit_is_named_with_what_is_needed_and_what_there_is() {
        assert!(within(8, "file descriptors", 100, "RLIMIT_NOFILE", Some(100)).is_ok());
        assert!(within(8, "file descriptors", 100, "RLIMIT_NOFILE", None).is_ok());
        let error = within(8, "file descriptors", 100, "RLIMIT_NOFILE", Some(99));
        assert_eq!(
            error.expect_err("99 are too few").to_string(),
            "find room for 8 children: they take 100 file descriptors, RLIMIT_NOFILE allows 99"
        );
    }

    #[test]
    fn a_process_is_its_own_build_and_a_copy_of_its_file_is_another() {
        let folder = tempfile::tempdir().expect("tests have a temporary folder");
        let own = std::env::current_exe().expect("tests are files");
        let copy = folder.path().join("copy");
        std::fs::copy(&own, &copy).expect("the temporary folder can be written to");
        let [own, copy] = [own, copy].map(|path| build_id_of(&path).expect("it is a file"));
        assert_eq!(build_id().expect("tests are files"), own);
        assert_ne!(copy, own);
    }

    #[test]
    #[cfg(unix)]
    fn what_a_child_has_started_is_killed_with_it() {
        let (mut child, program) = shell("sleep 100 & echo; wait");
        kill_group(&mut child);
        child.wait().expect("it has ended");
        assert_ends(program);
    }

    #[test]
    #[cfg(unix)]
    fn what_a_child_has_started_is_killed_although_the_child_ended_by_itself() {
        let (mut child, program) = shell("sleep 100 & echo");
        while !has_ended(&mut child) {
            std::thread::yield_now();
        }
        kill_group(&mut child);
        child.wait().expect("it has ended");
        assert_ends(program);
    }

    /// A shell that was set apart and has said by a line that its program runs, which holds its output too.
    #[cfg(unix)]
    fn shell(script: &str) -> (Child, std::process::ChildStdout) {
        use std::io::Read as _;
        let mut command = Command::new("sh");
        command.args(["-c", script]).stdout(std::process::Stdio::piped());
        set_apart(&mut command);
        let mut child = command.spawn().expect("a shell");
        let mut stdout = child.stdout.take().expect("a pipe");
        stdout.read_exact(&mut [0]).expect("both run");
        (child, stdout)
    }

    /// The end of the stream is the end of all who could write to it.
    #[cfg(unix)]
    fn assert_ends(mut stdout: std::process::ChildStdout) {
        use std::io::Read as _;
        let (end, ended) = std::sync::mpsc::channel();
        std::thread::spawn(move || end.send(stdout.read_to_end(&mut Vec::new()).ok()));
        let patience = std::time::Duration::from_secs(20);
        assert_eq!(ended.recv_timeout(patience), Ok(Some(0)), "it runs on");
    }
}
