//! A socket on which nothing blocks beyond a deadline.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// A connection whose reads and writes end with [`TimedOut`](io::ErrorKind::TimedOut) at its deadline.
///
/// The system knows no deadlines, only how long one call may block. Telling it costs a call, too, so it is
/// told anew only when what it knows is off by more than a hundredth of the limit: requests that follow
/// each other have nearly the same time left, and none gets more than that hundredth on top.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: TcpStream,
    slack: Duration,
    deadline: Instant,
    /// How long reading and writing may block, as the system knows it.
    told: [Option<Duration>; 2],
}

const READ: usize = 0;
const WRITE: usize = 1;

/// The share of the limit by which a request may be late.
const SLACK_PARTS: u32 = 100;

impl Socket {
    /// Connects to `address` by `deadline`. No request on it ever has more than `limit`.
    pub(crate) fn connect(
        address: SocketAddr,
        limit: Duration,
        deadline: Instant,
    ) -> io::Result<Self> {
        let stream = TcpStream::connect_timeout(&address, left_until(deadline)?)?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, slack: limit / SLACK_PARTS, deadline, told: [None; 2] })
    }

    /// From now on nothing blocks beyond `deadline`.
    pub(crate) fn end_at(&mut self, deadline: Instant) {
        self.deadline = deadline;
    }

    /// Whether the other side has neither closed it nor sent what nobody asked for.
    pub(crate) fn is_quiet(&self) -> bool {
        matches!(self.peek(), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    #[cfg(unix)]
    fn peek(&self) -> io::Result<usize> {
        use rustix::net::{RecvFlags, recv};
        let flags = RecvFlags::PEEK | RecvFlags::DONTWAIT;
        Ok(recv(&self.stream, &mut [0_u8; 1][..], flags).map(|(_, length)| length)?)
    }

    #[cfg(not(unix))]
    fn peek(&self) -> io::Result<usize> {
        self.stream.set_nonblocking(true)?;
        let peeked = self.stream.peek(&mut [0]);
        self.stream.set_nonblocking(false)?;
        peeked
    }

    /// Makes `call`, which blocks on the direction `way`, until it is done or the deadline is there.
    fn until_deadline<T>(
        &mut self,
        way: usize,
        mut call: impl FnMut(&mut TcpStream) -> io::Result<T>,
    ) -> io::Result<T> {
        loop {
            self.tell(way)?;
            match call(&mut self.stream) {
                // A signal came in between.
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // What a call says that blocked for as long as it may differs between systems.
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                other => return other,
            }
        }
    }

    fn tell(&mut self, way: usize) -> io::Result<()> {
        let left = left_until(self.deadline)?;
        if self.told[way].is_some_and(|told| told >= left && told <= left + self.slack) {
            return Ok(());
        }
        match way {
            READ => self.stream.set_read_timeout(Some(left))?,
            _ => self.stream.set_write_timeout(Some(left))?,
        }
        self.told[way] = Some(left);
        Ok(())
    }
}

fn left_until(deadline: Instant) -> io::Result<Duration> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(io::ErrorKind::TimedOut.into()) } else { Ok(left) }
}

impl Read for Socket {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        self.until_deadline(READ, |stream| stream.read(bytes))
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.until_deadline(WRITE, |stream| stream.write(bytes))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    const LIMIT: Duration = Duration::from_secs(30);

    fn pair() -> (Socket, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let socket = Socket::connect(address, LIMIT, Instant::now() + LIMIT).unwrap();
        (socket, listener.accept().unwrap().0)
    }

    #[test]
    fn the_system_is_told_again_only_when_the_time_left_has_changed_by_much() {
        let (mut socket, mut peer) = pair();
        for _ in 0..2 {
            socket.end_at(Instant::now() + LIMIT);
            socket.write_all(b"x").unwrap();
        }
        let first = socket.told[WRITE];
        assert!(first.is_some_and(|told| told <= LIMIT && told > LIMIT / 2), "{first:?}");
        socket.end_at(Instant::now() + LIMIT / 2);
        peer.write_all(b"y").unwrap();
        socket.read_exact(&mut [0]).unwrap();
        socket.write_all(b"x").unwrap();
        assert!(socket.told.iter().all(|told| told.is_some_and(|told| told <= LIMIT / 2)));
        // More time than before is told at once, or a request would end too early.
        socket.end_at(Instant::now() + LIMIT);
        socket.write_all(b"x").unwrap();
        assert!(socket.told[WRITE] > Some(LIMIT / 2), "{:?}", socket.told);
    }

    #[test]
    fn nothing_blocks_beyond_the_deadline() {
        let (mut socket, _peer) = pair();
        socket.end_at(Instant::now() + Duration::from_millis(20));
        let late = socket.read(&mut [0]).unwrap_err();
        assert_eq!(late.kind(), io::ErrorKind::TimedOut);
        // It has passed, and not even what is there is read.
        assert_eq!(socket.write(b"x").unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn a_connection_is_quiet_until_its_other_side_sends_or_closes() {
        let (socket, mut peer) = pair();
        assert!(socket.is_quiet());
        peer.write_all(b"x").unwrap();
        while socket.is_quiet() {}
        let (socket, peer) = pair();
        drop(peer);
        while socket.is_quiet() {}
        assert_eq!(socket.peek().unwrap(), 0);
    }
}
