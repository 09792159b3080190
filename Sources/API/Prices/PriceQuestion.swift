public import Booking
public import HTTP
import JSON
import Kernel

/// What a query asks of prices: the search, which of its offers, in which order, from where on.
struct PriceQuestion {
  /// Offers of a page.
  static let countMax = 50
  static let partyMax = 9
  static let nightsMax = 30
  /// How far ahead sellers sell.
  static let daysAheadMax = 400
  private static let carriersMax = 20

  let request: OfferRequest
  /// When what an earlier page showed was fetched; nil for the first page.
  let continued: Int64?

  /// Reads a query.
  ///
  /// - Throws: a `Problem` that names the parameter and the mend.
  init(_ kind: OfferKind, _ query: QueryParameters, today: LocalDate) throws(Problem) {
    let search = try Self.search(kind, query, today: today)
    var request = OfferRequest(search, filter: try Self.filter(query, search.currency))
    request.order = try query.optional("order", as: OfferOrder.self) ?? .price
    request.count = try query.optional("limit", as: Int.self, in: 1...Self.countMax) ?? 20
    var continued: Int64?
    if let cursor: String = try query.optional("cursor") {
      let parts = cursor.split(separator: "-", omittingEmptySubsequences: false).map { Int64(parameter: String($0)) }
      guard parts.count == 2, let start = parts[0], let fetched = parts[1], (0...1_000_000).contains(start) else {
        throw .parameter("cursor", "The query parameter 'cursor' must be the 'next' of an earlier answer.")
      }
      request.start = Int(start)
      continued = fetched
    }
    self.request = request
    self.continued = continued
  }

  /// The parameters of a kind, for its description.
  static func parameters(_ kind: OfferKind) -> [String: JSONSchema] {
    searchParameters(kind).merging(filterParameters(kind)) { own, _ in own }.merging([
      "order": .words(OfferOrder.self), "limit": .integer(1...countMax), "cursor": .text(1...40),
    ]) { own, _ in own }
  }

  /// What says what is looked for.
  static func searchParameters(_ kind: OfferKind) -> [String: JSONSchema] {
    let code: JSONSchema = .text(matching: "^[A-Za-z0-9]{2,12}$")
    var all: [String: JSONSchema] = [
      "date!": .date, "adults": .integer(1...partyMax), "children": .text(matching: "^[0-9]{1,2}(,[0-9]{1,2}){0,7}$"),
      "currency": .text(matching: "^[A-Z]{3}$"),
    ]
    switch kind {
    case .lodging:
      (all["place!"], all["nights!"], all["rooms"]) = (code, .integer(1...nightsMax), .integer(1...partyMax))
    case .activity: all["place!"] = code
    case .flight, .rail, .coach:
      (all["origin!"], all["destination!"], all["return"]) = (code, code, .date)
      all["cabin"] = .words(["economy", "premium", "business", "first", "second"])
    }
    return all
  }

  private static func filterParameters(_ kind: OfferKind) -> [String: JSONSchema] {
    var all: [String: JSONSchema] = ["priceMax": .amount, "refundable": .boolean]
    guard kind != .lodging, kind != .activity else { return all }
    (all["carriers"], all["stops"], all["bags"]) = (.text(1...200), .integer(0...5), .integer(0...5))
    for name in ["departsFrom", "departsBefore", "arrivesBy"] { all[name] = .moment }
    return all
  }

  /// Reads what is looked for.
  ///
  /// - Throws: a `Problem` that names the parameter and the mend.
  static func search(_ kind: OfferKind, _ query: QueryParameters, today: LocalDate) throws(Problem) -> OfferSearch {
    let isPlace = kind == .lodging || kind == .activity
    let origin = isPlace ? "" : try code("origin", query)
    let destination = try code(isPlace ? "place" : "destination", query)
    let date = try day("date", query, from: today)
    guard let date else { throw .parameter("date", "The query parameter 'date' is missing; write it as 2030-05-01.") }
    var nights = 0
    if kind == .lodging {
      guard let count = try query.optional("nights", as: Int.self, in: 1...nightsMax) else {
        throw .parameter("nights", "The query parameter 'nights' is missing; it must be a whole number.")
      }
      nights = count
    }
    let rooms = kind == .lodging ? try query.optional("rooms", as: Int.self, in: 1...partyMax) ?? 1 : 1
    let cabins = ["economy", "premium", "business", "first", "second"]
    let cabin = isPlace ? "economy" : try query.optional("cabin", as: String.self) ?? "economy"
    guard cabins.contains(cabin) else {
      throw .parameter("cabin", "The query parameter 'cabin' must be one of \(cabins.joined(separator: ", ")).")
    }
    let (adults, ages) = try party(query)
    guard rooms <= adults else {
      throw .parameter("rooms", "The query parameter 'rooms' must not be above the number of adults, \(adults).")
    }
    return OfferSearch(
      kind, from: origin, to: destination, on: date, nights: nights, rooms: rooms, cabin: cabin, adults: adults,
      childAges: ages,
      currency: try currency(query)
    ).normalized
  }

