import Core

/// Which field of a sample identifies its records, and why that is a guess.
///
/// A name counts for more than a value that happens to be different each time: in a sample of 200 rows, prices can all differ, and one
/// article number can occur twice. The candidates, best first:
///
/// 1. A field with a name like the target's key.
/// 2. A field whose name says that it is an identifier, with a different value in each record.
/// 3. The same with a few gaps or repeated values; `review` says how many.
/// 4. A field with another name, if its values are different and look like identifiers: no numbers, dates or free text.
/// 5. An e-mail address with a few gaps or repeated values.
/// 6. An ID with many gaps or repeated values.
///
/// If there is none of these, nothing is chosen.
struct KeyChoice {
  /// Nil: no field identifies a record.
  var field: FieldProfile?
  /// Nil for a field that is called an ID and has a different value in each record.
  var review: String?

  /// - Parameters:
  ///   - entity: What a record is called, also in the plural.
  ///   - targetKey: The target's key, if the source's key is to fill it.
  init(_ fields: [FieldProfile], entity: String, records: Int, targetKey: String?) {
    let names = KeyNames(entity: entity, targetKey: targetKey)
    let plain = fields.filter { !$0.isMostly(.list) && !$0.isMostly(.object) }
    let named = plain.enumerated().compactMap { index, field in
      names.rank(of: field).map { (field: field, order: [$0, field.path.count, index]) }
    }.sorted { $0.order.lexicographicallyPrecedes($1.order) }
    let sound = named.filter { $0.field.looksLikeCode }
    func first(where isGood: (FieldProfile) -> Bool) -> FieldProfile? { sound.first { isGood($0.field) }?.field }

    let ofTarget = sound.first { $0.order[0] == KeyNames.ofTarget && $0.field.isNearlyKey(of: records) }?.field
    field =
      ofTarget ?? first { $0.isKey(of: records) } ?? first { $0.isNearlyKey(of: records) }
      ?? plain.first { $0.isKey(of: records) && $0.looksLikeIdentifier && !KeyNames.excludes($0) }
      ?? plain.first { NameMatch.meaning($0.path) == "email" && $0.isNearlyKey(of: records) }
      ?? named.first { $0.order[0] < KeyNames.ofOthers && $0.field.distinctValues > 1 }?.field
    review = field.flatMap { Self.review($0, names, records: records) }
  }

  private static func review(_ field: FieldProfile, _ names: KeyNames, records: Int) -> String? {
    var reasons: [String] = []
    if field.filled < records {
      let missing = records - field.filled
      reasons.append("\(missing) of \(records) records \(missing == 1 ? "has" : "have") no value there, and would be rejected")
    }
    if field.repeats > 0 {
      let verb = field.repeats == 1 ? "repeats" : "repeat"
      let example = field.firstRepeated.flatMap { isPrivate(field) ? nil : $0 }
      let which = example.map { field.repeats == 1 ? ": '\($0)'" : ", the first of them '\($0)'" } ?? ""
      reasons.append("\(field.repeats) of \(records) records \(verb) the value of an earlier one\(which)")
    }
    if reasons.isEmpty, !names.isCalledID(field) { reasons.append("its value is different in each record of the sample") }
    return reasons.isEmpty ? nil : reasons.joined(separator: "; ")
  }

  /// Whether its values must not be shown, because they are about people.
  private static func isPrivate(_ field: FieldProfile) -> Bool {
    field.share(of: .email) > 0.5 || field.share(of: .international) > 0.5
      || ["email", "phone", "birthdate", "firstname", "lastname", "name"].contains(NameMatch.meaning(field.path))
  }
}

/// Names that mark a field as an identifier.
private struct KeyNames {
  /// Ranks: the smaller, the better.
  static let ofTarget = 0
  /// An ID that may be another record's, and codes.
  static let ofOthers = 5

  private let targetKey: NameWords?
  /// The entity, and its singular, as single words.
  private let own: [String]

  init(entity: String, targetKey: String?) {
    self.targetKey = targetKey.map { NameWords($0.split(exactly: ".")) }
    let name = NameMatch.joined([entity])
    var own = [name]
    if name.hasSuffix("ies") { own.append(name.dropLast(3) + "y") }
    if name.hasSuffix("s") { own.append(String(name.dropLast())) }
    self.own = own
  }

