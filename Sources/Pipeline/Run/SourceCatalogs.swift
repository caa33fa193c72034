package import Core
import Files
import GHL
import Records

/// Tells the mapping compiler what a source has.
package enum SourceCatalogs {
  /// Of a pipeline's source. CSV files have what their headers say; everything else has GHL's shapes. A file that cannot
  /// be read is a diagnostic at the place that names it.
  package static func catalog(
    for source: PipelineSource, customFields: [CustomFieldDefinition]?, _ diagnostics: inout Diagnostics
  ) -> any SourceCatalog {
    guard case .files(.csv, let files) = source else { return GHLCatalog(customFields: customFields) }
    var headers: [Name: [String]] = [:]
    for file in files {
      do {
        headers[file.entity] = try CSVFileHeader.read(file.path)
      } catch let failure as OperationFailure where failure.code == .inputMissing {
        diagnostics.add(.init(.error, .inputMissing, at: file.place, "\(failure)"))
      } catch {
        diagnostics.add(.init(.error, .wrongKind, at: file.place, "\(error)"))
      }
    }
    return HeaderCatalog(entities: files.map(\.entity), headers: headers)
  }
}

/// What the headers of CSV files say: every column is a text that may be null.
struct HeaderCatalog: SourceCatalog {
  let name = "csv"
  let entities: [String]
  let headers: [Name: [String]]

  /// A file whose header could not be read was reported: anything may be in it.
  func shape(of entity: String) -> ObjectShape? {
    guard entities.contains(exactly: entity) else { return nil }
    return headers[entity].map { ObjectShape($0.map { FieldShape($0, .string, privacy: DefaultPrivacy.policy(of: $0)) }) }
      ?? ObjectShape([], others: .any)
  }

  func columns(of entity: String) -> [String]? { headers[entity] }
  func keyField(of entity: String) -> String? { headers[entity]?.contains("id") == true ? "id" : nil }
  func customFields(of entity: String) -> [CustomFieldDefinition]? { nil }
  func origin(of field: String, in entity: String) -> FieldOrigin { .list }
}

/// Reads the names of a CSV file's columns.
enum CSVFileHeader {
  /// - Throws: `OperationFailure`, `OperationFailure`.
  static func read(_ path: String) throws -> [String] {
    var input = try RecordInput.bytes(of: path)
    var reader = CSVReader(options: .init())
    let buffer = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: 64 * 1024)
    defer { buffer.deallocate() }
    while reader.header == nil, reader.headerFailure == nil, let base = buffer.baseAddress {
      let count = try input.read(into: base, count: buffer.count)
      if count == 0 {
        reader.finish()
        break
      }
      reader.feed(Text(start: UnsafePointer(base), count: count).span)
    }
    if let failure = reader.failure {
      throw OperationFailure.csv(path, line: failure.line, failure.description)
    }
    if let failure = reader.headerFailure {
      throw OperationFailure.csv(path, line: failure.line, failure.description)
    }
    return reader.header?.names ?? []
  }
}
