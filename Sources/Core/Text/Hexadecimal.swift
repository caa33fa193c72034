/// Bytes as lower-case hexadecimal digits.
package enum Hexadecimal {
  @inlinable
  package static func digit(_ value: UInt8) -> UInt8 { value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10 }

  package static func text(of bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    return unsafe String(unsafeUninitializedCapacity: bytes.count * 2) { buffer in
      for (index, byte) in bytes.enumerated() {
        unsafe buffer[index * 2] = digit(byte >> 4)
        unsafe buffer[index * 2 + 1] = digit(byte & 0x0F)
      }
      return bytes.count * 2
    }
  }
}