  private static let ids: Set<String> = ["id", "uid", "uuid", "guid"]
  private static let codes: Set<String> = [
    "key", "code", "number", "no", "nr", "num", "sku", "ean", "gtin", "upc", "isbn", "asin", "ref", "reference", "identifier",
    "slug", "handle", "username", "nummer",
  ]
  /// Ends of names whose words are run together: `partnumber`.
  private static let codeEnds = ["number", "nummer", "code", "nr", "uuid", "guid", "sku"]
  /// Numbers and codes of something other than the record.
  private static let foreign: Set<String> = [
    "phone", "mobile", "cell", "telephone", "tel", "fax", "house", "street", "building", "room", "floor", "postal", "post", "zip",
    "area", "country", "currency", "language", "region", "state", "city", "color", "colour", "promo", "coupon", "discount",
    "status", "type", "error", "version", "telefon", "mobil", "haus",
  ]
  /// Measures, times and texts.
  private static let others: Set<String> = [
    "price", "cost", "amount", "sum", "total", "value", "net", "gross", "quantity", "qty", "stock", "count", "weight", "size",
    "height", "width", "length", "depth", "age", "year", "month", "day", "date", "time", "at", "since", "until", "rate",
    "percent",
    "percentage", "discount", "tax", "vat", "score", "rank", "rating", "balance", "salary", "revenue", "budget", "latitude",
    "longitude", "lat", "lng", "lon", "description", "text", "note", "notes", "comment", "comments", "title", "subject",
    "message",
    "remark", "remarks", "name", "label", "color", "colour", "category", "status", "type", "address", "phone", "fax",
  ]

  /// Nil for a field that is not called an identifier.
  func rank(of field: FieldProfile) -> Int? {
    let name = NameWords(field.path)
    if let targetKey, let match = NameMatch.match(target: targetKey, source: name, entity: ""), match.tier <= 2 {
      return Self.ofTarget
    }
    if name.joined == "id" { return 1 }
    if own.contains(where: { name.joined == $0 + "id" }) { return 2 }
    if NameMatch.meaning(name) == "id", name.path.count == 1 { return 3 }
    let last = name.leaf.last ?? ""
    if Self.codes.contains(last), own.contains(where: { name.joined == $0 + last }) { return 4 }
    if Self.ids.contains(last) || NameMatch.meaning(name) == "id" { return Self.ofOthers }
    return Self.isCode(name) ? Self.ofOthers + 1 : nil
  }

  private static func isCode(_ name: NameWords) -> Bool {
    guard let last = name.leaf.last, NameMatch.meaning(name) == nil, foreign.isDisjoint(with: name.leaf) else { return false }
    if codes.contains(last) { return true }
    return codeEnds.contains { last.hasSuffix($0) && !foreign.contains(String(last.dropLast($0.count))) }
  }

  /// Whether the field's name alone justifies using it as the key.
  func isCalledID(_ field: FieldProfile) -> Bool {
    let name = NameMatch.joined(field.path)
    return name == "id" || name == own[0] + "id"
  }

  /// Whether its name says that it is something else.
  static func excludes(_ field: FieldProfile) -> Bool {
    if let meaning = NameMatch.meaning(field.path) { return !["id", "email", "website"].contains(meaning) }
    return !others.union(foreign).isDisjoint(with: NameWords(field.path).leaf)
  }
}

extension FieldProfile {
  var distinctValues: Int { filled - repeats }

  /// Whether each record has a value of its own, as far as the values were remembered.
  fileprivate func isKey(of records: Int) -> Bool { filled == records && isUnique }

  /// Whether only a few records have no value, or that of an earlier one.
  fileprivate func isNearlyKey(of records: Int) -> Bool {
    let few = max(1, records / 10)
    return records - filled <= few && repeats <= few && distinctValues > 1
  }

  /// Whether the values can be numbers or codes: neither decimals nor yes and no.
  fileprivate var looksLikeCode: Bool {
    let decimals = share(of: ValueMark.decimal) - share(of: ValueMark.whole)
    return decimals < 0.5 && share(of: .comma) < 0.5 && share(of: Kind.number) < 0.5 && share(of: .boolean) < 0.5
  }

  /// Whether the values are short texts without spaces: neither numbers nor dates.
  fileprivate var looksLikeIdentifier: Bool {
    isMostly(.string) && share(of: .decimal) < 0.5 && share(of: .comma) < 0.5 && dateShare < 0.5 && share(of: .spaced) < 0.2
      && longest <= 64 && share(of: .yesNo) < 0.5
  }
}
