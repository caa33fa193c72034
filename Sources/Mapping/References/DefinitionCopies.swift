package import Core
import Files
import FoundationEssentials
import Records

/// Copies of the files that a run's mappings were compiled from, in the same folder structure as the project, so that paths
/// between them stay valid.
package struct DefinitionCopies {
  package static let folderName = "definitions"
  package static let indexName = "definitions.json"

  /// Absolute path to content.
  private var files: [Name: [UInt8]] = [:]
  /// A mapping's name and its file.
  private var mappings: [(name: String, path: String)] = []

  /// - Parameters:
  ///   - mappings: names and paths.
  ///   - sources: what the compiler read, so that a file changed since then is copied as it was.
  package init(of mappings: [(name: String, path: String)], sources: [Name: SourceFile]) {
    for mapping in mappings {
      let all = MappingFiles.all(of: mapping.path) ?? [mapping.path]
      self.mappings.append((mapping.name, Self.absolute(mapping.path)))
      for path in all { add(path, sources[path]) }
    }
    for (path, source) in sources { add(path.text, source) }
  }

  private mutating func add(_ path: String, _ source: SourceFile?) {
    let place = Self.absolute(path)
    guard files[place] == nil else { return }
    let bytes = FileManager.default.contents(atPath: path).map { Array($0) }
    // The bytes of the file, unless its text is no longer the one that was compiled. A converted text would not match the encoding
    // that the mapping states.
    if let source, !source.isConverted, !(bytes.map { $0.elementsEqual(source.text.utf8) } ?? false) {
      files[place] = Array(source.text.utf8)
    } else {
      files[place] = bytes
    }
  }

  /// SHA-256 of each file, by its path below the folder that all have in common.
  package var digests: [Name: String] {
    let root = Self.commonFolder(of: files.keys.map(\.text))
    return Dictionary(
      files.map { (Name(Self.relative($0.key.text, to: root)), FileDigest.sha256(of: $0.value)) },
      uniquingKeysWith: { first, _ in first })
  }

  /// Writes them below `folder`.
  ///
  /// - Parameter version: the format of the folder, for the index.
  /// - Throws: `OperationFailure`.
  package func write(to folder: String, version: Int) throws {
    let root = Self.commonFolder(of: files.keys.map(\.text))
    try PrivateFolder.make("\(folder)/\(Self.folderName)", isInside: true)
    for (path, bytes) in files.sorted(by: { $0.key < $1.key }) {
      let name = Self.relative(path.text, to: root)
      let target = "\(folder)/\(Self.folderName)/\(name)"
      try OutputFile.makeFolder(FilePath.folder(of: target), mode: 0o700)
      try Self.write(bytes, to: target)
    }
    let names = mappings.map { JSONValue.Member($0.name, .string(Self.relative($0.path, to: root))) }
    let index = JSONValue.object([.init("version", .number(version)), .init("mappings", .object(names))])
    try Self.write(Array(index.prettyText.utf8), to: "\(folder)/\(Self.indexName)")
  }

  private static func write(_ bytes: [UInt8], to path: String) throws {
    let file = try OutputFile(path: path, mode: 0o600)
    try bytes.withUnsafeBufferPointer { bytes in
      if let base = bytes.baseAddress { try file.write(Text(start: base, count: bytes.count)) }
    }
    try file.commit()
  }

  // MARK: Paths

  /// As spelled, without `.` and `..`.
  private static func absolute(_ path: String) -> String {
    let whole = path.hasPrefix(exactly: "/") ? path : "\(FileManager.default.currentDirectoryPath)/\(path)"
    var parts: [String] = []
    for part in steps(of: whole) where part != "." {
      if part == ".." { _ = parts.popLast() } else { parts.append(part) }
    }
    return "/" + parts.joined(separator: "/")
  }

  private static func steps(of path: String) -> [String] { path.split(exactly: "/").filter { !$0.isEmpty } }

  private static func commonFolder(of paths: [String]) -> [String] {
    let folders = paths.map { steps(of: FilePath.folder(of: $0)) }
    guard var common = folders.first else { return [] }
    for folder in folders { common = zip(common, folder).prefix { $0.isExactly($1) }.map(\.0) }
    return common
  }

  private static func relative(_ path: String, to root: [String]) -> String {
    steps(of: path).dropFirst(root.count).joined(separator: "/")
  }
}
