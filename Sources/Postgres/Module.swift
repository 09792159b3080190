/// `Postgres` is a driver over libpq.
