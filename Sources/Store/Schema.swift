public import Postgres

/// The schema as this binary knows it.
public enum Schema {
  /// Every migration, oldest first; one that has been released is never edited, only followed.
  public static let migrations: [Migration] = [
    Migration(number: 1, name: "runtime_settings", sql: text(PackageResources._001_runtime_settings_sql)),
    Migration(number: 2, name: "jobs", sql: text(PackageResources._002_jobs_sql)),
    Migration(number: 3, name: "budget", sql: text(PackageResources._003_budget_sql)),
    Migration(number: 4, name: "job_deadlines", sql: text(PackageResources._004_job_deadlines_sql)),
    Migration(number: 5, name: "job_lane_use", sql: text(PackageResources._005_job_lane_use_sql)),
    Migration(number: 6, name: "catalogue", sql: text(PackageResources._006_catalogue_sql)),
    Migration(number: 7, name: "itineraries", sql: text(PackageResources._007_itineraries_sql)),
    Migration(number: 8, name: "accounts", sql: text(PackageResources._008_accounts_sql)),
    Migration(number: 9, name: "first_trips", sql: text(PackageResources._009_first_trips_sql)),
    Migration(number: 10, name: "catalogue_words", sql: text(PackageResources._010_catalogue_words_sql)),
    Migration(number: 11, name: "catalogue_wheelchairs", sql: text(PackageResources._011_catalogue_wheelchairs_sql)),
    Migration(number: 12, name: "trips", sql: text(PackageResources._012_trips_sql)),
    Migration(number: 13, name: "notifications", sql: text(PackageResources._013_notifications_sql)),
    Migration(number: 14, name: "planners", sql: text(PackageResources._014_planners_sql)),
    Migration(number: 15, name: "catalogue_waypoints", sql: text(PackageResources._015_catalogue_waypoints_sql)),
    Migration(number: 16, name: "trip_clearing", sql: text(PackageResources._016_trip_clearing_sql)),
    Migration(number: 17, name: "bookings", sql: text(PackageResources._017_bookings_sql)),
    Migration(number: 18, name: "identities", sql: text(PackageResources._018_identities_sql)),
    Migration(number: 19, name: "trip_headlines", sql: text(PackageResources._019_trip_headlines_sql)),
    Migration(number: 20, name: "booking_names", sql: text(PackageResources._020_booking_names_sql)),
    Migration(number: 21, name: "prices", sql: text(PackageResources._021_prices_sql)),
    Migration(number: 22, name: "selected_bookings", sql: text(PackageResources._022_selected_bookings_sql)),
    Migration(number: 23, name: "inventory", sql: text(PackageResources._023_inventory_sql)),
    Migration(number: 24, name: "event_relay", sql: text(PackageResources._024_event_relay_sql)),
    Migration(number: 25, name: "payment_notes", sql: text(PackageResources._025_payment_notes_sql)),
    Migration(number: 26, name: "book_comparison", sql: text(PackageResources._026_book_comparison_sql)),
    Migration(number: 27, name: "lost_looking", sql: text(PackageResources._027_lost_looking_sql)),
  ]

  private static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
}
