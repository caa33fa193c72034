import Control
package import Core
import Mapping
package import Transform

/// What an `http` destination and the mappings that go there reveal only together.
extension HTTPDocument {
  /// - Parameters:
  ///   - models: of all mappings of the pipeline that could be compiled.
  ///   - isWhole: all of them could be, so that a name that is not among them does not exist.
  package func check(_ models: [MappingModel], isWhole: Bool, _ diagnostics: inout Diagnostics) {
    for resource in resources {
      checkJob(resource, &diagnostics)
      checkBatch(resource, &diagnostics)
      checkFound(resource, &diagnostics)
      checkSaved(of: resource, &diagnostics)
      guard let model = models.first(where: { $0.name.isExactly(resource.mapping) }) else { continue }
      let fields = TargetFields(model)
      checkPlaceholders(of: resource, fields, models, isWhole, &diagnostics)
      checkKey(of: resource, fields, &diagnostics)
      checkEnvelope(of: resource, fields, &diagnostics)
      checkErased(by: resource, fields, &diagnostics)
      checkNormalized(by: resource, fields, &diagnostics)
      checkOmitted(by: resource, fields, &diagnostics)
    }
    checkOrder(&diagnostics)
  }

  // MARK: Placeholders

  private func checkPlaceholders(
    of resource: ResourceDocument, _ fields: TargetFields, _ models: [MappingModel], _ isWhole: Bool,
    _ diagnostics: inout Diagnostics
  ) {
    for placed in resource.allRequests.flatMap(\.placeholders) {
      switch placed.placeholder {
      case .field(let name): fields.check(name, placed, &diagnostics)
      case .parentID(let mapping, let field):
        fields.check(field, placed, &diagnostics)
        checkParent(mapping, placed, models, isWhole, &diagnostics)
      case .remoteID where resource.remoteID == nil:
        diagnostics.add(
          .init(
            .error, .badArgument, at: placed.place,
            "nothing says where a response has the ID of a record, which {remote_id} needs",
            hint: "add remote_id: id, or remote_id: {header: location}"))
      case .key where fields.key.count > 1:
        diagnostics.add(
          .init(
            .error, .badArgument, at: placed.place, "{key} cannot stand for a key of several fields: \(fields.keyText)",
            hint: "write {field(\(fields.key[0]))}, and so on"))
      default: break
      }
    }
  }

  private func checkParent(
    _ mapping: Name, _ placed: PlacedPlaceholder, _ models: [MappingModel], _ isWhole: Bool, _ diagnostics: inout Diagnostics
  ) {
    func add(_ code: DiagnosticCode, _ message: String, _ hint: String) {
      diagnostics.add(.init(.error, code, at: placed.place, message, hint: hint))
    }
    guard let parent = resource(of: mapping.text) else {
      let names = resources.map(\.mapping)
      if let model = models.first(where: { $0.name.isExactly(mapping.text) }) {
        add(
          .unknownWord, "the mapping '\(model.name)' does not go to this destination, so its records have no ID here",
          "add it to `mappings` of this destination")
      } else if isWhole || NearestName.find(mapping.text, in: names) != nil {
        add(
          .unknownWord, "there is no mapping '\(mapping)'",
          NearestName.hint(mapping.text, in: names) ?? "the mappings that go here are: \(names.joined(separator: ", "))")
      }
      return
    }
    if parent.remoteID == nil {
      add(
        .badArgument, "nothing says where a response has the ID of a record of '\(mapping)'", "add remote_id to '\(mapping)'")
    }
    if let model = models.first(where: { $0.name.isExactly(mapping.text) }), model.targetKey.count > 1 {
      add(
        .badArgument, "'\(mapping)' has a key of several fields, \(TargetFields(model).keyText), which one field cannot match",
        "use a mapping whose key is one field")
    }
  }

  private func checkOrder(_ diagnostics: inout Diagnostics) {
    let needs = Dictionary(resources.map { (Name($0.mapping), $0.needs) }) { first, _ in first }
    do throws(LoadOrder.Cycle) {
      _ = try LoadOrder.order(resources.map { Name($0.mapping) }, needs: needs)
    } catch {
      let way = error.mappings + error.mappings.prefix(1)
      let placed = resource(of: way[0].text)?.allRequests.flatMap(\.placeholders).first { placed in
        if case .parentID(let mapping, _) = placed.placeholder { mapping == way[1] } else { false }
      }
      guard let place = placed?.place else { return }
      let text = way.map(\.text).joined(separator: " -> ")
      diagnostics.add(
        .init(
          .error, .cyclicReferences, at: place, "mappings need each other's remote IDs in a cycle: \(text)",
          hint: "remove {remote_id(…)} from one of them"))
    }
  }

