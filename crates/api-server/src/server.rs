//! A server that is up, on a thread of its own.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use tokio::net::TcpListener;
use tokio::runtime::{Builder, Runtime};
use tokio::sync::oneshot;

use crate::door::{self, Door, Handle};
use crate::routes::{Api, router};

/// The service, answering until it is dropped. Dropping it closes its connections at once, whatever is
/// in flight on them.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Starts the service on a port of the loopback address; 0 takes any that is free.
    ///
    /// # Errors
    ///
    /// When the port is taken, or the system gives no socket or thread.
    pub fn start(port: u16) -> Result<Self, ServerError> {
        let runtime =
            Builder::new_current_thread().enable_all().build().map_err(ServerError::Runtime)?;
        let wanted = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let listen = |source| ServerError::Listen { address: wanted, source };
        let listener = runtime.block_on(async { door::listen(wanted) }).map_err(listen)?;
        let address = listener.local_addr().map_err(listen)?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::Builder::new()
            .name("api-server".to_owned())
            .spawn(move || serve(&runtime, listener, address, stopped))
            .map_err(ServerError::Runtime)?;
        Ok(Self { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address as the start of URLs.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A server that panicked is as gone as one that ended.
            let _ = thread.join();
        }
    }
}

/// Answers until `stopped`. What is still in flight ends with the runtime.
fn serve(
    runtime: &Runtime,
    listener: TcpListener,
    address: SocketAddr,
    stopped: oneshot::Receiver<()>,
) {
    runtime.block_on(async {
        let (door, gate) = Door::new(listener, address);
        let service =
            router(Arc::new(Api::new(gate))).into_make_service_with_connect_info::<Handle>();
        tokio::select! {
            // It never ends by itself: the door keeps trying.
            _ = async { axum::serve(door, service).await } => {}
            _ = stopped => {}
        }
    });
}

/// Why there is no server.
#[derive(Debug, thiserror::Error)]
pub enum ServerError {
    /// The address cannot be listened on.
    #[error("listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why not; most often another program has the port.
        source: io::Error,
    },
    /// The system gives no event queue or no thread.
    #[error("start the server: {0}")]
    Runtime(#[source] io::Error),
}
