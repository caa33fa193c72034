/// Indexes a table's names by appearance, for hints about names missing from it that differ only in Unicode form, case, look-alike
/// letters or invisible characters. A look-up costs the length of the name, whatever the size of the table.
package struct LookAlikeIndex: Sendable {
  /// `String`'s own equality is the right one here: it does not tell Unicode forms apart.
  private var names: [String: String] = [:]

  package init(_ names: some Sequence<String>) {
    for name in names {
      let look = Self.look(of: name)
      if self.names[look] == nil { self.names[look] = name }
    }
  }

  /// The first name of the table that looks like `name` but differs from it.
  package func find(_ name: String) -> String? {
    names[Self.look(of: name)].flatMap { $0.isExactly(name) ? nil : $0 }
  }

  private static func look(of name: String) -> String {
    isPlain(name) ? name.lowercased() : SeenName(name).text.lowercased()
  }

  /// Visible ASCII, with single spaces inside: as most names are.
  private static func isPlain(_ name: String) -> Bool {
    var last: UInt8 = 0x20
    for byte in name.utf8 {
      guard (0x20...0x7E).contains(byte), byte != 0x20 || last != 0x20 else { return false }
      last = byte
    }
    return last != 0x20
  }
}
