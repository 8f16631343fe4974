//! A connection of any runtime, as hyper wants it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use paceline_core::AsyncStream;

use crate::answer::Watch;

/// How much is read at once, in bytes. It is copied once more, which costs less than the call that reads
/// it; hyper's own memory could only be read into with unsafe code.
const CHUNK_BYTES: usize = 4 * 1024;

/// The stream behind hyper's traits. What it brings is looked at before hyper has it.
pub(crate) struct Stream {
    inner: Box<dyn AsyncStream>,
    watch: Watch,
}

impl Stream {
    pub(crate) fn new(inner: Box<dyn AsyncStream>, watch: Watch) -> Self {
        Self { inner, watch }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut chunk = [0; CHUNK_BYTES];
        let most = buffer.remaining().min(CHUNK_BYTES);
        let read = ready!(Pin::new(&mut *self.inner).poll_read(context, &mut chunk[..most]))?;
        self.watch.look_at(&chunk[..read])?;
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
