use std::{future::poll_fn, pin::pin, time::Duration};

use intelliauth_model::TenantId;
use tokio::{sync::broadcast, task::JoinHandle};
use tokio_postgres::{AsyncMessage, Error};

use crate::endpoint::Endpoint;

/// The channel on which nodes tell each other that a tenant's configuration or revocation log has changed.
pub(crate) const CHANNEL: &str = "intelliauth";
const LISTEN: &str = "LISTEN intelliauth";
/// Notices that may wait for a slow listener; what does not fit becomes [`Notice::Everything`].
const WAITING: usize = 1024;
/// How long to wait before connecting again, doubled up to the last.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LAST_PAUSE: Duration = Duration::from_secs(5);

/// What may have changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notice {
    /// This tenant's configuration or revocation log.
    Tenant(TenantId),
    /// Anything: notices may have been missed, as at the beginning and after each lost connection.
    Everything,
}

/// Notices of changed configuration. They are a hint that makes caches quick; a notice can be lost without a
/// sign, so `TenantStore::versions` is what caches go by. Dropping it ends its connection.
#[derive(Debug)]
pub struct Listener {
    notices: broadcast::Receiver<Notice>,
    task: JoinHandle<()>,
}

impl Listener {
    pub(crate) fn start(endpoint: Endpoint) -> Self {
        let (sender, notices) = broadcast::channel(WAITING);
        Self { notices, task: tokio::spawn(run(endpoint, sender)) }
    }

    /// The next notice; the first is [`Notice::Everything`], once listening has begun. `None` when there will be
    /// no more. May be given up and called again without losing one.
    pub async fn next(&mut self) -> Option<Notice> {
        match self.notices.recv().await {
            Ok(notice) => Some(notice),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Notice::Everything),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn run(endpoint: Endpoint, sender: broadcast::Sender<Notice>) {
    let mut pause = FIRST_PAUSE;
    loop {
        let mut listening = false;
        let ended = session(&endpoint, &sender, &mut listening).await;
        if listening {
            pause = FIRST_PAUSE;
        }
        if let Err(error) = ended {
            tracing::warn!(%error, "notices of other nodes do not arrive; connecting again");
        }
        tokio::time::sleep(pause).await;
        pause = LAST_PAUSE.min(pause * 2);
    }
}

/// Listens until the connection ends.
async fn session(
    endpoint: &Endpoint,
    sender: &broadcast::Sender<Notice>,
    listening: &mut bool,
) -> Result<(), Error> {
    let (client, mut connection) = endpoint.config.connect(endpoint.tls.clone()).await?;
    let mut listen = pin!(client.batch_execute(LISTEN));
    loop {
        tokio::select! {
            begun = &mut listen, if !*listening => {
                begun?;
                *listening = true;
                announce(sender, Notice::Everything);
            }
            message = poll_fn(|context| connection.poll_message(context)) => match message {
                None => return Ok(()),
                Some(message) => {
                    if let AsyncMessage::Notification(notification) = message? {
                        announce(sender, read(notification.payload()));
                    }
                }
            },
        }
    }
}

/// What somebody else may have sent on our channel is no reason to miss a change.
fn read(payload: &str) -> Notice {
    payload.parse().map_or(Notice::Everything, Notice::Tenant)
}

fn announce(sender: &broadcast::Sender<Notice>, notice: Notice) {
    // Nobody listening any more is no failure: the task is about to end.
    let _ = sender.send(notice);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_statement_names_the_channel() {
        assert_eq!(LISTEN, format!("LISTEN {CHANNEL}"));
    }

    #[test]
    fn what_cannot_be_read_may_be_anything() {
        assert_eq!(read("nonsense"), Notice::Everything);
        let tenant = TenantId::from_bytes([7; 16]);
        assert_eq!(read(&tenant.to_string()), Notice::Tenant(tenant));
    }
}
