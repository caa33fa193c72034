import Core
import Report

/// Fields whose values are not what their names, the mapping or the last run lead to expect: columns may be shifted.
extension PageFindings {
  private static let advice =
    "Open the source and compare the column with its heading: columns may be shifted, swapped or renamed."

  var shiftedColumns: [Finding] { refusedValues + misnamedFields + changedFields }

  /// Codes of values that are not what a field should have.
  private static let valueCodes: Set<String> = [
    ProblemCode.wrongType, .phoneInvalid, .emailInvalid, .dateInvalid, .numberInvalid, .countryUnknown, .languageUnknown,
    .urlInvalid, .postalCodeInvalid, .lookupMiss, .schemaType, .schemaEnum, .schemaFormat, .schemaPattern,
  ].reduce(into: []) { $0.insert($1.slug) }

  /// A large share of a field's values is not valid.
  private var refusedValues: [Finding] {
    run.ledger.groups.compactMap { group in
      guard Self.valueCodes.contains(group.code), let field = group.field, group.count >= Self.fewest,
        let read = run.summary?.read(group.mapping), let share = PageText.share(group.count, of: read), share >= 10
      else { return nil }
      let last = run.previous?.figures.mappings?.first { $0.name == Name(group.mapping) }
      let before = last.flatMap { PageText.share($0.codes[Name(group.code)] ?? 0, of: $0.read) }
      let wasSame = before.map { share - $0 < 5 } ?? false
      return finding(
        share >= 20 && !wasSame ? .serious : .notable, "shifted-column", mapping: group.mapping, field: field,
        "\(place(group.mapping, field)): \(PageText.count(group.count)) of \(PageText.count(read)) values "
          + "(\(PageText.percent(share))%) are not valid: \(group.code).",
        advice: Self.advice, section: "exceptions")
    }
  }

  /// The name suggests an email address or a phone number, and the values look different.
  private var misnamedFields: [Finding] {
    fields(\.source).compactMap { mapping, field in
      guard let kind = Self.promise(of: field.name), let shapes = field.shapes, shapes.of >= Self.fewest else { return nil }
      let known = shapes.counts.reduce(0) { $0 + $1.count }
      let fitting = shapes.counts.filter { kind.fits($0.name) }.reduce(0) { $0 + $1.count }
      // Rare shapes are not listed: only what is known can be judged.
      guard known * 2 >= shapes.of, let share = PageText.share(fitting, of: known), share < 50 else { return nil }
      return finding(
        .serious, "shifted-column", mapping: mapping, field: field.name,
        "The source field \(field.name) of \(mapping) should have \(kind.rawValue), but only \(PageText.percent(share))% of its "
          + "values look like one.",
        advice: Self.advice, section: "quality")
    }
  }

  private enum Promise: String {
    case email = "email addresses"
    case phone = "phone numbers"

    /// In shapes, a digit is `9`, and `9…` stands for five or more of them.
    func fits(_ shape: String) -> Bool {
      switch self {
      case .email: shape.contains("@")
      case .phone: (shape.contains("9…") || shape.utf8.count { $0 == UInt8(ascii: "9") } >= 2) && !shape.contains("@")
      }
    }
  }

  private static func promise(of name: String) -> Promise? {
    let last = name.split(separator: ".").last.map { $0.lowercased().filter { $0.isLetter } } ?? ""
    if ["status", "type", "label", "id", "count", "valid", "verified", "optin", "code"].contains(where: last.hasSuffix) {
      return nil
    }
    if last.contains("email") { return .email }
    return ["phone", "mobile", "telephone", "phonenumber", "mobilephone", "cellphone"].contains(last) ? .phone : nil
  }

  /// The kinds or the shapes of the values differ from those of the last run.
  private var changedFields: [Finding] {
    guard isWhole, let previous = run.previous else { return [] }
    return fields(\.source).compactMap { mapping, field in
      guard let before = previous.profiles[Name(mapping)]?.source?.field(field.name), field.values >= Self.fewest,
        before.values >= Self.fewest
      else { return nil }
      let distance = max(
        Self.distance(field.types, field.values, before.types, before.values),
        Self.distance(field.readsAs, field.values, before.readsAs, before.values), shapeDistance(field, before))
      guard distance >= 0.3 else { return nil }
      let share = PageText.percent((distance * 100).rounded())
      return finding(
        distance >= 0.5 ? .serious : .notable, "shifted-column", mapping: mapping, field: field.name,
        "The values of the source field \(field.name) of \(mapping) look different from those of the last run: \(share)% of them "
          + "have another type or shape.",
        advice: Self.advice, section: "completeness")
    }
  }

  private func fields(_ side: (ProfileView) -> ProfileView.Side?) -> [(mapping: String, field: ProfileView.Field)] {
    (run.summary?.mappings ?? []).flatMap { mapping in
      (run.profiles[Name(mapping.name)].flatMap(side)?.fields ?? []).filter { !$0.isObject }.map { (mapping.name, $0) }
    }
  }

  /// Only if most values of both have a shape that is listed.
  private func shapeDistance(_ field: ProfileView.Field, _ before: ProfileView.Field) -> Double {
    guard let now = field.shapes, let last = before.shapes else { return 0 }
    let (known, earlier) = (now.counts.reduce(0) { $0 + $1.count }, last.counts.reduce(0) { $0 + $1.count })
    guard known * 10 >= now.of * 8, earlier * 10 >= last.of * 8 else { return 0 }
    return Self.distance(now.counts, known, last.counts, earlier)
  }

  /// The share of values that would have to change to make the two distributions the same: 0 to 1.
  static func distance(_ now: [PageCount], _ total: Int, _ before: [PageCount], _ earlier: Int) -> Double {
    guard total > 0, earlier > 0 else { return 0 }
    var differences: [Name: Double] = [:]
    for count in now { differences[Name(count.name), default: 0] += Double(count.count) / Double(total) }
    for count in before { differences[Name(count.name), default: 0] -= Double(count.count) / Double(earlier) }
    // In a fixed order, so that the sum is always the same.
    let parts = differences.sorted { $0.key < $1.key }.map(\.value)
    // What is in no class counts as one more class.
    let rest = parts.reduce(0, +)
    return (parts.reduce(0) { $0 + abs($1) } + abs(rest)) / 2
  }
}
