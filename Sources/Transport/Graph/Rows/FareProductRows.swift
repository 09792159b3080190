/// Stops that share fares.
struct AreaRow: GraphRow, Hashable {
  static let table = GraphTable(
    "areas", number: "area", scope: .feed,
    columns: [
      .feed, .value("area_id"), .value("area_name"),
    ])

  var feed: GraphKey<FeedRow>
  var areaID: String
  var areaName: String?
}

extension AreaRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), areaID: row.next(), areaName: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(areaID)
    row.bind(areaName)
  }
}

/// That a stop belongs to an area.
struct StopAreaRow: GraphRow, Hashable {
  static let table = GraphTable(
    "stop_areas", scope: .parent("areas"),
    columns: [
      .number("area", of: "areas"), .number("stop", of: "stops"),
    ])

  var area: GraphKey<AreaRow>
  var stop: GraphKey<StopRow>
}

extension StopAreaRow {
  init(_ row: inout ColumnReader) {
    self.init(
      area: row.next(), stop: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(area)
    row.bind(stop)
  }
}

/// What a ticket is on.
struct FareMediumRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_media", number: "fare_medium", scope: .feed,
    columns: [
      .feed, .value("fare_media_id"), .value("fare_media_name"), .value("fare_media_type"),
    ])

  var feed: GraphKey<FeedRow>
  var fareMediaID: String
  var fareMediaName: String?
  var fareMediaType: Int
}

extension FareMediumRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fareMediaID: row.next(), fareMediaName: row.next(), fareMediaType: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fareMediaID)
    row.bind(fareMediaName)
    row.bind(fareMediaType)
  }
}

/// Who pays the same.
struct RiderCategoryRow: GraphRow, Hashable {
  static let table = GraphTable(
    "rider_categories", number: "rider_category", scope: .feed,
    columns: [
      .feed, .value("rider_category_id"), .value("rider_category_name"), .value("is_default_fare_category"),
      .value("eligibility_url"),
    ])

  var feed: GraphKey<FeedRow>
  var riderCategoryID: String
  var riderCategoryName: String
  var isDefaultFareCategory: Bool
  var eligibilityURL: String?
}

extension RiderCategoryRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), riderCategoryID: row.next(), riderCategoryName: row.next(), isDefaultFareCategory: row.next(),
      eligibilityURL: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(riderCategoryID)
    row.bind(riderCategoryName)
    row.bind(isDefaultFareCategory)
    row.bind(eligibilityURL)
  }
}

/// A ticket, for one category of riders on one medium.
struct FareProductRow: GraphRow, Hashable {
  static let table = GraphTable(
    "fare_products", number: "fare_product", scope: .feed,
    columns: [
      .feed, .value("fare_product_id"), .value("fare_product_name"),
      .number("rider_category", of: "rider_categories"), .number("fare_medium", of: "fare_media"),
      .value("amount_minor"), .value("currency"),
    ])

  var feed: GraphKey<FeedRow>
  var fareProductID: String
  var fareProductName: String?
  var riderCategory: GraphKey<RiderCategoryRow>?
  var fareMedium: GraphKey<FareMediumRow>?
  /// In the smallest unit of the currency.
  var amountMinor: Int
  var currency: String
}

extension FareProductRow {
  init(_ row: inout ColumnReader) {
    self.init(
      feed: row.next(), fareProductID: row.next(), fareProductName: row.next(), riderCategory: row.next(),
      fareMedium: row.next(), amountMinor: row.next(), currency: row.next())
  }

  func bind(to row: inout ColumnBinder) {
    row.bind(feed)
    row.bind(fareProductID)
    row.bind(fareProductName)
    row.bind(riderCategory)
    row.bind(fareMedium)
    row.bind(amountMinor)
    row.bind(currency)
  }
}
