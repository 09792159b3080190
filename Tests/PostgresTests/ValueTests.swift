import TestSupport
import Testing

@testable import Postgres

private enum Mood: String, PostgresValue, CaseIterable {
  case happy, sad
}

@Suite("Values")
struct ValueTests {
  @Test("random values of every type come back as they went", arguments: Route.available)
  func roundTrips(route: Route) async throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SplitMix(seed: seed)
    try await withTestClient(route) { client in
      for _ in 0..<40 {
        let sample = Sample(using: &random)
        let isSame = try await sample.comesBack(from: client)
        #expect(isSame, "seed \(seed): \(sample)")
      }
    }
  }

  @Test("the edges of every type come back as they went")
  func edges() async throws {
    try await withTestClient { client in
      func check<Value: PostgresValue & Equatable>(_ value: Value) async throws {
        #expect(try await client.query("SELECT \(value)").decodeOnly(Value.self) == value)
      }
      for value in [Int64.min, -1, 0, .max] { try await check(value) }
      for value in [Int32.min, .max] { try await check(value) }
      for value in [Int16.min, .max] { try await check(value) }
      for value in [-Double.infinity, .leastNonzeroMagnitude, .greatestFiniteMagnitude] {
        try await check(value)
      }
      #expect(try await client.query("SELECT \(Double.nan)").decodeOnly(Double.self).isNaN)
      for value in ["", "\u{1F600}", "e\u{301}", String(repeating: "x", count: 100_000)] {
        try await check(value)
      }
      for value in [PostgresTimestamp.infinity, .minusInfinity, PostgresTimestamp(microseconds: -1)] {
        try await check(value)
      }
      for value in [PostgresDate.infinity, .minusInfinity, PostgresDate(days: -719_162)] {
        try await check(value)
      }
      #expect(try await client.query("SELECT \([UInt8]())").decodeOnly([UInt8].self) == [])
      #expect(try await client.query("SELECT \([Int64]())").decodeOnly([Int64].self) == [])
    }
  }

  @Test("values mean to the server what they mean here")
  func meanings() async throws {
    try await withTestClient { client in
      let rows = try await client.query(
        """
        SELECT \(PostgresTimestamp(microseconds: 1_780_000_000_123_456))::text, \(PostgresDate(days: 20_605))::text,
          \(PostgresUUID(high: 0x0123_ABCD_4567_89AB, low: 0xCDEF_0123_4567_89AB))::text, \(JSONB("{\"a\": [1]}")) -> 'a' ->> 0,
          \([1, nil, 3])::text, encode(\([UInt8]([0, 255])), 'hex'), \(true)::text
        """)
      let row = try rows.decodeOnly(
        String.self, String.self, String.self, String.self, String.self, String.self, String.self)
      #expect(row.0 == "2026-05-28 20:26:40.123456+00")
      #expect(row.1 == "2026-06-01")
      #expect(row.2 == "0123abcd-4567-89ab-cdef-0123456789ab")
      #expect(row.3 == "1")
      #expect(row.4 == "{1,NULL,3}")
      #expect(row.5 == "00ff")
      #expect(row.6 == "true")
    }
  }

  @Test("a String enum is text, an enum of the database, and an array of either")
  func enums() async throws {
    try await withTestClient { client in
      try await client.execute("CREATE TYPE mood AS ENUM ('happy', 'sad')")
      try await client.execute("CREATE TABLE person (mood mood, note text)")
      try await client.execute("INSERT INTO person VALUES (\(Mood.happy), \(Mood.sad))")
      let rows = try await client.query(
        "SELECT mood, note, \([Mood.sad, .happy]) FROM person WHERE mood = \(Mood.happy)")
      let row = try rows.decodeOnly(Mood.self, Mood.self, [Mood].self)
      #expect(row.0 == .happy && row.1 == .sad && row.2 == [.sad, .happy])
      let strange = try await client.query("SELECT 'angry'")
      #expect(throws: PostgresError.self) { try strange.decodeOnly(Mood.self) }
    }
  }

  @Test("integers widen and never narrow; numbers do not pass for text")
  func widening() async throws {
    try await withTestClient { client in
      let rows = try await client.query("SELECT 1::int2, 2::int4, 3::int8, 1.5::float4")
      let row = try rows.decodeOnly(Int64.self, Int.self, Int.self, Double.self)
      #expect(row == (1, 2, 3, 1.5))
      let failure = #expect(throws: PostgresError.self) {
        try rows.decodeOnly(Int16.self, Int16.self, Int.self, Double.self)
      }
      #expect(
        "\(try #require(failure))"
          == "column \"int4\" is integer where smallint was asked for; cast it in the SQL or ask for what it is")
    }
  }

  @Test("a decoding error names the column, what was asked for and what is there")
  func decodingErrors() async throws {
    try await withTestClient { client in
      let rows = try await client.query(
        "SELECT NULL::text AS title, 1::numeric AS price, '{{1,2},{3,4}}'::int8[] AS grid")
      #expect(
        throwsDecoding(rows) { try $0[0]["title", as: String.self] }
          == .init(column: "title", expected: "text", found: "NULL"))
      #expect(throwsDecoding(rows) { try $0[0]["price", as: Double.self] }?.found == "numeric")
      #expect(throwsDecoding(rows) { try $0[0]["grid", as: [Int64].self] }?.found.contains("2 dimensions") == true)
      #expect(throwsDecoding(rows) { try $0[0]["nothing", as: Int.self] }?.found == "not among the row's columns")
      #expect(try rows[0]["title", as: String?.self] == nil)
      let nulls = try await client.query("SELECT ARRAY[1, NULL]::int8[] AS list")
      #expect(throwsDecoding(nulls) { try $0[0]["list", as: [Int64].self] }?.found.contains("NULL element") == true)
      #expect(try nulls[0]["list", as: [Int64?].self] == [1, nil])
      #expect(throws: PostgresError.self) { try nulls.decodeOnly([Int64?].self, Int.self) }
    }
  }

  private func throwsDecoding<Value>(_ rows: Rows, _ body: (Rows) throws -> Value) -> DecodingFailure? {
    do {
      _ = try body(rows)
      return nil
    } catch PostgresError.decoding(let failure) {
      return failure
    } catch {
      return nil
    }
  }

  @Test("truncated arrays are refused and never read beyond their end")
  func truncatedArrays() {
    var bytes: [UInt8] = []
    [Int64?.some(1), nil, 3].encode(into: &bytes)
    for length in 0..<bytes.count {
      #expect(throws: MalformedValue.self) { try decode(Array(bytes[..<length])) }
    }
    #expect(throws: Never.self) { try decode(bytes) }
  }

  private func decode(_ bytes: [UInt8]) throws -> [Int64?] {
    try bytes.withUnsafeBytes { try [Int64?](postgres: $0.bytes, type: PostgresType(oid: 1016)) }
  }
}

