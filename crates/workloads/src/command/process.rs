//! A program that the calling thread waits for.

use std::io::{self, Read, Write};
use std::process::{ChildStderr, ChildStdout, Command, ExitStatus, Stdio};

use paceline_core::Sink;

/// Runs a program to its end, with nothing to read, and copies what it writes into `stdout`, if there is
/// one, and `stderr`.
///
/// # Errors
///
/// When the program cannot be started or its streams cannot be read. It is gone then.
pub(super) fn run(
    command: &mut Command,
    stdout: Sink<'_>,
    stderr: &mut (dyn Write + Send),
) -> io::Result<ExitStatus> {
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command.stdout(if stdout.is_some() { Stdio::piped() } else { Stdio::null() });
    let mut child = command.spawn()?;
    let copied = match (child.stdout.take(), stdout, child.stderr.take()) {
        (Some(from), Some(to), Some(errors)) => copy_both((from, to), (errors, stderr)),
        (_, _, Some(mut errors)) => copy(&mut errors, stderr),
        _ => Ok(()),
    };
    if copied.is_err() {
        // The reason is at hand already; this one only ends the program.
        let _ = child.kill();
    }
    let status = child.wait()?;
    copied.map(|()| status)
}

fn copy(from: &mut impl Read, to: &mut dyn Write) -> io::Result<()> {
    let mut block = [0; 8 << 10];
    while let Some(length) = read_some(from, &mut block)? {
        to.write_all(&block[..length])?;
    }
    Ok(())
}

/// Reads once; `None` at the end.
fn read_some(from: &mut impl Read, block: &mut [u8]) -> io::Result<Option<usize>> {
    loop {
        match from.read(block) {
            Ok(length) => return Ok(Some(length).filter(|length| *length > 0)),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// Copies both streams at the same time, since a program may fill one while nobody reads the other.
#[cfg(unix)]
fn copy_both(
    (mut stdout, to_stdout): (ChildStdout, &mut (dyn Write + Send)),
    (mut stderr, to_stderr): (ChildStderr, &mut (dyn Write + Send)),
) -> io::Result<()> {
    use rustix::event::{PollFd, PollFlags, poll};

    let mut block = [0; 8 << 10];
    loop {
        let mut both = [PollFd::new(&stdout, PollFlags::IN), PollFd::new(&stderr, PollFlags::IN)];
        match poll(&mut both, None) {
            Ok(_) => {}
            Err(rustix::io::Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
        }
        let [has_stdout, has_stderr] = both.map(|fd| !fd.revents().is_empty());
        // Something to read, or the end: neither blocks.
        if has_stdout {
            match read_some(&mut stdout, &mut block)? {
                Some(length) => to_stdout.write_all(&block[..length])?,
                None => return copy(&mut stderr, to_stderr),
            }
        }
        if has_stderr {
            match read_some(&mut stderr, &mut block)? {
                Some(length) => to_stderr.write_all(&block[..length])?,
                None => return copy(&mut stdout, to_stdout),
            }
        }
    }
}

/// Without a call that waits for either of two pipes, a thread waits for one.
#[cfg(not(unix))]
fn copy_both(
    (mut stdout, to_stdout): (ChildStdout, &mut (dyn Write + Send)),
    (mut stderr, to_stderr): (ChildStderr, &mut (dyn Write + Send)),
) -> io::Result<()> {
    std::thread::scope(|scope| {
        let other = scope.spawn(|| copy(&mut stderr, to_stderr));
        let own = copy(&mut stdout, to_stdout);
        own.and(other.join().unwrap_or(Ok(())))
    })
}
