import Core

/// A stored profile (`profiles/MAPPING.json`), as far as the page shows it.
struct ProfileView {
  struct Side {
    var records: Int
    /// In record order, parents before their members.
    var fields: [Field]
    private let places: [Name: Int]

    init(_ json: JSONValue) {
      records = json["records"]?.intValue ?? 0
      fields = (json["fields"]?.arrayValue ?? []).compactMap(Field.init)
      places = Dictionary(fields.enumerated().map { (Name($1.name), $0) }) { first, _ in first }
    }

    func field(_ name: String) -> Field? { places[Name(name)].map { fields[$0] } }
  }

  struct Field {
    let json: JSONValue
    let name: String

    init?(_ json: JSONValue) {
      guard let name = json["name"]?.stringValue else { return nil }
      (self.json, self.name) = (json, name)
    }

    private func count(_ member: String) -> Int { json[member]?.intValue ?? 0 }
    var isMasked: Bool { json["masked"]?.boolValue ?? true }
    var missing: Int { count("missing") }
    var filled: Int { count("filled") }
    var null: Int { count("null") }
    var blank: Int { count("blank") }
    var values: Int { count("values") }
    var distinct: Int? { json["distinct"]?["estimate"]?.intValue }
    var types: [PageCount] { Self.counts(json["types"]) }
    /// Texts that read as dates, and as numbers.
    var readsAs: [PageCount] { Self.counts(json["reads_as"]) }
    var dates: JSONValue? { json["dates"].flatMap { ($0["count"]?.intValue ?? 0) > 0 ? $0 : nil } }
    /// The most frequent shapes, and how many values were examined; nil: there are none.
    var shapes: (counts: [PageCount], of: Int, isExact: Bool)? {
      guard let shapes = json["shapes"], let values = shapes["values"]?.arrayValue else { return nil }
      let counts = values.compactMap { value in
        value["shape"]?.stringValue.map { PageCount($0, value["count"]?.intValue ?? 0) }
      }
      return (counts, shapes["of"]?.intValue ?? 0, shapes["exact"]?.boolValue ?? false)
    }

    /// Only other fields are in it.
    var isObject: Bool {
      let types = types.filter { $0.count > 0 }
      return !types.isEmpty && types.allSatisfy { $0.name == "object" }
    }

    private static func counts(_ json: JSONValue?) -> [PageCount] {
      (json?.objectValue ?? []).compactMap { member in member.value.intValue.map { PageCount(member.name, $0) } }
    }
  }

  let source: Side?
  let target: Side?
  /// The user chose to show values that are otherwise masked.
  let isUnmasked: Bool

  init(_ json: JSONValue) {
    func side(_ name: String) -> Side? {
      guard let side = json[name], side.objectValue != nil else { return nil }
      return Side(side)
    }
    (source, target) = (side("source"), side("target"))
    isUnmasked = json["unmasked"]?.boolValue ?? false
  }
}
