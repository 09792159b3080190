import Kernel
package import Store

/// An event as it is told outside: CloudEvents 1.0 in the binary mode of its Kafka binding.
///
/// Binary, because the payload then leaves as it was stored, byte for byte: whoever knows nothing of CloudEvents reads plain
/// JSON, and whoever does sorts by headers without reading it. What has no room for headers, such as some files that topics
/// are copied to, keeps the payload and its key alone.
package struct CloudEvent: Hashable, Sendable {
  /// Under which topic.
  package let topic: String
  /// Events of one key are in one partition, and in order there.
  package let key: String
  /// What the binding calls headers, in the order in which they are sent.
  package let headers: [Header]
  /// The payload as it was stored.
  package let data: String

  /// One attribute.
  package struct Header: Hashable, Sendable {
    package let name: String
    package let value: String
  }

  /// What is told of an event.
  ///
  /// - Parameters:
  ///   - event: as the outbox keeps it. Its number is the id: the same however often it is sent, and of one source no other
  ///     event has it.
  ///   - source: which installation tells it.
  package init(_ event: WaitingEvent, source: String) {
    topic = event.topic
    key = event.key
    data = event.payload
    let digits = "\(event.id)"
    var headers = [
      Header(name: "content-type", value: "application/json"),
      Header(name: "ce_specversion", value: "1.0"),
      Header(name: "ce_id", value: digits),
      Header(name: "ce_source", value: source),
      Header(name: "ce_type", value: event.kind),
      Header(name: "ce_subject", value: event.key),
      Header(name: "ce_time", value: event.createdAt.description),
      Header(name: "ce_partitionkey", value: event.key),
      // Ordered as text too: of one key, what has a lower one than what was seen before has come again.
      Header(name: "ce_sequence", value: String(repeating: "0", count: max(0, 19 - digits.utf8.count)) + digits),
    ]
    if let trace = event.trace, CloudEvent.isTraceParent(trace) {
      headers.append(Header(name: "ce_traceparent", value: trace))
    }
    self.headers = headers
  }

  /// `00-TRACE-SPAN-FLAGS`, as the extension for tracing wants it.
  private static func isTraceParent(_ text: String) -> Bool {
    text.utf8.count == 55 && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || $0 == 45 }
  }
}
