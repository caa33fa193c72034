import Core
import Expressions
import Files
import Records
import Schema
import Transform

/// The state of one compilation, and the order of its parts. The parts are in extensions, one per file.
struct MappingBuilder {
  let file: String
  let directory: String
  let catalog: any SourceCatalog
  let options: MappingCompiler.Options
  /// The boundary for files that the mapping refers to.
  let boundary: FileBoundary
  var diagnostics: Diagnostics

  var mappingName = ""
  var entity = ""
  var entityIsKnown = true
  var scope = SourceScope()
  var settings = MappingSettings()
  var lookups: [LookupState] = []
  /// The lookups that could be loaded: their shapes by name, and their indices in `lookups`.
  var lookupShapes: [Name: BindRequest.LookupShape] = [:]
  var lookupOfIndex: [Int] = []
  var lookupNumbers: [Name: Int] = [:]
  var vars: [Name: VarState] = [:]
  var varNames: [String] = []
  /// In the order in which the program evaluates them.
  var varModels: [FieldModel] = []
  var target: TargetSchema?
  var targetIsKnown = false
  var validator: TargetValidator?
  /// The whole of the target schema, for finished records.
  var record: SchemaValidator?
  var fields: [FieldDraft] = []
  /// `fields` by their targets.
  let fieldTree = FieldTree()
  /// Target fields that a diagnostic with a hint was about: they count as written.
  var meantTargets = TargetNames()
  /// Members of large target nodes by name, as far as they have been requested.
  var propertyIndexes: [Int: [Name: Int]] = [:]
  var requiredIndexes: [Int: Set<Name>] = [:]
  var readNames: Set<Name> = []
  /// The paths of the source that something reads, each once.
  var reads: [SourceRead] = []
  var readPaths: Set<SourcePath> = []
  /// `source.optional`.
  var optional: [(name: String, place: SourcePlace)] = []
  var reading = RecordReading()
  /// `source.schema` describes the source.
  var hasOwnSchema = false
  var unchecked: [String] = []
  /// Ids of the rules under `validate`.
  var ruleNames: [String] = []
  var tests: [MappingTest] = []
  /// Roots of expressions that stay the same once the source has been read.
  var knownRoots: [ExpressionScope.Root]?
  var fieldsPlace: SourcePlace
  var targetKeyPlace: SourcePlace
  /// What `where` guarantees about null: it holds for every record that reaches the fields.
  var filterNarrowing = ExpressionNarrowing()
  /// The numbers of fields that were reported as `nullable-into-required`.
  var nullableReported: Set<Int> = []
  /// `settings.nulls: omit`.
  var omitsNulls = false
  /// Whether `source.updated_at` is present, valid or not.
  var updatedAtIsStated = false

  struct LookupState {
    var name: String
    var keyPlace: SourcePlace
    /// Nil if it could not be loaded, which has been reported.
    var loaded: LoadedLookup?
    var isUsed = false
    /// What reaches it, per use; a key that none of them can have is dead.
    var inputs: [ValueFacts] = []
    var index: Int?
  }

  struct VarState {
    enum Progress { case waiting, running, done }
    var entry: YAMLEntry
    var progress = Progress.waiting
    var isUsed = false
    var index: Int?
    var facts = ValueFacts.poisoned
    /// The place in the source of a var that is a plain path: its members can be read like those of any field.
    var plain: Walk?
    var reads: [String] = []
  }

