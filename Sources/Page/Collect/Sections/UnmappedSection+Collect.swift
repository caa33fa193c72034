import Core
import Report

extension UnmappedSection {
  private static let mostRows = 300

  mutating func add(_ run: RunMaterial) {
    for mapping in run.summary?.mappings ?? [] {
      guard let source = run.profiles[Name(mapping.name)]?.source, let fields = run.fields[Name(mapping.name)] else {
        missing.append(.init(run: run.id, text: "\(mapping.name): the fields that are not mapped are not recorded."))
        continue
      }
      var listed: [String] = []
      for field in source.fields where field.filled > 0 && !field.isRead(by: fields.reads) {
        // A list or an object stands for what is in it.
        if listed.contains(where: { field.name.isBelow($0) }) { continue }
        listed.append(field.name)
        rows.rows.append(
          Row(
            run: run.id, mapping: mapping.name, field: field.name, filled: field.filled, records: source.records,
            percent: PageText.share(field.filled, of: source.records)))
      }
    }
  }

  mutating func close() {
    let sorted = rows.rows.enumerated().sorted { left, right in
      let (one, other) = (left.element.percent ?? 0, right.element.percent ?? 0)
      return one == other ? left.offset < right.offset : one > other
    }
    rows = PageList(sorted.map(\.element), limit: Self.mostRows)
  }
}

extension ProfileView.Field {
  /// It is read, or what it is in, or something in it.
  fileprivate func isRead(by reads: [String]) -> Bool {
    reads.contains { $0.isExactly(name) || $0.isBelow(name) || name.isBelow($0) }
  }
}

extension String {
  /// `address.city` is below `address`, and `tags[]` below `tags`.
  fileprivate func isBelow(_ other: String) -> Bool { hasPrefix(exactly: other + ".") || hasPrefix(exactly: other + "[]") }
}
