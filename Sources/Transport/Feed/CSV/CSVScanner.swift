/// Splits a stream of bytes into records and fields by RFC 4180, and by what feeds do instead.
///
/// It keeps a window of the stream and finds the end of one record at a time; fields are places in that window, so that
/// nothing is copied or allocated for a record. Quoted fields are put right in place once their record is complete.
/// Lines end with LF, CR LF or CR. A quote inside an unquoted field is an ordinary character. A quote that is opened and
/// not closed within ``recordSizeMax`` costs its line only: reading goes on with the next one.
struct CSVScanner: ~Copyable {
  /// What happened to a record beside being read.
  enum Oddity {
    case none
    /// A quote was not closed, so that the line was left out: there are no fields.
    case unclosedQuote
    /// Longer than ``recordSizeMax``, most likely for a quote that is not closed; its line was left out.
    case tooLong
    /// Text followed a closing quote.
    case textAfterQuote
    /// More fields than ``fieldsMax``; the rest is left out.
    case tooManyFields
  }

  static let recordSizeMax = 1 << 20
  static let fieldsMax = 1024

  private struct Field {
    var start: Int
    var end: Int
    var hasDoubledQuotes: Bool
  }

  private let source: any ByteStream
  private let window: UnsafeMutablePointer<UInt8>
  private let capacity: Int
  private var next = 0
  private var filled = 0
  private var isAtEnd = false
  private let fields: UnsafeMutablePointer<Field>
  private var nextLine = 1

  /// How many fields the current record has; 1 for an empty line.
  private(set) var fieldCount = 0
  /// The line on which the current record begins, from 1.
  private(set) var line = 0
  private(set) var oddity = Oddity.none

  init(_ source: any ByteStream) {
    self.source = source
    capacity = Self.recordSizeMax + (1 << 18)
    window = .allocate(capacity: capacity)
    fields = .allocate(capacity: Self.fieldsMax)
  }

  deinit {
    window.deallocate()
    fields.deallocate()
  }

  /// A field of the current record; the ones a short record lacks are empty.
  @inline(__always)
  func field(_ index: Int) -> FieldBytes {
    guard index < fieldCount else { return FieldBytes(trimming: window, count: 0) }
    let field = fields[index]
    return FieldBytes(trimming: window + field.start, count: field.end - field.start)
  }

  /// Whether the current record is an empty line.
  var isBlank: Bool { fieldCount == 1 && field(0).isEmpty }

  /// Goes to the next record; false at the end.
  mutating func advance() throws(FeedError) -> Bool {
    line = nextLine
    oddity = .none
    while true {
      if next == filled {
        if isAtEnd { return false }
        try refill()
        if next == filled { return false }
      }
      if scan() {
        putQuotedFieldsRight()
        return true
      }
      if isAtEnd || filled - next >= Self.recordSizeMax {
        leaveOutLine()
        return true
      }
      try refill()
    }
  }

  // MARK: The window

  private mutating func refill() throws(FeedError) {
    if next > 0 {
      window.update(from: window + next, count: filled - next)
      filled -= next
      next = 0
    }
    let room = UnsafeMutableRawBufferPointer(start: window + filled, count: capacity - filled)
    let count = try source.read(into: room)
    if count == 0 { isAtEnd = true }
    filled += count
  }

  // MARK: Records

  /// Finds the fields of the record at `next`; false if it is not complete in the window.
  private mutating func scan() -> Bool {
    let (window, filled) = (UnsafePointer(window), filled)
    var place = next
    var lineBreaks = 1
    fieldCount = 0
    while true {
      var begin = place
      while begin < filled, window[begin] == 0x20 { begin += 1 }
      if begin < filled, window[begin] == UInt8(ascii: "\"") {
        guard let end = scanQuoted(from: begin + 1, &lineBreaks) else { return false }
        place = end
      } else {
        let start = place
        // Every special character is at most a comma, and no digit, letter or colon is.
        while place < filled {
          let byte = window[place]
          if byte > 0x2C || (byte != 0x2C && byte != 0x0A && byte != 0x0D) { place += 1 } else { break }
        }
        add(Field(start: start, end: place, hasDoubledQuotes: false))
      }
      guard place < filled else {
        // At the very end a line break may be missing.
        guard isAtEnd else { return false }
        return end(at: place, lineBreaks)
      }
      switch window[place] {
      case 0x2C: place += 1
      case 0x0A: return end(at: place + 1, lineBreaks)
      default:
        guard place + 1 < filled || isAtEnd else { return false }
        let isPair = place + 1 < filled && window[place + 1] == 0x0A
        return end(at: place + (isPair ? 2 : 1), lineBreaks)
      }
    }
  }

  private mutating func end(at place: Int, _ lineBreaks: Int) -> Bool {
    next = place
    nextLine += lineBreaks
    return true
  }

  /// Reads from behind an opening quote to behind the field; nil if the window ends before.
  private mutating func scanQuoted(from start: Int, _ lineBreaks: inout Int) -> Int? {
    let (window, filled) = (UnsafePointer(window), filled)
    var place = start
    var hasDoubledQuotes = false
    while true {
      while place < filled, window[place] != UInt8(ascii: "\"") {
        // A CR LF inside is one line break, a CR alone is one too.
        if window[place] == 0x0A || (window[place] == 0x0D && place + 1 < filled && window[place + 1] != 0x0A) {
          lineBreaks += 1
        }
        place += 1
      }
      guard place < filled, place + 1 < filled || isAtEnd else { return nil }
      guard place + 1 < filled, window[place + 1] == UInt8(ascii: "\"") else { break }
      hasDoubledQuotes = true
      place += 2
    }
    let closing = place
    place += 1
    while place < filled, ![0x2C, 0x0A, 0x0D].contains(window[place]) { place += 1 }
    guard place < filled || isAtEnd else { return nil }
    let rest = FieldBytes(trimming: window + closing + 1, count: place - closing - 1)
    if rest.isEmpty {
      add(Field(start: start, end: closing, hasDoubledQuotes: hasDoubledQuotes))
    } else {
      // The closing quote stays: nobody knows what was meant.
      oddity = .textAfterQuote
      add(Field(start: start, end: place, hasDoubledQuotes: hasDoubledQuotes))
    }
    return place
  }

  @inline(__always)
  private mutating func add(_ field: Field) {
    if fieldCount < Self.fieldsMax {
      fields[fieldCount] = field
      fieldCount += 1
    } else {
      oddity = .tooManyFields
    }
  }

  private func putQuotedFieldsRight() {
    for index in 0..<fieldCount where fields[index].hasDoubledQuotes {
      var target = fields[index].start
      var place = target
      while place < fields[index].end {
        window[target] = window[place]
        let isDoubled =
          window[place] == UInt8(ascii: "\"") && place + 1 < fields[index].end
          && window[place + 1] == UInt8(ascii: "\"")
        place += isDoubled ? 2 : 1
        target += 1
      }
      fields[index].end = target
    }
  }

  private mutating func leaveOutLine() {
    oddity = isAtEnd ? .unclosedQuote : .tooLong
    fieldCount = 0
    while next < filled, window[next] != 0x0A, window[next] != 0x0D { next += 1 }
    if next + 1 < filled, window[next] == 0x0D, window[next + 1] == 0x0A { next += 1 }
    next = min(next + 1, filled)
    nextLine += 1
  }
}
