import Core
import Files

/// Why most of an input's records could not be used, as far as its first bytes show it: its format is not the one that it was
/// read in, or its records are in a list inside a document.
///
/// It is asked for only when most records were refused: what it recognizes may be intended.
package enum InputAdvice {
  private static let headBytes = 64 * 1024

  /// A sentence about the file; nil if it shows nothing, or can be read only once.
  package static func sentence(_ path: String, format: SourceFormat, _ reading: FileReading = .init()) -> String? {
    guard RecordInput.isRegular(path), let text = try? RecordInput.text(of: path, encoding: reading.encoding) else { return nil }
    var input = PeekedInput(text)
    var head = input.peek(headBytes)[...]
    if head.starts(with: UnicodeForm.utf8.mark) { head = head.dropFirst(3) }
    head = head.drop { $0 <= 0x20 }
    if format == .ndjson {
      if isDocument(head) { return "\(path) looks like one JSON document, not like one record per line: pass \(option(.json))" }
      return isTable(head) ? "\(path) looks like CSV: pass \(option(.csv))" : nil
    }
    guard format == .json, reading.records == nil, head.first == UInt8(ascii: "{") else { return nil }
    var bytes = JSONBytes(input)
    guard let lists = try? JSONMembers(path: path).lists(&bytes), lists.count == 1 else { return nil }
    return "\(path) is one object with a list of objects: to read those as records, pass \(CommandOption.records) \(lists[0])"
  }

  private static func option(_ format: SourceFormat) -> String { "\(CommandOption.inputFormat) \(format.name)" }

  /// The first line is a list, or breaks off where a document that was written over several lines does.
  private static func isDocument(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first else { return false }
    if first == UInt8(ascii: "[") { return true }
    let line = Array(text.prefix { $0 != 0x0A }.reversed().drop { $0 <= 0x20 }.reversed())
    guard first == UInt8(ascii: "{"), let last = line.last, "{[,".utf8.contains(last) else { return false }
    // A record that breaks off inside a text is one that was cut.
    guard line.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) else { return false }
    var scan = JSONElementScan()
    return !line.withUnsafeBufferPointer { scan.take($0).hasEnded }
  }

  /// The first line is not a JSON value, and contains a possible delimiter.
  private static func isTable(_ text: ArraySlice<UInt8>) -> Bool {
    guard let first = text.first, first != UInt8(ascii: "{") else { return false }
    let line = Array(text.prefix { $0 != 0x0A && $0 != 0x0D })
    return line.contains { ",;\t|".utf8.contains($0) } && (try? JSONReader.read(line)) == nil
  }
}
