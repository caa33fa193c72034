/// What ledgers and outcomes call the items that `each` makes of a record: its key and the number of the element, as in `KEY#2`.
package enum ItemName {
  package static func isItem(_ name: String, of key: String) -> Bool {
    guard name.hasPrefix(exactly: key + "#") else { return false }
    let number = name.utf8.dropFirst(key.utf8.count + 1)
    return !number.isEmpty && number.allSatisfy { (0x30...0x39).contains($0) }
  }
}
