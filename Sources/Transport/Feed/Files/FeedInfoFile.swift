/// `feed_info.txt`: what a feed says about itself.
struct FeedInfoFile: FeedFile {
  static let name = "feed_info.txt"

  private let publisher, publisherURL, language, defaultLanguage, start, end, version, email, url: FeedColumn
  private var isRead = false

  init(_ table: FeedTable) {
    publisher = table.column("feed_publisher_name")
    publisherURL = table.column("feed_publisher_url")
    language = table.column("feed_lang")
    defaultLanguage = table.column("default_lang")
    start = table.column("feed_start_date")
    end = table.column("feed_end_date")
    version = table.column("feed_version")
    email = table.column("feed_contact_email")
    url = table.column("feed_contact_url")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    guard !isRead else { throw row.drop(.duplicateKey, publisher) }
    let info = FeedInfoRow(
      feed: context.feed, feedPublisherName: row.text(publisher), feedPublisherURL: row.text(publisherURL),
      feedLang: row.text(language), defaultLang: row.text(defaultLanguage), feedStartDate: row.date(start),
      feedEndDate: row.date(end), feedVersion: row.text(version), feedContactEmail: row.text(email),
      feedContactURL: row.text(url))
    if let first = info.feedStartDate, let last = info.feedEndDate, last < first {
      row.notice(.datesOutOfOrder, .usedAsItIs, end)
    }
    isRead = true
    context.add(info)
  }
}
