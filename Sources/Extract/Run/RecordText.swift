import Records

/// Reads a member of a record that is kept as text.
enum RecordText {
  static func member(_ name: String, of line: [UInt8]) -> String? {
    (try? JSONSlicer.slice(line))?[name].flatMap { $0.stringValue }
  }
}
