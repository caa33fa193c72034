/// A custom field that the location defines.
package struct SyntheticField: Sendable, Hashable {
  package var id: String
  package var name: String
  /// `contact.job_title`: a mapping reads it as `custom.job_title`.
  package var key: String
  /// GHL's own words, `MONETORY` included.
  package var dataType: String
  package var model: String
  package var options: [String]
  package var position: Int
}

extension SyntheticData {
  private static let definitions: [(name: String, key: String, type: String, model: String, options: [String])] = [
    ("Job title", "job_title", "TEXT", "contact", []),
    ("External ID", "external_id", "TEXT", "contact", []),
    ("Background", "background", "LARGE_TEXT", "contact", []),
    ("Secondary phone", "secondary_phone", "PHONE", "contact", []),
    ("Billing e-mail", "billing_email", "EMAIL", "contact", []),
    ("Plan", "plan", "SINGLE_OPTIONS", "contact", ["Free", "Pro", "Enterprise, annual"]),
    ("Preferred contact", "preferred_contact", "RADIO", "contact", ["Phone", "E-mail", "Post"]),
    ("Employees", "employees", "NUMERICAL", "contact", []),
    ("Lifetime value", "lifetime_value", "MONETORY", "contact", []),
    ("Renewal date", "renewal_date", "DATE", "contact", []),
    ("Interests", "interests", "MULTIPLE_OPTIONS", "contact", ["Training", "Consulting", "R&D", "Événements"]),
    ("Consents", "consents", "CHECKBOX", "contact", ["Newsletter", "Calls", "Post"]),
    ("Contract", "contract", "FILE_UPLOAD", "contact", []),
    ("Aliases", "aliases", "TEXTBOX_LIST", "contact", []),
    ("Deal stage", "deal_stage", "TEXT", "opportunity", []),
  ]

  /// All the custom fields of the location, of every data type; the last belongs to opportunities.
  package var customFieldDefinitions: [SyntheticField] {
    Self.definitions.enumerated().map { number, field in
      SyntheticField(
        id: identifiers.text(.field, UInt64(number)), name: field.name, key: field.model + "." + field.key, dataType: field.type,
        model: field.model, options: field.options, position: number * 50)
    }
  }

  private static let titles = ["CEO", "Head of R&D", "Geschäftsführerin", "Ingénieur", "Owner", "店長", "=1+1"]
  private static let backgrounds = [
    "Met at the spring fair.\nAsked for a quote, \"as soon as possible\".", "Long-standing customer; prefers mornings.",
    "Referred by a friend, see notes.", "Клієнт з 2019 року.",
  ]

  func customFields(of index: Int) -> [SyntheticContact.CustomField] {
    var draw = draw(.custom, index)
    var fields: [SyntheticContact.CustomField] = []
    for (number, definition) in Self.definitions.enumerated() where definition.model == "contact" {
      let share = definition.key == "external_id" ? 900 : definition.type == "FILE_UPLOAD" ? 40 : 260
      guard draw.chance(share) else { continue }
      let id = identifiers.text(.field, UInt64(number))
      fields.append(.init(id: id, value: customValue(definition.key, definition.type, definition.options, id, index, &draw)))
    }
    if draw.chance(Defects.orphanCustomField) {
      fields.append(.init(id: identifiers.text(.field, 1_000), value: .text("left over")))
    }
    return fields
  }

  private func customValue(
    _ key: String, _ type: String, _ options: [String], _ id: String, _ index: Int, _ draw: inout Draw
  ) -> SyntheticValue {
    switch type {
    case "LARGE_TEXT": return .text(draw.pick(Self.backgrounds))
    case "PHONE": return .text("+1415" + String(draw.between(2...9)) + draw.digits(6))
    case "EMAIL": return .text("billing" + String(index) + "@example.com")
    case "SINGLE_OPTIONS", "RADIO": return .text(draw.pick(options))
    case "NUMERICAL":
      if draw.chance(Defects.unreadableNumber) { return .text("about ten") }
      let number = String(draw.below(5000))
      return draw.chance(800) ? .number(number) : .text(number)
    case "MONETORY":
      let whole = String(draw.below(100_000))
      return draw.chance(500) ? .number(whole + ".5") : draw.chance(900) ? .number(whole) : .text("$" + whole + ".00")
    case "DATE":
      let day = Instant.milliseconds(year: 2024, month: 1, day: 1) + draw.below(1500) * Instant.day
      return draw.chance(500) ? .text(Instant.date(day)) : draw.chance(500) ? .number(String(day)) : .text(Instant.iso(day))
    case "MULTIPLE_OPTIONS", "CHECKBOX":
      return .list(options.filter { _ in draw.chance(500) })
    case "TEXTBOX_LIST": return .list(["alias-" + draw.digits(3), "alias " + draw.digits(2)])
    case "FILE_UPLOAD":
      let uuid = [8, 4, 4, 4, 12].map { draw.hexadecimal($0) }.joined(separator: "-")
      return .file(
        SyntheticFile(
          uuid: uuid, fieldID: id, name: "Vertrag " + draw.digits(4) + ".pdf", mediaType: "application/pdf",
          size: 1000 + draw.below(2_000_000), documentID: identifiers.text(.document, UInt64(index))))
    default:
      return .text(key == "external_id" ? "EXT-" + Instant.padded(index, 7) : draw.pick(Self.titles))
    }
  }

  // MARK: Tags

  package static let tagNames = [
    "vip", "newsletter", "webinar 2025", "cold lead", "do not call", "kunde", "fête", "a/b test", "tag, with comma", "ünïcode",
    "2024",
    "partner",
  ]

  func tagID(at number: Int) -> String { identifiers.text(.tag, UInt64(number)) }

  func tags(of draw: inout Draw) -> [String] {
    var tags: [String] = []
    for _ in 0..<draw.below(4) {
      let tag = draw.pick(Self.tagNames)
      if !tags.contains(tag) { tags.append(tag) }
    }
    return tags
  }
}
