import BudgetWire
import Catalogue
import Glibc
import Itinerary
import ItineraryWire
import JSON
import Kernel
import Synchronization
import Transport

/// How long a request takes to become trips, in processor time and by the clock, on one thread and on several.
struct ItineraryBenchmark {
  /// One request, planned once.
  struct Round {
    let processorSeconds: Double
    let seconds: Double
    /// Until there was a first trip; nil if there was none before the end.
    let firstSeconds: Double?
  }

  /// So many threads that plan at the same time.
  struct Throughput {
    let workers: Int
    let perSecond: Double
    let perProcessorSecond: Double
  }

  private let options: ItineraryOptions

  init(options: ItineraryOptions) {
    self.options = options
  }

  /// Plans and prints.
  ///
  /// - Throws: `BenchmarkError`, also where two answers to one request differ.
  func run() throws {
    let directory = try TemporaryDirectory()
    let home = try options.home ?? imported(directory.path + "/home")
    defer { if options.home == nil { TransitFolder.remove(home) } }
    let (request, ground) = try self.ground(home)
    ProcessFigures.forgetPeak()
    var rounds: [Round] = []
    var answer: (answer: TripAnswer, bytes: [UInt8])?
    for _ in 0..<options.rounds {
      try Interruption.check()
      let (round, made) = try plan(request, ground)
      let bytes = TripAnswerJSON(made).jsonBytes()
      if let answer, answer.bytes != bytes {
        throw BenchmarkError.wrongAnswers("the same request gave other trips the second time")
      }
      answer = (made, bytes)
      rounds.append(round)
    }
    let peak = ProcessFigures.peakBytes()
    guard let answer = answer?.answer else { return }
    let throughputs = try options.workers.map { try throughput(request, ground, workers: $0) }
    let report = ItineraryReport(
      request: request, answer: answer, rounds: rounds, throughputs: throughputs, peakBytes: peak)
    StandardOutput.write(options.wantsJSON ? report.json : Array(report.text.utf8))
  }

  // MARK: What is planned with

  private func imported(_ home: String) throws(BenchmarkError) -> String {
    do throws(FeedError) {
      _ = try FeedStore(home: home).add(FeedName("bench"), from: options.feed) { _ in true }
    } catch {
      throw .usage("\(options.feed) cannot be imported: \(error)")
    }
    return home
  }

  private func ground(_ home: String) throws -> (TripRequest, TripGround) {
    let budget = try BudgetGround()
    var tables: CatalogueTables
    let request: TripRequest
    do {
      tables = try CatalogueTables(
        cities: try file("\(options.catalogue)/cities.csv"), sights: try file("\(options.catalogue)/sights.csv"),
        lodgings: try file("\(options.catalogue)/lodging.csv"))
      let text = try file(options.request)
      request = try TripQuestion(json: JSONDocument(bytes: text.bytes).root, tables, budget).request
    } catch let error as JSONError {
      throw BenchmarkError.usage("\(options.request): \(error)")
    } catch let error as TableError {
      throw BenchmarkError.usage("\(error)")
    }
    if let sights = options.sights {
      var more = MoreSights()
      tables = more.added(to: tables, cities: request.destinations.map(\.city), until: sights)
    }
    let router = Router(try Transit(home: home))
    return (request, TripGround(catalogue: tables, router: router, costs: budget.catalogue, rates: budget.rates))
  }

  private func file(_ path: String) throws(BenchmarkError) -> TableFile {
    guard let file = fopen(path, "re") else {
      throw .usage("\(path) cannot be read: \(String(cString: strerror(errno)))")
    }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 64 * 1024)
    while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
    return TableFile(name: path, bytes: bytes)
  }

  // MARK: Measuring

  private func plan(_ request: TripRequest, _ ground: TripGround) throws -> (Round, TripAnswer) {
    let (start, begun) = (ContinuousClock.now, threadSeconds())
    var first: Double?
    let answer: TripAnswer
    do throws(TripError) {
      answer = try TripPlanner(ground).plan(
        request, progress: { (_, _, _) throws(TripError) in },
        first: { _ throws(TripError) in first = (ContinuousClock.now - start) / .seconds(1) })
    } catch {
      throw BenchmarkError.unreachable("\(error)")
    }
    let round = Round(
      processorSeconds: threadSeconds() - begun, seconds: (ContinuousClock.now - start) / .seconds(1),
      firstSeconds: first)
    return (round, answer)
  }

  /// Each worker plans the request so often as it was planned alone, all at the same time.
  private func throughput(
    _ request: TripRequest, _ ground: TripGround, workers: Int
  ) throws -> Throughput {
    let (rounds, planner) = (options.rounds, TripPlanner(ground))
    let failed = Mutex(0)
    let (start, begun) = (ContinuousClock.now, processorSeconds())
    var threads: [PlannerThread] = []
    for _ in 0..<workers {
      threads.append(
        try PlannerThread {
          // It was planned before: why it cannot be any more is not worth a report of its own.
          for _ in 0..<rounds where (try? planner.plan(request)) == nil { failed.withLock { $0 += 1 } }
        })
    }
    for thread in threads { thread.join() }
    guard failed.withLock({ $0 }) == 0 else {
      throw BenchmarkError.wrongAnswers("a request that was planned before could not be planned on \(workers) threads")
    }
    let plans = Double(workers * rounds)
    return Throughput(
      workers: workers, perSecond: plans / ((ContinuousClock.now - start) / .seconds(1)),
      perProcessorSecond: plans / (processorSeconds() - begun))
  }
}

/// The processor time of this thread.
private func threadSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
}
