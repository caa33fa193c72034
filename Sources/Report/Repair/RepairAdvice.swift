package import Core

/// The sentence that tells people what to do about a problem. It is plain English for someone who sees a table and not the code,
/// and it never has a value of a record.
package enum RepairAdvice {
  /// - Parameters:
  ///   - code: a slug, or the ID of a rule.
  ///   - field: the target field; nil: the record as a whole.
  package static func sentence(for code: String, field: String? = nil) -> String {
    sentence(for: ProblemCode.named(code) ?? .rule, field: field)
  }

  /// - Parameter code: of a problem that `repair` repairs; empty: the record is pending, and there is no problem.
  static func sentence(for repair: RepairAction, code: String, field: String) -> String {
    code.isEmpty ? repair.summary : sentence(for: code, field: field)
  }

  package static func sentence(for code: ProblemCode, field: String? = nil) -> String {
    let name = field.flatMap { $0.isEmpty ? nil : "'\($0)'" }
    return special(code, name ?? "the value") ?? general(RepairAction(code), name)
  }

  /// Of codes that need more than their group.
  private static func special(_ code: ProblemCode, _ name: String) -> String? {
    switch code {
    case .phoneInvalid: "Correct the phone number in \(name), with its country code: +1 415 555 2671."
    case .phoneExtensionDropped: "Nothing if the extension in \(name) is not needed; otherwise ask for it to be kept."
    case .emailInvalid: "Correct the email address in \(name), or clear it if it is not known."
    case .dateInvalid, .dateGap, .dateOverlap: "Correct the date in \(name); year, month, day is always understood: 2026-07-25."
    case .numberInvalid: "Write \(name) as a plain number, without units or words."
    case .countryUnknown: "Write the country in \(name) by its English name or its two-letter code."
    case .languageUnknown: "Write the language in \(name) by its English name or its code."
    case .urlInvalid: "Correct the web address in \(name)."
    case .postalCodeInvalid: "Correct the postal code in \(name), or the country that it belongs to."
    case .controlCharacter: "Remove the invisible characters from the text."
    case .rule: "Correct the record so that it follows the rule in the message."
    case .schemaMaxLength: "Shorten \(name)."
    case .schemaMinLength: "Fill in \(name); it is empty or too short."
    case .schemaMaxItems: "Remove entries from \(name): it has too many."
    case .schemaUniqueItems: "Remove the entry that \(name) has twice."
    case .missingKey: "Fill in the ID of the record; nothing can be loaded without one."
    case .lookupMiss: "Tell the integration engineer what the value in \(name) means, so that it can be added to the lookup."
    case .schemaEnum: "Use a lookup to turn \(name) into a value that the target allows."
    case .recordTooLarge: "Shorten the record, or look for a missing line break or an open quote in the file."
    case .invalidUTF8: "Save the file as UTF-8."
    case .invalidCSV, .csvResynchronized, .csvBareQuote: "Quote the whole cell, and double the quotes inside it."
    case .raggedRow: "Quote cells with commas or line breaks: the row has more or fewer cells than the header."
    case .neverPresent: "Check the export: no record has this field."
    case .repeatedHeader: "Nothing: the row is a copy of the header. Remove it when you join files."
    case .requestTooLarge: "Shorten \(name) in the mapping: the destination accepts no request of this size."
    case .parentNotLoaded: "Fix the parent record; its own line says what is wrong. This record is sent after it."
    case .orphan: "Fix the record that this one refers to, or correct the reference."
    case .goneAtDestination: "Find out who removed the record at the destination; the next run creates it again."
    case .planDiffers: "Do a new dry run: the destination has changed since the last one."
    case .resultUnknown: "Run again: the destination is asked first whether it has the record."
    case .notSent: "Run again once the destination works; the record is sent first."
    default: nil
    }
  }

  private static func general(_ action: RepairAction, _ name: String?) -> String {
    switch (action, name) {
    case (.fillIn, let name?): "Fill in \(name) in the source record."
    case (.fixValue, let name?): "Correct the value of \(name) in the source record."
    case (.changeMapping, let name?): "Change the mapping of \(name) so that it accepts or converts the value."
    case (.removeDuplicate, let name?):
      "Decide which of the records with the same value in \(name) is right, and merge or delete the others."
    default: action.summary
    }
  }
}
