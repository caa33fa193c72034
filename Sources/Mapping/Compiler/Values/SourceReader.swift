import Core
import Records
import Transform

/// A phase that can resolve paths and expressions.
protocol SourceReader: MappingPhase {
  var source: SourceScope { get }
  var marks: SourceMarks { get set }
  /// Those that have been declared so far.
  var vars: MappingVars { get set }
  /// What expressions about the target can name; nil while fields are still being read.
  var finishedFields: MappingFields? { get }
}

/// What the mapping reads of the source, and what could not be checked.
struct SourceMarks {
  /// Top-level members; `custom` and `custom.KEY` for custom fields. Includes those that a misspelled name probably meant.
  var names: Set<Name> = []
  /// The paths that something reads, each once.
  private(set) var reads: [SourceRead] = []
  private var paths: Set<SourcePath> = []
  /// `custom-fields`, `target-schema`.
  var unchecked: [String] = []

  mutating func add(_ path: SourcePath, at place: SourcePlace) {
    guard paths.insert(path).inserted else { return }
    reads.append(SourceRead(path: path, place: place))
  }
}

extension SourceReader {
  var finishedFields: MappingFields? { nil }

  /// The columns of the input, if they are known.
  var columns: [String]? { source.entity.isEmpty ? nil : context.catalog.columns(of: source.entity) }

  /// Whether the source's shape comes from the input's columns.
  var isOfHeader: Bool { !source.hasOwnSchema && columns != nil }

  static func columnHint(_ name: String, in columns: [String]) -> String {
    if let hint = NearestName.hint(name, in: columns) ?? UnsplitTable.hint(of: columns) { return hint }
    let more = columns.count > 12 ? " and \(columns.count - 12) more" : ""
    return "it has: \(columns.prefix(12).joined(separator: ", "))\(more)"
  }

  /// A path that starts at the record itself: no var, no custom field, no item.
  mutating func recordPath(_ node: YAMLNode, _ what: String) -> (path: SourcePath, facts: ValueFacts)? {
    guard let found = readPath(node, what) else { return nil }
    guard case .source(let path, _, _) = found.value, path.root == .record else {
      report(.badPath, at: node.place, "\(what) must be a field of the record itself")
      return nil
    }
    return (path, found.facts)
  }
}
