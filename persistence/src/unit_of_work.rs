//! One transaction: everything in it happens, or nothing.

use std::sync::atomic::{AtomicBool, Ordering};

use crate::connection::Transaction;
use crate::error::StoreError;
use crate::readable::sealed::Source;
use crate::store::{Backend, Store};

/// An open transaction. Dropped without [`UnitOfWork::commit`], it leaves no trace.
#[derive(Debug)]
pub struct UnitOfWork {
    transaction: Transaction,
    store: Store,
    wrote_journal: AtomicBool,
}

impl UnitOfWork {
    pub(crate) const fn new(transaction: Transaction, store: Store) -> Self {
        Self { transaction, store, wrote_journal: AtomicBool::new(false) }
    }

    /// Which database it is on.
    pub fn backend(&self) -> Backend {
        self.store.backend()
    }

    /// The transaction, for the repositories of this crate.
    pub(crate) const fn conn(&self) -> &Transaction {
        &self.transaction
    }

    /// Notes that rows of the journal were written, so that those who wait are told after the commit.
    pub(crate) fn note_journal(&self) {
        self.wrote_journal.store(true, Ordering::Relaxed);
    }

    /// Makes everything that was done in it durable, then tells those who wait for the journal.
    ///
    /// # Errors
    /// As the database tells; nothing was done then.
    pub async fn commit(self) -> Result<(), StoreError> {
        let Self { transaction, store, wrote_journal } = self;
        transaction.commit().await?;
        if wrote_journal.into_inner() {
            store.journal_written();
        }
        Ok(())
    }

    /// Undoes everything that was done in it.
    ///
    /// # Errors
    /// When the database is gone; nothing was done then either.
    pub async fn rollback(self) -> Result<(), StoreError> {
        Ok(self.transaction.rollback().await?)
    }
}

impl Source for UnitOfWork {
    type Conn = Transaction;

    fn conn(&self) -> &Transaction {
        &self.transaction
    }

    fn database(&self) -> Backend {
        self.store.backend()
    }
}
