import Kernel
import Testing

@testable import Transport

/// Prices worked by hand.
///
///     A ── 1 ── B ── 2 ── C ── 3 ── D      line 1 at 8:00, 10 min; line 2 at 8:15, 10 min; line 3 at 9:00, 10 min
@Suite("What journeys cost")
struct FarePriceTests {
  private static let calls = """
    trip_id,arrival_time,departure_time,stop_id,stop_sequence
    T1,08:00:00,08:00:00,A,1
    T1,08:10:00,08:10:00,B,2
    T2,08:15:00,08:15:00,B,1
    T2,08:25:00,08:25:00,C,2
    T3,09:00:00,09:00:00,C,1
    T3,09:10:00,09:10:00,D,2

    """

  private func price(_ files: [String: String?], to end: String = "C", currency: String? = nil, rider: String? = nil)
    throws -> JourneyPrice
  {
    let home = TemporaryFolder()
    var all: [String: String?] = [
      "stops.txt": """
      stop_id,stop_name,stop_lat,stop_lon,zone_id
      A,Alpha,52.0,13.40,1
      B,Beta,52.2,13.40,1
      C,Gamma,52.4,13.40,2
      D,Delta,52.6,13.40,2

      """,
      "routes.txt": "route_id,agency_id,route_short_name,route_type\nR1,X,1,3\nR2,X,2,3\nR3,X,3,3\n",
      "trips.txt": "route_id,service_id,trip_id\nR1,W,T1\nR2,W,T2\nR3,W,T3\n", "stop_times.txt": Self.calls,
    ]
    for (name, text) in files { all[name] = text }
    let text = FeedText(all)
    _ = try FeedStore(home: home.path).add(FeedName("f"), from: text.write())
    extendLifetime(text)
    var request = RouteRequest(
      from: "stop:f:A", to: "stop:f:\(end)", time: .departAt(try Instant("2026-06-01T07:50:00+02:00")))
    (request.currency, request.rider) = (currency, rider)
    request.criteria = [.arrival, .transfers, .price]
    let journeys = try Router(try Transit(home: home.path)).route(request).journeys
    let journey = try #require(journeys.first { $0.boardings > 0 })
    return try #require(journey.price)
  }

  private func tickets(_ rows: String, _ rules: String = "") -> [String: String?] {
    [
      "fare_attributes.txt": "fare_id,price,currency_type,payment_method,transfers,transfer_duration\n" + rows,
      "fare_rules.txt": "fare_id,route_id,origin_id,destination_id,contains_id\n" + rules,
    ]
  }

  private func amount(_ price: JourneyPrice) -> String {
    "\(price.amount?.description ?? "unknown")\(price.isComplete ? "" : " and more")"
  }

  @Test("a ticket without changes is bought for every ride, one with changes once while it lasts")
  func changes() throws {
    #expect(amount(try price(tickets("S,2.50,EUR,0,0,\n"))) == "5.00 EUR")
    #expect(amount(try price(tickets("S,2.50,EUR,0,1,900\n"))) == "2.50 EUR")
    // The second ride departs 15 minutes after the first: a second more than 899.
    #expect(amount(try price(tickets("S,2.50,EUR,0,1,899\n"))) == "5.00 EUR")
    #expect(amount(try price(tickets("S,2.50,EUR,0,1,\n"), to: "D")) == "5.00 EUR")
    #expect(amount(try price(tickets("S,2.50,EUR,0,,\n"), to: "D")) == "2.50 EUR")
  }

  @Test("zones of the beginning, the end and the way choose the ticket")
  func zones() throws {
    let rows = "IN,2.00,EUR,0,,\nOUT,3.00,EUR,0,,\nALL,4.50,EUR,0,,\n"
    #expect(amount(try price(tickets(rows, "IN,,1,1,\nOUT,,1,2,\nALL,,,,1\nALL,,,,2\n"))) == "3.00 EUR")
    #expect(amount(try price(tickets(rows, "IN,,1,1,\nOUT,,2,2,\nALL,,,,1\nALL,,,,2\n"))) == "4.50 EUR")
    #expect(try price(tickets("ALL,4.50,EUR,0,,\n", "ALL,,,,1\nALL,,,,2\n")).products.map(\.name) == ["ALL"])
  }

  @Test("yen have no decimals and dinars three, whatever the file writes")
  func decimals() throws {
    #expect(amount(try price(tickets("S,250,JPY,0,,\n"))) == "250 JPY")
    #expect(amount(try price(tickets("S,0.125,KWD,0,0,\n"))) == "0.250 KWD")
  }

