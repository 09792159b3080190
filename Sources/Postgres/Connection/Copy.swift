import CPostgres

/// COPY: rows in bulk, in PostgreSQL's text, CSV or binary form as the statement says.
extension PostgresConnection {
  /// Sends rows to `COPY … FROM STDIN`, as fast as the server takes them.
  ///
  /// - Returns: how many rows were copied.
  /// - Throws: `PostgresError`, what the sequence throws (nothing is copied then), or `CancellationError`.
  public func copyIn<Chunks: AsyncSequence>(
    _ sql: SQL, from chunks: Chunks, timeouts: Timeouts? = nil
  ) async throws -> Int where Chunks.Element == [UInt8] {
    try await copy(sql, timeouts: timeouts, expecting: PGRES_COPY_IN) { exclusive in
      do {
        for try await chunk in chunks {
          let isQueued = chunk.withUnsafeBytes { bytes in
            PQputCopyData(
              exclusive.handle.pointer, bytes.assumingMemoryBound(to: CChar.self).baseAddress, Int32(bytes.count))
          }
          guard isQueued == 1 else { throw await exclusive.lost() }
          try await exclusive.flush()
        }
      } catch {
        guard self.isAlive else { throw error }
        _ = PQputCopyEnd(exclusive.handle.pointer, "the sender gave up")
        try await exclusive.flush()
        // The server's answer only repeats that the sender gave up.
        _ = try? await exclusive.finish()
        throw error
      }
      guard PQputCopyEnd(exclusive.handle.pointer, nil) == 1 else { throw await exclusive.lost() }
      try await exclusive.flush()
      return try await exclusive.finish()?.affectedRows ?? 0
    }
  }

  /// Reads the rows of `COPY … TO STDOUT`, no faster than `body` takes them.
  ///
  /// A body that returns early stops the copying on the server.
  /// - Throws: `PostgresError`, what the body throws, or `CancellationError`.
  public func copyOut<Value>(
    _ sql: SQL, timeouts: Timeouts? = nil, _ body: (CopyOutChunks) async throws -> Value
  ) async throws -> Value {
    try await copy(sql, timeouts: timeouts, expecting: PGRES_COPY_OUT) { exclusive in
      let result = await Result.of { try await body(CopyOutChunks(exclusive: exclusive)) }
      if !exclusive.isCopyFinished {
        exclusive.cancel()
        _ = await exclusive.drain()
      }
      return try result.get()
    }
  }

  private func copy<Value>(
    _ sql: SQL, timeouts: Timeouts?, expecting status: ExecStatusType,
    _ body: (ExclusiveConnection) async throws -> Value
  ) async throws -> Value {
    guard sql.parameters.isEmpty else {
      throw PostgresError.misuse("COPY takes no values; write COPY (SELECT …) with literals, or copy into a table")
    }
    return try await withoutPipeline { exclusive in
      if let timeouts {
        exclusive.patience = timeouts.statement > .zero ? timeouts.statement + .seconds(15) : .seconds(86_400)
      }
      let isInTransaction = exclusive.handle.transactionStatus != PQTRANS_IDLE
      let isWrapped = !isInTransaction && (isPooled || timeouts != nil)
      if isWrapped {
        try await exclusive.run("BEGIN; " + (timeouts ?? settings.timeouts).settingLocallyAsText)
      }
      let result = await Result.of {
        try await exclusive.send(sql.text)
        guard let first = try await exclusive.nextResult() else { throw PostgresError.closed }
        if first.status == PGRES_FATAL_ERROR { throw exclusive.error(first.serverError) }
        guard first.status == status else {
          throw PostgresError.misuse("the statement is not a COPY in this direction")
        }
        return try await body(exclusive)
      }
      guard isWrapped, self.isAlive else { return try result.get() }
      _ = await exclusive.drain()
      // What follows must not be hit by what was meant for the COPY.
      _ = await exclusive.finishCancelling()
      if case .success = result { try await exclusive.run("COMMIT") } else { try await exclusive.run("ROLLBACK") }
      return try result.get()
    }
  }

  /// Runs a script of several statements within the transaction that is open.
  func runScript(_ sql: SQL) async throws {
    try await withoutPipeline { exclusive in
      exclusive.patience = .seconds(86_400)
      try await exclusive.run(sql.text)
      guard exclusive.handle.transactionStatus == PQTRANS_INTRANS else {
        throw PostgresError.misuse("the script ended the transaction it runs in; take its COMMIT or ROLLBACK out")
      }
    }
  }
}

extension Timeouts {
  /// The same as `settingLocally`, for where values cannot be bound.
  var settingLocallyAsText: String {
    "SET LOCAL statement_timeout = \(statement.milliseconds); SET LOCAL lock_timeout = \(lock.milliseconds);"
      + " SET LOCAL idle_in_transaction_session_timeout = \(idleInTransaction.milliseconds)"
  }
}

/// The rows of a `COPY … TO STDOUT`, several at a time and each whole; to be read once, where they were given.
public struct CopyOutChunks: AsyncSequence, Sendable {
  /// Bytes of one or more rows.
  public typealias Element = [UInt8]

  let exclusive: ExclusiveConnection

  /// Begins to read.
  public func makeAsyncIterator() -> Iterator { Iterator(exclusive: exclusive) }

  /// Reads chunk by chunk.
  public struct Iterator: AsyncIteratorProtocol {
    let exclusive: ExclusiveConnection

    /// The next rows, or nil at the end.
    ///
    /// - Throws: `PostgresError` when the server stops, or `CancellationError`.
    public mutating func next() async throws -> [UInt8]? { try await exclusive.owner.nextChunk(of: exclusive) }

    /// The next rows, on the caller's own executor, or nil at the end.
    ///
    /// - Throws: `PostgresError` when the server stops, or `CancellationError`.
    public mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
      try await exclusive.owner.nextChunk(of: exclusive)
    }
  }
}

extension PostgresConnection {
  private static var chunkBytes: Int { 65_536 }

  /// As many rows as have arrived, up to a limit; the reader's own task need not be on the loop.
  fileprivate func nextChunk(of exclusive: ExclusiveConnection) async throws -> [UInt8]? {
    var chunk: [UInt8] = []
    while !exclusive.isCopyFinished {
      var row: UnsafeMutablePointer<CChar>?
      let count = PQgetCopyData(exclusive.handle.pointer, &row, 1)
      defer { PQfreemem(row) }
      if count > 0, let row {
        chunk += UnsafeRawBufferPointer(start: row, count: Int(count))
        if chunk.count >= PostgresConnection.chunkBytes { return chunk }
      } else if count == 0 {
        if !chunk.isEmpty { return chunk }
        try await exclusive.read()
      } else {
        exclusive.isCopyFinished = true
        _ = try await exclusive.finish()
      }
    }
    return chunk.isEmpty ? nil : chunk
  }
}
