/// `fare_products.txt`: tickets, one row per category of riders and medium.
struct FareProductsFile: FeedFile {
  static let name = "fare_products.txt"

  private struct Key: Hashable {
    let product: String
    let category: GraphKey<RiderCategoryRow>?
    let medium: GraphKey<FareMediumRow>?
  }

  private let id, productName, category, medium, amount, currency: FeedColumn
  private var seen: Set<Key> = []

  init(_ table: FeedTable) {
    id = table.requiredColumn("fare_product_id")
    productName = table.column("fare_product_name")
    category = table.column("rider_category_id")
    medium = table.column("fare_media_id")
    amount = table.requiredColumn("amount")
    currency = table.requiredColumn("currency")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let code = try row.currency(currency)
    // A price for pensioners must not become one for everybody.
    let product = FareProductRow(
      feed: context.feed, fareProductID: try row.requiredText(id), fareProductName: row.text(productName),
      riderCategory: try row.strictReference(category, in: context.riderCategories),
      fareMedium: try row.strictReference(medium, in: context.fareMedia),
      amountMinor: try row.amount(amount, in: code), currency: code)
    let key = Key(product: product.fareProductID, category: product.riderCategory, medium: product.fareMedium)
    guard seen.insert(key).inserted else { throw row.drop(.duplicateKey, id) }
    _ = context.fareProducts.insert(row.bytes(id))
    context.add(product)
  }
}
