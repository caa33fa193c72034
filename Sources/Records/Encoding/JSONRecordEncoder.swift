package import Core
import Values

/// Writes target records as JSON objects, byte by byte, from cells. A class, like the CSV encoder.
package final class JSONRecordEncoder: Sendable {
  package let layout: RecordLayout

  package init(layout: RecordLayout) { self.layout = layout }

  /// One object, without a line break. Missing columns, and objects of nothing but missing columns, are not written.
  package func encode(_ cells: UnsafeBufferPointer<Cell>, into out: inout ByteArena) {
    out.append(UInt8(ascii: "{"))
    var first = true
    layout.keys.withUnsafeBufferPointer { keys in
      layout.steps.withUnsafeBufferPointer { steps in
        var index = 0
        while index < steps.count {
          switch steps[index] {
          case .leaf(let column, let key):
            if isWritten(cells[column], column) {
              append(key, of: keys, first: first, into: &out)
              Self.encode(cells[column], into: &out)
              first = false
            }
          case .open(let key, let columns, let close):
            if columns.contains(where: { isWritten(cells[$0], $0) }) {
              append(key, of: keys, first: first, into: &out)
              out.append(UInt8(ascii: "{"))
              first = true
            } else {
              index = close
            }
          case .close:
            out.append(UInt8(ascii: "}"))
            first = false
          }
          index += 1
        }
      }
    }
    out.append(UInt8(ascii: "}"))
  }

  @inline(__always)
  private func isWritten(_ cell: Cell, _ column: Int) -> Bool {
    switch cell.kind {
    case .missing: false
    case .null: !layout.columns[column].omitsNull
    default: true
    }
  }

  @inline(__always)
  private func append(_ key: Range<Int>, of keys: UnsafeBufferPointer<UInt8>, first: Bool, into out: inout ByteArena) {
    let skipped = first ? 1 : 0
    guard let base = keys.baseAddress else { return }
    out.append(Text(start: base + key.lowerBound + skipped, count: key.count - skipped))
  }

  /// One value.
  package static func encode(_ cell: Cell, into out: inout ByteArena) {
    switch cell.kind {
    case .missing, .null, .blocked: out.append("null")
    case .true: out.append("true")
    case .false: out.append("false")
    case .integer, .decimal, .number: out.append(cell.text)
    case .date, .datetime:
      out.append(UInt8(ascii: "\""))
      out.append(cell.text)
      out.append(UInt8(ascii: "\""))
    case .string:
      out.append(UInt8(ascii: "\""))
      JSONText.appendEscaped(cell.text.span, into: &out)
      out.append(UInt8(ascii: "\""))
    case .object: if !JSONText.minify(cell.text.span, into: &out) { out.append(cell.text) }
    case .list:
      out.append(UInt8(ascii: "["))
      var first = true
      for element in cell.elements {
        if !first { out.append(UInt8(ascii: ",")) }
        encode(element, into: &out)
        first = false
      }
      out.append(UInt8(ascii: "]"))
    }
  }
}
