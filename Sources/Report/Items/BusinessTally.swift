import Control
import Core
import Files
import Records
import Transform

/// Counts the records of each business while the outcomes are written: how many were read, how many a destination has after the run,
/// and how many the mapping left out on purpose (filtered, merged). It becomes `businesses.json`.
///
///     {"version":1,"parts":[{"mapping":"contacts","destination":"app","field":"businessId","none":3,"more":0,
///      "businesses":[{"business":"b1","read":912,"arrived":903,"left_out":0}]}]}
package final class BusinessTally {
  package static let version = 1

  /// Members and columns that name the business of a record, the best one first.
  static let fields = [
    "businessId", "business_id", "Business ID", "Business Id", "business", "Business", "businessName", "Business Name",
    "companyName", "Company Name", "company", "Company",
  ]
  /// A field with more different values is not one of businesses; the others are counted together.
  static let mostBusinesses = 10_000

  private struct Count {
    var read = 0
    var arrived = 0
    var leftOut = 0

    mutating func add(_ outcome: Outcome) {
      read += 1
      if Outcome.loaded.contains(outcome) { arrived += 1 }
      if [.filtered, .merged, .removed].contains(outcome) { leftOut += 1 }
    }
  }

  private struct Part {
    var part: RunPart
    var field: String
    var slot: Int
    var businesses: [Name: Count] = [:]
    /// Records without a business.
    var none = Count()
    /// Records of further businesses.
    var more = Count()
  }

  private var parts: [Part] = []
  private var isCounting = false

  package init() {}

  /// The next items are those of this part.
  ///
  /// - Parameters:
  ///   - names: of the source's columns; nil: they are not known.
  ///   - program: of the mapping. A field whose values it hides is not counted.
  func begin(_ part: RunPart, _ names: [String]?, of program: Program?) {
    isCounting = false
    guard let names, let program else { return }
    for field in Self.fields {
      guard let slot = names.firstIndex(where: { $0.isExactly(field) }), Self.isShown(field, program) else { continue }
      parts.append(Part(part: part, field: field, slot: slot))
      isCounting = true
      return
    }
  }

  private static func isShown(_ field: String, _ program: Program) -> Bool {
    let model = program.model
    let readers = model.fields.filter { target in
      target.value.sources(in: model).contains { MappedFields.name(of: $0, each: model.each).isExactly(field) }
    }
    return readers.isEmpty ? DefaultPrivacy.policy(of: field) == .show : readers.allSatisfy { $0.privacy == .show }
  }

  func add(_ rows: SourceRows?, _ outcome: Outcome) {
    guard isCounting, let rows else { return }
    let last = parts.count - 1
    let cell = rows.cells[parts[last].slot]
    guard cell.kind == .string, cell.text.count > 0 else { return parts[last].none.add(outcome) }
    let name = Name(cell.text.string)
    if parts[last].businesses[name] == nil, parts[last].businesses.count >= Self.mostBusinesses {
      parts[last].more.add(outcome)
    } else {
      parts[last].businesses[name, default: Count()].add(outcome)
    }
  }

  /// Writes what was counted; nothing if no part has businesses.
  ///
  /// - Throws: `OperationFailure`.
  package func write(to path: String) throws {
    guard !parts.isEmpty else { return }
    let file = try OutputFile(path: path, mode: 0o600)
    try file.write(Redactor.process.redacted(json).prettyText)
    try file.commit()
  }

  private var json: JSONValue {
    func members(_ count: Count) -> [JSONValue.Member] {
      [
        .init("read", .number(count.read)), .init("arrived", .number(count.arrived)), .init("left_out", .number(count.leftOut)),
      ]
    }
    let parts = parts.map { part in
      JSONValue.object([
        .init("mapping", .string(part.part.mapping.text)), .init("destination", .string(part.part.destination.text)),
        .init("field", .string(part.field)), .init("none", .object(members(part.none))),
        .init("more", .object(members(part.more))),
        .init(
          "businesses",
          .array(
            part.businesses.sorted { $0.key < $1.key }.map { name, count in
              .object([.init("business", .string(name.text))] + members(count))
            })),
      ])
    }
    return .object([.init("version", .number(Self.version)), .init("parts", .array(parts))])
  }
}
