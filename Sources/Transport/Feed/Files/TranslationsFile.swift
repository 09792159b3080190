/// `translations.txt`: texts of the feed in other languages.
struct TranslationsFile: FeedFile {
  static let name = "translations.txt"

  private static let tables: Set = [
    "agency", "stops", "routes", "trips", "stop_times", "pathways", "levels", "feed_info", "attributions",
  ]

  private let table, field, language, translation, record, subRecord, value: FeedColumn

  init(_ table: FeedTable) {
    self.table = table.requiredColumn("table_name")
    field = table.requiredColumn("field_name")
    language = table.requiredColumn("language")
    translation = table.requiredColumn("translation")
    record = table.column("record_id")
    subRecord = table.column("record_sub_id")
    value = table.column("field_value")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let name = try row.requiredText(table)
    guard Self.tables.contains(name) else { throw row.drop(.unexpectedValue, table) }
    context.add(
      TranslationRow(
        feed: context.feed, tableName: name, fieldName: try row.requiredText(field),
        language: try row.requiredText(language), translation: try row.requiredText(translation),
        recordID: row.text(record), recordSubID: row.text(subRecord), fieldValue: row.text(value)))
  }
}
