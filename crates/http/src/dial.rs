//! How `ureq` gets its connections: to the one address that is known, encrypted if need be.
//!
//! `ureq`'s own way costs more than the request itself where answers come at once: with a limit of time it
//! starts a thread to look up the host for every request, also for one on a connection that stands, and
//! it makes eight calls to the system beside the two that send and receive. Its traits for this are meant
//! for users with needs of their own, and are kept out of its promises about versions.

use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use http::Uri;
use rustls::{ClientConnection, StreamOwned};
use ureq::Error;
use ureq::config::Config;
use ureq::unversioned::resolver::{ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{
    Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
};

use crate::answer::Watch;
use crate::error::Unconnected;
use crate::socket::Socket;
use crate::target::Target;

/// Connects to the service.
#[derive(Debug)]
pub(crate) struct Dial {
    pub(crate) target: Target,
    /// How long a request may take.
    pub(crate) limit: Duration,
    /// Looks at the answers before `ureq` has them.
    pub(crate) watch: Watch,
}

/// The address that was looked up before.
#[derive(Debug)]
pub(crate) struct Known(pub(crate) SocketAddr);

/// One connection with its buffers.
#[derive(Debug)]
pub(crate) struct Line {
    way: Way,
    buffers: LazyBuffers,
    watch: Watch,
}

#[derive(Debug)]
enum Way {
    Plain(Socket),
    Encrypted(Box<StreamOwned<ClientConnection, Socket>>),
}

impl Resolver for Known {
    fn resolve(&self, _: &Uri, _: &Config, _: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let mut addresses = self.empty();
        addresses.push(self.0);
        Ok(addresses)
    }
}

impl Connector for Dial {
    type Out = Line;

    fn connect(&self, details: &ConnectionDetails, _: Option<()>) -> Result<Option<Line>, Error> {
        let timeout = details.timeout;
        let way = self.open(deadline(timeout)).map_err(|error| told(error, timeout))?;
        let (input, output) =
            (details.config.input_buffer_size(), details.config.output_buffer_size());
        let buffers = LazyBuffers::new(input, output);
        Ok(Some(Line { way, buffers, watch: self.watch.clone() }))
    }
}

impl Dial {
    fn open(&self, deadline: Instant) -> io::Result<Way> {
        let mut socket = Socket::connect(self.target.address, self.limit, deadline)
            .map_err(|error| io::Error::new(error.kind(), Unconnected(error)))?;
        let Some(tls) = &self.target.tls else { return Ok(Way::Plain(socket)) };
        let mut connection = tls.begin()?;
        while connection.is_handshaking() {
            connection.complete_io(&mut socket)?;
        }
        Ok(Way::Encrypted(Box::new(StreamOwned::new(connection, socket))))
    }
}

impl Line {
    fn socket(&mut self) -> &mut Socket {
        match &mut self.way {
            Way::Plain(socket) => socket,
            Way::Encrypted(stream) => &mut stream.sock,
        }
    }
}

impl Transport for Line {
    fn buffers(&mut self) -> &mut dyn Buffers {
        &mut self.buffers
    }

    fn transmit_output(&mut self, amount: usize, timeout: NextTimeout) -> Result<(), Error> {
        self.socket().end_at(deadline(timeout));
        let output = &self.buffers.output()[..amount];
        let sent = match &mut self.way {
            Way::Plain(socket) => socket.write_all(output),
            Way::Encrypted(stream) => stream.write_all(output).and_then(|()| stream.flush()),
        };
        sent.map_err(|error| told(error, timeout))
    }

    fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, Error> {
        self.socket().end_at(deadline(timeout));
        let input = self.buffers.input_append_buf();
        let read = match &mut self.way {
            Way::Plain(socket) => socket.read(input),
            Way::Encrypted(stream) => stream.read(input),
        };
        let length = read
            .map_err(never_an_end)
            .and_then(|length| self.watch.look_at(&input[..length]).map(|()| length))
            .map_err(|error| told(error, timeout))?;
        self.buffers.input_appended(length);
        Ok(length > 0)
    }

    /// What TLS itself may have sent since counts as too much. To leave such a connection is no loss.
    fn is_open(&mut self) -> bool {
        match &self.way {
            Way::Plain(socket) => socket.is_quiet(),
            // What came with the answer is not in the socket any more: more of it, or the end.
            Way::Encrypted(stream) => stream.conn.wants_read() && stream.sock.is_quiet(),
        }
    }

    fn is_tls(&self) -> bool {
        matches!(self.way, Way::Encrypted(_))
    }
}

fn deadline(timeout: NextTimeout) -> Instant {
    // A time that never ends is set nowhere; a day is longer than any that is.
    const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);
    Instant::now() + (*timeout.after).min(A_DAY)
}

/// `ureq` takes a connection that broke for one that was closed, and so for the end of a body that only
/// that end delimits: what came so far would count as a whole answer. An error of no such kind stays one.
fn never_an_end(error: io::Error) -> io::Error {
    use io::ErrorKind::{ConnectionAborted, ConnectionReset, UnexpectedEof};
    match error.kind() {
        ConnectionAborted | ConnectionReset | UnexpectedEof => io::Error::other(error),
        _ => error,
    }
}

fn told(error: io::Error, timeout: NextTimeout) -> Error {
    match error.kind() {
        io::ErrorKind::TimedOut => Error::Timeout(timeout.reason),
        _ => Error::Io(error),
    }
}
