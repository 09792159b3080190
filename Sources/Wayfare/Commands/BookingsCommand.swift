import Booking
import Kernel
import Store

extension Command {
  /// The command `wayfare bookings`.
  static let bookings = Command(
    name: "bookings", summary: "bookings that do not go on by themselves, and what may be done about them",
    discussion: """
      stuck               bookings that wait for somebody to look at them, the longest first, with the reason
      findings            in what our books and those of sellers and collectors do not agree, and when they were compared
      show ID             one booking: how it and each of its items stands
      retry ID            asks everybody at once how it stands, and goes on from there; nothing is bought or charged twice
      give-back ID        calls it off as its customer could: what was bought is given back on its terms, with the money
      """,
    operands: [
      Operand(name: "ACTION", help: "stuck, findings, show, retry or give-back"),
      Operand(name: "ID", help: "of the booking", isOptional: true),
    ],
    settings: Setting.database + Setting.log
  ) { arguments in
    let action = arguments.operand(0) ?? ""
    let id = arguments.operand(1)
    let isList = ["stuck", "findings"].contains(action)
    guard isList || ["show", "retry", "give-back"].contains(action), (id == nil) == isList else {
      throw UsageError("wayfare bookings wants stuck, findings, show ID, retry ID or give-back ID, not \"\(action)\"")
    }
    let booking = try id.map { text throws(UsageError) in
      guard let id = BookingID(text) else {
        throw UsageError("\"\(text)\" is no booking; wayfare bookings stuck lists those that are stuck")
      }
      return id
    }
    let runtime = try Runtime(try Settings(arguments))
    return try runtime.run {
      let database = try await DatabaseAccess.open(runtime)
      do {
        let code = try await run(action, booking, Database(database.client).bookings)
        await database.close(runtime)
        return code
      } catch {
        await database.close(runtime)
        throw error
      }
    }
  }

  private static func run(_ action: String, _ id: BookingID?, _ store: BookingStore) async throws -> ExitCode {
    guard let id else {
      if action == "findings" { return try await tellFindings(store) }
      let troubles = try await store.stuck(limit: 200)
      if troubles.isEmpty { print("No booking is stuck.") }
      for trouble in troubles { print(text(trouble)) }
      return .done
    }
    if let wanted = BookingTrouble.Action(rawValue: action) {
      do {
        _ = try await store.act(wanted, on: id, at: SellerSetup.now())
      } catch let fault as SagaFault {
        throw UsageError("\(fault)")
      }
    }
    guard let trouble = try await store.trouble(of: id) else {
      throw UsageError("there is no booking \(id); wayfare bookings stuck lists those that are stuck")
    }
    print(text(trouble))
    let currency = trouble.booking.saga.currency
    for (index, item) in trouble.booking.saga.items.enumerated() {
      let (cost, price) = (Money(minorUnits: item.cost, currency), Money(minorUnits: item.price, currency))
      print("  item \(index + 1)  \(item.reference)  \(item.offer.seller)  \(item.stage)  costs \(cost), paid \(price)")
    }
    if let payment = trouble.booking.saga.payment {
      print("  payment  \(trouble.booking.saga.paymentReference)  \(trouble.booking.saga.collector)  \(payment.stage)")
    }
    return .done
  }

  private static func tellFindings(_ store: BookingStore) async throws -> ExitCode {
    for (comparison, at) in try await store.comparisons() {
      let left = comparison.leftOver > 0 ? ", \(comparison.leftOver) still under way" : ""
      let listed = comparison.isListed ? "" : ", by our references alone: it lists nothing"
      let trouble = comparison.trouble.map { "; not to the end: " + $0 } ?? ""
      print(
        "\(comparison.side)  \(comparison.day), at \(at): \(comparison.compared) compared\(left)\(listed)\(trouble)")
    }
    let kept = try await store.findings(limit: 200)
    if kept.isEmpty { print("Nothing is known that does not agree.") }
    for one in kept {
      let finding = one.finding
      print("\(one.side)  \(finding.reference)  \(finding.kind.rawValue)  since \(one.foundAt)")
      print("  ours: \(finding.ours)")
      print("  theirs: \(finding.theirs)")
    }
    return .done
  }

  private static func text(_ trouble: BookingTrouble) -> String {
    let actions = trouble.actions.map(\.rawValue).joined(separator: ", ")
    let due = trouble.booking.saga.wake.map { ", due \($0)" } ?? ""
    let head = "\(trouble.booking.id)  \(trouble.booking.saga.phase.rawValue)\(due)  (\(actions))"
    return ([head] + trouble.reasons.map { "  \($0)" }).joined(separator: "\n")
  }
}
