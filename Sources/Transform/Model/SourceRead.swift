package import Core
package import Records

/// A path of the source that a mapping reads, and the first place that reads it.
package struct SourceRead: Sendable, Hashable {
  package var path: SourcePath
  package var place: SourcePlace

  package init(path: SourcePath, place: SourcePlace) {
    self.path = path
    self.place = place
  }

  /// The member of the record that the path begins with; nil for paths into the elements of `each`.
  package var member: String? {
    switch path.root {
    case .item: return nil
    case .custom: return "custom"
    case .record, .parent:
      if case .member(let name)? = path.steps.first { return name }
      return nil
    }
  }

  /// Whether `source.optional` names it, by its whole path or its first member.
  fileprivate func isOptional(among names: [String]) -> Bool {
    names.contains { name in name.isExactly(path.text) || member.map { name.isExactly($0) } == true }
  }
}

extension MappingModel {
  /// How a CSV file of records is read, including the columns that it must have.
  package var fileReading: RecordReading {
    var reading = reading
    reading.columns += reads.columns(optional: optional)
    return reading
  }

  /// Whether the input may lack what `read` reads.
  package func isOptional(_ read: SourceRead) -> Bool { read.isOptional(among: optional) }
}

extension [SourceRead] {
  /// The columns that a CSV file must have for these, each once. `optional`: names in `source.optional`.
  package func columns(optional: [String]) -> [RecordReading.Column] {
    var columns: [RecordReading.Column] = []
    var seen: Set<Name> = []
    for read in self {
      guard let name = read.member, !read.isOptional(among: optional), seen.insert(Name(name)).inserted else { continue }
      columns.append(.init(name: name, place: read.place))
    }
    return columns
  }
}
