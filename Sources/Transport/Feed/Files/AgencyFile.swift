import Kernel

/// `agency.txt`: who runs routes, and in which time zone.
struct AgencyFile: FeedFile {
  static let name = "agency.txt"

  private let id, agencyName, url, timezone, language, phone, fareURL, email: FeedColumn
  private var firstZone: ZoneName?

  init(_ table: FeedTable) {
    id = table.column("agency_id")
    agencyName = table.requiredColumn("agency_name")
    url = table.column("agency_url")
    timezone = table.requiredColumn("agency_timezone")
    language = table.column("agency_lang")
    phone = table.column("agency_phone")
    fareURL = table.column("agency_fare_url")
    email = table.column("agency_email")
    _ = table.column("cemv_support")
  }

  mutating func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    guard let zone = row.knownZone(try row.requiredBytes(timezone)) else { throw row.drop(.invalidTimezone, timezone) }
    let name = try row.requiredText(agencyName)
    let agency = AgencyRow(
      feed: context.feed, agencyID: row.text(id) ?? "", agencyName: name, agencyURL: row.text(url),
      agencyTimezone: zone, agencyLang: row.text(language), agencyPhone: row.text(phone),
      agencyFareURL: row.text(fareURL), agencyEmail: row.text(email))
    if let firstZone, firstZone != zone { row.notice(.inconsistentTimezone, .usedAsItIs, timezone) }
    firstZone = firstZone ?? zone
    guard context.agencies.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(agency)
  }
}