  /// The day of the way back, where one is wanted.
  ///
  /// - Throws: a `Problem` when it lies before the way there.
  static func back(_ query: QueryParameters, after date: LocalDate) throws(Problem) -> LocalDate? {
    try day("return", query, from: date)
  }

  private static func party(_ query: QueryParameters) throws(Problem) -> (adults: Int, ages: [Int]) {
    let adults = try query.optional("adults", as: Int.self, in: 1...partyMax) ?? 1
    var ages: [Int] = []
    if let text: String = try query.optional("children") {
      for part in text.split(separator: ",", omittingEmptySubsequences: false) {
        guard let age = Int(parameter: String(part)), (0...17).contains(age) else {
          throw .parameter(
            "children", "The query parameter 'children' must be the ages of who is under 18, as in 4,11.")
        }
        ages.append(age)
      }
    }
    guard adults + ages.count <= partyMax else {
      throw .parameter("children", "At most \(partyMax) people are asked for at once; ask for the others separately.")
    }
    return (adults, ages)
  }

  private static func currency(_ query: QueryParameters) throws(Problem) -> Currency {
    guard let text: String = try query.optional("currency") else { return .euro }
    do { return try Currency(text) } catch {
      throw .parameter("currency", "The query parameter 'currency' \(error).")
    }
  }

  private static func code(_ name: String, _ query: QueryParameters) throws(Problem) -> String {
    let text: String = try query.require(name)
    guard OfferSearch.isCode(text) else {
      throw .parameter(name, "The query parameter '\(name)' must be a code of 2 to 12 letters and digits, such as LIS.")
    }
    return text
  }

  private static func day(
    _ name: String, _ query: QueryParameters, from first: LocalDate
  ) throws(Problem) -> LocalDate? {
    guard let text: String = try query.optional(name) else { return nil }
    let day: LocalDate
    do { day = try LocalDate(text) } catch {
      throw .parameter(name, "The query parameter '\(name)' must be a day, written as 2030-05-01.")
    }
    guard (0...daysAheadMax).contains(first.days(until: day)) else {
      throw .parameter(
        name, "The query parameter '\(name)' must lie between \(first) and \(first.adding(days: daysAheadMax)).")
    }
    return day
  }

  private static func filter(_ query: QueryParameters, _ currency: Currency) throws(Problem) -> OfferFilter {
    var filter = OfferFilter()
    if let text: String = try query.optional("carriers") {
      let names = text.split(separator: ",", omittingEmptySubsequences: false)
      guard names.count <= carriersMax, names.allSatisfy({ !$0.isEmpty }) else {
        throw .parameter(
          "carriers",
          "The query parameter 'carriers' must be 1 to \(carriersMax) names with commas between, as in LH,TP.")
      }
      filter.carriers = Set(names.map(String.init))
    }
    filter.stopsMax = try query.optional("stops", as: Int.self, in: 0...5)
    filter.bagsMin = try query.optional("bags", as: Int.self, in: 0...5) ?? 0
    filter.isRefundable = try query.optional("refundable", as: Bool.self) ?? false
    filter.departsFrom = try moment("departsFrom", query)
    filter.departsBefore = try moment("departsBefore", query)
    filter.arrivesBy = try moment("arrivesBy", query)
    if let text: String = try query.optional("priceMax") {
      do { filter.priceMax = try Money(text, currency).minorUnits } catch {
        throw .parameter("priceMax", "The query parameter 'priceMax' \(error).")
      }
    }
    return filter
  }

  private static func moment(_ name: String, _ query: QueryParameters) throws(Problem) -> Instant? {
    guard let text: String = try query.optional(name) else { return nil }
    do { return try Instant(text) } catch {
      throw .parameter(name, "The query parameter '\(name)' must be a moment, written as 2030-05-01T08:00:00Z.")
    }
  }
}

extension OfferOrder: PathParameter {}
