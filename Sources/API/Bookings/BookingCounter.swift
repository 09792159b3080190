package import Booking
package import Kernel

/// Who sells and who collects money, as routes need them.
package struct BookingCounter: Sendable {
  /// Why an event of somebody else's is not heeded.
  package enum HookFlaw: Error, Hashable, Sendable {
    /// It is not signed by who it says.
    case forged
    /// It was signed too long ago.
    case stale
    /// It cannot be read.
    case unreadable
  }

  /// What an event is about.
  package enum HookSubject: Hashable, Sendable {
    /// An item or a payment, by our reference.
    case reference(String)
    /// A payment, by what whoever collects the money calls it.
    case payment(String)
    /// A payment, by our reference, with what is to be kept of it because nobody can be asked for it.
    case told(reference: String, name: String, text: String)
  }

  /// Reads an event: its body, and its fields by name.
  package typealias Hook =
    @Sendable (_ body: [UInt8], _ field: (String) -> String?) throws(HookFlaw) -> [HookSubject]

  /// The names of those who sell.
  package let sellers: Set<String>
  /// Whoever collects money, in the order in which they are named; the first unless a request says otherwise.
  package let collectors: [any PaymentProvider]
  /// What reads events, by the name of who sends them.
  package let hooks: [String: Hook]
  /// The time.
  package let now: @Sendable () -> Instant

  /// Who there is.
  package init(
    sellers: Set<String>, collectors: [any PaymentProvider], hooks: [String: Hook],
    now: @escaping @Sendable () -> Instant
  ) {
    self.sellers = sellers
    self.collectors = collectors
    self.hooks = hooks
    self.now = now
  }
}
