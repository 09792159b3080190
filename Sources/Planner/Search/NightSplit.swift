/// Cuts an order of visits into the days of a trip, each night at the best lodging.
///
/// The invariant: a label stands for a way to be at a visit of the order on some day, with the time it is then and what was
/// had so far; where the nights before were spent no longer matters to it. A day goes through the order from where the day
/// before left it and may pass over a few visits between one and the next. Of the labels of a visit only those stay that
/// none other beats in time and worth, and of these only so many; a cell is the best way to end a day at a lodging, having
/// come so far in the order.
///
/// - Complexity: O(days · visits of the order · (lodgings + visits passed over))
struct NightSplit {
  private struct Label {
    let time: Int32
    let value: Int64
    let place: Int32
    /// The label before it, or below zero the cell of the day before.
    let parent: Int32
  }
  private struct Cell {
    var value: Int64 = .min
    /// The label of the last visit, or below zero the cell of the day before: nothing is done.
    var label: Int32 = 0
  }

  /// How many visits may be passed over between one and the next.
  private static let passedMax = 5
  private static let labelsPerVisit = 8

  private let instance: Instance
  private let order: [Int32]
  private let width: Int
  /// By day: `cells[day][end * width + place]`.
  private var cells: [[Cell]] = []
  private var labels: [Label] = []
  /// The labels of each visit on the present day, the earliest first.
  private var labelsAt: [[Int32]]

  init(_ instance: Instance, order: [Int32]) {
    self.instance = instance
    self.order = order
    width = order.count + 1
    labelsAt = [[Int32]](repeating: [], count: order.count)
  }

  /// A route for each day, both ends included; nil if no choice of lodgings is possible.
  mutating func solve() -> [[Int32]]? {
    for day in 0..<instance.dayCount {
      let ends = instance.endNodes(day)
      cells.append([Cell](repeating: Cell(), count: ends.count * width))
      begin(day, ends)
      for visit in order.indices {
        for index in labelsAt[visit] {
          let label = labels[Int(index)]
          end(day, ends, from: Int(order[visit]), began: label.time, Cell(value: label.value, label: index), visit + 1)
          extend(day, from: Int(order[visit]), began: label.time, label.value, to: visit + 1, parent: index)
        }
        labelsAt[visit].removeAll(keepingCapacity: true)
      }
    }
    return trace()
  }

  /// Leaves each lodging at each place of the order where the day before could end.
  private mutating func begin(_ day: Int, _ ends: [Int]) {
    for (start, node) in instance.startNodes(day).enumerated() {
      // Whoever came further for no more is of no use.
      var most = Int64.min
      for place in 0..<width {
        let value = day == 0 ? (place == 0 ? 0 : .min) : cells[day - 1][start * width + place].value
        if value <= most { continue }
        most = value
        let parent = Int32(-1 - (start * width + place))
        end(day, ends, from: node, began: instance.opens[day], Cell(value: value, label: parent), place)
        extend(day, from: node, began: instance.opens[day], value, to: place, parent: parent)
      }
    }
  }

  /// Goes on to the next visits of the order.
  private mutating func extend(_ day: Int, from: Int, began: Int32, _ value: Int64, to first: Int, parent: Int32) {
    for place in first..<max(first, min(order.count, first + Self.passedMax + 1)) {
      let visit = Int(order[place])
      let reached = instance.arrival(from: from, to: visit, began: began)
      if reached > instance.closes[day] { continue }
      let time = instance.start(at: visit, day: day, from: reached)
      if time == Instance.never { continue }
      add(
        Label(
          time: time, value: value + instance.value[day * instance.dayStride + visit], place: Int32(place),
          parent: parent))
    }
  }

  /// Keeps a label unless another is no later and no worse.
  private mutating func add(_ label: Label) {
    let place = Int(label.place)
    var at = 0
    while at < labelsAt[place].count, labels[Int(labelsAt[place][at])].time <= label.time {
      if labels[Int(labelsAt[place][at])].value >= label.value { return }
      at += 1
    }
    // What comes behind is later; it stays only if it is worth more.
    while at < labelsAt[place].count, labels[Int(labelsAt[place][at])].value <= label.value {
      labelsAt[place].remove(at: at)
    }
    if labelsAt[place].count >= Self.labelsPerVisit {
      // The earliest is worth least.
      if at == 0 { return }
      labelsAt[place].removeFirst()
      at -= 1
    }
    labelsAt[place].insert(Int32(labels.count), at: at)
    labels.append(label)
  }

  /// Ends a day at every lodging that is reached in time.
  private mutating func end(_ day: Int, _ ends: [Int], from: Int, began: Int32, _ cell: Cell, _ place: Int) {
    let lodgings = instance.lodgings.after[day]
    for (index, node) in ends.enumerated() {
      let value = cell.value + (lodgings.isEmpty ? 0 : lodgings[index].value)
      if value <= cells[day][index * width + place].value { continue }
      if instance.arrival(from: from, to: node, began: began) > instance.closes[day] { continue }
      cells[day][index * width + place] = Cell(value: value, label: cell.label)
    }
  }

  /// The routes of the best cell of the last day.
  private func trace() -> [[Int32]]? {
    let last = instance.dayCount - 1
    guard var at = cells[last].indices.max(by: { cells[last][$0].value < cells[last][$1].value }),
      cells[last][at].value > .min
    else { return nil }
    var routes: [[Int32]] = []
    for day in stride(from: last, through: 0, by: -1) {
      var route = [Int32(instance.endNodes(day)[at / width])]
      var index = cells[day][at].label
      while index >= 0 {
        route.append(order[Int(labels[Int(index)].place)])
        index = labels[Int(index)].parent
      }
      at = Int(-1 - index)
      route.append(Int32(instance.startNodes(day)[at / width]))
      routes.append(route.reversed())
    }
    return routes.reversed()
  }
}
