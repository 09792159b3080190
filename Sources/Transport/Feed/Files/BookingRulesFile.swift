/// `booking_rules.txt`: how rides on demand are booked.
struct BookingRulesFile: FeedFile {
  static let name = "booking_rules.txt"

  private let id, type, durationMin, durationMax, lastDay, lastTime, startDay, startTime, service: FeedColumn
  private let message, pickupMessage, dropOffMessage, phone, infoURL, bookingURL: FeedColumn

  init(_ table: FeedTable) {
    id = table.requiredColumn("booking_rule_id")
    type = table.requiredColumn("booking_type")
    durationMin = table.column("prior_notice_duration_min")
    durationMax = table.column("prior_notice_duration_max")
    lastDay = table.column("prior_notice_last_day")
    lastTime = table.column("prior_notice_last_time")
    startDay = table.column("prior_notice_start_day")
    startTime = table.column("prior_notice_start_time")
    service = table.column("prior_notice_service_id")
    message = table.column("message")
    pickupMessage = table.column("pickup_message")
    dropOffMessage = table.column("drop_off_message")
    phone = table.column("phone_number")
    infoURL = table.column("info_url")
    bookingURL = table.column("booking_url")
  }

  func read(_ row: FeedTable, into context: ImportContext) throws(RowDropped) {
    let rule = BookingRuleRow(
      feed: context.feed, bookingRuleID: try row.requiredText(id),
      bookingType: try row.requiredInteger(type, in: 0...2),
      priorNoticeDurationMin: row.integer(durationMin, in: 0...1_000_000),
      priorNoticeDurationMax: row.integer(durationMax, in: 0...1_000_000),
      priorNoticeLastDay: row.integer(lastDay, in: 0...1000), priorNoticeLastTime: row.time(lastTime),
      priorNoticeStartDay: row.integer(startDay, in: 0...1000), priorNoticeStartTime: row.time(startTime),
      priorNoticeService: row.reference(service, in: context.services), message: row.text(message),
      pickupMessage: row.text(pickupMessage), dropOffMessage: row.text(dropOffMessage), phoneNumber: row.text(phone),
      infoURL: row.text(infoURL), bookingURL: row.text(bookingURL))
    guard context.bookingRules.insert(row.bytes(id)) else { throw row.drop(.duplicateKey, id) }
    context.add(rule)
  }
}
