//! The operations of one socket, and the bounded queue through which they speak.

use std::{cell::RefCell, collections::HashMap, rc::Rc, sync::Arc, time::Duration};

use actix_web::rt;
use async_graphql::{Executor, parser::types::OperationType};
use futures_util::StreamExt as _;
use tokio::{sync::mpsc, task::JoinHandle};
use tokio_util::sync::CancellationToken;

use super::{
    answer::Answer,
    operation::Admitted,
    seam::Authenticate,
    socket_message::{complete, error, next},
    transport::Transport,
};

/// Sends messages to the writer of a socket. A queue that stays full marks the socket as stalled.
#[derive(Clone, Debug)]
pub struct Outbox {
    queue: mpsc::Sender<String>,
    patience: Duration,
    stalled: CancellationToken,
}

/// The socket takes nothing more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone;

impl Outbox {
    /// A queue of `length` messages; `stalled` is cancelled when it stays full for longer than `patience`.
    pub fn new(length: usize, patience: Duration, stalled: CancellationToken) -> (Self, mpsc::Receiver<String>) {
        let (queue, messages) = mpsc::channel(length.max(1));
        (Self { queue, patience, stalled }, messages)
    }

    /// Waits for room in the queue.
    pub async fn send(&self, message: String) -> Result<(), Gone> {
        self.queue.send_timeout(message, self.patience).await.map_err(|_| {
            self.stalled.cancel();
            Gone
        })
    }
}

/// The operations that are open, by their ids. All of them end when the last handle is dropped.
#[derive(Clone, Default)]
pub struct Operations(Rc<Open>);

#[derive(Default)]
struct Open(RefCell<HashMap<String, JoinHandle<()>>>);

impl Drop for Open {
    fn drop(&mut self) {
        for (_, task) in self.0.get_mut().drain() {
            task.abort();
        }
    }
}

impl Operations {
    /// Whether an id is in use.
    pub fn contains(&self, id: &str) -> bool {
        self.0.0.borrow().contains_key(id)
    }

    /// How many are open.
    pub fn count(&self) -> usize {
        self.0.0.borrow().len()
    }

    /// Ends one, if it is still open.
    pub fn stop(&self, id: &str) {
        if let Some(task) = self.0.0.borrow_mut().remove(id) {
            task.abort();
        }
    }

    /// Ends all.
    pub fn stop_all(&self) {
        for (_, task) in self.0.0.borrow_mut().drain() {
            task.abort();
        }
    }

    /// Starts one; it takes itself from the list when it is done.
    pub fn start<E: Executor, A: Authenticate>(
        &self,
        transport: Arc<Transport<E, A>>,
        outbox: Outbox,
        id: String,
        admitted: Admitted,
    ) {
        let open = Rc::downgrade(&self.0);
        let key = id.clone();
        let task = rt::spawn(async move {
            let last = run(&transport, &outbox, &id, admitted).await;
            // The id is free again before the client hears of the end.
            if let Some(open) = open.upgrade() {
                open.0.borrow_mut().remove(&id);
            }
            if let Ok(last) = last {
                outbox.send(last).await.ok();
            }
        });
        self.0.0.borrow_mut().insert(key, task);
    }
}

/// Runs an operation and answers its last message.
async fn run<E: Executor, A: Authenticate>(
    transport: &Arc<Transport<E, A>>,
    outbox: &Outbox,
    id: &str,
    admitted: Admitted,
) -> Result<String, Gone> {
    match admitted.kind {
        OperationType::Query | OperationType::Mutation => {
            let answer = transport.run(admitted).await;
            if answer.data.is_none() {
                return Ok(error(id, &answer.errors));
            }
            outbox.send(next(id, &answer)).await?;
        }
        OperationType::Subscription => {
            let mut answers = Box::pin(transport.subscribe(admitted));
            let mut is_first = true;
            while let Some(answer) = answers.next().await {
                if ends(&answer, is_first) {
                    return Ok(error(id, &answer.errors));
                }
                is_first = false;
                outbox.send(next(id, &answer)).await?;
            }
        }
    }
    Ok(complete(id))
}

/// Whether an answer ends its subscription: a refusal always does, a failure without data does when it is the first, because
/// then the source could not be opened.
fn ends(answer: &Answer, is_first: bool) -> bool {
    answer.data.is_none() || (is_first && answer.is_failure())
}
