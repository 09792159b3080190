import JSON

/// What came back, counted: a measurement of wrong answers measures nothing.
struct Tally: JSONWritable {
  private(set) var answers = 0
  private(set) var wrongStatuses = 0
  private(set) var firstWrongStatus = 0
  private(set) var wrongBodies = 0

  mutating func count(_ answer: Answer, expecting status: Int = 200, bodyIsRight: Bool) {
    answers += 1
    if answer.status != status {
      if wrongStatuses == 0 { firstWrongStatus = answer.status }
      wrongStatuses += 1
    } else if !bodyIsRight {
      wrongBodies += 1
    }
  }

  mutating func add(_ other: Tally) {
    answers += other.answers
    if wrongStatuses == 0 { firstWrongStatus = other.firstWrongStatus }
    wrongStatuses += other.wrongStatuses
    wrongBodies += other.wrongBodies
  }

  /// - Throws: `BenchmarkError.wrongAnswers` if one was wrong.
  func check(_ server: String) throws(BenchmarkError) {
    if wrongStatuses > 0 {
      throw .wrongAnswers(
        "\(wrongStatuses) of \(answers) answers of \(server) were not as expected, the first of them \(firstWrongStatus); "
          + "nothing is reported of such a run")
    }
    if wrongBodies > 0 {
      throw .wrongAnswers(
        "\(wrongBodies) of \(answers) answers of \(server) had another body than expected; "
          + "nothing is reported of such a run")
    }
  }

  func write(to writer: inout JSONWriter) {
    writer.object {
      $0.field("answers", answers)
      $0.field("wrong_statuses", wrongStatuses)
      $0.field("wrong_bodies", wrongBodies)
    }
  }
}
