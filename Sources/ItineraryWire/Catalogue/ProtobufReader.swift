/// Goes through a message of protocol buffers, field by field.
struct ProtobufReader {
  private let bytes: ArraySlice<UInt8>
  private var place: Int
  /// Whether it ended in the middle of a field.
  private(set) var isBroken = false

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    place = bytes.startIndex
  }

  /// The next field; nil at the end, or where the message is broken.
  mutating func next() -> ProtobufField? {
    guard place < bytes.endIndex, !isBroken, let key = number() else { return nil }
    var field = ProtobufField(number: Int(truncatingIfNeeded: key >> 3), value: 0, bytes: [])
    switch key & 7 {
    case 0:
      guard let value = number() else { return nil }
      field.value = value
    case 1, 5: guard skip(key & 7 == 1 ? 8 : 4) else { return nil }
    case 2:
      guard let length = number(), length <= UInt64(bytes.endIndex - place) else {
        isBroken = true
        return nil
      }
      field.bytes = bytes[place..<(place + Int(length))]
      place += Int(length)
    default:
      isBroken = true
      return nil
    }
    return field
  }

  private mutating func skip(_ count: Int) -> Bool {
    isBroken = place + count > bytes.endIndex
    place += count
    return !isBroken
  }

  /// A number of one to ten bytes, seven bits each.
  private mutating func number() -> UInt64? {
    var result: UInt64 = 0
    var shift: UInt64 = 0
    while place < bytes.endIndex, shift < 70 {
      let byte = bytes[place]
      place += 1
      result |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return result }
      shift += 7
    }
    isBroken = true
    return nil
  }

  /// All numbers of a packed list; what is broken at its end is left out.
  static func numbers(_ bytes: ArraySlice<UInt8>) -> [UInt64] {
    var reader = ProtobufReader(bytes)
    var result: [UInt64] = []
    while reader.place < bytes.endIndex, let number = reader.number() { result.append(number) }
    return result
  }
}

/// One field of a message: a number, or bytes that are a text, a list or another message.
struct ProtobufField {
  let number: Int
  var value: UInt64
  var bytes: ArraySlice<UInt8>

  var text: String { String(decoding: bytes, as: UTF8.self) }
  /// The numbers of a packed list.
  var numbers: [UInt64] { ProtobufReader.numbers(bytes) }
}

extension UInt64 {
  /// A number whose sign is its last bit.
  var unzigzagged: Int64 { Int64(bitPattern: self >> 1) ^ -Int64(bitPattern: self & 1) }
}
