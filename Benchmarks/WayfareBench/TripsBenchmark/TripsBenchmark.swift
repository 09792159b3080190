import EventLoop
import JSON
import Postgres
import Synchronization

/// Trips that people plan together: requests a second, how soon others see an edit, what listeners cost.
struct TripsBenchmark: Sendable {
  let options: TripsOptions

  /// Measures and reports.
  ///
  /// - Throws: `BenchmarkError`, also when an answer was wrong; then nothing is reported.
  func run() throws {
    OpenFileLimit.raise()
    let outcome = Mutex<Result<(text: String, json: [UInt8]), any Error>?>(nil)
    let done = DispatchOnce()
    let driver = try EventLoop(name: "bench")
    Task(executorPreference: driver) {
      let result: Result<(text: String, json: [UInt8]), any Error>
      do {
        let report = try await measure()
        result = .success((report.text, report.jsonBytes()))
      } catch {
        result = .failure(error)
      }
      outcome.withLock { $0 = result }
      done.signal()
    }
    done.wait()
    guard let report = try outcome.withLock({ $0 })?.get() else { return }
    StandardOutput.write(options.wantsJSON ? report.json + [UInt8(ascii: "\n")] : Array(report.text.utf8))
  }

  private func measure() async throws -> TripsReport {
    let database = try await QueueServer()
    do {
      var report = TripsReport(options: options)
      // A server of its own each, so that none is judged by what another has left behind.
      for measurement in options.measurements {
        StandardOutput.error("wayfare-bench: \(measurement.rawValue): \(options.trips) trips are made")
        try await database.beginAnew()
        let world = try await TripsWorld(database, trips: options.trips)
        defer { world.child.stop() }
        switch measurement {
        case .mix: report.mix = try await TripsMix(world: world, database: database, options: options).run()
        case .visible: report.visible = try EditRace(world: world, options: options).run()
        case .listeners: report.listeners = try ListenerMemory.measure(world, listeners: options.listeners)
        }
      }
      await database.close()
      return report
    } catch {
      await database.close()
      throw error
    }
  }
}
