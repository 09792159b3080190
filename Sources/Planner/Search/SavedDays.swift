/// The opened days as they were before a step, to go back to.
struct SavedDays: ~Copyable {
  private let stride: Int
  private let slotCount: Int
  private let legSlotCount: Int
  private let node: UnsafeMutablePointer<Int32>
  private let arrive: UnsafeMutablePointer<Int32>
  private let early: UnsafeMutablePointer<Int32>
  private let late: UnsafeMutablePointer<Int32>
  private let way: UnsafeMutablePointer<Int32>
  private let tagCount: UnsafeMutablePointer<Int>
  private let tags: Int
  private var tagLoss: Int64 = 0
  private let used: UnsafeMutablePointer<Int64>
  private let legUsed: UnsafeMutablePointer<Int64>
  private let days: UnsafeMutablePointer<Entry>
  private var count = 0

  private struct Entry {
    var day = 0
    var length = 0
    var value: Int64 = 0
    var price: Int64 = 0
    var travel: Int64 = 0
    var fare: Int64 = 0
    var discomfort: Int64 = 0
    var lodging = -1
  }

  init(_ instance: Instance) {
    stride = instance.visitCount + 2
    slotCount = instance.limits.slotCount
    legSlotCount = instance.limits.legLimits.count * instance.dayCount
    let cells = stride * instance.dayCount
    node = .filled(cells, with: 0)
    arrive = .filled(cells, with: 0)
    early = .filled(cells, with: 0)
    late = .filled(cells, with: 0)
    way = .filled(cells, with: 0)
    tags = instance.varieties.count
    tagCount = .filled(tags, with: 0)
    used = .filled(slotCount, with: 0)
    legUsed = .filled(legSlotCount, with: 0)
    days = .filled(instance.dayCount, with: Entry())
  }

  deinit {
    node.deallocate()
    arrive.deallocate()
    early.deallocate()
    late.deallocate()
    way.deallocate()
    tagCount.deallocate()
    used.deallocate()
    legUsed.deallocate()
    days.deallocate()
  }

  /// Forgets what was saved.
  mutating func clear(_ tours: borrowing Tours) {
    count = 0
    if slotCount > 0 {
      used.update(from: tours.used, count: slotCount)
      legUsed.update(from: tours.legUsed, count: legSlotCount)
    }
    tagLoss = tours.tagLoss
    tagCount.update(from: tours.tagCount, count: tags)
  }

  /// Saves a day as it is.
  mutating func save(_ day: Int, of tours: borrowing Tours) {
    let (from, to) = (day &* stride, count &* stride)
    let length = tours.length[day]
    (node + to).update(from: tours.node + from, count: length)
    (arrive + to).update(from: tours.arrive + from, count: length)
    (early + to).update(from: tours.early + from, count: length)
    (late + to).update(from: tours.late + from, count: length)
    (way + to).update(from: tours.way + from, count: length)
    days[count] = Entry(
      day: day, length: length, value: tours.value[day], price: tours.price[day], travel: tours.travel[day],
      fare: tours.fare[day], discomfort: tours.discomfort[day], lodging: tours.lodging[day])
    count &+= 1
  }

  /// Puts the saved days back.
  mutating func restore(_ tours: inout Tours) {
    for index in 0..<count { empty(days[index].day, of: &tours) }
    for index in 0..<count {
      let entry = days[index]
      let (from, to) = (index &* stride, entry.day &* stride)
      (tours.node + to).update(from: node + from, count: entry.length)
      (tours.arrive + to).update(from: arrive + from, count: entry.length)
      (tours.early + to).update(from: early + from, count: entry.length)
      (tours.late + to).update(from: late + from, count: entry.length)
      (tours.way + to).update(from: way + from, count: entry.length)
      for position in 1..<max(1, entry.length &- 1) {
        tours.join(Int(tours.node[to &+ position]), entry.day)
      }
      tours.length[entry.day] = entry.length
      tours.value[entry.day] = entry.value
      tours.price[entry.day] = entry.price
      tours.travel[entry.day] = entry.travel
      tours.fare[entry.day] = entry.fare
      tours.discomfort[entry.day] = entry.discomfort
      tours.lodging[entry.day] = entry.lodging
    }
    if slotCount > 0 {
      tours.used.update(from: used, count: slotCount)
      tours.legUsed.update(from: legUsed, count: legSlotCount)
    }
    tours.tagLoss = tagLoss
    tours.tagCount.update(from: tagCount, count: tags)
  }

  @inline(__always)
  private mutating func empty(_ day: Int, of tours: inout Tours) {
    for position in 1..<max(1, tours.length[day] &- 1) {
      tours.leave(Int(tours.node[day &* stride &+ position]))
    }
  }
}
