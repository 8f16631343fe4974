//! The asynchronous form: hyper over the connections of the item's own runtime.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Instant;

use http::Uri;
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::client::conn::http1::{self, SendRequest};
use paceline_core::{AsyncIo, AsyncStream};

use crate::answer::Watch;
use crate::error::{Cause, Unconnected};
use crate::message;
use crate::pace::Paced;
use crate::request::{AT_ONCE_BYTES, Limits, Request};
use crate::stream::Stream;
use crate::target::Target;

/// The connections that lie idle, the latest one last.
#[derive(Default)]
pub(crate) struct Connections {
    idle: Mutex<Vec<Connection>>,
}

/// Both halves of one connection. Whoever uses the sender has to poll the driver, too.
struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: Driver,
    watch: Watch,
}

/// The half that reads and writes.
struct Driver {
    connection: Pin<Box<http1::Connection<Stream, Full<Bytes>>>>,
    is_over: bool,
}

impl Connections {
    pub(crate) async fn send(
        &self,
        target: &Target,
        limits: Limits,
        request: &Request,
        io: &dyn AsyncIo,
    ) -> Result<Vec<u8>, Cause> {
        let late = || Err(Cause::Timeout(limits.timeout));
        let deadline = Instant::now().checked_add(limits.timeout);
        let mut timer = io.sleep(limits.timeout);
        let mut exchange = pin!(self.exchange(target, limits, request, io));
        poll_fn(|context| {
            // A runtime may turn its timers rarely while a task has itself woken all the time, so the clock
            // is asked, too; and first, since an answer that is found after the deadline is none.
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                return Poll::Ready(late());
            }
            match exchange.as_mut().poll(context) {
                Poll::Pending => timer.as_mut().poll(context).map(|()| late()),
                answer => answer,
            }
        })
        .await
    }

    async fn exchange(
        &self,
        target: &Target,
        limits: Limits,
        request: &Request,
        io: &dyn AsyncIo,
    ) -> Result<Vec<u8>, Cause> {
        let method = &request.method;
        let request = whole(target, request)?;
        let mut connection = match self.take_idle().await {
            Some(connection) => connection,
            None => Connection::open(target, io).await?,
        };
        connection.watch.begin(method);
        let answer = connection.send(request, limits.body_bytes).await?;
        self.put_back(connection);
        Ok(answer)
    }

    /// The connection that was used last, if it still stands. Nothing was sent yet on one that does
    /// not, so to leave it is no second attempt.
    async fn take_idle(&self) -> Option<Connection> {
        loop {
            let mut connection = self.lock().pop()?;
            if poll_fn(|context| Poll::Ready(connection.is_up(context))).await {
                return Some(connection);
            }
        }
    }

    fn put_back(&self, connection: Connection) {
        if !connection.driver.is_over && !connection.sender.is_closed() {
            self.lock().push(connection);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Connection {
    async fn open(target: &Target, io: &dyn AsyncIo) -> Result<Self, Cause> {
        let stream = io
            .connect(target.address)
            .await
            .map_err(|error| Cause::exchange(&Unconnected(error)))?;
        let stream: Box<dyn AsyncStream> = Box::new(Paced::new(stream));
        let stream = match &target.tls {
            Some(tls) => tls.wrap(stream).await.map_err(|error| Cause::exchange(&error))?,
            None => stream,
        };
        let watch = Watch::default();
        let (sender, connection) = http1::handshake(Stream::new(stream, watch.clone()))
            .await
            .map_err(|error| Cause::exchange(&error))?;
        let driver = Driver { connection: Box::pin(connection), is_over: false };
        Ok(Self { sender, driver, watch })
    }

    /// Whether requests can be sent on it.
    fn is_up(&mut self, context: &mut Context<'_>) -> bool {
        let error = self.driver.drive(context);
        error.is_none() && !self.driver.is_over && !self.sender.is_closed()
    }

    /// Sends a request and reads the body of its answer, while it drives the connection.
    async fn send(
        &mut self,
        request: http::Request<Full<Bytes>>,
        body_bytes: u64,
    ) -> Result<Vec<u8>, Cause> {
        let driver = &mut self.driver;
        let mut answer = pin!(answer(&mut self.sender, request, body_bytes));
        poll_fn(|context| {
            for _ in 0..TURNS {
                let error = driver.drive(context);
                let answer = answer.as_mut().poll(context);
                match error {
                    Some(error) if answer.is_pending() => {
                        return Poll::Ready(Err(Cause::exchange(&error)));
                    }
                    _ if answer.is_ready() => return answer,
                    _ => {}
                }
            }
            Poll::Pending
        })
        .await
    }
}

/// How often driver and answer take turns before the item gives its thread back. The answer asks, the
/// driver sends; the driver reads the head, the answer wants the body, the driver hands it over. Fewer
/// turns would only have the runtime wake the item once more for each.
const TURNS: usize = 3;

impl Driver {
    /// Reads and writes what it can, and returns the error that ended the connection if one just did.
    fn drive(&mut self, context: &mut Context<'_>) -> Option<hyper::Error> {
        if self.is_over {
            return None;
        }
        match self.connection.as_mut().poll(context) {
            Poll::Pending => None,
            Poll::Ready(result) => {
                self.is_over = true;
                result.err()
            }
        }
    }
}

async fn answer(
    sender: &mut SendRequest<Full<Bytes>>,
    request: http::Request<Full<Bytes>>,
    body_bytes: u64,
) -> Result<Vec<u8>, Cause> {
    let exchange = |error: hyper::Error| Cause::exchange(&error);
    sender.ready().await.map_err(exchange)?;
    let response = sender.send_request(request).await.map_err(exchange)?;
    if !response.status().is_success() {
        return Err(Cause::Status(response.status()));
    }
    read(response.into_body(), body_bytes).await
}

async fn read(mut body: Incoming, most: u64) -> Result<Vec<u8>, Cause> {
    if body.size_hint().lower() > most {
        return Err(Cause::TooLong(most));
    }
    let mut bytes = Vec::with_capacity(body.size_hint().lower().min(AT_ONCE_BYTES) as usize);
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| Cause::exchange(&error))?;
        if let Some(data) = frame.data_ref() {
            if (bytes.len() + data.len()) as u64 > most {
                return Err(Cause::TooLong(most));
            }
            bytes.extend_from_slice(data);
        }
    }
    Ok(bytes)
}

fn whole(target: &Target, request: &Request) -> Result<http::Request<Full<Bytes>>, Cause> {
    let uri = || Uri::try_from(request.path.as_str()).map_err(http::Error::from);
    let body = request.body.clone().map(Bytes::from).unwrap_or_default();
    message::head(target, request, uri)?.body(Full::new(body)).map_err(Cause::Request)
}

impl fmt::Debug for Connections {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connections").field("idle", &self.lock().len()).finish()
    }
}

#[cfg(test)]
#[path = "asynchronous_tests.rs"]
mod tests;
