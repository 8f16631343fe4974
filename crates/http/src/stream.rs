//! A connection of any runtime, as hyper wants it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use paceline_core::AsyncStream;

/// How much is read at once, in bytes. It is copied once more, which costs less than the call that reads
/// it; hyper's own memory could only be read into with unsafe code.
const CHUNK_BYTES: usize = 4 * 1024;

/// How many reads may succeed one after the other before the item gives its thread back once. hyper reads
/// on as long as there is something to read, so a server that never stops sending would never let the
/// timer of a request have its turn: some runtimes see to that themselves, some do not.
const READS_IN_A_ROW: u32 = 64;

/// The stream behind hyper's traits.
pub(crate) struct Stream {
    inner: Box<dyn AsyncStream>,
    reads_in_a_row: u32,
}

impl Stream {
    pub(crate) fn new(inner: Box<dyn AsyncStream>) -> Self {
        Self { inner, reads_in_a_row: 0 }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.reads_in_a_row == READS_IN_A_ROW {
            self.reads_in_a_row = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let mut chunk = [0; CHUNK_BYTES];
        let most = buffer.remaining().min(CHUNK_BYTES);
        let polled = Pin::new(&mut *self.inner).poll_read(context, &mut chunk[..most]);
        self.reads_in_a_row = if polled.is_ready() { self.reads_in_a_row + 1 } else { 0 };
        let read = ready!(polled)?;
        buffer.put_slice(&chunk[..read]);
        Poll::Ready(Ok(()))
    }
}

impl Write for Stream {
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

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.inner).poll_close(context)
    }
}
