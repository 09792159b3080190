/// Minutes as people say them: `45 min`, `2 h`, `2 h 5 min`.
package func durationText(minutes: Int) -> String {
  minutes < 60 ? "\(minutes) min" : minutes % 60 == 0 ? "\(minutes / 60) h" : "\(minutes / 60) h \(minutes % 60) min"
}
