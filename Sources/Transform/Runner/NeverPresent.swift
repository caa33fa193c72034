package import Core

/// Fields that a mapping reads and that occurred in no record: a misspelled name in a source that does not declare its
/// fields, or an export that omitted them.
package struct NeverPresent: Sendable, Hashable {
  package let source: String
  /// The first place that reads it.
  package let rule: SourcePlace
  /// A question about a field that the first records have and that may be meant.
  package let hint: String?

  /// In the order of the program's paths, except those that the mapping declares optional. Empty for an input without
  /// records.
  package static func all(_ absent: AbsentPaths, in program: Program) -> [NeverPresent] {
    let model = program.model
    let reads = Dictionary(model.reads.map { (Name($0.path.text), $0) }, uniquingKeysWith: { first, _ in first })
    let names =
      (absent.record ?? []).sorted().map { program.recordPathNames[$0] }
      + (absent.item ?? []).sorted().map { program.itemPathNames[$0] }
    var hints = SampleHints(absent.sample, each: model.each)
    return names.compactMap { name in
      guard let read = reads[name], !model.isOptional(read) else { return nil }
      return NeverPresent(source: name, rule: read.place, hint: hints.hint(for: read.path))
    }
  }

  /// A line of the ledger.
  package func line(of mapping: String, run: String? = nil, inputFile: String?, time: String? = nil) -> JSONValue {
    var members: [JSONValue.Member] = []
    if let run { members.append(.init("run", .string(run))) }
    members += [
      .init("mapping", .string(mapping)), .init("stage", .string(Stage.transform.rawValue)),
      .init("severity", .string(Severity.warning.rawValue)), .init("code", .string(ProblemCode.neverPresent.slug)),
      .init("source", .string(source)),
      .init("message", .string("no record has '\(source)', which the mapping reads" + (hint.map { ": \($0)" } ?? ""))),
    ]
    if let inputFile { members.append(.init("at", .object([.init("file", .string(inputFile))]))) }
    members.append(
      .init(
        "rule",
        .object([
          .init("file", .string(rule.file)), .init("line", .number(rule.line)), .init("column", .number(rule.column)),
        ])))
    if let time { members.append(.init("time", .string(time))) }
    return .object(members)
  }
}

extension TransformCounts {
  /// Counts warnings about the input as a whole.
  package mutating func add(_ fields: [NeverPresent]) {
    guard !fields.isEmpty else { return }
    codes[.neverPresent, default: 0] += fields.count
    warnings += fields.count
  }
}
