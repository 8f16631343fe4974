//! A connection that lets others have their turn.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use futures_io::{AsyncRead, AsyncWrite};
use paceline_core::AsyncStream;

/// How many reads may succeed one after the other before the item gives its thread back once.
///
/// What reads a connection, `hyper` or TLS, reads on as long as there is something to read, so a server
/// that never stops sending would never let the timer of a request have its turn: some runtimes see to
/// that themselves, some do not.
const READS_IN_A_ROW: u32 = 64;

/// A connection as the runtime made it, below whatever encrypts it.
pub(crate) struct Paced {
    inner: Box<dyn AsyncStream>,
    reads_in_a_row: u32,
}

impl Paced {
    pub(crate) fn new(inner: Box<dyn AsyncStream>) -> Self {
        Self { inner, reads_in_a_row: 0 }
    }
}

impl AsyncRead for Paced {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        if self.reads_in_a_row == READS_IN_A_ROW {
            self.reads_in_a_row = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut *self.inner).poll_read(context, bytes);
        self.reads_in_a_row = if polled.is_ready() { self.reads_in_a_row + 1 } else { 0 };
        polled
    }
}

impl AsyncWrite for Paced {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut *self.inner).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.inner).poll_flush(context)
    }

    fn poll_close(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.inner).poll_close(context)
    }
}
