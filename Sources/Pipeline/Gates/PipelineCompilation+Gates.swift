import Control
import Core
import PipelineFile
import Transform

/// What the gates name, compared with the mappings: a gate that is never judged must not look as if it had passed.
extension PipelineCompilation {
  /// - Parameter names: of all mappings; nil: some could not be compiled, so that it is not known which there are.
  static func checkGates(
    of document: PipelineDocument, _ models: [MappingModel], names: [String]?, _ diagnostics: inout Diagnostics
  ) {
    for reference in document.gateReferences {
      for mapping in reference.mappings { check(mapping.name, at: mapping.place, names, &diagnostics) }
      if let field = reference.field {
        if let model = models.first(where: { Name($0.name) == field.mapping }) {
          check(reference, field.name.text, of: model, &diagnostics)
        } else {
          check(field.mapping.text, at: reference.place, names, &diagnostics)
        }
      }
      if let reason = obstacle(reference.gate, document) {
        diagnostics.add(.init(.warning, .badArgument, at: reference.place, "gates.\(reference.gate) is never judged: \(reason)"))
      }
    }
  }

  private static func check(_ mapping: String, at place: SourcePlace, _ names: [String]?, _ diagnostics: inout Diagnostics) {
    guard let names, !names.contains(exactly: mapping) else { return }
    let hint = NearestName.hint(mapping, in: names) ?? "the mappings are: \(names.joined(separator: ", "))"
    diagnostics.add(.init(.error, .unknownWord, at: place, "there is no mapping '\(mapping)'", hint: hint))
  }

  private static func check(
    _ reference: GateReference, _ name: String, of model: MappingModel, _ diagnostics: inout Diagnostics
  ) {
    let fields = model.fields.map { $0.target.joined(separator: ".") }
    guard let index = fields.firstIndex(where: { $0.isExactly(name) }) else {
      let shown = fields.prefix(12).joined(separator: ", ") + (fields.count > 12 ? ", …" : "")
      diagnostics.add(
        .init(
          .error, .unknownTargetField, at: reference.place,
          "gates.\(reference.gate): the mapping '\(model.name)' writes no field '\(name)'",
          hint: NearestName.hint(name, in: fields) ?? "its fields are: \(shown)"))
      return
    }
    // The age of the newest value would give the value away.
    if reference.gate == "freshness", model.fields[index].privacy != .show {
      diagnostics.add(
        .init(
          .error, .badArgument, at: reference.place,
          "gates.freshness: '\(model.name).\(name)' is personal data, and its newest value would be shown as an age"))
    }
  }

  private static func obstacle(_ gate: String, _ document: PipelineDocument) -> String? {
    switch gate {
    case "failed" where document.destinations.allSatisfy({ $0.kind.delivery == .atomic }):
      return "files and databases take all records or none, and the pipeline has no other destination"
    case "quota":
      if case .ghl = document.source { return nil }
      return "only a GHL location has a daily quota"
    default: return nil
    }
  }
}
