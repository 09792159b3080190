/// `rider_categories.txt`: who pays the same.
struct RiderCategoriesFile: FeedFile {
  static let name = "rider_categories.txt"

  private let id, categoryName, isDefault, url: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("rider_category_id")
    // A file of the same name from before the standard describes it in another column.
    categoryName = table.column("rider_category_name")
    isDefault = table.column("is_default_fare_category")
    url = table.column("eligibility_url")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let identifier = try row.requiredText(id)
    if row.isEmpty(categoryName) { row.notice(.missingRecommendedField, .usedAsItIs, categoryName) }
    let category = RiderCategoryRow(
      feed: context.feed, riderCategoryID: identifier, riderCategoryName: row.text(categoryName) ?? identifier,
      isDefaultFareCategory: row.flag(isDefault), eligibilityURL: row.text(url))
    guard context.riderCategories.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(category)
  }
}
