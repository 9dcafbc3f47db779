//! A stand between store and server that cuts the connection at the moment a test chooses.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test's helpers are test code")]

use std::{
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

/// Where to cut: when the client sends this text.
#[derive(Clone, Copy)]
pub(crate) enum Cut {
    /// Before the server sees it.
    Before(&'static str),
    /// When the server has answered it, before the client sees the answer.
    After(&'static str),
}

/// A listening proxy.
pub(crate) struct Proxy {
    directory: TempDir,
    state: Arc<State>,
}

struct State {
    server: PathBuf,
    cut: Cut,
    /// How often the connection is still to be cut.
    cuts: AtomicUsize,
    /// How many write transactions clients began.
    begun: AtomicUsize,
}

impl Proxy {
    /// Stands before the server of `url` (a socket) and cuts `cuts` times once it is [armed](Self::arm).
    pub(crate) fn before(url: &str, cut: Cut) -> Self {
        let (_, place) = url.split_once('@').unwrap();
        let (host, port) = place.split_once('/').unwrap().0.rsplit_once(':').unwrap();
        let server = Path::new(&host.replace("%2F", "/")).join(format!(".s.PGSQL.{port}"));
        let directory = TempDir::with_prefix_in("ia-proxy-", "/tmp").unwrap();
        let listener = UnixListener::bind(directory.path().join(".s.PGSQL.5432")).unwrap();
        let state = Arc::new(State { server, cut, cuts: AtomicUsize::new(0), begun: AtomicUsize::new(0) });
        let accepting = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                tokio::spawn(serve(Arc::clone(&accepting), client));
            }
        });
        Self { directory, state }
    }

    /// The URL by which the store goes through here.
    pub(crate) fn url(&self, url: &str) -> String {
        let (user, place) = url.split_once('@').unwrap();
        let (_, database) = place.split_once('/').unwrap();
        let host = self.directory.path().to_str().unwrap().replace('/', "%2F");
        format!("{user}@{host}:5432/{database}")
    }

    /// From now on, cuts this many times and counts write transactions anew.
    pub(crate) fn arm(&self, cuts: usize) {
        self.state.begun.store(0, Ordering::SeqCst);
        self.state.cuts.store(cuts, Ordering::SeqCst);
    }

    pub(crate) fn begun(&self) -> usize {
        self.state.begun.load(Ordering::SeqCst)
    }
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

/// Carries bytes both ways. The statements looked for are short and sent in one piece, so they are not split
/// between two reads on a socket.
async fn serve(state: Arc<State>, mut client: UnixStream) {
    let Ok(mut server) = UnixStream::connect(&state.server).await else { return };
    let (mut up, mut down) = (vec![0; 1 << 20], vec![0; 1 << 20]);
    loop {
        tokio::select! {
            read = client.read(&mut up) => {
                let Ok(length @ 1..) = read else { return };
                let bytes = &up[..length];
                if holds(bytes, "READ WRITE") {
                    state.begun.fetch_add(1, Ordering::SeqCst);
                }
                let (Cut::Before(text) | Cut::After(text)) = state.cut;
                let now = holds(bytes, text)
                    && state.cuts.fetch_update(Ordering::SeqCst, Ordering::SeqCst, |n| n.checked_sub(1)).is_ok();
                if now && matches!(state.cut, Cut::Before(_)) {
                    return;
                }
                if server.write_all(bytes).await.is_err() {
                    return;
                }
                if now {
                    let _ = server.read(&mut down).await;
                    return;
                }
            }
            read = server.read(&mut down) => {
                let Ok(length @ 1..) = read else { return };
                if client.write_all(&down[..length]).await.is_err() {
                    return;
                }
            }
        }
    }
}
