/// The date format of HTTP: `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
  private static let days: [StaticString] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
  private static let months: [StaticString] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// Formats seconds since 1970.
  static func format(_ seconds: Int) -> [UInt8] {
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let second = seconds - day * 86_400
    let date = civil(day)
    var out: [UInt8] = []
    ResponseSerializer.append(days[((day % 7) + 7) % 7], to: &out)
    out.append(contentsOf: ", ".utf8)
    appendTwo(date.day, to: &out)
    out.append(32)
    ResponseSerializer.append(months[date.month - 1], to: &out)
    out.append(32)
    // Four digits, as the format has it; the year 10,000 is for others.
    appendTwo(date.year / 100 % 100, to: &out)
    appendTwo(date.year % 100, to: &out)
    out.append(32)
    appendTwo(second / 3600, to: &out)
    out.append(58)
    appendTwo(second / 60 % 60, to: &out)
    out.append(58)
    appendTwo(second % 60, to: &out)
    out.append(contentsOf: " GMT".utf8)
    return out
  }

  /// The civil date of a day number, by eras of 400 years that begin in March.
  private static func civil(_ day: Int) -> (year: Int, month: Int, day: Int) {
    let shifted = day + 719_468
    let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let marchMonth = (5 * dayOfYear + 2) / 153
    let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
  }

  private static func appendTwo(_ number: Int, to out: inout [UInt8]) {
    out.append(48 + UInt8(number / 10))
    out.append(48 + UInt8(number % 10))
  }
}
