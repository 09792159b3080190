package import Budget
import Kernel
import Postgres

/// An own default as it is kept.
package struct StoredDefault: Sendable, Hashable {
  /// Its number.
  package let id: Int64
  /// What something costs where.
  package let own: OwnDefault
}

/// Where the installation's own default costs are kept.
package struct OwnDefaultStore: Sendable {
  /// Defaults that are kept, at most.
  package static let countMax = 10_000

  private let database: PostgresClient

  init(_ database: PostgresClient) { self.database = database }

  /// What became of a new default.
  package enum Addition: Sendable, Hashable {
    /// It is kept.
    case added(StoredDefault)
    /// There is one for the same place, category, style and thing.
    case taken(by: Int64)
    /// There are as many as are kept.
    case full
  }

  /// All defaults by number with their revision, or nil while that is the known one.
  ///
  /// - Throws: `StoreError`.
  package func defaults(unless known: Int64) async throws -> (defaults: [StoredDefault], revision: Int64)? {
    try await translating {
      let newest = try await revision()
      guard newest != known else { return nil }
      // Read after the revision: what is newer than it is read again with the next one.
      return (try await all(), newest)
    }
  }

  /// All defaults by number.
  ///
  /// - Throws: `StoreError`.
  package func defaults() async throws -> [StoredDefault] { try await translating { try await all() } }

  /// Keeps a default.
  ///
  /// - Throws: `StoreError`.
  package func add(_ own: OwnDefault) async throws -> Addition {
    let cost = own.cost
    let travellers = cost.own.sorted { $0.key.rawValue < $1.key.rawValue }
    return try await translating {
      try await database.transaction { transaction in
        // Additions wait for one another here, so that the count is right.
        _ = try await transaction.query("select revision from budget_default_revision for update")
        let count = try await transaction.query("select count(*) from budget_default").decodeOnly(Int64.self)
        let same = try await transaction.query(
          """
          select id from budget_default
          where (scope, category, style, what) = (\(own.scope), \(own.category.name), \(own.style), \(cost.what))
          """
        ).decodeFirst(Int64.self)
        if let same { return .taken(by: same) }
        guard count < Self.countMax else { return .full }
        let id = try await transaction.query(
          """
          insert into budget_default (
            scope, category, style, what, unit, period, amount_minor, currency, spread,
            traveller_kinds, traveller_amounts_minor)
          values (
            \(own.scope), \(own.category.name), \(own.style), \(cost.what), \(cost.unit.rawValue),
            \(cost.period.rawValue), \(cost.price.minorUnits), \(cost.price.currency.code), \(cost.spread),
            \(travellers.map(\.key.rawValue)), \(travellers.map(\.value.minorUnits)))
          returning id
          """
        ).decodeOnly(Int64.self)
        return .added(StoredDefault(id: id, own: own))
      }
    }
  }

  /// Takes a default away; false if there is none of this number.
  ///
  /// - Throws: `StoreError`.
  package func remove(_ id: Int64) async throws -> Bool {
    try await translating {
      try await !database.query("delete from budget_default where id = \(id) returning id").isEmpty
    }
  }

  private func revision() async throws -> Int64 {
    let rows = try await database.query("select revision from budget_default_revision")
    guard let revision = try rows.decodeFirst(Int64.self) else {
      throw StoreError.rowMissing(table: "budget_default_revision")
    }
    return revision
  }

  private func all() async throws -> [StoredDefault] {
    let rows = try await database.query(
      """
      select id, scope, category, style, what, unit, period, amount_minor, currency, spread,
        traveller_kinds, traveller_amounts_minor
      from budget_default order by id limit \(Int64(Self.countMax))
      """)
    return try rows.map(OwnDefaultStore.stored)
  }

  private static func stored(_ row: Row) throws -> StoredDefault {
    let (id, scope, categoryName, style, what, unitName, periodName, amount, code, spread, kinds, amounts) =
      try row.decode(
        Int64.self, String.self, String.self, String.self, String.self, String.self, String.self, Int64.self,
        String.self, Double?.self, [String].self, [Int64].self)
    guard let category = CostCategory(categoryName), let unit = CostUnit(rawValue: unitName),
      let period = CostPeriod(rawValue: periodName), let currency = try? Currency(code)
    else { throw StoreError.faulty(reason: "budget_default \(id) has a word that this program does not know") }
    var own: [TravellerType: Money] = [:]
    for (kind, units) in zip(kinds, amounts) {
      // Another program's kind of traveller pays what everyone pays here.
      guard let type = TravellerType(rawValue: kind) else { continue }
      own[type] = Money(minorUnits: units, currency)
    }
    return StoredDefault(
      id: id,
      own: OwnDefault(
        scope: scope, category: category, style: style,
        cost: CostDefault(
          what: what, unit: unit, period: period, price: Money(minorUnits: amount, currency), own: own,
          spread: spread)))
  }
}
