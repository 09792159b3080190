import Booking
import JSON
import Kernel

/// Reads a saga as it was kept; what does not fit is a fault of ours.
struct SagaReader {
  let node: JSONNode

  static func saga(_ text: String) throws -> Saga {
    try SagaReader(node: try JSONDocument(text: text).root).saga()
  }

  private func saga() throws -> Saga {
    let currency = try Currency(text("currency"))
    let items = try node.member("items")?.array.map { try SagaReader(node: $0).item() } ?? []
    let fresh = try Saga(
      text("booking"), items.map { (item: $0, currency: currency) },
      policy: word("policy"), collector: text("collector"), begun: instant("begun"),
      package: try find("package").map { try $0.package() })
    var counts = Saga.Counts()
    counts.questions = try number("questions")
    counts.calls = try number("calls")
    counts.entries = try number("entries")
    let question = try find("question").map { try $0.question() }
    let payment = try find("payment").map { try $0.payment() }
    return Saga(
      fresh,
      as: Saga.Standing(
        try word("phase"), payment: payment, question: question, undoing: try findWord("undoing"), counts: counts))
  }

  private func package() throws -> SagaPackage {
    let percent: Int = try number("discountPercent")
    guard (0...50).contains(percent) else { throw fault("discountPercent") }
    return SagaPackage(PackageRule(discountPercent: percent), price: try number("price"))
  }

  private func item() throws -> SagaItem {
    guard let reference = BookingReference(try text("reference")) else { throw fault("reference") }
    let price: Int64 = try number("price")
    // Before there were packages, sellers were paid what customers paid.
    var item = SagaItem(
      reference, offer: try offer("offer"), part: try findWord("part"), cost: try findNumber("cost") ?? price,
      price: price)
    item.isMissed = try node.member("missed")?.bool ?? false
    item.asked = try findNumber("asked")
    item.stage = try stage()
    item.call = try find("call").map { try $0.call(.item(try place())) }
    item.isWithSeller = try flag("withSeller")
    item.canHold = try flag("canHold")
    item.undoing = try findWord("undoing")
    item.kept = try number("kept")
    item.version = try number("version")
    item.proposal = try find("proposal").map { try $0.offer() }
    item.isForced = try flag("forced")
    item.look = try findInstant("look")
    return item
  }

  /// An item's place follows from its pointer, `/items/N`.
  private func place() throws -> Int {
    guard let last = node.pointer.split(separator: "/").last, let place = Int(last) else { throw fault("items") }
    return place
  }

  private func stage() throws -> SagaItem.Stage {
    switch try text("stage") {
    case "wished": .wished
    case "verified": .verified(until: try instant("until"))
    case "held": .held(until: try instant("until"))
    case "bought":
      .bought(papers: try node.member("papers")?.array.map { (node) throws(JSONError) in try node.string } ?? [])
    case "refused": .refused(try word("refusal"))
    case "returned": .returned
    case "stranded": .stranded
    default: throw fault("stage")
    }
  }

  private func payment() throws -> SagaPayment {
    var payment = SagaPayment(
      number: try number("number"), amount: try number("amount"), method: try node.member("method")?.string)
    payment.stage = try word("stage")
    payment.refunded = try number("refunded")
    payment.refunds = try number("refunds")
    payment.call = try find("call").map { try $0.call(.payment) }
    payment.isThere = try flag("there")
    payment.isReserved = try flag("reserved")
    payment.look = try findInstant("look")
    payment.looks = try number("looks")
    payment.isLeft = try flag("left")
    return payment
  }

  private func question() throws -> BookingQuestion {
    let subject: BookingQuestion.Subject
    if let price: Int64 = try findNumber("price") {
      subject = .price(now: price)
    } else if let without = node.member("without") {
      subject = .without(try without.array.map { (node) throws(JSONError) in try node.int })
    } else {
      subject = .sellerChange(item: try number("item"), try offer("offer"))
    }
    return BookingQuestion(number: try number("number"), subject: subject)
  }

  private func call(_ target: SagaTarget) throws -> SagaCall {
    let state: SagaCall.State
    switch try text("state") {
    case "intended": state = .intended(due: try instant("due"))
    case "sent": state = .sent(try instant("sent"))
    case "unknown":
      state = .unknown(sent: try instant("sent"), due: try instant("due"), isAsking: try flag("asking"))
    default: throw fault("state")
    }
    var call = SagaCall(number: try number("number"), target: target, action: try action(), state: state)
    call.attempts = try number("attempts")
    call.asks = try number("asks")
    return call
  }

  private func action() throws -> SagaAction {
    switch try text("action") {
    case "verify": .verify
    case "hold": .hold
    case "book": .book
    case "cancel": .cancel
    case "change": .change(try offer("offer"), price: try number("units"))
    case "authorise": .authorise
    case "capture": .capture
    case "void": .void
    case "refund": .refund(try number("units"))
    case "look": .look
    default: throw fault("action")
    }
  }

  // MARK: Fields

  private func fault(_ name: StaticString) -> StoreError {
    .faulty(reason: "a booking's document has a \(name) that this program does not know")
  }

  private func field(_ name: StaticString) throws -> JSONNode {
    guard let found = node.member(name) else { throw fault(name) }
    return found
  }

  private func find(_ name: StaticString) throws -> SagaReader? { node.member(name).map { SagaReader(node: $0) } }
  private func text(_ name: StaticString) throws -> String { try field(name).string }
  private func flag(_ name: StaticString) throws -> Bool { try field(name).bool }
  private func number<Value: FixedWidthInteger>(_ name: StaticString) throws -> Value {
    try field(name).integer(as: Value.self)
  }
  private func findNumber<Value: FixedWidthInteger>(_ name: StaticString) throws -> Value? {
    try node.member(name)?.integer(as: Value.self)
  }
  private func instant(_ name: StaticString) throws -> Instant { Instant(secondsSinceEpoch: try number(name)) }
  private func findInstant(_ name: StaticString) throws -> Instant? {
    try findNumber(name).map { Instant(secondsSinceEpoch: $0) }
  }
  private func offer(_ name: StaticString) throws -> OfferKey { try SagaReader(node: try field(name)).offer() }
  private func offer() throws -> OfferKey { OfferKey(seller: try text("seller"), name: try text("name")) }

  private func word<Word: RawRepresentable<String>>(_ name: StaticString) throws -> Word {
    guard let word = Word(rawValue: try text(name)) else { throw fault(name) }
    return word
  }

  private func findWord<Word: RawRepresentable<String>>(_ name: StaticString) throws -> Word? {
    node.member(name) == nil ? nil : try word(name)
  }
}