  // MARK: Keys and bodies

  private func checkKey(of resource: ResourceDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    if fields.key.count > 1, let request = resource.find?.request ?? resource.list?.request {
      let what = resource.find == nil ? "list" : "find"
      diagnostics.add(
        .init(
          .error, .wrongKind, at: request.place,
          "'\(what)' cannot recognize the records of '\(resource.mapping)': their key has several fields, \(fields.keyText)",
          hint: "remove it, or write one field as target.key"))
    }
    guard let key = resource.key?.text, !fields.names.contains(exactly: key) else { return }
    diagnostics.add(
      .init(
        .warning, .unknownTargetField, at: resource.place,
        "'\(resource.mapping)' does not write '\(key)', which is where `key` says the destination has the key",
        hint: NearestName.hint(key, in: fields.names)
          ?? "map it, unless the destination fills it in: the key is \(fields.keyText)"))
  }

  private func checkEnvelope(of resource: ResourceDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    // In a batch, the envelope is beside the list of records.
    guard resource.body.under.isEmpty, resource.create != nil || resource.update != nil else { return }
    for member in resource.body.envelope where fields.paths.contains(where: { $0.first.isExactly(member.name) }) {
      diagnostics.add(
        .init(
          .error, .twoWriters, at: resource.place,
          "'\(member.name)' of body.envelope is also a field of the mapping '\(resource.mapping)'",
          hint: "remove one of them, or write body.under"))
    }
  }

  // MARK: Updates and jobs

  private func checkErased(by resource: ResourceDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    guard let request = resource.erasingRequest else { return }
    let erased = fields.unwritten
    guard !erased.isEmpty else { return }
    let shown = erased.prefix(Self.mostNames).map { "'\($0)'" }.joined(separator: ", ")
    let rest = erased.count > Self.mostNames ? " and \(erased.count - Self.mostNames) more" : ""
    let count = erased.count == 1 ? "a field" : "\(erased.count) fields"
    diagnostics.add(
      .init(
        .warning, .updateErases, at: request.place,
        "an update erases \(count) that the mapping '\(resource.mapping)' does not write: \(shown)\(rest)",
        hint: "write update_style: merge if the destination keeps them, or read-merge-put"))
  }

  private static let mostNames = 10

  private func checkBatch(_ resource: ResourceDocument, _ diagnostics: inout Diagnostics) {
    guard let batch = resource.batch, batch.results.remoteID == nil, !batch.updates, resource.find == nil,
      resource.update?.names(.remoteID) == true
    else { return }
    diagnostics.add(
      .init(
        .warning, .badArgument, at: batch.request.place,
        "the batch does not return record IDs, and 'update' of '\(resource.mapping)' needs {remote_id}",
        hint: "add remote_id to batch.results, or add find: \"GET /PATH?FIELD={key}\""))
  }

  /// Records in a list have no headers with their ID or tag.
  private func checkFound(_ resource: ResourceDocument, _ diagnostics: inout Diagnostics) {
    guard let update = resource.update,
      let list = resource.find.map({ $0.items == nil ? nil : "find" }) ?? (resource.list == nil ? nil : "list")
    else { return }
    func check(_ placeholder: RequestPlaceholder, _ place: ResponsePlace?, _ name: String, _ header: String) {
      guard update.names(placeholder), let place, place.path == nil else { return }
      diagnostics.add(
        .init(
          .warning, .badArgument, at: update.placeholders.first { $0.placeholder == placeholder }?.place ?? update.place,
          "a record that '\(list)' returns in a list has no headers, so \(placeholder.text) has no value after a conflict or a lost response",
          hint: "write \(name): {header: \(header), body: PATH} with the path in such a record, or remove {\(name)}"))
    }
    check(.entityTag, resource.entityTag ?? .header("etag"), "etag", "ETag")
    check(.remoteID, resource.remoteID, "remote_id", "Location")
  }

  private func checkJob(_ resource: ResourceDocument, _ diagnostics: inout Diagnostics) {
    guard resource.job != nil, responses.read(status: 202, headers: [:], body: nil).kind == .refused else { return }
    diagnostics.add(
      .init(
        .warning, .badArgument, at: resource.place,
        "'\(resource.mapping)' has a job, but `responses.ok` refuses the status 202, which starts a job",
        hint: "write ok: response.status == 202 || …"))
  }
}

extension ResourceDocument {
  /// The request that erases the fields it omits from an existing record; nil if none does.
  fileprivate var erasingRequest: RequestDocument? {
    if updateStyle == .replace, let update { return update }
    guard let batch, batch.updates else { return nil }
    return updateStyle(of: batch.request) == .replace ? batch.request : nil
  }
}
