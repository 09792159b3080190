/// What further visits of a variety lose, as columns of the ``MasterProgram``.
///
/// A row for each variety says that its visits are no more than what is paid for: Σ visits − Σ y ≤ 0. Each y costs what one
/// more loses; there are so many of a cost, by a row of their own, and of the last without end.
struct VarietyColumns {
  private let table: VarietyTable
  private(set) var rightSides: [Double]
  private(set) var columns: [MasterProgram.Column] = []

  var count: Int { table.count }
  var rowCount: Int { rightSides.count }

  init(_ table: VarietyTable, firstRow: Int) {
    self.table = table
    rightSides = [Double](repeating: 0, count: table.count)
    for tag in 0..<table.count {
      let losses = VarietyColumns.losses(table, tag)
      var first = 0
      while first < losses.count {
        let end = losses[first...].firstIndex { $0 != losses[first] } ?? losses.count
        var (rows, amounts): ([Int32], [Double]) = ([Int32(firstRow + tag)], [-1])
        if end < losses.count {
          rows.append(Int32(firstRow + rightSides.count))
          amounts.append(1)
          rightSides.append(Double(end - first))
        }
        columns.append(MasterProgram.Column(rows: rows, amounts: amounts, value: -Double(losses[first])))
        first = end
      }
    }
  }

  private static func losses(_ table: VarietyTable, _ tag: Int) -> [Int64] {
    let end = tag + 1 < table.count ? table.lossFirst[tag + 1] : table.losses.count
    return Array(table.losses[table.lossFirst[tag]..<end])
  }

  /// The most that visits of a variety can add if each is paid for at a price: they lose ever more.
  func most(_ tag: Int, at price: Int64, unit: Int64) -> Int64 {
    var (sum, most): (Int64, Int64) = (0, 0)
    for loss in VarietyColumns.losses(table, tag) {
      sum += price - loss * unit
      most = max(most, sum)
    }
    return most
  }
}
