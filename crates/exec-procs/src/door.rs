//! The door at which a new child meets its lane.
//!
//! ipc-channel introduces two processes to each other by a name: one makes an `IpcOneShotServer`, the
//! other connects. On most Unix systems the name is the path of a socket, and that server has two
//! hazards: its path is known to nobody until it is made, so that nobody can remove it when its maker is
//! killed; and it waits for ever for a child that is gone. But any listening socket serves for
//! `IpcSender::connect`. So the parent listens itself, at a path that its child was told of before, and
//! waits for the child's connection or its end, whichever comes first.
//!
//! What arrives is one packet that only ipc-channel can read, on a socket that it did not make. It is
//! read by way of a channel of this process: the packet goes into the one end as it came, and out of the
//! other end comes the message. Nothing here knows what a packet looks like.
//!
//! Elsewhere there are no sockets to be left behind, and the one-shot server stays.

#[cfg(all(unix, not(target_os = "macos")))]
pub(crate) use socket::Door;

#[cfg(not(all(unix, not(target_os = "macos"))))]
pub(crate) use one_shot::Door;

#[cfg(all(unix, not(target_os = "macos")))]
mod socket {
    use std::hash::{BuildHasher, RandomState};
    use std::io;
    use std::os::fd::OwnedFd;
    use std::path::{Path, PathBuf};

    use ipc_channel::ipc::{self, IpcReceiver, IpcSender};

    use crate::os::socket::{
        handle_on, listen_at, name_of, pass_on_packet, take_caller, take_descriptor,
        wait_for_caller,
    };
    use crate::process::Process;
    use crate::wire::{Broken, Hello, guarded, receive, send};

    /// A socket that one child connects to.
    #[derive(Debug)]
    pub(crate) struct Door {
        listener: OwnedFd,
        slot: OwnedFd,
        letters: IpcReceiver<Hello>,
        _address: Address,
    }

    impl Door {
        /// Tells `process` of a path in `folder`, makes the door there, and has the process come in.
        /// Should this process be killed from here on, the child removes what it was told of.
        pub(crate) fn open(folder: &Path, process: &Process) -> Result<Self, Broken> {
            let name = RandomState::new().hash_one(process.pid());
            let file = SocketFile(folder.join(format!(".paceline-{name:016x}")));
            process.tell(&file.name());
            let listener = listen_at(&file.0)?;
            let address = Address::of(file)?;
            let (slot, letters) = letter_box(&address.name(), &listener)?;
            process.tell(&address.name());
            Ok(Self { listener, slot, letters, _address: address })
        }

        /// Waits until the child has said hello, or until it has ended.
        pub(crate) fn admit(self, process: &Process) -> Result<Hello, Broken> {
            let Some(leash) = process.leash()? else { return Err(Broken::Closed) };
            let caller = wait_for_caller(&self.listener, &leash)?.ok_or(Broken::Closed)?;
            drop(leash);
            match pass_on_packet(&caller, &self.slot)? {
                0 => Err(Broken::Closed),
                _ => receive(&self.letters),
            }
        }
    }

    /// The path of a socket, which is gone when this is dropped.
    #[derive(Debug)]
    struct SocketFile(PathBuf);

    impl SocketFile {
        fn name(&self) -> String {
            self.0.to_string_lossy().into_owned()
        }
    }

    impl Drop for SocketFile {
        fn drop(&mut self) {
            // Most often the child was quicker.
            let _ = std::fs::remove_file(&self.0);
        }
    }

    /// Where a socket can be reached as long as this lives.
    #[derive(Debug)]
    enum Address {
        /// At its file.
        File(SocketFile),
        /// At this process's handle on its file, which is gone already: then not even two deaths at once
        /// leave anything behind.
        Handle(OwnedFd),
    }

    impl Address {
        fn of(file: SocketFile) -> io::Result<Self> {
            Ok(match handle_on(&file.0)? {
                Some(handle) => Self::Handle(handle),
                None => Self::File(file),
            })
        }

        fn name(&self) -> String {
            match self {
                Self::File(file) => file.name(),
                Self::Handle(handle) => name_of(handle),
            }
        }
    }

    /// A channel of this process, with the end that is sent to as a plain descriptor: ipc-channel lets go
    /// of it only towards another process, which here is this one, calling at its own door.
    fn letter_box(
        address: &str,
        listener: &OwnedFd,
    ) -> Result<(OwnedFd, IpcReceiver<Hello>), Broken> {
        let own: IpcSender<IpcSender<Hello>> = guarded(|| IpcSender::connect(address.to_owned()))?;
        let called = take_caller(listener)?;
        let (sender, letters) = guarded(ipc::channel)?;
        send(&own, sender)?;
        Ok((take_descriptor(&called)?.ok_or_else(Broken::out_of_turn)?, letters))
    }
}

#[cfg(not(all(unix, not(target_os = "macos"))))]
mod one_shot {
    use std::path::Path;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::thread;
    use std::time::Duration;

    use ipc_channel::ipc::{IpcOneShotServer, IpcSender};

    use crate::process::Process;
    use crate::wire::{Broken, Hello, guarded};

    /// A one-shot server that one child connects to.
    pub(crate) struct Door {
        server: IpcOneShotServer<Hello>,
        name: String,
    }

    impl Door {
        /// Makes the door and has `process` come in.
        pub(crate) fn open(_: &Path, process: &Process) -> Result<Self, Broken> {
            let (server, name) = guarded(IpcOneShotServer::<Hello>::new)?;
            // Nothing is to be removed, so both lines say the same.
            process.tell(&name);
            process.tell(&name);
            Ok(Self { server, name })
        }

        /// Waits until the child has said hello, or until it has ended.
        pub(crate) fn admit(self, process: &Process) -> Result<Hello, Broken> {
            const LOOK_EVERY: Duration = Duration::from_millis(10);
            let Self { server, name } = self;
            let admitted = AtomicBool::new(false);
            thread::scope(|scope| {
                scope.spawn(|| {
                    while !admitted.load(Ordering::Relaxed) && !process.has_ended() {
                        thread::sleep(LOOK_EVERY);
                    }
                    if !admitted.load(Ordering::Relaxed) {
                        // Nobody else will call, and the server would wait for ever.
                        drop(IpcSender::<()>::connect(name));
                    }
                });
                let hello = guarded(|| server.accept()).map(|(_, hello)| hello);
                admitted.store(true, Ordering::Relaxed);
                hello
            })
        }
    }
}
