public import CKafka
import Glibc

/// librdkafka's own mock cluster: brokers on real sockets of this process, which others wrote.
///
/// It keeps no sequence numbers, so that what is sent again after a cut is there twice.
public final class MockBrokers: @unchecked Sendable {  // Sendable: librdkafka's handles may be used by any thread.
  /// A message as a consumer reads it.
  public struct Message: Sendable, Hashable {
    /// Where it lies.
    public let partition: Int32
    /// Its key.
    public let key: String
    /// Its value.
    public let value: String
    /// Its headers.
    public let headers: [String: String]

    /// What it is known by.
    public var id: Int64 { headers["ce_id"].flatMap { Int64($0) } ?? 0 }
  }

  private let owner: OpaquePointer
  private let cluster: OpaquePointer
  private static let partitions: Int32 = 3

  /// Where they listen: `HOST:PORT,…`.
  public var addresses: String { String(cString: rd_kafka_mock_cluster_bootstraps(cluster)) }

  /// Starts brokers that have some topics.
  public init(brokers: Int32 = 3, topics: [String]) {
    var words = [CChar](repeating: 0, count: 512)
    let configuration = rd_kafka_conf_new()
    rd_kafka_conf_set_log_cb(configuration, nil)
    guard let owner = rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &words, words.count),
      let cluster = rd_kafka_mock_cluster_new(owner, brokers)
    else { preconditionFailure("no mock brokers") }
    self.owner = owner
    self.cluster = cluster
    for topic in topics { rd_kafka_mock_topic_create(cluster, topic, MockBrokers.partitions, brokers) }
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(owner)
  }

  /// Cuts all connections and takes none.
  public func goDown() { rd_kafka_mock_broker_set_down(cluster, -1) }

  /// Takes connections again.
  public func comeUp() { rd_kafka_mock_broker_set_up(cluster, -1) }

  /// How long each answer takes.
  public func slowDown(milliseconds: Int32) { rd_kafka_mock_broker_set_rtt(cluster, -1, milliseconds) }

  /// Has a topic told of with a fault, or without.
  public func spoil(_ topic: String, _ fault: rd_kafka_resp_err_t?) {
    rd_kafka_mock_topic_set_error(cluster, topic, fault ?? RD_KAFKA_RESP_ERR_NO_ERROR)
  }

  /// Has the next produce requests refused.
  public func refuse(_ faults: [rd_kafka_resp_err_t]) {
    rd_kafka_mock_push_request_errors_array(cluster, 0, faults.count, faults)
  }

  /// Everything that is in a topic now, in the order of each partition; waits for up to ten seconds.
  public func messages(in topic: String) -> [Message] {
    var words = [CChar](repeating: 0, count: 512)
    let configuration = rd_kafka_conf_new()
    for (name, value) in [
      ("bootstrap.servers", addresses), ("group.id", "tests"), ("enable.partition.eof", "true"),
      ("auto.offset.reset", "earliest"), ("enable.auto.commit", "false"),
    ] {
      precondition(
        rd_kafka_conf_set(configuration, name, value, &words, words.count) == RD_KAFKA_CONF_OK, "no such property")
    }
    rd_kafka_conf_set_log_cb(configuration, nil)
    guard let consumer = rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &words, words.count) else {
      preconditionFailure("no consumer")
    }
    defer {
      rd_kafka_consumer_close(consumer)
      rd_kafka_destroy(consumer)
    }
    rd_kafka_poll_set_consumer(consumer)
    let list = rd_kafka_topic_partition_list_new(MockBrokers.partitions)
    for partition in 0..<MockBrokers.partitions {
      rd_kafka_topic_partition_list_add(list, topic, partition)
      rd_kafka_topic_partition_list_set_offset(list, topic, partition, Int64(RD_KAFKA_OFFSET_BEGINNING))
    }
    rd_kafka_assign(consumer, list)
    rd_kafka_topic_partition_list_destroy(list)
    var (found, ended) = ([Message](), Set<Int32>())
    let deadline = ContinuousClock.now + .seconds(10)
    while ended.count < Int(MockBrokers.partitions), ContinuousClock.now < deadline {
      guard let message = rd_kafka_consumer_poll(consumer, 100) else { continue }
      defer { rd_kafka_message_destroy(message) }
      switch message.pointee.err {
      case RD_KAFKA_RESP_ERR_NO_ERROR: found.append(MockBrokers.read(message))
      case RD_KAFKA_RESP_ERR__PARTITION_EOF: ended.insert(message.pointee.partition)
      default: continue
      }
    }
    return found
  }

  private static func read(_ message: UnsafeMutablePointer<rd_kafka_message_t>) -> Message {
    func text(_ start: UnsafeRawPointer?, _ count: Int) -> String {
      String(decoding: UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : count), as: UTF8.self)
    }
    var headers: [String: String] = [:]
    var list: OpaquePointer?
    if rd_kafka_message_headers(message, &list) == RD_KAFKA_RESP_ERR_NO_ERROR {
      var (name, value, count, index) = (UnsafePointer<CChar>?.none, UnsafeRawPointer?.none, 0, 0)
      while rd_kafka_header_get_all(list, index, &name, &value, &count) == RD_KAFKA_RESP_ERR_NO_ERROR {
        if let name { headers[String(cString: name)] = text(value, count) }
        index += 1
      }
    }
    let it = message.pointee
    return Message(
      partition: it.partition, key: text(it.key, it.key_len), value: text(it.payload, it.len), headers: headers)
  }
}