  init(file: String, catalog: any SourceCatalog, options: MappingCompiler.Options, diagnostics: Diagnostics) {
    self.file = file
    directory = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) } ?? ""
    self.catalog = catalog
    self.options = options
    boundary = options.boundary ?? .around(file)
    self.diagnostics = diagnostics
    fieldsPlace = SourcePlace(file: file, line: 1, column: 1)
    targetKeyPlace = fieldsPlace
  }

  mutating func report(
    _ severity: Severity, _ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil
  ) {
    showLines(of: place.file)
    diagnostics.add(.init(severity, code, at: place, message, hint: hint))
  }

  mutating func report(_ code: DiagnosticCode, at place: SourcePlace, _ message: String, hint: String? = nil) {
    report(.error, code, at: place, message, hint: hint)
  }

  /// Whether it is worth searching for the nearest of this many names: not if a large file is wrong as a whole, where hints cost
  /// more than everything else and are of no use.
  func wantsHint(among count: Int) -> Bool { count <= 200 || diagnostics.all.count <= 200 }

  /// The nearest name among many.
  func nearest(_ name: String, in names: @autoclosure () -> [String], of count: Int) -> String? {
    wantsHint(among: count) ? NearestName.find(name, in: names()) : nil
  }

  /// Frames also quote the files of lookups; these are read again only if one has an error.
  private mutating func showLines(of name: String) {
    guard diagnostics.files[name] == nil else { return }
    var silent = Diagnostics()
    guard let bytes = TextFile.read(name, &silent), let text = TextFile.decode(file: name, bytes: bytes, &silent) else { return }
    diagnostics.register(SourceFile(name: name, text: text))
  }

  /// `path` as written in the mapping, relative to the mapping's folder.
  func resolve(_ path: String) -> String { path.hasPrefix(exactly: "/") || directory.isEmpty ? path : directory + "/" + path }

  /// Nil if the document yields no model at all; `diagnostics` determines whether the model may be used.
  mutating func build(_ root: YAMLNode) -> MappingModel? {
    guard root.entries("a mapping", &diagnostics) != nil else { return nil }
    root.checkKeys(
      "the mapping", known: MappingKeywords.document, required: MappingKeywords.requiredInDocument,
      at: root.place, &diagnostics)
    checkVersion(root["mapping"])
    let name = self.name(root["name"])
    mappingName = name ?? ""
    updatedAtIsStated = root["source"]?.entry("updated_at") != nil
    let source = self.source(root.entry("source"))
    if let node = root["settings"] { readSettings(node) }
    if let node = options.overrides.settings { readSettings(node) }
    let target = self.target(root.entry("target"), mapping: name ?? "")
    if let node = root["lookups"] { readLookups(node) }
    if let node = root["vars"] { readVars(node) }
    let filter = root["where"].flatMap { readFilter($0) }
    var hasNoFields = false
    if let entry = root.entry("fields") {
      fieldsPlace = entry.keyPlace
      if let entries = entry.value.entries("fields", &diagnostics) {
        hasNoFields = entries.isEmpty
        readFields(entries, under: [], position: rootPosition)
      }
    }
    if let node = root["pii"] { readPrivacy(node, under: []) }
    if root["fields"] != nil { checkTargets(targetKey: target?.keyNodes ?? []) }
    // If the target requires fields, these have already been reported.
    if hasNoFields, !options.allowsGaps, !diagnostics.all.contains(where: { $0.code == .requiredNotMapped }) {
      report(.wrongKind, at: fieldsPlace, "fields must name at least one target field")
    }
    let rules = root["validate"].map { readRules($0, isMerged: root.entry("merge") != nil) } ?? []
    let targetKey = target?.key ?? []
    let unique = uniqueRules(root.entry("unique"), targetKey: targetKey, each: source?.each)
    let merge = mergeRule(root.entry("merge"), targetKey: targetKey, updatedAt: source?.updatedAt)
    checkLookups()
    checkVars()
    if let entry = root.entry("source") { noteUnmapped(at: entry.keyPlace) }
    checkColumns()
    if options.overrides.isEmpty, let node = root["tests"] { tests = readTests(node) }
    spreadPrivacy()
    checkKeyPrivacy()
    guard let name, let source, let target else { return nil }
    var model = MappingModel(
      name: name, file: file, entity: entity, key: source.key, updatedAt: source.updatedAt, each: source.each,
      targetEntity: target.entity, targetKey: target.key, target: self.target, record: record, settings: settings,
      lookups: lookups.compactMap { $0.loaded?.table }, vars: varModels, fields: fields.map(\.model),
      filter: filter, rules: rules, unchecked: unchecked)
    model.unique = unique
    model.merge = merge
    model.reading = reading
    model.optional = optional.map(\.name)
    model.reads = reads
    return model
  }

  private mutating func checkVersion(_ node: YAMLNode?) {
    guard let node, let version = node.integer("mapping", &diagnostics), version != 1 else { return }
    report(.badArgument, at: node.place, "unknown language version \(version)", hint: "write mapping: 1")
  }

  private mutating func name(_ node: YAMLNode?) -> String? {
    guard let node, let name = node.text("name", &diagnostics) else { return nil }
    let isPlain = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) } && !name.hasPrefix(".")
    if !isPlain {
      let hint = "it becomes part of file names: use letters, digits, '-', '_' and '.'"
      report(.badArgument, at: node.place, "'\(name)' cannot be a mapping's name", hint: hint)
    }
    return name
  }
}
