import CEmbedded
public import Postgres

/// The schema as this binary knows it.
public enum Schema {
  /// Every migration, oldest first; one that has been released is never edited, only followed.
  public static let migrations: [Migration] = {
    let file = wayfare_migrations()
    let texts = UnsafeBufferPointer(start: file.start, count: file.count).split(separator: 0)
    precondition(texts.count == names.count, "as many migrations are named as are inside the program")
    return zip(names, texts).enumerated().map { index, pair in
      Migration(number: Int32(index + 1), name: pair.0, sql: String(decoding: pair.1, as: UTF8.self))
    }
  }()

  /// What they are called, in the order in which `CEmbedded` has them.
  private static let names = [
    "runtime_settings", "jobs", "budget", "job_deadlines", "job_lane_use", "catalogue", "itineraries", "accounts",
    "first_trips", "catalogue_words", "catalogue_wheelchairs", "trips", "notifications", "planners",
    "catalogue_waypoints", "trip_clearing", "bookings", "identities", "trip_headlines", "booking_names", "prices",
    "selected_bookings", "inventory", "event_relay", "payment_notes", "book_comparison", "lost_looking",
    "packed_trips",
  ]
}
