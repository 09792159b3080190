import EventLoop
import JSON
import Relay
import Store
import Telemetry

/// What the settings say about events for Kafka, read and checked before anything starts.
enum RelaySetup {
  private static let propertiesMax = 100

  /// Where events go; nil where no brokers are named.
  ///
  /// - Throws: `UsageError` that names the setting or file and the mend.
  static func read(_ settings: Settings) throws(UsageError) -> KafkaSettings? {
    guard settings.string(.kafka) != nil else { return nil }
    let brokers = settings.list(.kafka)
    guard !brokers.isEmpty, brokers.allSatisfy(isBroker) else { throw settings.wrong(.kafka, "write HOST:PORT,…") }
    var properties: [(name: String, value: String)] = []
    if let path = settings.string(.kafkaProperties) {
      properties = try OwnerOnlyFile(path: path, contents: "properties").read { (root) throws(JSONError) in
        try RelaySetup.properties(root)
      }
    }
    let place = settings.source(properties.isEmpty ? .kafka : .kafkaProperties)
    let kafka: KafkaSettings
    do throws(KafkaSettings.Fault) {
      kafka = try KafkaSettings(brokers: brokers.joined(separator: ","), properties: properties)
    } catch {
      throw UsageError("\(place): \(error)")
    }
    if let flaw = EventRelay.flaw(in: kafka) { throw UsageError("\(place): \(flaw)") }
    return kafka
  }

  /// The relay of a process, where events are relayed.
  static func services(_ kafka: KafkaSettings?, _ runtime: Runtime, _ database: DatabaseAccess) -> [Service] {
    guard let kafka else { return [] }
    let relay = EventRelay(
      Database(database.client).relay, to: kafka, on: runtime.group.loops[0], pool: runtime.pool,
      logger: runtime.logger.named("events"), metrics: runtime.metrics)
    return [Service(name: "events", start: { relay.start() }, stop: { await relay.stop() })]
  }

  private static func properties(_ root: JSONNode) throws(JSONError) -> [(name: String, value: String)] {
    var properties: [(name: String, value: String)] = []
    for (name, node) in try root.members { properties.append((name, try node.string)) }
    guard properties.count <= propertiesMax else { throw root.fault("has more than \(propertiesMax) properties") }
    return properties
  }

  private static func isBroker(_ text: String) -> Bool {
    guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
      let port = UInt16(text[text.index(after: colon)...])
    else { return false }
    return port > 0 && text.utf8.allSatisfy { $0 > 32 && $0 < 127 }
  }
}
