import Booking
import JSON
import Kernel
import Store
import Telemetry

extension JobHandler {
  /// Jobs of kind `booking.compare`: our books of a day are compared with those of everybody with whom we deal.
  ///
  /// Nothing is mended: what does not agree is kept for people, and told in the log. What is still under way is left for the
  /// next night. Whoever cannot be asked is noted with the reason, and the job is tried again for the others' sake too:
  /// comparing twice finds the same.
  package static func bookingCompare(_ desk: BookingDesk) -> JobHandler {
    JobHandler(.bookingCompare) { context in
      let wanted = try CompareRequest(jsonBytes: Array(context.job.payload.utf8))
      let day = wanted.day ?? CompareRequest.yesterday(at: desk.now())
      let comparing = BookComparing(desk: desk, day: day, quietSeconds: Int64(wanted.quietSeconds ?? 3600))
      var troubles: [String] = []
      for comparison in try await comparing.run() {
        try await desk.store.keep(comparison)
        for finding in comparison.findings {
          context.logger.error(
            "books do not agree",
            [
              "with": .string(comparison.side), "reference": .string(finding.reference),
              "finding": .string(finding.kind.rawValue), "ours": .string(finding.ours),
              "theirs": .string(finding.theirs),
            ])
        }
        if let trouble = comparison.trouble { troubles.append("\(comparison.side): \(trouble)") }
      }
      guard troubles.isEmpty else { throw NotCompared(description: troubles.joined(separator: "; ")) }
      return .done(nil)
    }
  }
}

extension JobKind {
  /// Compares books.
  static let bookingCompare: JobKind = {
    var kind = JobKind("booking.compare", "compares books with sellers and collectors", payload: CompareRequest.self)
    kind.queue = BookingStore.runJob.queue
    kind.perWorkerMax = 1
    kind.timeLimit = .seconds(7200)
    kind.retry = RetryDelay(first: .seconds(300), most: .seconds(3600))
    return kind
  }()
}

/// Every night after the day's end, in UTC, of which days are.
extension NightlyJob {
  /// The comparison of books.
  package static let bookingCompare = NightlyJob(
    name: "booking.compare", pattern: "17 3 * * *", kind: "booking.compare", queue: BookingStore.runJob.queue)
}

/// Why a comparison did not come to its end.
private struct NotCompared: Error, CustomStringConvertible { let description: String }

private struct CompareRequest: JSONReadable {
  let day: LocalDate?
  let quietSeconds: Int?

  init(json: JSONNode) throws(JSONError) {
    let object = try json.object(fields: "day", "quietSeconds")
    quietSeconds = try object.optional("quietSeconds", in: 0...86_400)
    guard let text = try object.optional("day", length: 10...10) else {
      day = nil
      return
    }
    guard let day = try? LocalDate(text) else { throw json.fault("must be a day such as 2026-05-01", at: "/day") }
    self.day = day
  }

  static func yesterday(at now: Instant) -> LocalDate {
    LocalDate(daysSinceEpoch: Int32(clamping: now.secondsSinceEpoch / 86_400 - 1))
  }
}

/// What our books say; nothing, where they know nothing.
private struct OwnEntry { let value: BookEntry? }

/// One comparison of one day.
struct BookComparing {
  let desk: BookingDesk
  let day: LocalDate
  /// What changed later than so long ago is left for the next night.
  let quietSeconds: Int64

  private var from: Instant { Instant(secondsSinceEpoch: Int64(day.daysSinceEpoch) * 86_400) }
  private var to: Instant { from.adding(seconds: 86_400) }

  func run() async throws -> [BookComparison] {
    var comparisons: [BookComparison] = []
    for name in desk.collectors.keys.sorted() {
      guard let collector = desk.collectors[name] else { continue }
      comparisons.append(try await compare(with: collector))
    }
    for name in desk.sellers.keys.sorted() {
      guard let seller = desk.sellers[name] else { continue }
      comparisons.append(try await compare(with: seller))
    }
    return comparisons
  }

