import API
import Booking
import EventLoop
import Glibc
import HTTP
import Kernel
import Providers
import Store
import Worker

/// Whoever sells and whoever collects money, as a process speaks to them: made on its loop, closed at its end.
struct SellerSetup: Sendable {
  let sellers: [any Seller]
  let collectors: [any PaymentProvider]
  /// What sellers offer, kept.
  let offers: OfferCache
  let file: SellersFile
  private let client: HTTPClient
  private let shared: SharedOffers?

  /// The time, to the second.
  static let now: @Sendable () -> Instant = { Instant(secondsSinceEpoch: Int64(time(nil))) }

  /// Nothing is asked of anybody yet.
  ///
  /// - Parameters:
  ///   - file: who they are.
  ///   - loop: where they are spoken to.
  ///   - database: where it is kept what they call our orders and payments, and what the installation sells itself.
  ///   - shared: what processes share of sellers' answers.
  ///   - note: hears of the price that each round of questions has shown; must not wait.
  /// - Throws: `ClientError` when libcurl cannot start.
  init(
    _ file: SellersFile, on loop: EventLoop, _ database: Database, shared: SharedOffers? = nil,
    note: @escaping @Sendable (PriceSighting) -> Void = { _ in }
  ) throws {
    let client = try HTTPClient(loop: loop)
    let store = database.bookings
    let names = SaleNames(
      find: { await store.sellerName(of: $0) }, note: { await store.note(sellerName: $1, of: $0) })
    sellers = file.sellers.map { seller in
      switch seller.shape {
      case .duffel: DuffelSeller(seller.account, client, names: names, now: SellerSetup.now)
      case .amadeus:
        AmadeusSeller(seller.account, client, names: names, zones: { seller.airports[$0] }, now: SellerSetup.now)
      case .bedbank: BedbankSeller(seller.account, client, now: SellerSetup.now)
      case .own: OwnSeller(seller.account.name, database.inventory, now: SellerSetup.now)
      }
    }
    let payments = PaymentNames(
      find: { await store.collectorName(of: $0) }, note: { await store.note(collectorName: $1, of: $0) })
    collectors = file.collectors.map { collector in
      switch collector.shape {
      case .stripe:
        StripeCollector(
          collector.account, client, names: payments, returnURL: collector.returnURL, now: SellerSetup.now)
      case .adyen:
        AdyenCollector(
          collector.account, merchant: collector.merchant ?? "", returnURL: collector.returnURL ?? "", client,
          names: payments, notes: SellerSetup.notes(collector.account.name, store), now: SellerSetup.now)
      }
    }
    offers = OfferCache(sellers, loop: loop, now: SellerSetup.now, shared: shared, note: note)
    self.shared = shared
    self.file = file
    self.client = client
  }

  private static func notes(_ collector: String, _ store: BookingStore) -> PaymentNotes {
    PaymentNotes(
      keep: { reference, note in
        do {
          try await store.keep(note: note.name, note.text, of: reference, with: collector)
          return true
        } catch {
          return false
        }
      },
      all: { reference in
        (try? await store.notes(of: reference, with: collector))?.map { PaymentNote($0.name, $0.text) }
      })
  }

  /// What a worker carries bookings out with.
  func desk(_ store: BookingStore) -> BookingDesk {
    BookingDesk(store, sellers: sellers, collectors: collectors, now: SellerSetup.now)
  }

  /// What selections are booked with.
  func desk(_ store: ItineraryStore) -> SelectionDesk {
    SelectionDesk(
      store, offers: offers.source, kinds: Set(sellers.flatMap { $0.kinds }), places: file.places,
      now: SellerSetup.now)
  }

  /// What routes need.
  var counter: BookingCounter {
    BookingCounter(
      sellers: Set(sellers.map(\.name)), collectors: collectors, hooks: hooks, now: SellerSetup.now)
  }

  /// What reads the events of those who sign them with a secret that we know.
  private var hooks: [String: BookingCounter.Hook] {
    var hooks: [String: BookingCounter.Hook] = [:]
    for seller in file.sellers where seller.shape == .duffel {
      guard let secret = seller.webhookSecret else { continue }
      // A constant first: the compiler fails at such a closure that is put straight into a dictionary.
      let hook: BookingCounter.Hook = { (body, field) throws(BookingCounter.HookFlaw) in
        try SellerSetup.duffel(body, field("X-Duffel-Signature"), secret).get()
      }
      hooks[seller.account.name] = hook
    }
    for collector in file.collectors {
      guard let secret = collector.webhookSecret else { continue }
      let merchant = collector.merchant ?? ""
      switch collector.shape {
      case .stripe:
        let hook: BookingCounter.Hook = { (body, field) throws(BookingCounter.HookFlaw) in
          try SellerSetup.stripe(body, field("Stripe-Signature"), secret).get()
        }
        hooks[collector.account.name] = hook
      case .adyen:
        let hook: BookingCounter.Hook = { (body, _) throws(BookingCounter.HookFlaw) in
          try SellerSetup.adyen(body, secret, merchant).get()
        }
        hooks[collector.account.name] = hook
      }
    }
    return hooks
  }

  private typealias Reading = Result<[BookingCounter.HookSubject], BookingCounter.HookFlaw>

  private static func duffel(_ body: [UInt8], _ signature: String?, _ secret: String) -> Reading {
    do throws(EventFlaw) {
      let event = try DuffelEvent(body: body, signature: signature, secret: secret, now: now())
      return .success(event.reference.map { [.reference($0.text)] } ?? [])
    } catch {
      return .failure(BookingCounter.HookFlaw(error))
    }
  }

  private static func stripe(_ body: [UInt8], _ signature: String?, _ secret: String) -> Reading {
    do throws(EventFlaw) {
      let event = try StripeEvent(body: body, signature: signature, secret: secret, now: now())
      return .success(event.reference.map { [.reference($0)] } ?? event.intent.map { [.payment($0)] } ?? [])
    } catch {
      return .failure(BookingCounter.HookFlaw(error))
    }
  }

  private static func adyen(_ body: [UInt8], _ secret: String, _ merchant: String) -> Reading {
    do throws(EventFlaw) {
      let event = try AdyenEvent(body: body, key: secret, merchant: merchant)
      return .success(
        event.items.map { .told(reference: $0.payment, name: $0.note.name, text: $0.note.text) })
    } catch {
      return .failure(BookingCounter.HookFlaw(error))
    }
  }

  /// Closed after everything that asks them.
  var service: Service {
    Service(
      name: "sellers", start: {},
      stop: {
        await client.close()
        await shared?.close()
      })
  }
}

extension BookingCounter.HookFlaw {
  fileprivate init(_ flaw: EventFlaw) {
    self =
      switch flaw {
      case .forged: .forged
      case .stale: .stale
      case .unreadable: .unreadable
      }
  }
}
