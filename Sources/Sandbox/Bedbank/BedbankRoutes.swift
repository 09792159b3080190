import HTTP
import JSON
import Kernel
import Secrets

/// Hotelbeds' shape: availability, rates that must be checked again, bookings.
struct BedbankRoutes: Sendable {
  let world: World

  func add(to router: Router) {
    let api = router.group("/hotel-api/1.0")
    api.post("/hotels") { request, _ in
      try await answering(.search, request) { _ in try search(document(try await request.body.collect(upTo: 1 << 20))) }
    }
    api.post("/checkrates") { request, _ in
      try await answering(.price, request) { fault in
        try check(document(try await request.body.collect(upTo: 1 << 20)), fault)
      }
    }
    api.post("/bookings") { request, _ in
      try await answering(.order, request) { fault in
        try book(document(try await request.body.collect(upTo: 1 << 20)), fault)
      }
    }
    api.get("/bookings") { request, _ in
      let reference = try request.query.value("clientReference")
      return try await answering(.look, request) { _ in list(reference) }
    }
    api.get("/bookings/{reference}") { request, context in
      let id = try context.parameters.require("reference")
      return try await answering(.look, request) { _ in
        answer(try world.with { try $0.books.sale(id) })
      }
    }
    api.delete("/bookings/{reference}") { request, context in
      let id = try context.parameters.require("reference")
      let isReal = try request.query.value("cancellationFlag") != "SIMULATION"
      return try await answering(.cancel, request) { _ in try cancel(id, isReal: isReal) }
    }
  }

  private func answering(
    _ deed: Deed, _ request: Request, _ act: (Fault?) async throws -> Response
  ) async throws -> Response {
    guard request.header("api-key") == world.settings.key, isSigned(request) else {
      return Voice.bedbank.failure(.forbidden, "CONFIGURATION_ERROR", "Access to this API has been disallowed")
    }
    return try await world.acting(deed, .bedbank, .bedbank) { fault in
      do {
        return try await act(fault)
      } catch let refusal as SaleRefusal {
        return Voice.bedbank(refusal)
      } catch let error as JSONError {
        return Voice.bedbank.failure(.badRequest, "INVALID_REQUEST", "\(error)")
      }
    }
  }

  /// SHA-256 of key, secret and the second, in hexadecimal; a few minutes off are put up with.
  private func isSigned(_ request: Request) -> Bool {
    guard let signature = request.header("x-signature")?.lowercased() else { return false }
    let now = world.now.secondsSinceEpoch
    func fits(_ second: Int64) -> Bool {
      hex(Digest.sha256(Array("\(world.settings.key)\(world.settings.secret)\(second)".utf8))) == signature
    }
    // The nearest first, since most clocks go well.
    return (0...300).contains { offset in fits(now + offset) || fits(now - offset) }
  }

  private func search(_ body: JSONNode) throws -> Response {
    let stay = body.member("stay")
    guard let checkIn = stay?.text("checkIn").flatMap({ try? LocalDate($0) }),
      let checkOut = stay?.text("checkOut").flatMap({ try? LocalDate($0) }), checkIn < checkOut,
      let destination = body.member("destination")?.text("code"), let people = body.list("occupancies").first
    else { return Voice.bedbank.failure(.badRequest, "INVALID_DATA", "stay, destination and occupancies are wanted") }
    let rooms = try people.member("rooms")?.int ?? 1
    guard (1...9).contains(rooms) else {
      return Voice.bedbank.failure(.badRequest, "INVALID_DATA", "an occupancy has 1 to 9 rooms")
    }
    let ages = people.list("paxes").compactMap { try? $0.member("age")?.int }
    let party = Party(adults: try people.member("adults")?.int ?? 1, childAges: ages)
    let hotels = world.with { state in
      world.inventory.houses(in: destination).map { house in
        let rates = house.rooms.compactMap { room in
          rate(
            room,
            RoomKey(
              checkIn: checkIn, checkOut: checkOut, house: house.code, destination: destination, room: room.code,
              party: party, rooms: rooms), state, isChecked: false)
        }
        return BedbankHotel(house: house, rates: rates)
      }
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("hotels") { hotelsObject in
        hotelsObject.field("hotels", hotels.filter { !$0.rates.isEmpty })
        hotelsObject.field("checkIn", checkIn.description)
        hotelsObject.field("checkOut", checkOut.description)
        hotelsObject.field("total", hotels.count)
      }
    }
    return json(writer.finish())
  }

  private func rate(
    _ room: House.Room, _ key: RoomKey, _ state: World.State, isChecked: Bool
  ) -> BedbankHotel.Rate? {
    let goods = Goods.room(key)
    let left = room.count - state.books.taken(goods.stock)
    guard left >= key.rooms else { return nil }
    return BedbankHotel.Rate(
      room: room, key: RateKey(room: key, board: room.board, net: world.price(goods, state)), left: left,
      isChecked: isChecked)
  }

