//! What can be read from: the readers' pool, or a unit of work that sees its own writes.

pub(crate) mod sealed {
    use sea_orm::ConnectionTrait;

    use crate::store::Backend;

    /// Where statements go; only this crate can name it.
    pub trait Source: Send + Sync {
        /// The kind of connection.
        type Conn: ConnectionTrait + Send + Sync;

        /// The connection or transaction.
        fn conn(&self) -> &Self::Conn;

        /// The connection for statements that are best planned by the values they bind, such as lists with filters. Inside a unit of work it
        /// is the same one.
        fn planned(&self) -> &Self::Conn {
            self.conn()
        }

        /// Which database it is.
        fn database(&self) -> Backend;
    }
}

/// What finders read from. Only [`crate::Reader`] and [`crate::UnitOfWork`] are.
pub trait Readable: sealed::Source {}

impl<T: sealed::Source> Readable for T {}
