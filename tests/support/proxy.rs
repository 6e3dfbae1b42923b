//! A wire between a server and `PostgreSQL` that can be cut and joined again.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Passes bytes on to a database server as long as it is whole.
#[derive(Debug)]
pub struct Proxy {
    address: SocketAddr,
    whole: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Proxy {
    /// A wire to the server of this URL; answers it with the URL that leads through it.
    pub async fn to(url: &str) -> (Self, String) {
        let (before, rest) = url.split_once('@').expect("the URL names user and host");
        let (host, database) = rest.split_once('/').expect("the URL names a database");
        let target: Arc<str> = if host.contains(':') { host.into() } else { format!("{host}:5432").into() };
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = listener.local_addr().expect("it has an address");
        let (whole, state) = watch::channel(true);
        let task = tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(pass(client, Arc::clone(&target), state.clone()));
            }
        });
        (Self { address, whole, task }, format!("{before}@{address}/{database}"))
    }

    /// Cuts the wire: open connections break, new ones are closed at once.
    pub fn cut(&self) {
        self.whole.send_replace(false);
    }

    /// Joins it again.
    pub fn join(&self) {
        self.whole.send_replace(true);
    }

    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn pass(mut client: TcpStream, target: Arc<str>, mut whole: watch::Receiver<bool>) {
    if !*whole.borrow_and_update() {
        return;
    }
    let Ok(mut server) = TcpStream::connect(&*target).await else { return };
    tokio::select! {
        _ = copy_bidirectional(&mut client, &mut server) => {}
        _ = whole.changed() => {}
    }
}
