//! The calls that a door is made of.

use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::path::Path;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::retry_on_intr;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, SocketAddrUnix, SocketFlags, SocketType, accept_with, bind,
    listen, recvmsg, sendmsg, socket_with,
};

/// More than a greeting has; a longer one is cut off and then makes no sense.
const PACKET_BYTES: usize = 4_096;
/// As many descriptors as a greeting carries, and some more.
const PACKET_DESCRIPTORS: usize = 4;

/// A socket that listens at `path`, of the kind that ipc-channel connects to, for this user alone.
pub(crate) fn listen_at(path: &Path) -> io::Result<OwnedFd> {
    let listener =
        socket_with(AddressFamily::UNIX, SocketType::SEQPACKET, SocketFlags::CLOEXEC, None)?;
    bind(&listener, &SocketAddrUnix::new(path)?)?;
    listen(&listener, 2)?;
    Ok(listener)
}

/// A handle on the socket file at `path`, which finds it also when its name is gone; `None` where there
/// is no such thing. Source: open(2), O_PATH.
pub(crate) fn handle_on(path: &Path) -> io::Result<Option<OwnedFd>> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{Mode, OFlags, open};
        Ok(Some(open(path, OFlags::PATH | OFlags::CLOEXEC, Mode::empty())?))
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = path;
        Ok(None)
    }
}

/// The path by which this process and its children find what this process has a handle on. Source:
/// proc(5), /proc/pid/fd.
pub(crate) fn name_of(handle: &OwnedFd) -> String {
    format!("/proc/{}/fd/{}", std::process::id(), handle.as_raw_fd())
}

/// Waits until someone connects to `listener`; `None` if the reader of the pipe `leash` is gone.
pub(crate) fn wait_for_caller(listener: &OwnedFd, leash: &OwnedFd) -> io::Result<Option<OwnedFd>> {
    // An end of a pipe without its other end is reported without being asked for.
    let mut either = [PollFd::new(listener, PollFlags::IN), PollFd::new(leash, PollFlags::empty())];
    retry_on_intr(|| poll(&mut either, None))?;
    match either[0].revents().is_empty() {
        true => Ok(None),
        false => take_caller(listener).map(Some),
    }
}

/// Waits for as long as it takes.
pub(crate) fn take_caller(listener: &OwnedFd) -> io::Result<OwnedFd> {
    Ok(retry_on_intr(|| accept_with(listener, SocketFlags::CLOEXEC))?)
}

/// Receives the one descriptor that a packet carries; `None` if it carries none.
pub(crate) fn take_descriptor(from: &OwnedFd) -> io::Result<Option<OwnedFd>> {
    Ok(receive_packet(from)?.1.pop())
}

/// Sends the next packet of `from` on to `to`, with the descriptors that it carries. Returns its
/// length, which is 0 when there is none and nobody at the other end.
pub(crate) fn pass_on_packet(from: &OwnedFd, to: &OwnedFd) -> io::Result<usize> {
    let (bytes, descriptors) = receive_packet(from)?;
    if !bytes.is_empty() {
        let borrowed: Vec<_> = descriptors.iter().map(AsFd::as_fd).collect();
        let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PACKET_DESCRIPTORS))];
        let mut control = SendAncillaryBuffer::new(&mut space);
        if !borrowed.is_empty() {
            control.push(SendAncillaryMessage::ScmRights(&borrowed));
        }
        retry_on_intr(|| sendmsg(to, &[IoSlice::new(&bytes)], &mut control, SendFlags::empty()))?;
    }
    Ok(bytes.len())
}

fn receive_packet(from: &OwnedFd) -> io::Result<(Vec<u8>, Vec<OwnedFd>)> {
    let mut bytes = vec![0; PACKET_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(PACKET_DESCRIPTORS))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = retry_on_intr(|| {
        let into = &mut [IoSliceMut::new(&mut bytes)];
        recvmsg(from, into, &mut control, RecvFlags::CMSG_CLOEXEC)
    })?;
    bytes.truncate(received.bytes);
    let rights = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(descriptors) => Some(descriptors),
        _ => None,
    });
    Ok((bytes, rights.flatten().collect()))
}
