package import Core
package import Records

/// What the files of a source declare, by entity, for the compiler and for the run alike.
///
/// The dialect of a CSV file may depend on the columns that are read. Those are known once the mappings have been compiled, and
/// compiling them requires the header, so a file may have to be examined twice:
///
///     var headers = SourceHeaders(of: ["contact"]) { entity, reading in try CSVFileHeader.read(path, reading) }
///     var compilation = compile(headers.columns)           // on errors: compile([:]), which allows all columns
///     if headers.refine(["contact": compilation.columns]) { compilation = compile(headers.columns) }
///     model.reading.dialect = headers.header(of: "contact")?.dialect
package struct SourceHeaders: Sendable {
  /// Returns what the file of an entity declares; nil if it declares no columns, or cannot be read more than once.
  package typealias Examination = @Sendable (_ entity: String, RecordReading) throws -> TableHeader?

  private let entities: [String]
  private let examine: Examination
  private var found: [Name: Result<TableHeader?, any Error>] = [:]

  /// Examines the files before it is known what is read.
  package init(of entities: [String], examine: @escaping Examination) {
    self.entities = entities
    self.examine = examine
    for entity in entities { found[entity] = Result { try examine(entity, RecordReading()) } }
  }

  /// Examines them again, given the columns that are read from each. Returns true if a header changed.
  package mutating func refine(_ columns: [Name: [String]]) -> Bool {
    var isChanged = false
    for entity in entities {
      guard let names = columns[entity], !names.isEmpty, let before = found[entity], Self.mayChange(before, names) else {
        continue
      }
      var reading = RecordReading()
      reading.expectedColumns = names
      // A file refused with these columns was already refused without them.
      guard let header = try? examine(entity, reading), header != (try? before.get()) else { continue }
      found[entity] = .success(header)
      isChanged = true
    }
    return isChanged
  }

  /// The comma wins where its header has every column.
  private static func mayChange(_ before: Result<TableHeader?, any Error>, _ names: [String]) -> Bool {
    guard case .success(let header) = before else { return true }
    guard let header else { return false }
    return header.dialect?.delimiter != UInt8(ascii: ",") || !names.allSatisfy { header.columns.contains(exactly: $0) }
  }

  /// Whether there is a file that declares columns, or that could not be read.
  package var areDeclared: Bool {
    found.values.contains { header in
      if case .success(nil) = header { false } else { true }
    }
  }

  /// The columns of each file that declares some.
  package var columns: [Name: [String]] { found.compactMapValues { (try? $0.get())?.columns } }

  /// What the file of `entity` declares: its records must be read in the same dialect.
  package func header(of entity: String) -> TableHeader? { try? found[entity]?.get() }

  /// Why the header of a file cannot be read; nil if it can.
  package func failure(of entity: String) -> (any Error)? {
    if case .failure(let error)? = found[entity] { error } else { nil }
  }
}
