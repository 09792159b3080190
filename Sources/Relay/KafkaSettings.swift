/// Where the brokers are, and how they are spoken to.
package struct KafkaSettings: Sendable {
  /// What is wrong with a setting.
  package struct Fault: Error, Hashable, CustomStringConvertible {
    /// One sentence.
    package let description: String
  }

  /// `HOST:PORT,…`: some of the brokers; the others are learnt from them.
  package let brokers: String
  /// What else librdkafka is told, such as `security.protocol`.
  package let properties: [(name: String, value: String)]
  /// Requests to one broker that are not answered yet; Kafka keeps order and count of an idempotent producer's up to five.
  var requestsAtOnce = 5

  /// What the relay rests on, so that nobody else sets it.
  private static let own: Set<String> = [
    "bootstrap.servers", "metadata.broker.list", "enable.idempotence", "acks", "request.required.acks",
    "message.timeout.ms", "delivery.timeout.ms", "batch.num.messages", "linger.ms", "queue.buffering.max.ms",
    "max.in.flight", "max.in.flight.requests.per.connection", "transactional.id", "retries",
    "message.send.max.retries", "enable.gapless.guarantee", "partitioner",
  ]

  /// Settings.
  ///
  /// - Parameters:
  ///   - brokers: some of the brokers.
  ///   - properties: what else librdkafka is told, in its own words.
  /// - Throws: `Fault` where a property is one that the relay itself rests on.
  package init(brokers: String, properties: [(name: String, value: String)] = []) throws(Fault) {
    for (name, _) in properties where KafkaSettings.own.contains(name) {
      throw Fault(description: "\(name) is the relay's own: order and safety rest on it; leave it out")
    }
    self.brokers = brokers
    self.properties = properties
  }

  /// Everything that librdkafka is told, in order.
  ///
  /// Messages are never given up by time: one that was would come after those that followed it. Each is a batch of its own,
  /// so that a broker's refusal is of it alone.
  var all: [(name: String, value: String)] {
    [
      ("client.id", "wayfare"), ("socket.keepalive.enable", "true"), ("reconnect.backoff.ms", "200"),
      ("reconnect.backoff.max.ms", "10000"), ("topic.metadata.propagation.max.ms", "10000"),
    ] + properties + [
      ("bootstrap.servers", brokers), ("enable.idempotence", "true"), ("acks", "all"), ("message.timeout.ms", "0"),
      ("batch.num.messages", "1"), ("linger.ms", "0"), ("max.in.flight.requests.per.connection", "\(requestsAtOnce)"),
      // The same place for a key as Kafka's own clients give it.
      ("partitioner", "murmur2_random"),
    ]
  }
}
