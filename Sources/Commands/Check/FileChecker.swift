import Core
import Extract
import Files
import FoundationEssentials
import Mapping
import Pipeline
import PipelineFile
import State

/// Compiles mapping and pipeline files. Their top-level keys tell which is which.
struct FileChecker {
  let environment: [String: String]
  var customFields: [CustomFieldDefinition]?
  /// The state folder, with the snapshot of a pipeline that reads one.
  var state: String?
  private(set) var diagnostics = Diagnostics()
  private(set) var explained: [ExplainedMapping] = []
  private(set) var explainedDestinations: [ExplainedDestination] = []
  private var checked: Set<Name> = []

  /// The boundary for files that a file refers to.
  private let boundary: @Sendable (_ file: String) -> FileBoundary

  init(environment: [String: String], boundary: @escaping @Sendable (_ file: String) -> FileBoundary = { .around($0) }) {
    self.environment = environment
    self.boundary = boundary
  }

  var fileCount: Int { checked.count }

  /// Custom field definitions: those in `file`, or in the last snapshot; nil if there are none.
  ///
  /// - Throws: `OperationFailure` 66 or 65 for a file that cannot be read.
  func definitions(file: String?, state: String) throws -> [CustomFieldDefinition]? {
    guard let file else {
      let snapshot = SnapshotReader(root: StateFolder(path: state).snapshots).latestComplete(includingNarrowed: true)
      return try? snapshot?.customFields()
    }
    guard FileManager.default.fileExists(atPath: file) else {
      throw OperationFailure(.inputMissing, "--custom-fields: there is no file \(file)")
    }
    var diagnostics = Diagnostics()
    let fields = CustomFieldsFile.load(path: file, &diagnostics)
    if diagnostics.hasErrors { throw UncompiledFiles(diagnostics, "--custom-fields: the file cannot be used") }
    return fields
  }

  mutating func check(_ path: String) {
    if Self.isPipeline(path) { checkPipeline(path) } else { checkMapping(path) }
  }

  mutating func checkPipeline(_ path: String) {
    checked.insert(path)
    let (document, found) = PipelineDocument.load(path: path, environment: environment)
    diagnostics.merge(found)
    guard let document else { return checkMappingsOfBrokenPipeline(path) }
    let boundary = boundary(path)
    let compilation = PipelineCompilation.compile(
      document, customFields: customFields, boundary: boundary, choice: choice(for: document))
    diagnostics.merge(compilation.diagnostics)
    explainedDestinations += ExplainedDestination.all(document, compilation)
    for unit in compilation.units {
      // A file refused here may still be named on the command line.
      guard PipelineMapping.refusal(of: unit.reference.path, at: unit.reference.place, within: boundary) == nil else { continue }
      checked.insert(unit.reference.path)
      explain(unit.compilation, path: unit.reference.path)
    }
  }

  /// Reports all errors at once: a wrong key in the pipeline does not hide errors in its mappings.
  private mutating func checkMappingsOfBrokenPipeline(_ path: String) {
    let boundary = boundary(path)
    for mapping in Self.mappings(ofPipeline: path) {
      if let refusal = PipelineMapping.refusal(of: mapping.path, at: mapping.place, within: boundary) {
        diagnostics.add(refusal)
      } else if FileManager.default.fileExists(atPath: mapping.path) {
        checkMapping(mapping.path, within: boundary)
      }
    }
  }

  /// The files under `mappings`, even if the pipeline has other errors.
  static func mappings(ofPipeline path: String) -> [(path: String, place: SourcePlace)] {
    var ignored = Diagnostics()
    let root = YAMLReader.load(path: path, &ignored)
    let list = root?["mappings"]?.elements ?? []
    return list.compactMap { node in
      node.text("a path", &ignored).map { (FilePath.join(FilePath.folder(of: path), $0), node.place) }
    }
  }

  private mutating func checkMapping(_ path: String, within pipeline: FileBoundary? = nil) {
    guard checked.insert(path) else { return }
    let compilation = MappingCompiler.compile(
      path: path, catalog: catalog(of: path), options: .init(boundary: pipeline ?? boundary(path)))
    diagnostics.merge(compilation.diagnostics)
    explain(compilation, path: path)
  }

  /// The snapshot of a pipeline that reads one.
  private func choice(for document: PipelineDocument) -> SnapshotChoice? {
    state.flatMap { document.choice(SnapshotReader(root: StateFolder(path: $0).snapshots, formats: document.formats)) }
  }

  /// What the mapping reads: the source of the project's pipeline, if that names the mapping; otherwise GHL.
  func catalog(of path: String) -> any SourceCatalog {
    let pipeline = boundary(path).folders.first.map { FilePath.join($0, "waybill.yaml") }
    guard let pipeline, FileManager.default.fileExists(atPath: pipeline),
      Self.mappings(ofPipeline: pipeline).contains(where: { FileIdentity.isSame($0.path, path) }),
      let document = PipelineDocument.load(path: pipeline, environment: environment).document
    else { return SourceCatalogs.ghl(customFields: customFields) }
    // How a file is read depends on all mappings that read it.
    return PipelineCompilation.compile(
      document, customFields: customFields, boundary: boundary(pipeline), choice: choice(for: document)
    ).catalog
  }

  private mutating func explain(_ compilation: MappingCompilation, path: String) {
    let reads = compilation.reads
    let needs =
      [EntityNeed(entity: reads.entity, fields: Set(reads.fields.map(\.text)))]
      + reads.lookups.sorted { $0.key < $1.key }.map { EntityNeed(entity: $0.key, fields: Set($0.value.map(\.text))) }
    let plan = FetchPlan(needs: needs, catalog: SourceCatalogs.ghl())
    explained.append(ExplainedMapping(file: path, fields: compilation.explanation, plan: reads.entity.isEmpty ? nil : plan))
  }

  static func isPipeline(_ path: String) -> Bool {
    var ignored = Diagnostics()
    let keys = Set((YAMLReader.load(path: path, &ignored)?.entries ?? []).map(\.key))
    return !keys.contains("mapping") && !keys.isDisjoint(with: ["pipeline", "mappings", "destinations", "gates"])
  }
}

/// What `check --explain` prints for one mapping.
struct ExplainedMapping {
  var file: String
  var fields: [FieldExplanation]
  /// Nil if the source entity is unknown.
  var plan: FetchPlan?

  private var calls: [(call: FetchCall, reasons: [String])] {
    guard let plan else { return [] }
    return FetchCall.allCases.filter { plan.makes($0) }.map { ($0, plan.reasons[$0] ?? []) }
  }

  /// - Parameter width: cells of the terminal, nil: without limit.
  func text(fitting width: Int?) -> String {
    var text = "\(file)\n\n" + fields.map(\.text).joined(separator: "\n")
    let needed = calls.filter { !$0.reasons.isEmpty }
    if !needed.isEmpty {
      var table = TextTable([.init("CALL"), .sentence("NEEDED BY")])
      for (call, reasons) in needed { table.add([call.rawValue, reasons.joined(separator: ", ")]) }
      text += "\n" + table.text(fitting: width)
    }
    return text
  }

  var json: JSONValue {
    .object([
      .init("file", .string(file)), .init("fields", .array(fields.map(\.json))),
      .init(
        "calls",
        .array(
          calls.map { call, reasons in
            .object([.init("call", .string(call.rawValue)), .init("needed_by", .array(reasons.map { .string($0) }))])
          })),
    ])
  }
}
