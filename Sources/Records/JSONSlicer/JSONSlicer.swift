/// Cuts records out of an API's response without changing a byte: finds members and array elements as ranges of the response's
/// own bytes, in the same walk that checks them, builds no tree, and keeps unknown members.
///
///     let answer = try JSONSlicer.slice(bytes)              // checks all of the text, once
///     for contact in answer["contacts"]?.elements ?? [] { file.append(contact.line) }
package enum JSONSlicer {
  /// The text is not JSON.
  package struct Failure: Error, Sendable, Hashable {
    package var message: String
    /// Byte offset, from 0.
    package var offset: Int
  }

  /// The value of bytes that were cut out of a checked text, without checking them again.
  package static func checked(_ bytes: [UInt8]) -> JSONSlice { JSONSlice(bytes: bytes, range: 0..<bytes.count) }

  /// Checks `bytes` as one JSON text and returns its value. Strings with invalid UTF-8 or lone surrogates pass: they concern one
  /// record, not the whole response.
  package static func slice(_ bytes: [UInt8]) throws(Failure) -> JSONSlice {
    var index = JSONIndex(size: bytes.count)
    let checked: Result<Range<Int>, Failure> = bytes.withUnsafeBufferPointer { buffer in
      var scanner = JSONScanner(buffer)
      do throws(Failure) {
        scanner.skipSpace()
        let start = scanner.position
        try scanner.checkValue(&index)
        let end = scanner.position
        scanner.skipSpace()
        guard scanner.position == buffer.count else {
          throw Failure(message: "unexpected text after the value", offset: scanner.position)
        }
        return .success(start..<end)
      } catch {
        return .failure(error)
      }
    }
    let range = try checked.get()
    let place = index.isUsable ? JSONIndexPlace(index: .init(index), number: 0, depth: 0) : nil
    return JSONSlice(bytes: bytes, range: range, place: place)
  }
}
