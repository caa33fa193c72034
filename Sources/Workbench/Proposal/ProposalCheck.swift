import Core
import Extract
import Files
import FoundationEssentials
import Glibc
import Mapping
import Records
import Transform

/// Compiles a proposal in a temporary folder, removes what does not compile, and tries the rest on the sample.
struct ProposalCheck {
  /// What failed for a field in the trial.
  struct Trouble: Sendable, Hashable {
    var records = 0
    /// The number of records in the sample.
    var of = 0
    var codes: Set<String> = []
  }

  /// Beside the mapping: path relative to it, and text.
  let files: [(path: String, text: String)]
  let entity: String

  /// The proposal's text, which compiles except for required fields that are not mapped.
  ///
  /// - Throws: `OperationFailure` if a folder for it cannot be created, or something other than a field is wrong.
  @discardableResult
  func settle(_ draft: inout ProposedMapping) throws -> String {
    try withFolder { folder in
      let name = "\(folder)/mapping.yaml"
      // Each round removes at least one field.
      for _ in 0...draft.fields.count {
        let (text, places) = draft.text()
        let compilation = Self.compile(text, name)
        let errors = compilation.diagnostics.all.filter { $0.severity == .error }
        guard let first = errors.first else { return text }
        let wrong = Set(errors.filter { $0.place.file == name }.compactMap { places[$0.place.line] })
        guard !wrong.isEmpty else {
          throw OperationFailure(.wrongFile, "cannot propose a mapping that compiles: \(first.code.rawValue): \(first.message)")
        }
        for index in wrong {
          let message = errors.first { $0.place.file == name && places[$0.place.line] == index }?.message ?? ""
          let kind = draft.fields[index].isRequired ? "not mapped, required" : "not mapped"
          draft.fields[index].leave("\(kind): the proposed mapping does not compile: \(message)")
        }
      }
      throw OperationFailure(.wrongFile, "cannot propose a mapping that compiles for this sample and this schema")
    }
  }

  /// Runs the proposal over the whole sample: what failed, by target field. Nil if there is nothing to run.
  ///
  /// - Throws: `OperationFailure`.
  func trial(
    _ draft: ProposedMapping, input: String, format: SourceFormat?, reading: FileReading
  ) throws -> [String: Trouble]? {
    // A pipe can be read only once.
    guard !StreamPath.isStream(input), let format = format ?? SourceFormat(path: input),
      let key = draft.fields.first(where: \.isMapped)?.name
    else {
      return nil
    }
    var draft = draft
    // Each record is tried by itself.
    draft.rejectsRepeatedKeys = false
    if !draft.fields.contains(where: { $0.isMapped && [$0.name] == draft.targetKey }) { draft.targetKey = [key] }
    return try withFolder { folder in
      guard let model = Self.compile(draft.text().text, "\(folder)/mapping.yaml").model else { return nil }
      let program = try Program(model)
      let lane = TransformLane(program, encoding: .staged(program))
      var how = RecordReading()
      how.file = reading
      var source = try RecordInput.open(input, format: format, reading: how)
      var troubles: [String: Trouble] = [:]
      var count = 0
      while try source.fill(lane.batch) {
        lane.process()
        count += lane.batch.items.count
        var seen: Set<Mark> = []
        for problem in lane.log.problems where problem.severity == .error && problem.code != .required {
          guard let name = program.fieldName(of: problem.subject) else { continue }
          troubles[name, default: Trouble()].codes.insert(problem.code.slug)
          if seen.insert(Mark(field: problem.subject, line: problem.record.line, offset: problem.record.offset)).inserted {
            troubles[name]?.records += 1
          }
        }
      }
      return troubles.mapValues { trouble in
        var trouble = trouble
        trouble.of = count
        return trouble
      }
    }
  }

  /// A field of a record.
  private struct Mark: Hashable {
    var field: Problem.Subject
    var line: Int
    var offset: Int
  }

  /// A finished mapping as it compiles beside the files; nil if it has an error.
  func finished(_ text: String) throws -> MappingModel? {
    try withFolder { folder in
      MappingCompiler.compile(file: "\(folder)/mapping.yaml", text: text, catalog: SourceCatalogs.ghl()).model
    }
  }

  private static func compile(_ text: String, _ name: String) -> MappingCompilation {
    MappingCompiler.compile(file: name, text: text, catalog: SourceCatalogs.ghl(), options: .init(allowsGaps: true))
  }

  private func withFolder<Value>(_ body: (String) throws -> Value) throws -> Value {
    let folder = try TemporaryFolderPath.make()
    defer { FileRemoval.tree(folder) }
    for file in files { try Self.write(file.text, to: "\(folder)/\(file.path)") }
    return try body(folder)
  }

  private static func write(_ text: String, to path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: FilePath.folder(of: path), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: URL(filePath: path))
    } catch {
      throw OperationFailure(.cannotWrite, "a temporary file cannot be written: \(path)")
    }
  }
}
