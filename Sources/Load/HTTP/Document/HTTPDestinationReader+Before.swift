import Core
import Mapping
import Settings

/// `before`: what is kept of the records that a load writes.
extension HTTPDestinationReader {
  /// - Parameter resource: the keys of a mapping.
  mutating func readBefore(of resource: YAMLNode, _ what: String) -> BeforeDocument? {
    guard let entry = resource.entry("before"), let before = readBefore(entry.value, what) else { return nil }
    return canSave(resource, entry, what) ? before : nil
  }

  private mutating func canSave(_ resource: YAMLNode, _ entry: YAMLEntry, _ what: String) -> Bool {
    let names = HTTPKeywords.resource.names
    func isMissing(_ name: String) -> Bool { resource[name] == nil && !resource.misspells(name, among: names) }
    let (find, update) = (#"find: "GET /PATH?FIELD={key}""#, #"update: "PUT /PATH/{remote_id}""#)
    switch (isMissing("find"), isMissing("update")) {
    case (true, true):
      report(
        .badArgument, at: entry.keyPlace, "\(what) needs 'find' and 'update', which read what is there and put it back",
        hint: "add \(find) and \(update)")
    case (true, false):
      report(
        .badArgument, at: entry.keyPlace, "\(what) needs 'find', which reads what is there before and after a write",
        hint: "add \(find)")
    case (false, true):
      report(
        .badArgument, at: entry.keyPlace, "\(what) needs 'update', which puts back what was there", hint: "add \(update)")
    case (false, false):
      guard isMissing("delete") else { return true }
      diagnostics.add(
        .init(
          .warning, .badArgument, at: entry.keyPlace,
          "\(what): there is no 'delete', so `waybill undo` cannot remove the records that a run has created",
          hint: "add delete: \"DELETE /PATH/{remote_id}\""))
      return true
    }
    return false
  }
}

extension HTTPDocument {
  /// Whether `waybill undo` can tell that somebody changes a record meanwhile.
  func checkSaved(of resource: ResourceDocument, _ diagnostics: inout Diagnostics) {
    guard resource.before != nil, let find = resource.find, let update = resource.update else { return }
    func warn(_ message: String, _ hint: String) {
      diagnostics.add(
        .init(.warning, .badArgument, at: resource.place, "'\(resource.mapping)' has 'before', \(message)", hint: hint))
    }
    if resource.entityTag == nil {
      // Without it, the header `ETag` is used if it must be that of the record.
      guard find.request.template.target.text != update.template.target.text else { return }
      warn(
        "but no 'etag', so `waybill undo` does not notice a change that somebody makes while it puts a record back",
        "if the destination has entity tags or versions, add etag: {header: ETag, body: etag}")
    } else if let results = resource.batch?.results, results.entityTag == nil, results.record == nil {
      warn(
        "but the results of its batch have no tags, so a change that somebody makes right after a batch counts as the run's own",
        "add etag or record to batch.results")
    }
  }

  /// Checks `before.omit` against the mapping.
  func checkOmitted(by resource: ResourceDocument, _ fields: TargetFields, _ diagnostics: inout Diagnostics) {
    for member in resource.before?.omit ?? [] {
      let name = member.name.text
      let key = resource.key?.text ?? fields.key.first
      if let key, name.isExactly(key) {
        diagnostics.add(
          .init(
            .error, .badArgument, at: member.place,
            "before.omit: '\(name)' is the key, without which nothing can be put back", hint: "remove it"))
      } else if fields.paths.contains(where: { $0.first.isExactly(name) }) {
        diagnostics.add(
          .init(
            .warning, .badArgument, at: member.place,
            "before.omit: the mapping '\(resource.mapping)' writes '\(name)', and `waybill undo` would not put it back",
            hint: "omit only what the destination sets itself"))
      }
    }
  }
}
