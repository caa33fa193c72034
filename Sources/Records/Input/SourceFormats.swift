import Core

/// The formats that records can be read from.
package struct SourceFormats: Sendable, Hashable {
  /// One line per format, in the order in which messages list them.
  package static let standard = SourceFormats([
    .csv,
    .ndjson,
    .json,
  ])

  package let all: [SourceFormat]

  package init(_ all: [SourceFormat]) { self.all = all }

  /// These, and `more`.
  package func adding(_ more: SourceFormat...) -> SourceFormats {
    SourceFormats(all + more.filter { !all.contains($0) })
  }

  package func named(_ name: String) -> SourceFormat? { all.first { $0.name.isExactly(name) } }

  /// By the extension of a file, without a `.gz` after it; nil if no format has it.
  package func format(ofFile path: String) -> SourceFormat? {
    var name = path.lowercased()
    if name.hasSuffix(".gz") { name.removeLast(3) }
    guard let found = name.split(separator: "/").last?.split(separator: ".").dropFirst().last else { return nil }
    return all.first { $0.extensions.contains(exactly: String(found)) }
  }

  /// `csv, ndjson or json`
  package var listed: String {
    let names = all.map(\.name)
    return names.dropLast().joined(separator: ", ") + (names.count > 1 ? " or " : "") + (names.last ?? "")
  }
}

extension SourceFormat {
  /// By the extension of a file, among the standard formats.
  package init?(path: String) {
    guard let found = SourceFormats.standard.format(ofFile: path) else { return nil }
    self = found
  }
}
