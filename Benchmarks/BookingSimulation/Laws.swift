import Booking
import Kernel

/// The laws that hold in every world.
extension Schedule {
  /// What holds at every moment.
  mutating func check() {
    if collector.captures > 1 { fail("money was taken \(collector.captures) times") }
    for (reference, record) in seller.records {
      if record.tickets > 1 { fail("\(reference) has \(record.tickets) tickets") }
      if record.holds > 1 { fail("\(reference) was held \(record.holds) times") }
    }
    if let most = collector.charges.map(\.amount).max(), most > agreed {
      fail("\(most) was asked for, and no more than \(agreed) was agreed")
    }
    if collector.net < 0 { fail("more was paid back than was taken") }
    if ledger.total(.euro) != 0 { fail("the ledger does not sum to zero") }
  }

  /// What holds at the end.
  mutating func judge() {
    guard saga.phase.isSettled else { return fail("it ends while \(saga.phase)") }
    if !isUp { return fail("it ends while down") }
    for index in saga.items.indices where saga.items[index].call != nil { fail("item \(index) has a call open") }
    if saga.payment?.call != nil { fail("the payment has a call open") }
    judgeItems()
    judgeMoney()
  }

  private mutating func judgeItems() {
    for (index, item) in saga.items.enumerated() {
      let record = seller.records[item.reference]
      let hasTicket =
        switch record?.state {
        case .ticketed, .changedBySeller, .booked: true
        case .held, .cancelled, .lapsed, nil: false
        }
      if hasTicket != (item.isBought || item.stage == .stranded) {
        fail("item \(index) is \(item.stage), and the seller has \(record?.state as Any)")
      }
      if case .held(let until) = record?.state, until > now, !leftHolds.contains(item.reference) {
        fail("item \(index) is still held")
      }
      if item.kept > 0, item.undoing != .customer { fail("the customer bears what item \(index) cost") }
      if item.isBought, saga.phase != .ticketed { fail("item \(index) is bought, and the booking is \(saga.phase)") }
      if saga.phase == .ticketed, item.isBought, !item.hasPapers { fail("item \(index) has no papers") }
    }
    if saga.phase == .ticketed, saga.policy == .allOrNothing,
      saga.items.contains(where: { if case .refused = $0.stage { $0.undoing == nil } else { false } })
    {
      fail("all or nothing was wanted, and some is there")
    }
  }

  private mutating func judgeMoney() {
    let wanted = saga.items.reduce(Int64(0)) { $0 + ($1.isBought ? $1.price : $1.kept) }
    if collector.net != wanted { fail("\(collector.net) was kept for what costs \(wanted)") }
    if let open = collector.charges.first(where: { $0.state == .authorised || $0.state == .pending }) {
      fail("\(open.reference) is still \(open.state)")
    }
    if ledger.hasPending { fail("the ledger has something reserved") }
    func posted(_ account: LedgerAccount) -> Int64 { ledger.balance(account, .euro).posted }
    if posted(.customer(saga.booking)) != 0 { fail("the customer's account has \(posted(.customer(saga.booking)))") }
    if posted(.card("sim")) != collector.net { fail("the ledger has \(posted(.card("sim"))) with the collector") }
    let charged = seller.records.values.reduce(0) { $0 + $1.charged }
    if posted(.seller("sim")) != -charged {
      fail("the ledger owes \(-posted(.seller("sim"))), the seller has \(charged)")
    }
    judgeGiven()
  }

  /// What a seller keeps and no customer pays is given away with a package, or lost.
  private mutating func judgeGiven() {
    var (given, lost): (Int64, Int64) = (0, 0)
    for (index, item) in saga.items.enumerated() {
      let charged = seller.records[item.reference]?.charged ?? 0
      if item.isBought {
        given += charged - item.price
      } else if item.undoing == .customer {
        given += charged - item.kept
      } else {
        lost += charged
      }
      if saga.package == nil, item.cost != item.price {
        fail("item \(index) costs \(item.cost), sold for \(item.price)")
      }
      if item.kept > item.price { fail("\(item.kept) was kept of item \(index), which cost \(item.price)") }
    }
    let (discount, loss) = (ledger.balance(.discount, .euro).posted, ledger.balance(.loss, .euro).posted)
    if discount != given { fail("the ledger has given away \(discount), and sellers keep \(given) that nobody paid") }
    if loss != lost { fail("the ledger has lost \(loss), and sellers keep \(lost) of what nobody wants") }
    if let package = saga.package, saga.items.allSatisfy({ $0.isBought }), collector.net != package.price {
      fail("a package for \(package.price) was paid with \(collector.net)")
    }
    if saga.phase == .ticketed, saga.items.contains(where: \.isMissed), saga.question == nil {
      fail("part of a package is missed, and nobody has asked whether the rest is wanted")
    }
  }
}
