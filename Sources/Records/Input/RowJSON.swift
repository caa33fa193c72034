import Core
import Values

/// A row of a table as a JSON object: its members are the names of the columns, its values the cells as text. A cell that is
/// empty and not quoted is null; nothing is guessed.
struct RowJSON {
  /// Each column's name with what stands around it: `,"id":`.
  private let keys: [[UInt8]]

  init(_ names: [String]) { keys = names.map { Array(",\(JSONValue.string($0).text):".utf8) } }

  /// The object, without a line break. `cell`: the text of a column; nil is null.
  func append(into arena: inout ByteArena, cell: (Int) -> Text?) {
    arena.append(UInt8(ascii: "{"))
    for index in keys.indices {
      keys[index].withUnsafeBufferPointer { key in
        guard let base = key.baseAddress else { return }
        let comma = index == 0 ? 1 : 0
        arena.append(Text(start: base + comma, count: key.count - comma))
      }
      guard let text = cell(index) else {
        arena.append("null")
        continue
      }
      JSONText.appendString(text.span, into: &arena)
    }
    arena.append(UInt8(ascii: "}"))
  }
}
