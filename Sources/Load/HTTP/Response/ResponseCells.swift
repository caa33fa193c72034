import Core

/// A response as conditions read it: its status, headers and body, in the places that `ResponseCondition` expects.
enum ResponseCells {
  /// Only what one of `conditions` reads is converted.
  ///
  /// - Parameter content: the body's bytes, if there are any beside `body`.
  static func with<Result>(
    status: Int, headers: [String: String], body: JSONValue?, content: [UInt8], for conditions: some Sequence<ResponseCondition>,
    _ use: (UnsafePointer<Cell>) -> Result
  ) -> Result {
    let fields = conditions.contains(where: \.readsHeaders) ? padded(Array(text(of: headers).utf8)) : []
    let (kind, whole) = conditions.contains(where: \.readsBody) ? self.body(body, content) : (.null, [])
    let digits = padded(Array(String(status).utf8))
    return fields.withUnsafeBufferPointer { fields in
      whole.withUnsafeBufferPointer { whole in
        digits.withUnsafeBufferPointer { digits in
          func text(_ bytes: UnsafeBufferPointer<UInt8>) -> Text {
            guard let start = bytes.baseAddress else { return .empty }
            return Text(start: start, count: bytes.count - padding)
          }
          let cells = [
            Cell(kind: .integer, text: text(digits), number: Int64(status)), Cell(kind: .object, text: text(fields)),
            kind == .null || kind == .true || kind == .false ? Cell(kind: kind) : Cell(kind: kind, text: text(whole)),
          ]
          return cells.withUnsafeBufferPointer { cells in
            guard let first = cells.baseAddress else { preconditionFailure("there are three cells") }
            return use(first)
          }
        }
      }
    }
  }

  /// Kernels may read this far beyond a text.
  private static let padding = 64

  private static func padded(_ bytes: [UInt8]) -> [UInt8] { bytes + [UInt8](repeating: 0, count: padding) }

  private static func text(of headers: [String: String]) -> String {
    JSONValue.object(headers.map { .init($0.key.lowercased(), .string($0.value)) }).text
  }

  private static func body(_ body: JSONValue?, _ content: [UInt8]) -> (kind: CellKind, bytes: [UInt8]) {
    switch body {
    case .none:
      // Not JSON.
      guard content.contains(where: { $0 > 0x20 }) else { return (.null, []) }
      return (.string, padded(Array(String(decoding: content, as: UTF8.self).utf8)))
    case .null: return (.null, [])
    case .bool(let value): return (value ? .true : .false, [])
    case .string(let text): return (.string, padded(Array(text.utf8)))
    case .number(let digits): return (.number, padded(Array(digits.utf8)))
    case .array, .object:
      let start = content.firstIndex { $0 == UInt8(ascii: "{") || $0 == UInt8(ascii: "[") }
      return (.object, padded(start.map { Array(content[$0...]) } ?? Array(body?.text.utf8 ?? "".utf8)))
    }
  }
}