/// One random value of each type.
private struct Sample {
  let flag: Bool
  let small: Int16
  let medium: Int32?
  let large: Int64
  let real: Float
  let precise: Double
  let text: String
  let bytes: [UInt8]
  let uuid: PostgresUUID
  let time: PostgresTimestamp
  let day: PostgresDate?
  let texts: [String?]
  let numbers: [Int64]
  let blobs: [[UInt8]]

  init(using random: inout SplitMix) {
    flag = .random(using: &random)
    small = .random(in: .min ... .max, using: &random)
    medium = Bool.random(using: &random) ? nil : .random(in: .min ... .max, using: &random)
    large = .random(in: .min ... .max, using: &random)
    real = .random(in: -1e30...1e30, using: &random)
    precise = .random(in: -1e300...1e300, using: &random)
    text = Sample.text(&random)
    bytes = Sample.bytes(&random)
    uuid = PostgresUUID(high: random.next(), low: random.next())
    time = PostgresTimestamp(
      microseconds: .random(in: -60_000_000_000_000_000...200_000_000_000_000_000, using: &random))
    day = Bool.random(using: &random) ? nil : PostgresDate(days: .random(in: -700_000...2_000_000, using: &random))
    let count = Int.random(in: 0...5, using: &random)
    texts = (0..<count).map { _ in Bool.random(using: &random) ? nil : Sample.text(&random) }
    numbers = (0..<count).map { _ in .random(in: .min ... .max, using: &random) }
    blobs = (0..<count).map { _ in Sample.bytes(&random) }
  }

  private static func text(_ random: inout SplitMix) -> String {
    let letters = Array("ab'\"\\$;%_ \n\té漢\u{1F600}")
    return String(
      (0..<Int.random(in: 0...30, using: &random)).map { _ in letters.randomElement(using: &random) ?? "a" })
  }

  private static func bytes(_ random: inout SplitMix) -> [UInt8] {
    (0..<Int.random(in: 0...30, using: &random)).map { _ in .random(in: 0...255, using: &random) }
  }

  func comesBack(from client: PostgresClient) async throws -> Bool {
    let rows = try await client.query(
      """
      SELECT \(flag), \(small), \(medium), \(large), \(real), \(precise), \(text), \(bytes), \(uuid), \(time), \(day),
        \(texts), \(numbers), \(blobs)
      """)
    let row = try rows.decodeOnly(
      Bool.self, Int16.self, Int32?.self, Int64.self, Float.self, Double.self, String.self, [UInt8].self,
      PostgresUUID.self, PostgresTimestamp.self, PostgresDate?.self, [String?].self, [Int64].self, [[UInt8]].self)
    return row.0 == flag && row.1 == small && row.2 == medium && row.3 == large && row.4 == real && row.5 == precise
      && row.6 == text && row.7 == bytes && row.8 == uuid && row.9 == time && row.10 == day && row.11 == texts
      && row.12 == numbers && row.13 == blobs
  }
}
