import Core
import Files
import Schema
import Transform

/// One phase of the compiler.
///
/// A phase is a type whose initializer takes the phase before it and does the phase's work; what it has found is in its members,
/// which later phases copy. So nothing can be read before it has been made: the order is
///
///     HeaderPhase → SourcePhase → SettingsPhase → TargetPhase → LookupPhase → VarPhase
///       → FilterPhase → FieldPhase → RulePhase → UsePhase → TestPhase → ModelPhase
///
/// What several phases do in the same way is in extensions of protocols, which differ by what they need: `MappingPhase`
/// (nothing but a place for diagnostics), `SourceReader` (paths and expressions), `ScopedPhase` (everything that can be referred
/// to), `ValueReader` (values and chains), `FieldReader` (finished fields).
protocol MappingPhase {
  var context: MappingContext { get }
  var diagnostics: Diagnostics { get set }
}

/// What does not change during a compilation.
struct MappingContext {
  let document: YAMLNode
  let file: String
  /// Of the mapping file; empty for the working directory.
  let directory: String
  let catalog: any SourceCatalog
  let options: MappingCompiler.Options
  /// The boundary for files that the mapping refers to.
  let boundary: FileBoundary
  /// Nil if it has been reported.
  var name: String?

  init(_ document: YAMLNode, file: String, catalog: any SourceCatalog, options: MappingCompiler.Options) {
    self.document = document
    self.file = file
    directory = file.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(file[..<$0]) } ?? ""
    self.catalog = catalog
    self.options = options
    boundary = options.boundary ?? .around(file)
  }

  /// Where a whole key is missing.
  var start: SourcePlace { SourcePlace(file: file, line: 1, column: 1) }

  /// `path` as written in the mapping, relative to the mapping's folder.
  func resolve(_ path: String) -> String { path.hasPrefix(exactly: "/") || directory.isEmpty ? path : directory + "/" + path }
}

extension MappingPhase {
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

  /// A name that is accepted because any name is, but looks like a declared one. In a large object, only names that are not
  /// plain ASCII are compared with all the others.
  mutating func warnOfLookAlike(
    _ name: String, in names: @autoclosure () -> [String], of count: Int, at place: SourcePlace, _ owner: String
  ) {
    guard count <= 200 || !name.isASCII, wantsHint(among: count), let pair = NearestName.lookAlike(of: name, in: names()) else {
      return
    }
    report(
      .warning, .similarNames, at: place, "'\(name)' looks like the field '\(pair.other)' of \(owner) but is a different one",
      hint: pair.difference)
  }

  /// - Parameter direction: the direction of the records that the schema describes.
  mutating func loadSchema(
    _ file: String, at place: SourcePlace, _ direction: SchemaOptions.Direction
  ) -> (schema: TargetSchema, validator: SchemaValidator)? {
    var options = SchemaOptions(yaml: YAMLSchemaReader.read, boundary: context.boundary)
    options.isReference = true
    options.direction = direction
    let result = SchemaCompiler.load(path: context.resolve(file), options: options)
    for source in result.sources { diagnostics.register(source) }
    for var diagnostic in result.diagnostics {
      // A missing file is an error of the mapping: report it where the mapping names the file.
      if [.inputMissing, .outsideProject, .notRegularFile].contains(diagnostic.code) { diagnostic.place = place }
      diagnostics.add(diagnostic)
    }
    guard let schema = result.schema, let validator = result.validator else { return nil }
    return (schema, validator)
  }

  mutating func privacy(_ node: YAMLNode, _ what: String) -> Privacy? {
    node.word(what, oneOf: MappingKeywords.privacies, &diagnostics).flatMap { Privacy(rawValue: $0) }
  }

  /// Frames also quote the files of lookups; these are read again only if one has an error.
  private mutating func showLines(of name: String) {
    guard diagnostics.files[name] == nil else { return }
    var silent = Diagnostics()
    guard let bytes = TextFile.read(name, &silent), let text = TextFile.decode(file: name, bytes: bytes, &silent) else { return }
    diagnostics.register(SourceFile(name: name, text: text))
  }
}
