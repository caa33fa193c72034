package import Records

/// Reads a response with a list of records.
package enum ListAnswer {
  /// What is wrong with a response that should have a list named `name`.
  package static func fault(in root: JSONSlice, _ name: String) -> AnswerFault? {
    let lists = root.members.filter { $0.name == name }
    guard let list = lists.first, list.value.kind == .array else {
      return AnswerFault(.malformedAnswer, "the list '\(name)' is missing")
    }
    return lists.count > 1 ? AnswerFault(.malformedAnswer, "the list '\(name)' occurs twice") : nil
  }

  /// The elements of the list, and the number of records that the source reports.
  package static func read(_ root: JSONSlice, _ name: String) -> (slices: [JSONSlice], count: Int?) {
    let found = root.members(named: [name, "count", "total"])
    return (found[0]?.elements ?? [], (found[1] ?? found[2])?.countValue)
  }
}

extension JSONSlice {
  /// A reported number of records: 12, 12.0, 1.2e1 or "12". At most 10^9, so that sums stay small; nil if it is not a
  /// number, or negative.
  package var countValue: Int? {
    let most = 1_000_000_000
    let text: String
    switch kind {
    case .number: text = String(decoding: raw.prefix(64), as: UTF8.self)
    case .string: text = String((stringValue ?? "").prefix(64))
    default: return nil
    }
    if let whole = Int(text) { return whole < 0 ? nil : min(whole, most) }
    guard let number = Double(text), number >= 0, number == number.rounded() || number > Double(most) else { return nil }
    return number >= Double(most) ? most : Int(number)
  }
}
