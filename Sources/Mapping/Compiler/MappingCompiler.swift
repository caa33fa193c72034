package import Core
package import Files
package import Transform

/// Compiles a mapping file: YAML to a checked model, with all errors reported at once.
///
/// The work is done in phases, each of which takes the one before it: see `MappingPhase`.
package struct MappingCompiler {
  package struct Options: Sendable {
    /// Definitions for `custom.KEY`; they take precedence over those of the mapping's file and the catalog.
    package var customFields: [CustomFieldDefinition]?

    /// What a test of the mapping replaces.
    package var overrides: MappingOverrides

    /// For trying out an unfinished mapping: it may leave out what the target requires, including its key.
    package var allowsGaps: Bool
    /// The boundary for files that the mapping refers to. Nil: around the mapping file.
    package var boundary: FileBoundary?
    /// What a `do` chain may name.
    package var functions: FunctionLibrary

    package init(
      customFields: [CustomFieldDefinition]? = nil, overrides: MappingOverrides = .init(), allowsGaps: Bool = false,
      boundary: FileBoundary? = nil, functions: FunctionLibrary = .standard
    ) {
      self.customFields = customFields
      self.overrides = overrides
      self.allowsGaps = allowsGaps
      self.boundary = boundary
      self.functions = functions
    }
  }

  /// Reads and compiles the file at `path`, which is also its name in messages. Paths inside are relative to it.
  package static func compile(
    path: String, catalog: any SourceCatalog, options: Options = Options()
  ) -> MappingCompilation {
    var diagnostics = Diagnostics()
    let root = YAMLReader.load(path: path, &diagnostics)
    return compile(root, file: path, catalog: catalog, options: options, diagnostics: diagnostics)
  }

  /// Like `compile(path:)`, for text in memory.
  package static func compile(
    file: String, text: String, catalog: any SourceCatalog, options: Options = Options()
  ) -> MappingCompilation {
    var diagnostics = Diagnostics()
    let root = YAMLReader.read(file: file, text: text, &diagnostics)
    return compile(root, file: file, catalog: catalog, options: options, diagnostics: diagnostics)
  }

  private static func compile(
    _ root: YAMLNode?, file: String, catalog: any SourceCatalog, options: Options, diagnostics: Diagnostics
  ) -> MappingCompilation {
    var diagnostics = diagnostics
    guard let root, root.entries("a mapping", &diagnostics) != nil else {
      return MappingCompilation(diagnostics: diagnostics, explanation: [], reads: SourceReads(entity: "", fields: []))
    }
    let context = MappingContext(root, file: file, catalog: catalog, options: options)
    let header = HeaderPhase(context, diagnostics)
    let source = SourcePhase(header)
    let settings = SettingsPhase(source)
    let target = TargetPhase(settings)
    let lookups = LookupPhase(target)
    let vars = VarPhase(lookups)
    let filter = FilterPhase(vars)
    let fields = FieldPhase(filter)
    let rules = RulePhase(fields)
    let uses = UsePhase(rules)
    let tests = TestPhase(uses)
    return ModelPhase(tests).compilation
  }
}
