/// The linear program over routes known so far: which mixture of routes scores most.
///
/// Maximise Σ value · x under Σ a · x ≤ b, x ≥ 0, with a row for each visit, slot of a limit and kind of day. Primal
/// simplex with an explicit inverse of the basis: there are a few hundred rows, and columns only ever join. Right sides are
/// a little apart from each other, so that the program hardly degenerates; its duals only serve as prices, from which a bound
/// that holds whatever they are is worked out elsewhere.
struct MasterProgram {
  struct Column {
    let rows: [Int32]
    let amounts: [Double]
    let value: Double
  }

  private let rowCount: Int
  private let rightSides: [Double]
  private(set) var columns: [Column] = []
  /// Which column is basic in each row; below zero the slack of row -1 - x.
  private var basis: [Int]
  private var isBasic: [Bool] = []
  private var inverse: [Double]
  private var solution: [Double]
  /// The price of each row.
  private(set) var duals: [Double]
  private var pivotsSinceInverting = 0

  init(rightSides: [Double]) {
    rowCount = rightSides.count
    self.rightSides = rightSides.enumerated().map { $1 + 1e-6 * Double(($0 * 7919) % 101 + 1) / 101 }
    basis = (0..<rightSides.count).map { -1 - $0 }
    inverse = [Double](repeating: 0, count: rowCount * rowCount)
    solution = self.rightSides
    duals = [Double](repeating: 0, count: rowCount)
    for row in 0..<rowCount { inverse[row * rowCount + row] = 1 }
  }

  mutating func add(_ column: Column) {
    columns.append(column)
    isBasic.append(false)
  }

  /// The columns in the mixture, with their shares.
  var mixture: [(column: Int, share: Double)] {
    zip(basis, solution).filter { $0.0 >= 0 && $0.1 > 1e-5 }.map { ($0.0, $0.1) }
  }

  /// What a column would gain at the present prices.
  func gain(_ column: Column) -> Double {
    var gain = column.value
    for (row, amount) in zip(column.rows, column.amounts) { gain -= duals[Int(row)] * amount }
    return gain
  }

  /// Solves anew from the last basis; false if it took more pivots than allowed.
  mutating func solve(pivotsMax: Int = 5000) -> Bool {
    for _ in 0..<pivotsMax {
      guard let entering = entering() else { return true }
      guard pivot(entering) else { return true }
    }
    return false
  }

  private func entering() -> Int? {
    var (best, gain) = (Int?.none, 1e-7)
    for row in 0..<rowCount where -duals[row] > gain { (best, gain) = (-1 - row, -duals[row]) }
    for index in columns.indices where !isBasic[index] {
      let column = columns[index]
      var sum = column.value
      for place in column.rows.indices { sum -= duals[Int(column.rows[place])] * column.amounts[place] }
      if sum > gain { (best, gain) = (index, sum) }
    }
    return best
  }

  /// B⁻¹ times a column.
  private func direction(_ entering: Int) -> [Double] {
    var result = [Double](repeating: 0, count: rowCount)
    func add(_ row: Int, _ amount: Double) {
      for index in 0..<rowCount { result[index] += inverse[index * rowCount + row] * amount }
    }
    if entering < 0 {
      add(-1 - entering, 1)
    } else {
      let column = columns[entering]
      for (row, amount) in zip(column.rows, column.amounts) { add(Int(row), amount) }
    }
    return result
  }

  private mutating func pivot(_ entering: Int) -> Bool {
    let direction = direction(entering)
    var (leaving, ratio) = (-1, Double.infinity)
    for row in 0..<rowCount where direction[row] > 1e-9 {
      let step = max(0, solution[row]) / direction[row]
      if step < ratio - 1e-12 || step <= ratio && leaving >= 0 && direction[row] > direction[leaving] {
        (leaving, ratio) = (row, step)
      }
    }
    guard leaving >= 0 else { return false }
    exchange(entering, leaving, direction, ratio)
    pivotsSinceInverting += 1
    if pivotsSinceInverting >= 400 { invert() }
    return true
  }

  private mutating func exchange(_ entering: Int, _ leaving: Int, _ direction: [Double], _ step: Double) {
    for row in 0..<rowCount { solution[row] -= step * direction[row] }
    solution[leaving] = step
    let old = basis[leaving]
    if old >= 0 { isBasic[old] = false }
    if entering >= 0 { isBasic[entering] = true }
    basis[leaving] = entering
    let gain = gainOf(entering) / direction[leaving]
    let count = rowCount
    inverse.withUnsafeMutableBufferPointer { inverse in
      let pivotRow = leaving * count
      let factor = 1 / direction[leaving]
      for column in 0..<count { inverse[pivotRow + column] *= factor }
      for row in 0..<count where row != leaving && direction[row] != 0 {
        let times = direction[row]
        for column in 0..<count { inverse[row * count + column] -= times * inverse[pivotRow + column] }
      }
    }
    for row in 0..<count { duals[row] += gain * direction[leaving] * inverse[leaving * count + row] }
  }

  private func gainOf(_ entering: Int) -> Double {
    entering < 0 ? -duals[-1 - entering] : gain(columns[entering])
  }

  /// Works the inverse, the solution and the duals out anew, so that rounding does not pile up.
  private mutating func invert() {
    pivotsSinceInverting = 0
    let count = rowCount
    var matrix = [Double](repeating: 0, count: count * count)
    for (place, entry) in basis.enumerated() {
      if entry < 0 {
        matrix[(-1 - entry) * count + place] = 1
      } else {
        for (row, amount) in zip(columns[entry].rows, columns[entry].amounts) {
          matrix[Int(row) * count + place] += amount
        }
      }
    }
    guard let inverted = inverted(matrix, count) else { return }
    inverse = inverted
    for row in 0..<count {
      solution[row] = (0..<count).reduce(0) { $0 + inverse[row * count + $1] * rightSides[$1] }
    }
    duals = [Double](repeating: 0, count: count)
    for (place, entry) in basis.enumerated() where entry >= 0 {
      for column in 0..<count { duals[column] += columns[entry].value * inverse[place * count + column] }
    }
  }

  /// Gauss and Jordan with the largest pivot of each column; nil for a matrix that has no inverse.
  private func inverted(_ matrix: [Double], _ count: Int) -> [Double]? {
    var (left, right) = (matrix, [Double](repeating: 0, count: count * count))
    for row in 0..<count { right[row * count + row] = 1 }
    for column in 0..<count {
      var pivot = column
      for row in column..<count where abs(left[row * count + column]) > abs(left[pivot * count + column]) {
        pivot = row
      }
      if abs(left[pivot * count + column]) < 1e-11 { return nil }
      for index in 0..<count where pivot != column {
        left.swapAt(pivot * count + index, column * count + index)
        right.swapAt(pivot * count + index, column * count + index)
      }
      let factor = 1 / left[column * count + column]
      for index in 0..<count {
        left[column * count + index] *= factor
        right[column * count + index] *= factor
      }
      for row in 0..<count where row != column && left[row * count + column] != 0 {
        let times = left[row * count + column]
        for index in 0..<count {
          left[row * count + index] -= times * left[column * count + index]
          right[row * count + index] -= times * right[column * count + index]
        }
      }
    }
    return right
  }
}