  private func check(_ body: JSONNode, _ fault: Fault?) throws -> Response {
    guard let key = body.list("rooms").first?.text("rateKey").flatMap(RateKey.init) else {
      throw SaleRefusal.notAllowed
    }
    let house = world.inventory.house(key.room.house, in: key.room.destination)
    let rate = world.with { state -> BedbankHotel.Rate? in
      if fault == .priceRise { state.books.raise(Goods.room(key.room).stock) }
      return house.rooms.first { $0.code == key.room.room }.flatMap {
        self.rate($0, key.room, state, isChecked: true)
      }
    }
    guard let rate, fault != .soldOut else { throw SaleRefusal.soldOut }
    var writer = JSONWriter()
    writer.object { object in
      object.object("hotel") { hotel in
        BedbankHotel(house: house, rates: [rate]).fields(&hotel)
        hotel.field("checkIn", key.room.checkIn.description)
        hotel.field("checkOut", key.room.checkOut.description)
        hotel.field("totalNet", rate.key.net.amountText)
      }
    }
    return json(writer.finish())
  }

  private func book(_ body: JSONNode, _ fault: Fault?) throws -> Response {
    guard let room = body.list("rooms").first, let key = room.text("rateKey").flatMap(RateKey.init),
      let holder = body.member("holder"), let family = holder.text("surname"), !family.isEmpty
    else { throw SaleRefusal.notAllowed }
    let tolerance = Int64(((try body.member("tolerance")?.double) ?? 0) * 10)
    let travellers = room.list("paxes").enumerated().map { index, pax in
      Traveller(id: "\(index + 1)", givenName: pax.text("name") ?? "", familyName: pax.text("surname") ?? "")
    }
    // Somebody sleeps in each room, or the hotel does not know for whom it is.
    let used = Set(try room.list("paxes").compactMap { try $0.member("roomId")?.int })
    guard used == Set(1...key.room.rooms) else { throw SaleRefusal.notAllowed }
    let now = world.now
    let sale = try world.with { state -> Sale in
      let goods = Goods.room(key.room)
      if fault == .priceRise { state.books.raise(goods.stock) }
      guard fault != .soldOut else { throw SaleRefusal.soldOut }
      let price = world.price(goods, state)
      guard price <= key.net + key.net * tolerance / 1000 else { throw SaleRefusal.priceChanged(now: price) }
      state.counter += 1
      var sale = Sale(
        id: "1-\(7_000_000 + state.counter)", shape: .bedbank, reference: body.text("clientReference") ?? "",
        goods: goods,
        travellers: travellers, state: .confirmed, price: min(price, key.net), created: now)
      sale.paid = sale.price
      try state.books.enter(sale, of: world.capacity(goods))
      return sale
    }
    return answer(sale)
  }

  private func list(_ reference: String?) -> Response {
    let found = world.with { state in
      state.books.order.compactMap { state.books.sales[$0] }
        .filter { $0.shape == .bedbank && (reference == nil || $0.reference == reference) }
    }
    var writer = JSONWriter()
    writer.object { object in
      object.object("bookings") { bookings in
        bookings.field("bookings", found.suffix(100).map { BedbankBooking(sale: $0, cancellationFee: nil) })
        bookings.field("from", 1)
        bookings.field("to", found.count)
        bookings.field("total", found.count)
      }
    }
    return json(writer.finish())
  }

  private func cancel(_ id: String, isReal: Bool) throws -> Response {
    let now = world.now
    let (sale, fee) = try world.with { state -> (Sale, Int64) in
      let sale = try state.books.sale(id)
      guard case .room(let key) = sale.goods else { throw SaleRefusal.noSuchSale }
      let house = world.inventory.house(key.house, in: key.destination)
      guard let room = house.rooms.first(where: { $0.code == key.room }) else { throw SaleRefusal.noSuchSale }
      let rate = RateKey(room: key, board: room.board, net: sale.price)
      let fee = Bedbank.feeBegins(room, rate) <= now ? Bedbank.fee(room, rate) : 0
      guard isReal else { return (sale, fee) }
      return (try state.books.cancel(id, refund: sale.price - fee, at: now), fee)
    }
    return answer(sale, fee: fee)
  }

  private func answer(_ sale: Sale, fee: Int64? = nil) -> Response {
    var writer = JSONWriter()
    writer.object { $0.field("booking", BedbankBooking(sale: sale, cancellationFee: fee)) }
    return json(writer.finish())
  }

  private func json(_ bytes: [UInt8]) -> Response {
    Response(status: .ok, fields: ["Content-Type": "application/json"], body: .bytes(bytes))
  }
}

/// A booking in Hotelbeds' shape.
private struct BedbankBooking: JSONWritable {
  let sale: Sale
  let cancellationFee: Int64?

  func write(to writer: inout JSONWriter) {
    guard case .room(let key) = sale.goods else { return writer.null() }
    let fee = cancellationFee ?? (sale.state == .cancelled ? sale.paid - sale.refunded : nil)
    writer.object { object in
      object.field("reference", sale.id)
      object.field("clientReference", sale.reference)
      object.field("creationDate", String(sale.created.description.prefix(10)))
      object.field("status", sale.state == .cancelled ? "CANCELLED" : "CONFIRMED")
      object.object("modificationPolicies") { policies in
        policies.field("cancellation", sale.state != .cancelled)
        policies.field("modification", false)
      }
      object.object("hotel") { hotel in
        hotel.field("code", key.house)
        hotel.field("name", "House \(key.house)")
        hotel.field("checkIn", key.checkIn.description)
        hotel.field("checkOut", key.checkOut.description)
        hotel.field("cancellationAmount", ifPresent: fee?.amountText)
      }
      object.field("totalNet", sale.price.amountText)
      object.field("pendingAmount", sale.price.amountText)
      object.field("currency", "EUR")
      if sale.state == .cancelled { object.field("cancellationReference", "C\(sale.id)") }
    }
  }
}
