//! A connection of any runtime, as hyper wants it.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBufCursor, Write};
use paceline_core::AsyncStream;

/// How much is read at once, in bytes. It is copied once more, which costs less than the call that reads
/// it; hyper's own memory could only be read into with unsafe code.
const CHUNK_BYTES: usize = 4 * 1024;

/// The stream behind hyper's traits.
pub(crate) struct Stream(pub(crate) Box<dyn AsyncStream>);

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        let mut chunk = [0; CHUNK_BYTES];
        let most = buffer.remaining().min(CHUNK_BYTES);
        let read = ready!(Pin::new(&mut *self.0).poll_read(context, &mut chunk[..most]))?;
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
        Pin::new(&mut *self.0).poll_write(context, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut *self.0).poll_close(context)
    }
}
