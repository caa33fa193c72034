import Core
import Glibc
import Load
import Mapping
import Records

/// `destinations`.
extension PipelineReader {
  mutating func readDestinations(_ node: YAMLNode, mappingCount: Int) -> [DestinationDocument] {
    guard let entries = node.entries("destinations", &diagnostics) else { return [] }
    if entries.isEmpty { node.reportWrongKind("destinations", wanted: "a map of at least one destination", &diagnostics) }
    var found: [DestinationDocument] = []
    for entry in entries {
      guard let destination = readDestination(entry) else { continue }
      checkPath(of: destination, against: found, mappingCount: mappingCount)
      found.append(destination)
    }
    return found
  }

  private mutating func readDestination(_ entry: YAMLEntry) -> DestinationDocument? {
    let what = "destinations.\(entry.key)"
    guard isName(entry.key) else {
      report(
        .wrongKind, at: entry.keyPlace,
        "a destination's name may contain only letters, digits, '-' and '_', because it becomes a folder's name")
      return nil
    }
    guard entry.key.utf8.count <= Int(NAME_MAX) else {
      report(
        .wrongKind, at: entry.keyPlace,
        "a destination's name can have at most \(NAME_MAX) bytes, because it becomes a folder's name; this one has \(entry.key.utf8.count)",
        hint: "shorten it")
      return nil
    }
    guard entry.key != RunFolder.stagingName else {
      report(
        .wrongKind, at: entry.keyPlace,
        "a destination cannot be named '\(entry.key)': a run's folder uses that name for its staged records")
      return nil
    }
    guard let kinds = entry.value.entries(what, &diagnostics) else { return nil }
    let formats = PipelineKeywords.destination.names
    checkKeys(entry.value, what, PipelineKeywords.destination)
    let known = kinds.filter { formats.contains($0.key) }
    guard let kind = known.first, let format = RecordFormat(rawValue: kind.key) else {
      if kinds.isEmpty {
        entry.value.reportWrongKind(what, wanted: "a map with one of \(formats.joined(separator: ", "))", &diagnostics)
      }
      return nil
    }
    for other in known.dropFirst() {
      report(
        .wrongKind, at: other.keyPlace, "\(what) is one destination; it already has '\(kind.key)'",
        hint: "make the other a separate destination")
    }
    return readFile(kind, format, name: entry.key, "\(what).\(kind.key)", at: entry.keyPlace)
  }

  private mutating func readFile(
    _ kind: YAMLEntry, _ format: RecordFormat, name: String, _ what: String, at place: SourcePlace
  ) -> DestinationDocument? {
    let node = kind.value
    guard node.entries(what, &diagnostics) != nil else { return nil }
    checkKeys(node, what, format == .csv ? PipelineKeywords.csv : PipelineKeywords.file, at: kind.keyPlace)
    let crlf = node["crlf"].flatMap { boolean($0, "\(what).crlf") }
    let escapes = node["escape_formulas"].flatMap { boolean($0, "\(what).escape_formulas") }
    let mappings = node["mappings"].flatMap { $0.elements("\(what).mappings", &diagnostics) }?.compactMap { element in
      text(element, "a mapping's name").map { DestinationDocument.NamedPlace(name: $0, place: element.place) }
    }
    guard let pathNode = node["path"], let path = template(pathNode, "\(what).path") else { return nil }
    guard !path.text.lowercased().hasSuffix(".gz") else {
      report(.wrongKind, at: pathNode.place, "\(what).path ends in .gz, but outputs are not compressed", hint: "remove .gz")
      return nil
    }
    return DestinationDocument(
      name: name, format: format, path: path, crlf: crlf ?? false, escapesFormulas: escapes ?? true, mappings: mappings,
      place: pathNode.place)
  }

  private mutating func template(_ node: YAMLNode, _ what: String) -> PathTemplate? {
    guard let path = text(node, what) else { return nil }
    do throws(PathTemplate.Failure) {
      return try PathTemplate(resolve(path))
    } catch {
      let words = PathTemplate.Placeholder.allCases.map(\.rawValue)
      if error.word.hasPrefix("location.") {
        reportLater(node.place, "the placeholder {\(error.word)} in \(what)")
      } else {
        let hint =
          NearestName.find(error.word, in: words).map { NearestName.question("{\(error.word)}", "{\($0)}") }
          ?? "the placeholders are \(words.map { "{\($0)}" }.joined(separator: " "))"
        report(.unknownWord, at: node.place, "\(what) cannot have the placeholder {\(error.word)}", hint: hint)
      }
      return nil
    }
  }

  /// No two entities may be written to one file.
  private mutating func checkPath(of destination: DestinationDocument, against others: [DestinationDocument], mappingCount: Int) {
    let count = destination.mappings?.count ?? mappingCount
    if count > 1, !destination.path.contains(.mapping) {
      report(
        .twoWriters, at: destination.place, "\(count) mappings would be written to one file",
        hint: "write {mapping} in the path, or name one mapping under `mappings`")
    }
    for other in others where other.path == destination.path {
      if let these = destination.mappings, let those = other.mappings,
        Set(names: these.map(\.name)).isDisjoint(with: Set(names: those.map(\.name)))
      {
        continue
      }
      report(.twoWriters, at: destination.place, "'\(other.name)' and '\(destination.name)' would be written to one file")
    }
  }

  private func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }
}