  @Test("a ride without a fare is named, and so are fares in another currency")
  func gaps() throws {
    let price = try price(tickets("S,2.50,EUR,0,0,\n", "S,R1,,,\n"))
    #expect(amount(price) == "2.50 EUR and more")
    #expect(price.missing == ["no fare is known for f:R2"])
    let other = try self.price(tickets("S,2.50,EUR,0,0,\n"), currency: "USD")
    #expect(!other.isComplete)
  }

  @Test("a feed without fares has no price, and says so")
  func none() throws {
    let price = try price([:])
    #expect(price.amount == nil && !price.isComplete)
  }

  private func legs(_ changes: String, rules: String = "G,,,,M,\n") -> [String: String?] {
    [
      "areas.txt": "area_id\nIN\nOUT\n", "stop_areas.txt": "area_id,stop_id\nIN,A\nIN,B\nOUT,C\nOUT,D\n",
      "rider_categories.txt":
        "rider_category_id,rider_category_name,is_default_fare_category\nADULT,Adult,1\nOLD,Senior,0\n",
      "timeframes.txt": "timeframe_group_id,start_time,end_time,service_id\nEARLY,00:00:00,08:10:00,W\n",
      "fare_products.txt": """
      fare_product_id,rider_category_id,amount,currency
      M,ADULT,3.00,EUR
      M,OLD,1.50,EUR
      P,,1.00,EUR
      BOTH,,4.00,EUR

      """,
      "fare_leg_rules.txt":
        "leg_group_id,from_area_id,to_area_id,from_timeframe_group_id,fare_product_id,rule_priority\n"
        + rules,
      "fare_transfer_rules.txt":
        "from_leg_group_id,to_leg_group_id,transfer_count,duration_limit,duration_limit_type,fare_transfer_type,fare_product_id\n"
        + changes,
    ]
  }

  @Test("changes of type 0, 1 and 2 cost first leg and change, all three, or the change alone")
  func types() throws {
    #expect(amount(try price(legs(""))) == "6.00 EUR")
    #expect(amount(try price(legs("G,G,1,,,0,P\n"))) == "4.00 EUR")
    #expect(amount(try price(legs("G,G,1,,,1,P\n"))) == "7.00 EUR")
    #expect(amount(try price(legs("G,G,1,,,2,BOTH\n"))) == "4.00 EUR")
    #expect(amount(try price(legs("G,G,1,,,0,\n"), to: "D")) == "6.00 EUR")
    #expect(amount(try price(legs("G,G,-1,,,0,\n"), to: "D")) == "3.00 EUR")
  }

  @Test("the four limits of time run between departure or arrival of the first leg and of the last")
  func limits() throws {
    // Leg 1 is 8:00 to 8:10, leg 2 is 8:15 to 8:25.
    for (type, seconds) in [(0, 1500), (1, 900), (2, 300), (3, 900)] {
      #expect(amount(try price(legs("G,G,1,\(seconds),\(type),0,\n"))) == "3.00 EUR", "type \(type)")
      #expect(amount(try price(legs("G,G,1,\(seconds - 1),\(type),0,\n"))) == "6.00 EUR", "type \(type)")
    }
  }

  @Test("rules of higher priority go first, and hold only where and when they say")
  func priorities() throws {
    // Only the first leg begins before 8:10 and stays inside.
    #expect(amount(try price(legs("", rules: "G,,,,M,0\nG,IN,IN,EARLY,P,5\n"))) == "4.00 EUR")
    // Without a column of priorities an empty field is whatever no rule names.
    let files = legs("", rules: "").merging([
      "fare_leg_rules.txt":
        "leg_group_id,from_area_id,to_area_id,fare_product_id\nG,IN,IN,P\nG,IN,OUT,M\nG,,,BOTH\n"
    ]) { $1 }
    // From C to D ends in an area that a rule names, and no rule is for there.
    #expect(amount(try price(files)) == "4.00 EUR")
    #expect(amount(try price(files, to: "D")) == "4.00 EUR and more")
  }

  @Test("who travels chooses the product")
  func riders() throws {
    #expect(amount(try price(legs(""), rider: "old")) == "3.00 EUR")
    #expect(amount(try price(legs(""), rider: "Senior")) == "3.00 EUR")
  }
}
