import Booking
import Kernel

/// The books of whoever collects money: every request to reserve makes a charge, also under a reference that is known.
struct CollectorModel {
  struct Charge {
    let reference: String
    let amount: Int64
    var state: PaymentStanding.State
    var refunded: Int64 = 0
  }

  var charges: [Charge] = []

  /// What was taken and not paid back.
  var net: Int64 { charges.reduce(0) { $0 + ($1.state == .captured ? $1.amount - $1.refunded : 0) } }
  var captures: Int { charges.count { $0.state == .captured } }

  func standing(_ reference: String) -> PaymentStanding? {
    charges.last { $0.reference == reference }.map {
      PaymentStanding(
        reference, $0.state, Money(minorUnits: $0.amount, .euro), refunded: Money(minorUnits: $0.refunded, .euro))
    }
  }

  mutating func act(
    _ action: SagaAction, _ reference: String, amount: Int64, _ random: inout SeededRandom
  ) -> SagaAnswer {
    switch action {
    case .authorise:
      let chance = Int.random(in: 0..<10, using: &random)
      if chance == 0 { return .declined(.other, words: "card declined") }
      charges.append(Charge(reference: reference, amount: amount, state: chance < 4 ? .pending : .authorised))
    case .capture:
      guard let place = charges.lastIndex(where: { $0.reference == reference && $0.state == .authorised }) else {
        return .declined(.other, words: "nothing to take")
      }
      charges[place].state = .captured
    case .void:
      guard
        let place = charges.lastIndex(where: {
          $0.reference == reference && ($0.state == .authorised || $0.state == .pending)
        })
      else { return .declined(.other, words: "nothing to let go") }
      charges[place].state = .voided
    case .refund(let units):
      guard let place = charges.lastIndex(where: { $0.reference == reference && $0.state == .captured }),
        charges[place].refunded + units <= charges[place].amount
      else { return .declined(.other, words: "not so much") }
      charges[place].refunded += units
    case .look: break
    case .verify, .hold, .book, .cancel, .change: preconditionFailure("collectors sell nothing")
    }
    return .payment(standing(reference))
  }

  /// The customer does what the bank wants, or does not, or the bank changes its mind; whether anything has changed.
  mutating func move(_ random: inout SeededRandom) -> String? {
    for place in charges.indices {
      switch (charges[place].state, Int.random(in: 0..<20, using: &random)) {
      case (.pending, 0..<4): charges[place].state = .failed
      case (.pending, 4..<18): charges[place].state = .authorised
      case (.authorised, 0): charges[place].state = .failed
      default: continue
      }
      return charges[place].reference
    }
    return nil
  }
}
