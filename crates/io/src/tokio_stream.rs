//! tokio's connection, with a closer look at its socket.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use futures_lite::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_util::compat::{Compat, TokioAsyncReadCompatExt as _};

/// A connection whose reads see at once that its other side has closed it.
///
/// tokio takes a socket for empty once a read did not fill its buffer, and does not look at it again before
/// its reactor has had a turn. Until then a connection seems to stand that was closed with the last bytes,
/// or while the thread was busy, and what is sent on it is lost. So a read asks the system itself when
/// there is reason to: after bytes have come, and after a while without.
pub(crate) struct Stream {
    inner: Compat<TcpStream>,
    /// When the system last said that there is nothing to read. None if bytes have come since.
    empty_at: Option<Instant>,
}

/// For how long a socket counts as empty that was. Asking costs about a hundredth of this.
const EMPTY_FOR: Duration = Duration::from_micros(50);

impl Stream {
    pub(crate) fn new(stream: TcpStream) -> Self {
        Self { inner: stream.compat(), empty_at: None }
    }

    /// What can be read now, past tokio's books. They stay true: they learn of bytes from the system, which
    /// tells of those that came after it last said that there are none.
    #[cfg(unix)]
    fn read_now(&self, bytes: &mut [u8]) -> io::Result<usize> {
        use rustix::net::{RecvFlags, recv};
        Ok(recv(self.inner.get_ref(), bytes, RecvFlags::DONTWAIT).map(|(_, length)| length)?)
    }

    #[cfg(not(unix))]
    fn read_now(&self, _: &mut [u8]) -> io::Result<usize> {
        Err(io::ErrorKind::WouldBlock.into())
    }
}

impl AsyncRead for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        use io::ErrorKind::{Interrupted, WouldBlock};
        if self.empty_at.is_none_or(|at| at.elapsed() > EMPTY_FOR) {
            match self.read_now(bytes) {
                Err(error) if [Interrupted, WouldBlock].contains(&error.kind()) => {}
                read => {
                    self.empty_at = None;
                    return Poll::Ready(read);
                }
            }
        }
        let polled = Pin::new(&mut self.inner).poll_read(context, bytes);
        self.empty_at = polled.is_pending().then(Instant::now);
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_close(context)
    }
}
