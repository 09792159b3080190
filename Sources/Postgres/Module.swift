/// `Postgres` is a driver for PostgreSQL 15 and later over libpq, on the event loop.
///
/// It speaks binary values, keeps every connection in pipeline mode, pools connections per loop, runs
/// transactions that retry what the server asks to be retried, listens, copies, migrates, and can make and run
/// a private server of its own. It works the same through pgbouncer in transaction mode. It is not an
/// object mapper: rows become values where they are read, and SQL is written as SQL.
///
/// Its five nouns: ``SQL`` is a statement with its values bound; ``PostgresClient`` is the front door;
/// ``Transaction`` is a unit of work; ``Listener`` hears notifications; ``PrivateCluster`` is a server of one's own.
