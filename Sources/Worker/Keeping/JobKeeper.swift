import EventLoop
import Kernel
import Store
import Telemetry

/// What some worker has to do now and then, whichever: take back what lost workers held, fire schedules, clear away the old.
///
/// Every worker has one; the statements are such that several at once do each thing once.
struct JobKeeper: Sendable {
  let database: Database
  let loop: EventLoop
  let settings: WorkerSettings
  let retention: JobRetention
  let zones: ZoneFiles
  let logger: Logger
  let meters: WorkerMeters
  /// What this worker can do by night.
  let nightly: [NightlyJob]

  private static let archiveRounds = 600
  private static let bookingRounds = 60

  func run() async {
    var random = SystemRandomNumberGenerator()
    var rounds = 0
    while !Task.isCancelled {
      // Each for itself: what keeps one from being done must not keep the others.
      await attempt("jobs of lost workers cannot be taken back now") { try await rescue() }
      await attempt("schedules cannot be fired now") { try await fire() }
      await attempt("jobs past their deadline cannot be given up now") { try await database.jobs.buryOverdue() }
      await attempt("events cannot be passed on to webhooks now") { _ = try await database.webhooks.relay() }
      if rounds.isMultiple(of: JobKeeper.bookingRounds) {
        await attempt("bookings cannot be looked after now") { try await wakeBookings() }
      }
      if rounds.isMultiple(of: JobKeeper.archiveRounds) {
        await attempt("nightly jobs cannot be entered now") { try await enterNightly() }
        await attempt("webhooks cannot be looked after now") { try await database.webhooks.restartLost() }
        await attempt("the archive cannot be kept now") { try await keepArchive() }
        await attempt("old trips cannot be cleared away now") { try await clearTrips() }
        await attempt("the history of prices cannot be kept now") { try await database.prices.keepMonths() }
        await attempt("old notifications cannot be cleared away now") { try await database.notifications.clearAway() }
      }
      rounds += 1
      // Ends with the loop's condition when it is cancelled.
      try? await loop.sleep(for: .seconds(Double.random(in: 0.5...1, using: &random)))
    }
  }

  private func attempt(_ complaint: String, _ work: () async throws -> Void) async {
    do {
      try await work()
    } catch {
      logger.warning("\(complaint); trying again", ["error": .string("\(error)")])
    }
  }

  private func enterNightly() async throws {
    guard !nightly.isEmpty else { return }
    let now = try await database.jobs.now()
    for night in nightly {
      guard let next = try? CronPattern(night.pattern).next(after: now, in: .utc) else {
        preconditionFailure("\(night.pattern) is no pattern")
      }
      var job = NewJob(kind: night.kind, payload: "{}")
      job.queue = night.queue
      try await database.jobs.enterSchedule(
        JobSchedule(name: night.name, pattern: night.pattern, zone: "UTC", job: job, nextAt: next))
    }
  }

  private func rescue() async throws {
    let report = try await database.jobs.rescue()
    for worker in report.workers {
      logger.warning("a worker has fallen silent and is declared dead", ["worker": .int(Int(worker))])
    }
    guard report.again + report.dead > 0 else { return }
    meters.rescued.increment(by: UInt64(report.again + report.dead))
    logger.notice("jobs taken back from lost workers", ["again": .int(report.again), "dead": .int(report.dead)])
  }

  private func fire() async throws {
    let zones = zones
    let (fired, stopped) = try await database.jobs.fireSchedules { schedule, now in
      guard let pattern = try? CronPattern(schedule.pattern), let zone = try? zones.rules(named: schedule.zone) else {
        return nil
      }
      return pattern.next(after: now, in: zone)
    }
    for name in fired { logger.info("schedule fired", ["schedule": .string(name)]) }
    for name in stopped {
      logger.error("a schedule has no next time any more and is paused", ["schedule": .string(name)])
    }
  }

  private func wakeBookings() async throws {
    let count = try await database.bookings.wakeOverdue()
    if count > 0 { logger.notice("bookings whose jobs were lost go on", ["count": .int(count)]) }
    let given = try await database.itineraries.settleAbandoned(at: try await database.jobs.now())
    guard given > 0 else { return }
    logger.warning("things to be booked whose jobs were given up count as not found", ["count": .int(given)])
  }

  private func clearTrips() async throws {
    let cleared = try await database.trips.clearAway()
    guard cleared != ClearedTrips() else { return }
    logger.info("trips cleared away", ["plans": .int(cleared.plans), "trash": .int(cleared.trash)])
  }

  private func keepArchive() async throws {
    let report = try await database.jobs.keepArchive(retention)
    guard report != UpkeepReport() else { return }
    logger.info(
      "archive kept",
      [
        "made": .int(report.made.count), "dropped": .int(report.dropped.count), "dead": .int(report.deadRemoved),
        "lanes": .int(report.lanesRemoved),
      ])
  }
}
