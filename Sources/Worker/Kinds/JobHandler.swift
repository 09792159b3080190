public import JSON
public import Store

/// What a handler gives back when it did not fail.
public enum JobAnswer: Sendable {
  /// It is done; with what came of it, as JSON.
  case done([UInt8]?)
  /// It wants to be tried again later; this try does not count.
  case snooze(Duration)
  /// What it did and that it is done have been stored together (see `JobContext.complete`).
  case stored
}

/// Why a job failed in a way that trying again would not mend.
public struct JobGivenUp: Error, Sendable, CustomStringConvertible {
  /// One sentence for whoever looks at the dead letter.
  public let description: String

  /// Gives a job up.
  public init(_ reason: String) { description = reason }
}

/// Does the jobs of one kind.
public struct JobHandler: Sendable {
  /// What it does.
  public let kind: JobKind
  let run: @Sendable (JobContext) async throws -> JobAnswer

  /// A handler that reads the payload itself.
  ///
  /// - Parameters:
  ///   - kind: what it does.
  ///   - run: runs on the worker's event loop and must not block it: what computes goes to a `WorkPool`. It is
  ///     cancelled when the job is, when its time is up, and when the lease is lost.
  public init(_ kind: JobKind, run: @escaping @Sendable (JobContext) async throws -> JobAnswer) {
    self.kind = kind
    self.run = run
  }

  /// A handler that works on a payload of a type and gives a result of a type.
  public init<Payload: JSONReadable & SendableMetatype, Result: JSONWritable & SendableMetatype>(
    _ kind: JobKind, _ work: @escaping @Sendable (Payload, JobContext) async throws -> Result
  ) {
    self.init(kind) { context in
      .done(try await work(try Payload(jsonBytes: Array(context.job.payload.utf8)), context).jsonBytes())
    }
  }
}

/// The handlers of a worker by kind.
public struct JobHandlers: Sendable {
  let byName: [String: JobHandler]

  /// Gathers handlers; two of one kind are a fault of ours.
  public init(_ handlers: [JobHandler]) {
    byName = Dictionary(handlers.map { ($0.kind.name, $0) }) { first, _ in
      preconditionFailure("two handlers for jobs of kind \(first.kind.name)")
    }
  }

  /// What can be done, by name.
  public var kinds: [JobKind] { byName.values.map(\.kind).sorted { $0.name < $1.name } }
}
