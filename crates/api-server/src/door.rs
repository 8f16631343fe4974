//! Connections as the server needs them: some are to be refused, reset or cut off.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

/// How long to wait after an accept or a bind that failed. What ails them, such as too few file
/// descriptors, takes a while to go away.
const PAUSE: Duration = Duration::from_millis(10);

/// How many connections may wait to be accepted; the system may allow fewer. A client that opens
/// thousands at once would otherwise wait for its own retries.
const BACKLOG: u32 = 16 * 1024;

/// Listens on `address`.
pub(crate) fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    // The port may have connections left of the time before it was shut.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

/// Accepts connections, unless its gate is shut.
pub(crate) struct Door {
    address: SocketAddr,
    /// None while connections are refused.
    listener: Option<TcpListener>,
    wanted: watch::Receiver<bool>,
    open: watch::Sender<bool>,
}

/// Opens and shuts a door.
#[derive(Debug)]
pub(crate) struct Gate {
    wanted: watch::Sender<bool>,
    open: watch::Receiver<bool>,
}

impl Gate {
    /// Returns when new connections are taken (`open`) or refused. Old ones stay.
    pub(crate) async fn set(&self, open: bool) {
        self.wanted.send_replace(open);
        // The door is gone only when the whole server is.
        let _ = self.open.clone().wait_for(|now| *now == open).await;
    }
}

impl Door {
    pub(crate) fn new(listener: TcpListener, address: SocketAddr) -> (Self, Gate) {
        let (want, wanted) = watch::channel(true);
        let (open, opened) = watch::channel(true);
        let door = Self { address, listener: Some(listener), wanted, open };
        (door, Gate { wanted: want, open: opened })
    }

    /// Follows the gate: without a listener the system refuses connections.
    async fn follow(&mut self, wanted: bool) {
        if !wanted {
            self.listener = None;
        } else if self.listener.is_none() {
            match listen(self.address) {
                Ok(listener) => self.listener = Some(listener),
                Err(_) => tokio::time::sleep(PAUSE).await,
            }
        }
        self.open.send_if_modified(|open| {
            let now = self.listener.is_some();
            std::mem::replace(open, now) != now
        });
    }
}

impl Listener for Door {
    type Io = Line;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Line, SocketAddr) {
        loop {
            let wanted = *self.wanted.borrow_and_update();
            if wanted != self.listener.is_some() {
                self.follow(wanted).await;
                continue;
            }
            let accepted = async {
                match &self.listener {
                    Some(listener) => listener.accept().await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                accepted = accepted => match accepted {
                    Ok((stream, peer)) => return (Line::new(stream), peer),
                    Err(_) => tokio::time::sleep(PAUSE).await,
                },
                _ = self.wanted.changed() => {}
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.address)
    }
}

/// One connection.
pub(crate) struct Line {
    stream: TcpStream,
    handle: Handle,
}

/// What a request can do to the connection it came on.
#[derive(Debug, Clone, Default)]
pub(crate) struct Handle(Arc<Fate>);

#[derive(Debug, Default)]
struct Fate {
    doom: AtomicU8,
    /// The setting under which the connection was last counted.
    counted: AtomicU64,
}

const RESET: u8 = 1;
const CUT_OFF: u8 = 2;
const OVER: u8 = 3;

impl Handle {
    /// Has the connection reset when the next answer is about to be written.
    pub(crate) fn reset(&self) {
        self.0.doom.store(RESET, Ordering::Relaxed);
    }

    /// Has the connection closed half way through the next answer.
    pub(crate) fn cut_off(&self) {
        self.0.doom.store(CUT_OFF, Ordering::Relaxed);
    }

    /// Whether this is the connection's first request under the setting with this number.
    pub(crate) fn is_new_in(&self, setting: u64) -> bool {
        self.0.counted.swap(setting, Ordering::Relaxed) != setting
    }
}

impl Connected<IncomingStream<'_, Door>> for Handle {
    fn connect_info(stream: IncomingStream<'_, Door>) -> Self {
        stream.io().handle.clone()
    }
}

impl Line {
    fn new(stream: TcpStream) -> Self {
        // An answer is written in one piece, so there is nothing to wait for.
        let _ = stream.set_nodelay(true);
        Self { stream, handle: Handle::default() }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        match self.handle.0.doom.load(Ordering::Relaxed) {
            RESET => {
                // Closing with nothing to linger for makes the system send a reset.
                let _ = self.stream.set_zero_linger();
                Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()))
            }
            CUT_OFF => {
                // All of an answer comes in one call: its last quarter is well within the body.
                let most = &bytes[..bytes.len() - bytes.len() / 4];
                let written = ready!(Pin::new(&mut self.stream).poll_write(context, most));
                self.handle.0.doom.store(OVER, Ordering::Relaxed);
                Poll::Ready(written)
            }
            OVER => Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into())),
            _ => Pin::new(&mut self.stream).poll_write(context, bytes),
        }
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}
