package import Core
import Files
import FoundationEssentials

/// The page as JSON: what `waybill report --json` prints. Nil members are left out: they were not recorded.
extension ReportPage {
  /// The sections, in the order of the page.
  private static let order = [
    "format", "title", "runs", "verdict", "scope", "gates", "identity", "source_counts", "target_counts", "control_totals",
    "key_differences", "exceptions", "reject_reach", "completeness", "value_changes", "crosstabs", "duplicates", "quality",
    "relations", "unmapped", "last_run", "sample", "resources", "reproduction", "signatures", "trends", "calendar", "digest",
  ]

  /// With the sections in the order of the page, and the members of a section by name.
  package var json: JSONValue {
    let members = canonical.objectValue ?? []
    let ordered = Self.order.compactMap { name in members.first { $0.name.isExactly(name) } }
    return .object(ordered + members.filter { !Self.order.contains(exactly: $0.name) })
  }

  /// With all members by name.
  private var canonical: JSONValue {
    let encoder = JSONEncoder()
    encoder.keyEncodingStrategy = .convertToSnakeCase
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // The model has only texts, numbers, truth values and lists of them: encoding it cannot fail.
    guard let data = try? encoder.encode(self), let value = try? JSONReader.read(Array(data)) else { return .null }
    return value
  }

  /// The page with its digest: SHA-256 of its compact JSON, with all members by name and without the digest.
  package var sealed: ReportPage {
    var page = self
    page.digest = FileDigest.sha256(of: Array(content.text.utf8))
    return page
  }

  private var content: JSONValue { .object((canonical.objectValue ?? []).filter { !$0.name.isExactly("digest") }) }
}
