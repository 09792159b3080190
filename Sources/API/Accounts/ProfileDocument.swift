import Accounts
import BudgetWire
import HTTP
import ItineraryWire
import JSON
import Kernel
import Notification
import Store

/// What somebody tells about themselves: read strictly, kept as it is read.
struct ProfileDocument {
  static let schema: JSONSchema = .fields([
    "name": .text(1...100), "bio?": .text(0...1000), "language?": .text(2...35),
    "homePlace?": .fields(["name": .text(1...200), "lat?": .number(-90...90), "lon?": .number(-180...180)]),
  ])

  let name: String
  let json: String

  init(_ root: JSONNode) throws(JSONError) {
    let object = try root.object(fields: "name", "homePlace", "bio", "language")
    name = try object.line("name", length: 1...100)
    let bio = try object.optional("bio", length: 0...1000)
    if let bio, CardNumber.occurs(in: bio) {
      throw try object.required("bio", as: JSONNode.self).fault(
        "has what looks like the number of a card: leave it out")
    }
    let language = try object.optionalLine("language", length: 2...35)
    let home = try object.optional("homePlace", as: HomePlace.self)
    var writer = JSONWriter()
    writer.object {
      $0.field("bio", ifPresent: bio)
      $0.field("language", ifPresent: language)
      $0.field("homePlace", ifPresent: home)
    }
    json = String(decoding: writer.finish(), as: UTF8.self)
    try refuseUnstorable(root, json)
  }

  private struct HomePlace: JSONReadable, JSONWritable {
    let name: String
    let latitude: Double?
    let longitude: Double?

    init(json: JSONNode) throws(JSONError) {
      let object = try json.object(fields: "name", "lat", "lon")
      name = try object.line("name", length: 1...200)
      latitude = try object.optional("lat", in: -90.0...90)
      longitude = try object.optional("lon", in: -180.0...180)
      guard (latitude == nil) == (longitude == nil) else {
        throw json.fault("must have both lat and lon, or neither")
      }
    }

    func write(to writer: inout JSONWriter) {
      writer.object {
        $0.field("name", name)
        $0.field("lat", ifPresent: latitude)
        $0.field("lon", ifPresent: longitude)
      }
    }
  }
}

/// What somebody likes: read strictly, kept as it is read.
struct PreferencesDocument {
  static let schema: JSONSchema = .fields([
    "currency?": .text(matching: "^[A-Z]{3}$"), "style?": .text(1...40),
    "interests?": .list(.words(tripInterests), 0...tripInterests.count),
    "notifications?": .fields(["email?": .boolean, "push?": .boolean, "digest?": .boolean]),
  ])

  let json: String

  /// - Parameters:
  ///   - root: the document.
  ///   - styles: how one can travel here, in the words of budgets and trips.
  /// - Throws: what is wrong with it, with its place.
  init(_ root: JSONNode, styles: [String]) throws(JSONError) {
    let object = try root.object(fields: "currency", "style", "interests", "notifications")
    let currency = try object.optional("currency", as: JSONNode.self)?.currency().code
    let style = try object.optional("style", as: JSONNode.self)?.word(of: styles, "a style")
    var interests: [String] = []
    for node in try object.optional("interests", count: 0...tripInterests.count, of: JSONNode.self) ?? [] {
      interests.append(try node.word(of: tripInterests, "an interest"))
    }
    let notifications = try object.optional("notifications", as: ReadingHabits.self)
    if let notifications, (try? ZoneFiles.system.rules(of: notifications.zone)) == nil {
      throw root.fault("names a time zone that this server does not know", at: "/notifications/zone")
    }
    var writer = JSONWriter()
    writer.object {
      $0.field("currency", ifPresent: currency)
      $0.field("style", ifPresent: style)
      $0.field("interests", interests)
      $0.field("notifications", ifPresent: notifications)
    }
    json = String(decoding: writer.finish(), as: UTF8.self)
    try refuseUnstorable(root, json)
  }
}

/// Refuses what no row takes, or must never get into one.
private func refuseUnstorable(_ root: JSONNode, _ json: String) throws(JSONError) {
  if json.contains("\\u0000") { throw root.fault("must not have a NUL character in it") }
}
