//! The streams of a program that an item runs: read while it runs, and nothing of them is kept here.

use std::io;
use std::process::Stdio;

use futures_lite::future::try_zip;
use futures_lite::io::{AsyncRead, AsyncReadExt as _};
use paceline_core::Sink;

/// A pipe for a stream that has a sink.
pub(crate) fn stdio(sink: &Sink<'_>) -> Stdio {
    if sink.is_some() { Stdio::piped() } else { Stdio::null() }
}

/// Copies both streams of a program at the same time, since it may fill one while nobody reads the other.
pub(crate) async fn copy_both<R: AsyncRead + Unpin, S: AsyncRead + Unpin>(
    from: (Option<R>, Option<S>),
    to: (Sink<'_>, Sink<'_>),
) -> io::Result<()> {
    try_zip(copy(from.0, to.0), copy(from.1, to.1)).await.map(drop)
}

async fn copy(from: Option<impl AsyncRead + Unpin>, to: Sink<'_>) -> io::Result<()> {
    let (Some(mut from), Some(to)) = (from, to) else { return Ok(()) };
    let mut block = vec![0; 8 << 10];
    loop {
        match from.read(&mut block).await? {
            0 => return Ok(()),
            length => to.write_all(&block[..length])?,
        }
    }
}