  private func compare(with collector: any PaymentProvider) async throws -> BookComparison {
    var comparison = BookComparison(side: collector.name, day: day)
    var listed: [String: BookEntry] = [:]
    do throws(PaymentFault) {
      if let listing = collector as? any PaymentListing {
        for standing in try await listing.payments(from: from, to: to) {
          let entry = standing.bookEntry
          listed[entry.reference] = listed[entry.reference].map { $0.adding(entry) } ?? entry
        }
        comparison.isListed = true
      }
    } catch {
      comparison.trouble = "\(error)"
    }
    let ours = try await desk.store.payments(with: collector.name, from: from, to: to)
    for reference in try bounded(ours, Array(listed.keys), &comparison) {
      guard let entry = try await entry(of: reference, &comparison) else { continue }
      var theirs = listed[reference]
      if theirs == nil {
        do throws(PaymentFault) {
          theirs = try await collector.standing(of: reference)?.bookEntry
        } catch {
          comparison.trouble = "\(error)"
          continue
        }
      }
      note(entry.value, theirs, reference, &comparison)
    }
    comparison.findings += try await desk.store.disputes(with: collector.name, from: from, to: to)
    return comparison
  }

  private func compare(with seller: any Seller) async throws -> BookComparison {
    var comparison = BookComparison(side: seller.name, day: day)
    var listed: [String: BookEntry] = [:]
    do throws(SellerFault) {
      if let listing = seller as? any SaleListing {
        for standing in try await listing.sales(from: from, to: to) {
          let entry = standing.bookEntry
          listed[entry.reference] = listed[entry.reference].map { $0.adding(entry) } ?? entry
        }
        comparison.isListed = true
      }
    } catch {
      comparison.trouble = "\(error)"
    }
    let ours = try await desk.store.items(of: seller.name, from: from, to: to)
    for text in try bounded(ours, Array(listed.keys), &comparison) {
      guard let entry = try await entry(of: text, &comparison) else { continue }
      var theirs = listed[text]
      if theirs == nil, let reference = BookingReference(text) {
        do throws(SellerFault) {
          theirs = try await seller.standing(of: reference)?.bookEntry
        } catch {
          comparison.trouble = "\(error)"
          continue
        }
      }
      note(entry.value, theirs, text, &comparison)
    }
    return comparison
  }

  private func bounded(
    _ ours: [String], _ theirs: [String], _ comparison: inout BookComparison
  ) throws -> [String] {
    let all = Set(ours).union(theirs).sorted()
    let most = Int(BookingStore.comparedMax)
    if all.count > most {
      comparison.trouble = "\(all.count) references, of which \(most) were compared"
    }
    return Array(all.prefix(most))
  }

  private func note(_ ours: BookEntry?, _ theirs: BookEntry?, _ reference: String, _ comparison: inout BookComparison) {
    comparison.compared += 1
    comparison.references.append(reference)
    if let finding = BookFinding.between(ours, theirs) { comparison.findings.append(finding) }
  }

  /// What our books say of a reference; nil where that is not settled yet.
  private func entry(of reference: String, _ comparison: inout BookComparison) async throws -> OwnEntry? {
    guard let found = try await desk.store.find(reference: reference),
      let booking = try await desk.store.find(found.id)
    else { return OwnEntry(value: nil) }
    guard booking.saga.isSettled, try await desk.store.isQuiet(found.id, forSeconds: quietSeconds) else {
      comparison.leftOver += 1
      return nil
    }
    switch found.target {
    case .item(let index): return OwnEntry(value: booking.saga.itemEntry(index))
    case .payment:
      // Of an older try of the customer's nothing may be left.
      let isNewest = booking.saga.paymentReference == reference
      return OwnEntry(value: isNewest ? booking.saga.paymentEntry : nil)
    }
  }
}
