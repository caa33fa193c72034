/// The first bytes of another input.
package struct PrefixInput: ByteInput {
  private var input: any ByteInput
  private var left: Int

  package init(_ input: any ByteInput, count: Int) {
    self.input = input
    left = count
  }

  package mutating func read(into buffer: UnsafeMutablePointer<UInt8>, count: Int) throws -> Int {
    guard left > 0 else { return 0 }
    let read = try input.read(into: buffer, count: min(count, left))
    left -= read
    return read
  }
}
