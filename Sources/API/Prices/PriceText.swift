import Booking
import JSON
import Kernel

/// A page of offers as JSON; the offers are put in as they are kept.
struct PriceText {
  let bytes: [UInt8]

  init(_ page: OfferPage, _ question: PriceQuestion) {
    self.init(page, question.request, continued: question.continued)
  }

  init(_ page: OfferPage, _ request: OfferRequest, continued: Int64?) {
    var writer = JSONWriter()
    writer.object { object in
      object.field("id", request.search.name ?? "")
      object.field("fetchedAt", page.fetched.description)
      object.field("ageSeconds", page.ageSeconds)
      object.field("stale", page.isStale)
      object.field("missing", page.missing)
      object.field("total", page.total)
      // The page before was of an older answer: something may be on neither, or on both.
      if let continued, continued != page.fetched.secondsSinceEpoch { object.field("renewed", true) }
      let end = request.start + page.count
      object.field("next", end < page.total ? "\(end)-\(page.fetched.secondsSinceEpoch)" : nil)
    }
    bytes = Self.joined(writer.finish(), "offers", page.offers)
  }

  /// The same with one more field, whose value is JSON already.
  func with(_ name: StaticString, _ value: [UInt8]) -> [UInt8] { Self.joined(bytes, name, value) }

  private static func joined(_ object: [UInt8], _ name: StaticString, _ value: [UInt8]) -> [UInt8] {
    var bytes = object.dropLast()
    bytes.reserveCapacity(object.count + value.count + name.utf8CodeUnitCount + 5)
    bytes += ",\"\(name)\":".utf8
    bytes += value
    bytes.append(UInt8(ascii: "}"))
    return Array(bytes)
  }
}
