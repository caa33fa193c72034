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
}

extension MappingModel {
  /// How a CSV file of records is read, including the columns that it must have.
  package var fileReading: RecordReading {
    var reading = reading
    var seen: Set<[UInt8]> = []
    for read in reads {
      guard let name = read.member, !isOptional(read), seen.insert(Array(name.utf8)).inserted else { continue }
      reading.columns.append(.init(name: name, place: read.place))
    }
    return reading
  }

  /// Whether the input may lack what `read` reads: `source.optional` names it, by its whole path or its first member.
  package func isOptional(_ read: SourceRead) -> Bool {
    optional.contains { name in
      name.utf8.elementsEqual(read.path.text.utf8) || read.member.map { name.utf8.elementsEqual($0.utf8) } == true
    }
  }
}
