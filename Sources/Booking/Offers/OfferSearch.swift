public import Kernel

/// What is looked for with sellers.
public struct OfferSearch: Hashable, Sendable {
  /// What kind of thing.
  public var kind: OfferKind
  /// Where rides begin: a code of three letters, or a station's; empty for what is no ride.
  public var origin: String
  /// Where rides end, or the city of the stay or the visit.
  public var destination: String
  /// The day of departure, of the first night or of the visit, where it happens.
  public var date: LocalDate
  /// Nights of a stay.
  public var nights: Int
  /// Rooms of a stay that the party is spread over; a seller who cannot spread it so has nothing for it.
  public var rooms: Int
  /// `economy`, `premium`, `business` or `first`; `second` and `first` by rail.
  public var cabin: String
  /// Grown-ups.
  public var adults: Int
  /// The ages of the others.
  public var childAges: [Int]
  /// The currency that prices are wanted in.
  public var currency: Currency

  /// A search.
  public init(
    _ kind: OfferKind, from origin: String = "", to destination: String, on date: LocalDate, nights: Int = 0,
    rooms: Int = 1,
    cabin: String = "economy", adults: Int, childAges: [Int] = [], currency: Currency
  ) {
    self.kind = kind
    self.origin = origin
    self.destination = destination
    self.date = date
    self.nights = nights
    self.rooms = rooms
    self.cabin = cabin
    self.adults = adults
    self.childAges = childAges
    self.currency = currency
  }
}
