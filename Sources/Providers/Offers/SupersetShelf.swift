import Booking
import Kernel

/// Answers that are kept, in so many bytes; what nobody asked for since the hand last came by goes first.
///
/// Beside the packed ones, the texts of those that were asked for lately are kept unpacked, in bytes of their own: a
/// request that hits one copies and unpacks nothing.
struct SupersetShelf: Sendable {
  private struct Place: Sendable {
    var superset: Superset
    var text: [UInt8]?
    var wasAsked = true
  }

  private var places: [OfferSearch: Place] = [:]
  private var packedRing = Ring()
  private var textRing = Ring()
  private(set) var packedBytes = 0
  private(set) var textBytes = 0
  private let packedBytesMax: Int
  private let textBytesMax: Int

  init(packedBytesMax: Int, textBytesMax: Int) {
    self.packedBytesMax = packedBytesMax
    self.textBytesMax = textBytesMax
  }

  var count: Int { places.count }

  /// An answer and its text, unpacked for this one and the next who ask.
  mutating func find(_ search: OfferSearch) -> (superset: Superset, text: [UInt8])? {
    guard let index = places.index(forKey: search) else { return nil }
    places.values[index].wasAsked = true
    if let text = places.values[index].text { return (places.values[index].superset, text) }
    let superset = places.values[index].superset
    let text = superset.unpacked()
    guard text.count <= textBytesMax else { return (superset, text) }
    places.values[index].text = text
    textBytes += text.count
    textRing.add(search)
    while textBytes > textBytesMax, let old = textRing.next() {
      guard old != search, places[old]?.text != nil else { continue }
      dropText(old)
    }
    if !textRing.contains(search) { textRing.add(search) }
    return (superset, text)
  }

  /// An answer without its text, which counts as no request.
  func peek(_ search: OfferSearch) -> Superset? { places[search]?.superset }

  /// Keeps an answer; one that is larger than all room is not kept.
  mutating func put(_ superset: Superset, for search: OfferSearch) {
    remove(search)
    guard superset.byteCount <= packedBytesMax else { return }
    places[search] = Place(superset: superset)
    packedBytes += superset.byteCount
    packedRing.add(search)
    // Twice around at most: the first time takes the mark away, the second the answer.
    var steps = packedRing.count * 2 + 2
    while packedBytes > packedBytesMax, steps > 0, let old = packedRing.next() {
      steps -= 1
      guard let place = places[old] else { continue }
      if old == search || (place.wasAsked && steps > packedRing.count) {
        places[old]?.wasAsked = false
        packedRing.add(old)
      } else {
        drop(old)
      }
    }
  }

  mutating func remove(_ search: OfferSearch) {
    guard places[search] != nil else { return }
    drop(search)
    packedRing.remove(search)
    textRing.remove(search)
  }

  private mutating func drop(_ search: OfferSearch) {
    dropText(search)
    guard let place = places.removeValue(forKey: search) else { return }
    packedBytes -= place.superset.byteCount
  }

  private mutating func dropText(_ search: OfferSearch) {
    guard let text = places[search]?.text else { return }
    textBytes -= text.count
    places[search]?.text = nil
  }
}

/// Searches in the order in which they came.
private struct Ring: Sendable {
  private var line: [OfferSearch] = []
  private var head = 0
  private var members: Set<OfferSearch> = []

  var count: Int { members.count }

  func contains(_ search: OfferSearch) -> Bool { members.contains(search) }

  mutating func add(_ search: OfferSearch) {
    guard members.insert(search).inserted else { return }
    line.append(search)
  }

  mutating func remove(_ search: OfferSearch) {
    guard members.remove(search) != nil, let index = line[head...].firstIndex(of: search) else {
      return
    }
    line.remove(at: index)
  }

  /// Takes out the oldest.
  mutating func next() -> OfferSearch? {
    guard head < line.count else { return nil }
    let search = line[head]
    head += 1
    if head > 1024, head * 2 > line.count {
      line.removeFirst(head)
      head = 0
    }
    members.remove(search)
    return search
  }
}
