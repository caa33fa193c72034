import CSimdJSON

/// Checks of text, many bytes at a time.
enum UTF8Text {
  static func isASCII(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    let bytes = UnsafeRawPointer(start)
    var all: UInt64 = 0
    var index = 0
    while index + 8 <= count {
      all |= bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < count {
      all |= UInt64(start[index])
      index += 1
    }
    return all & 0x8080_8080_8080_8080 == 0
  }

  static func isValid(_ start: UnsafePointer<UInt8>, _ count: Int) -> Bool { waybill_is_utf8(start, count) }
}
