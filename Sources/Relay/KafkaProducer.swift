import CKafka

/// The way to the brokers: idempotent, acknowledged by all replicas, in order for each key.
///
/// librdkafka sends on threads of its own, connects again by itself, and keeps what it was given until a broker has it or
/// the producer is closed. Nothing here waits but ``close()`` and ``check(_:)``, which no loop may call.
final class KafkaProducer: @unchecked Sendable {  // Sendable: librdkafka's handles may be used by any thread.
  /// What is wrong, in librdkafka's words.
  struct Fault: Error, Hashable, CustomStringConvertible {
    let description: String
  }

  /// What became of a message, or of the way to the brokers.
  enum Report: Hashable, Sendable {
    /// All replicas have it.
    case arrived(Int64)
    /// No broker will ever have it.
    case refused(Int64, reason: String)
    /// It is not there now, because of its topic.
    case failed(Int64, reason: String)
    /// The brokers cannot be reached, or will not have us, for the time being.
    case trouble(reason: String)
    /// This producer can do nothing any more.
    case over(reason: String)
  }

  private let handle: OpaquePointer
  private let queue: OpaquePointer
  private static let wordsMax = 512
  /// What is read before others have a turn.
  private static let reportsMax = 1000

  /// A producer that connects when there is something to send.
  ///
  /// - Throws: `Fault` where librdkafka does not take a setting.
  init(_ settings: KafkaSettings) throws(Fault) {
    var words = [CChar](repeating: 0, count: KafkaProducer.wordsMax)
    let configuration = rd_kafka_conf_new()
    for (name, value) in settings.all
    where rd_kafka_conf_set(configuration, name, value, &words, words.count) != RD_KAFKA_CONF_OK {
      rd_kafka_conf_destroy(configuration)
      throw Fault(description: KafkaProducer.text(words))
    }
    rd_kafka_conf_set_events(configuration, RD_KAFKA_EVENT_DR | RD_KAFKA_EVENT_ERROR)
    // What it would write to standard error comes as events too.
    rd_kafka_conf_set_log_cb(configuration, nil)
    guard let handle = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &words, words.count) else {
      rd_kafka_conf_destroy(configuration)
      throw Fault(description: KafkaProducer.text(words))
    }
    guard let queue = rd_kafka_queue_get_main(handle) else {
      preconditionFailure("a producer has a main queue")
    }
    self.handle = handle
    self.queue = queue
  }

  /// Gives a message to librdkafka.
  ///
  /// - Parameters:
  ///   - event: what is sent.
  ///   - id: what it is called in reports; above zero.
  /// - Returns: nil where it is on its way; otherwise what became of it, at once.
  func send(_ event: CloudEvent, as id: Int64) -> Report? {
    let headers = rd_kafka_headers_new(event.headers.count)
    for header in event.headers {
      let value = Array(header.value.utf8)
      rd_kafka_header_add(headers, header.name, -1, value, value.count)
    }
    let (key, value) = (Array(event.key.utf8), Array(event.data.utf8))
    let error = wayfare_kafka_send(
      handle, event.topic, key, key.count, value, value.count, headers, UnsafeMutableRawPointer(bitPattern: Int(id)))
    return error == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaProducer.report(error, of: id)
  }

  /// What has become of things since the last call; waits for nothing.
  func reports() -> [Report] {
    var reports: [Report] = []
    while reports.count < KafkaProducer.reportsMax, let event = rd_kafka_queue_poll(queue, 0) {
      defer { rd_kafka_event_destroy(event) }
      switch rd_kafka_event_type(event) {
      case RD_KAFKA_EVENT_DR:
        while let message = rd_kafka_event_message_next(event) {
          let id = Int64(Int(bitPattern: message.pointee._private))
          let error = message.pointee.err
          reports.append(
            error == RD_KAFKA_RESP_ERR_NO_ERROR ? .arrived(id) : KafkaProducer.report(error, of: id))
        }
      case RD_KAFKA_EVENT_ERROR:
        let reason = rd_kafka_event_error_string(event).map { String(cString: $0) } ?? "an error without words"
        let isFatal =
          rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR__FATAL || rd_kafka_event_error_is_fatal(event) != 0
        reports.append(isFatal ? .over(reason: reason) : .trouble(reason: reason))
      default: break
      }
    }
    return reports
  }

  /// Lets go of everything, also of what no broker has yet; takes up to a second.
  func close() {
    rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    rd_kafka_queue_destroy(queue)
    rd_kafka_destroy(handle)
  }

  /// Asks the brokers for a topic; waits for up to five seconds.
  ///
  /// - Returns: what is wrong with it; nil where it can be written to.
  /// - Throws: `Fault` where no broker answers.
  func check(_ topic: String) throws(Fault) -> String? {
    let named = rd_kafka_topic_new(handle, topic, nil)
    defer { rd_kafka_topic_destroy(named) }
    var metadata: UnsafePointer<rd_kafka_metadata>?
    let error = rd_kafka_metadata(handle, 0, named, &metadata, 5000)
    guard error == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { throw Fault(description: KafkaProducer.text(error)) }
    defer { rd_kafka_metadata_destroy(metadata) }
    guard metadata.pointee.topic_cnt == 1 else { return "is not told of" }
    let fault = metadata.pointee.topics[0].err
    return fault == RD_KAFKA_RESP_ERR_NO_ERROR ? nil : KafkaProducer.text(fault)
  }

  /// Which faults are of the message itself: the same would be refused tomorrow.
  private static func report(_ error: rd_kafka_resp_err_t, of id: Int64) -> Report {
    switch error {
    case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, RD_KAFKA_RESP_ERR_INVALID_RECORD, RD_KAFKA_RESP_ERR_INVALID_TIMESTAMP,
      RD_KAFKA_RESP_ERR__INVALID_ARG:
      .refused(id, reason: text(error))
    default: .failed(id, reason: text(error))
    }
  }

  private static func text(_ error: rd_kafka_resp_err_t) -> String {
    rd_kafka_err2str(error).map { String(cString: $0) } ?? "error \(error.rawValue)"
  }

  private static func text(_ words: [CChar]) -> String {
    String(decoding: words.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
