public import JSON
public import Kernel
import Budget

extension SplitRequest: JSONWritable {
  /// Writes `{"balances": …, "transfers": …, "optimal": …}`, and the conversions where there were any.
  package func write(to writer: inout JSONWriter) {
    writer.object { object in
      object.object("balances") { balances in
        for (name, balance) in zip(people, books.balances) {
          balances.field(named: name, Money(minorUnits: balance.owed, books.currency).amountText)
        }
      }
      object.array("transfers") { transfers in
        for transfer in settlement.transfers {
          transfers.object {
            $0.field("from", people[transfer.from])
            $0.field("to", people[transfer.to])
            $0.field("amount", transfer.amount.amountText)
          }
        }
      }
      object.field("optimal", settlement.isOptimal)
      if books.conversions.contains(where: { $0.rate != nil }) { writeConversions(&object) }
    }
  }

  private func writeConversions(_ object: inout JSONObjectWriter) {
    object.array("conversions") { array in
      for (number, conversion) in books.conversions.enumerated() {
        guard let rate = conversion.rate else { continue }
        array.object {
          $0.field("expense", number)
          $0.field("original", conversion.original)
          $0.field("converted", conversion.converted)
          $0.field("rate", rate.shown)
          $0.field("date", ifPresent: rate.date?.description)
        }
      }
    }
  }
}

extension Money: JSONWritable {
  /// Writes `{"amount": "12.50", "currency": "EUR"}`.
  public func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("amount", amountText)
      $0.field("currency", currency.code)
    }
  }
}
