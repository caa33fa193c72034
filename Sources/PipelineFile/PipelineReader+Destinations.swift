import Core
import Glibc
import Load
import Mapping
import Records
import Settings
import State

/// `destinations`.
extension PipelineReader {
  mutating func readDestinations(_ node: YAMLNode, mappingCount: Int) -> [DestinationDocument] {
    guard let entries = node.entries("destinations", &diagnostics) else { return [] }
    if entries.isEmpty { node.reportWrongKind("destinations", wanted: "a map of at least one destination", &diagnostics) }
    var found: [DestinationDocument] = []
    for entry in entries {
      guard let destination = readDestination(entry) else { continue }
      checkTargets(of: destination, against: found, mappingCount: mappingCount)
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
    guard !RunFolder.observationFolders.contains(entry.key) else {
      report(
        .wrongKind, at: entry.keyPlace,
        "a destination cannot be named '\(entry.key)': a run's folder uses that name for its report")
      return nil
    }
    guard let kinds = entry.value.entries(what, &diagnostics) else { return nil }
    let names = PipelineKeywords.destination.names
    checkKeys(entry.value, what, PipelineKeywords.destination)
    let known = kinds.filter { names.contains($0.key) }
    guard let kind = known.first else {
      if kinds.isEmpty {
        entry.value.reportWrongKind(what, wanted: "a map with one of \(names.joined(separator: ", "))", &diagnostics)
      }
      return nil
    }
    for other in known.dropFirst() {
      report(
        .wrongKind, at: other.keyPlace, "\(what) is one destination; it already has '\(kind.key)'",
        hint: "make the other a separate destination")
    }
    let own = "\(what).\(kind.key)"
    guard kind.value.entries(own, &diagnostics) != nil else { return nil }
    if kind.key == "http" { return readHTTP(kind, named: entry.key, own) }
    if kind.key == "ghl" { return readGHL(kind, named: entry.key, own) }
    let read = RecordFormat(rawValue: kind.key).map { readFile(kind, $0, own) } ?? readSQLite(kind, own)
    let mappings = kind.value["mappings"].flatMap { $0.elements("\(own).mappings", &diagnostics) }?.compactMap { element in
      text(element, "a mapping's name").map { DestinationDocument.NamedPlace(name: $0, place: element.place) }
    }
    return read.map { DestinationDocument(name: entry.key, kind: $0.kind, mappings: mappings, place: $0.place) }
  }

  private mutating func readHTTP(_ entry: YAMLEntry, named name: String, _ what: String) -> DestinationDocument? {
    var reader = HTTPDestinationReader(what, continuing: self)
    let document = reader.read(entry)
    take(reader)
    return document.map { document in
      let mappings = document.resources.map { DestinationDocument.NamedPlace(name: $0.mapping, place: $0.place) }
      return DestinationDocument(name: name, kind: .http(document), mappings: mappings, place: entry.keyPlace)
    }
  }

  private mutating func readGHL(_ entry: YAMLEntry, named name: String, _ what: String) -> DestinationDocument? {
    var reader = GHLDestinationReader(what, continuing: self)
    let document = reader.read(entry)
    take(reader)
    return document.map { document in
      let mappings = document.parts.map { DestinationDocument.NamedPlace(name: $0.mapping, place: $0.place) }
      return DestinationDocument(
        name: name, kind: .http(document.httpDocument), ghl: document, mappings: mappings, place: entry.keyPlace)
    }
  }

  /// What a destination is, and where its target is named.
  private typealias ReadKind = (kind: DestinationKind, place: SourcePlace)

  private mutating func readFile(_ entry: YAMLEntry, _ format: RecordFormat, _ what: String) -> ReadKind? {
    let node = entry.value
    checkKeys(node, what, format == .csv ? PipelineKeywords.csv : PipelineKeywords.file, at: entry.keyPlace)
    var options = CSVRecordEncoder.Options()
    options.crlf = node["crlf"].flatMap { boolean($0, "\(what).crlf") } ?? options.crlf
    options.escapesFormulas =
      node["escape_formulas"].flatMap { boolean($0, "\(what).escape_formulas") } ?? options.escapesFormulas
    guard let pathNode = node["path"], let path = template(pathNode, "\(what).path", isPath: true) else { return nil }
    guard !path.text.lowercased().hasSuffix(".gz") else {
      report(.wrongKind, at: pathNode.place, "\(what).path ends in .gz, but outputs are not compressed", hint: "remove .gz")
      return nil
    }
    return (.file(FileFormat(format, options), path: path), pathNode.place)
  }

  private mutating func readSQLite(_ entry: YAMLEntry, _ what: String) -> ReadKind? {
    let node = entry.value
    checkKeys(node, what, PipelineKeywords.sqlite, at: entry.keyPlace)
    let words = PipelineKeywords.sqlite.words(of: "mode")
    let mode = node["mode"].flatMap { word($0, "\(what).mode", oneOf: words) }.flatMap(SQLiteMode.init) ?? .upsert
    let table = node["table"].map { template($0, "\(what).table", isPath: false) } ?? .ofMappings
    guard let pathNode = node["path"], let path = template(pathNode, "\(what).path", isPath: true), let table else { return nil }
    return (.sqlite(path: path, table: table, mode: mode), (node["table"] ?? pathNode).place)
  }

  /// - Parameter isPath: relative to the pipeline file.
  private mutating func template(_ node: YAMLNode, _ what: String, isPath: Bool) -> PathTemplate? {
    guard let text = text(node, what) else { return nil }
    do throws(PathTemplate.Failure) {
      return try PathTemplate(isPath ? resolve(text) : text)
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

  /// No two mappings may be written to one file, or into one table.
  private mutating func checkTargets(
    of destination: DestinationDocument, against others: [DestinationDocument], mappingCount: Int
  ) {
    let kind = destination.kind
    guard kind.path != nil else { return }
    let count = destination.mappings?.count ?? mappingCount
    let templates = [kind.path, kind.table].compactMap(\.self)
    if count > 1, !templates.contains(where: { $0.contains(.mapping) }) {
      let (target, place) = kind.table == nil ? ("to one file", "the path") : ("to one table", "`table`")
      report(
        .twoWriters, at: destination.place, "\(count) mappings would be written \(target)",
        hint: "write {mapping} in \(place), or name one mapping under `mappings`")
    }
    for other in others
    where other.kind.path == kind.path && (other.kind.table == nil || kind.table == nil || other.kind.table == kind.table) {
      if let these = destination.mappings, let those = other.mappings,
        Set(names: these.map(\.name)).isDisjoint(with: Set(names: those.map(\.name)))
      {
        continue
      }
      let target = kind.table == nil || other.kind.table == nil ? "to one file" : "to one table"
      report(.twoWriters, at: destination.place, "'\(other.name)' and '\(destination.name)' would be written \(target)")
    }
  }

  private func isName(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
  }
}
