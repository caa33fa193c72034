package import Core
import Files

/// What the columns of a mapping's staged records are (`staging/MAPPING.form.json`): enough to read and compare the records
/// without the mapping, which may have changed since.
///
///     {"version":1,"mapping":"contacts","records":20000,"key":[0],"columns":[
///      {"path":["id"],"types":["string"],"omits_null":false,"vouched":true,"privacy":"show"}, …]}
package struct StagedForm: Sendable, Hashable {
  package struct Column: Sendable, Hashable {
    package var column: LoadColumn
    /// How far messages may show its values.
    package var privacy: Privacy

    package init(_ column: LoadColumn, _ privacy: Privacy) {
      self.column = column
      self.privacy = privacy
    }
  }

  package var mapping: String
  /// The number of staged records.
  package var records: Int
  /// In the order of the cells in `StagedBatch`.
  package var columns: [Column]
  /// Indices of the columns that identify a target record; empty if the mapping has no target key.
  package var key: [Int]

  static let version = 1
  static let suffix = ".form.json"

  package init(mapping: String, records: Int, columns: [Column], key: [Int]) {
    self.mapping = mapping
    self.records = records
    self.columns = columns
    self.key = key
  }

  package var loadColumns: [LoadColumn] { columns.map(\.column) }

  /// - Parameter base: the path of the mapping's staged files, without an extension.
  package static func path(_ base: String) -> String { base + suffix }

  // MARK: The file

  /// - Throws: `OperationFailure`.
  package func write(to path: String) throws {
    let file = try OutputFile(path: path, mode: 0o600)
    try file.write(json.text + "\n")
    try file.commit()
  }

  /// Nil if the file does not exist: an earlier version staged the records, or they have been removed.
  ///
  /// - Throws: `OperationFailure`: `damaged` if it is not a form, `newerFormat` if a newer version wrote it.
  package static func read(_ path: String) throws(OperationFailure) -> StagedForm? {
    guard FileKind.of(path) == .regular else { return nil }
    guard case .success(let bytes) = SmallFile.bytes(of: path), let json = try? JSONReader.read(bytes) else {
      throw damaged(path)
    }
    guard let version = json["version"]?.intValue, version <= Self.version else {
      throw json["version"]?.intValue == nil
        ? damaged(path)
        : OperationFailure(.newerFormat, "\(path): a newer version of Waybill created this file: use that version")
    }
    guard let form = StagedForm(json) else { throw damaged(path) }
    return form
  }

  private static func damaged(_ path: String) -> OperationFailure {
    OperationFailure(.damaged, "\(path) is damaged: run the pipeline again")
  }

  private var json: JSONValue {
    .object([
      .init("version", .number(Self.version)), .init("mapping", .string(mapping)), .init("records", .number(records)),
      .init("key", .array(key.map { .number($0) })), .init("columns", .array(columns.map(\.json))),
    ])
  }

  private init?(_ json: JSONValue) {
    guard let mapping = json["mapping"]?.stringValue, let records = json["records"]?.intValue, records >= 0,
      let columns = json["columns"]?.arrayValue?.map({ Column($0) }),
      let key = json["key"]?.arrayValue?.map(\.intValue)
    else { return nil }
    (self.mapping, self.records) = (mapping, records)
    self.columns = columns.compactMap(\.self)
    self.key = key.compactMap(\.self)
    guard self.columns.count == columns.count, self.key.count == key.count, self.key.allSatisfy(columns.indices.contains) else {
      return nil
    }
  }
}

extension StagedForm.Column {
  fileprivate var json: JSONValue {
    .object([
      .init("path", .array(column.path.map { .string($0) })),
      .init("types", .array(JSONTypes.named.filter { column.types.contains($0.type) }.map { .string($0.name) })),
      .init("omits_null", .bool(column.omitsNull)), .init("vouched", .bool(column.isVouchedFor)),
      .init("privacy", .string(privacy.rawValue)),
    ])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let path = json["path"]?.arrayValue?.map(\.stringValue), !path.isEmpty, !path.contains(nil),
      let names = json["types"]?.arrayValue?.map(\.stringValue), let omitsNull = json["omits_null"]?.boolValue,
      let isVouchedFor = json["vouched"]?.boolValue, let privacy = json["privacy"]?.stringValue.flatMap({ Privacy(rawValue: $0) })
    else { return nil }
    var types: JSONTypes = []
    for name in names {
      guard let type = JSONTypes.named.first(where: { $0.name == name })?.type else { return nil }
      types.insert(type)
    }
    column = LoadColumn(
      path: path.compactMap(\.self), types: types, omitsNull: omitsNull, isVouchedFor: isVouchedFor)
    self.privacy = privacy
  }
}

extension JSONTypes {
  /// Each kind of number has a name of its own, because the schema's `number` includes integers.
  fileprivate static let named: [(name: String, type: JSONTypes)] = [
    ("null", .null), ("boolean", .boolean), ("integer", .integer), ("fraction", .number), ("string", .string),
    ("array", .array), ("object", .object),
  ]
}
