import Core
import Schema

/// What is done to a source field's values so that they can go into a target field.
///
/// Never proposes anything that changes a value beyond its form: no default, no truncation, no assumed region or time zone.
/// If the values do not fit, or can be read in two ways, the chain is impossible, and its remarks explain why.
struct ProposedChain {
  var steps: [String] = []
  /// What a reader of the line should know.
  var remarks: [String] = []
  /// What had to be assumed.
  var assumptions: [String] = []
  /// The values cannot become what the target accepts, or only a person can say how.
  var isImpossible = false
  var lookup: ProposedLookup?
  /// The value is read as a list with one element, because only lists can be joined into text.
  private(set) var isAsList = false

  /// - Parameter named: what the target's name means.
  init(_ source: FieldProfile, into node: TargetNode, named meaning: String?, lookupName: String) {
    let types = node.types.subtracting(.null)
    let isText = types.contains(.string)
    if let members = node.enumeration {
      enumeration(source, members.filter { $0 != .null }, lookupName)
    } else if source.isMostly(.list) {
      list(source, types)
    } else if isText, node.format == "date" || node.format == "date-time" {
      date(source, isDate: node.format == "date")
    } else if isText, node.format == "email" || node.format == "idn-email" {
      email(source)
    } else if isText, meaning == "phone" {
      phone(source, node)
    } else if isText, meaning == "country", node.maxLength == 2 || node.pattern?.contains("A-Z") == true {
      country(source)
    } else if types.contains(.array), !isText {
      array(source)
    } else if isText {
      text(source, node)
    } else if types.contains(.integer) || types.contains(.number) {
      number(source, isWhole: !types.contains(.number))
    } else if types.contains(.boolean) {
      boolean(source)
    } else if types == .object, source.share(of: .object) < 1 {
      isImpossible = true
    }
    // Counts of values that nobody examined would be invented.
    if source.isDeclared, isImpossible, node.enumeration == nil { remarks = [Self.unknown(node, meaning)] }
  }

  /// Why a field without examined values is not mapped.
  private static func unknown(_ node: TargetNode, _ meaning: String?) -> String {
    let types = node.types.subtracting(.null)
    if meaning == "phone" {
      return "numbers may lack a country code: set settings: {region_from: country}, then add do: [phone] and on_error: nullify"
    }
    if node.format == "date" || node.format == "date-time" {
      return "the format of its dates is not known: add do: [{\(node.format == "date" ? "date" : "datetime"): {formats: [...]}}]"
    }
    if meaning == "country" { return "add do: [country]" }
    if types.isSubset(of: [.integer, .number]) {
      return "it is text: if all of its values are numbers, add do: [\(types.contains(.number) ? "decimal" : "int")]"
    }
    return "its type does not fit"
  }

  private mutating func refuse(_ remark: String) {
    isImpossible = true
    remarks.append(remark)
  }

  private mutating func email(_ source: FieldProfile) {
    let count = source.count(of: .email)
    guard count * 2 >= source.filled else {
      return refuse("e-mail addresses: \(ShareText.count(count, of: source.filled))")
    }
    steps = ["trim", "email"]
    if count < source.filled {
      assumptions.append(
        "not e-mail addresses: \(ShareText.count(source.filled - count, of: source.filled)); such records are rejected")
    }
  }

  private mutating func phone(_ source: FieldProfile, _ node: TargetNode) {
    if source.count(of: .international) == source.filled {
      steps = ["phone"]
    } else if node.pattern == nil, source.share(of: .string) == 1 {
      text(source, node)
      remarks.append("kept as written: to normalize it, set settings.region and add do: [phone]")
    } else {
      let missing = source.filled - source.count(of: .international)
      refuse(
        "no country code: \(ShareText.count(missing, of: source.filled)); set settings.region or settings.region_from, then add do: [phone]"
      )
    }
  }

  private mutating func country(_ source: FieldProfile) {
    let count = source.count(of: .country)
    guard count * 2 >= source.filled else { return refuse("countries: \(ShareText.count(count, of: source.filled))") }
    steps = ["country"]
    if count < source.filled {
      assumptions.append("not countries: \(ShareText.count(source.filled - count, of: source.filled)); such records are rejected")
    }
  }

  private mutating func date(_ source: FieldProfile, isDate: Bool) {
    let guess = DateGuess(source, isDate: isDate)
    guard let chosen = guess.chosen else {
      let what =
        guess.isAmbiguous
        ? "its dates can be read in several ways"
        : guess.candidates.isEmpty ? "its values are not dates" : "no one format reads all of its dates"
      return refuse(guess.candidates.isEmpty ? what : "\(what): \(guess.shares) of them")
    }
    if !isDate, chosen.local > 0 {
      return refuse(
        "no offset from UTC: \(ShareText.count(chosen.local, of: source.filled)); set settings.timezone, then add do: [\(Self.step("datetime", chosen.format))]"
      )
    }
    steps = [Self.step(isDate ? "date" : "datetime", chosen.format)]
    if chosen.format.hasPrefix("epoch") {
      assumptions.append("its numbers are read as \(chosen.format == "epoch_s" ? "seconds" : "milliseconds") since 1970")
    } else if chosen.format.contains("yy"), !chosen.format.contains("yyyy") {
      assumptions.append("two-digit years are read as 1969 to 2068")
    } else if isDate, let count = source.dateFormats[chosen.format], count.moments > 0 {
      assumptions.append("only the day of a date with a time is kept, as written")
    }
  }

  /// `date`, or `{date: {formats: [d/M/yyyy]}}`.
  private static func step(_ function: String, _ format: String) -> String {
    format == "iso" ? function : "{\(function): {formats: [\(YAMLText.scalar(format))]}}"
  }

  private mutating func number(_ source: FieldProfile, isWhole: Bool) {
    let numbers = source.count(of: FieldProfile.Kind.integer) + (isWhole ? 0 : source.count(of: FieldProfile.Kind.number))
    if numbers == source.filled { return }
    let texts = source.count(of: isWhole ? ValueMark.whole : .decimal)
    guard numbers + texts == source.filled else {
      let commas = source.count(of: ValueMark.comma)
      if commas > 0 {
        return refuse(
          "a comma that may mark decimals or group thousands: \(ShareText.count(commas, of: source.filled)); remove it with replace, then add do: [\(isWhole ? "int" : "decimal")]"
        )
      }
      return refuse("\(isWhole ? "whole numbers" : "numbers"): \(ShareText.count(numbers + texts, of: source.filled))")
    }
    let grouped = source.count(of: ValueMark.pointOrGroup)
    let points = texts - source.count(of: ValueMark.whole)
    if grouped > 0, grouped >= points {
      return refuse(
        "its points can be read in two ways, as decimal points or as thousands separators: each reads \(ShareText.count(grouped, of: source.filled))"
      )
    }
    steps = [isWhole ? "int" : "decimal"]
  }

  private mutating func boolean(_ source: FieldProfile) {
    let booleans = source.count(of: FieldProfile.Kind.boolean)
    if booleans == source.filled { return }
    let numbers = source.count(of: FieldProfile.Kind.integer) + source.count(of: FieldProfile.Kind.number)
    guard numbers == 0 else { return refuse("numbers, which may be counts: \(ShareText.count(numbers, of: source.filled))") }
    let words = source.count(of: ValueMark.yesNo)
    guard booleans + words == source.filled else {
      return refuse("words for yes and no: \(ShareText.count(booleans + words, of: source.filled))")
    }
    steps = ["bool"]
    if source.count(of: ValueMark.shortYesNo) > 0 { assumptions.append("y, n, 1, 0, on and off are read as yes and no") }
  }

  private mutating func text(_ source: FieldProfile, _ node: TargetNode) {
    guard source.share(of: .object) == 0, source.share(of: .list) == 0 else {
      isImpossible = true
      return
    }
    if source.share(of: .string) < 1 {
      steps = [#"{join: ""}"#]
      isAsList = true
      if source.share(of: .boolean) > 0 {
        assumptions.append("true and false become texts")
      } else {
        remarks.append("numbers become texts with the same digits")
      }
    }
    if let most = node.maxLength, source.longest > most {
      assumptions.append(
        "values have up to \(source.longest) characters, but the target accepts at most \(most): records with longer ones are rejected"
      )
    }
  }

  private mutating func list(_ source: FieldProfile, _ types: JSONTypes) {
    if types.contains(.array) { return }
    guard types.contains(.string), source.share(of: .list) == 1,
      source.elementKinds.keys.allSatisfy({ $0 != .object && $0 != .list })
    else {
      isImpossible = true
      return
    }
    steps = [#"{join: ";"}"#]
    assumptions.append("its elements are joined with semicolons into one text")
  }

  private mutating func array(_ source: FieldProfile) {
    guard source.share(of: .string) == 1 else {
      isImpossible = true
      return
    }
    guard source.count(of: ValueMark.separated) > 0 else {
      return refuse("it is text without ';' or ',' that could be split into a list")
    }
    let semicolons = (source.distinct ?? []).contains { $0.text.contains(";") }
    steps = [semicolons ? #"{split: ";"}"# : #"{split: ","}"#, "trim", "compact"]
    assumptions.append("text is split into a list at each '\(semicolons ? ";" : ",")'")
  }

  private mutating func enumeration(_ source: FieldProfile, _ members: [JSONValue], _ name: String) {
    let words = members.compactMap(\.stringValue)
    let takes = "the target accepts only \(members.map(\.text).joined(separator: ", "))"
    guard words.count == members.count else {
      // Numbers and booleans: the values as JSON, or nothing.
      let isPlain = source.share(of: .string) == 0 && source.share(of: .object) == 0 && source.share(of: .list) == 0
      let texts = (source.distinct ?? []).map(\.text)
      guard isPlain, !texts.isEmpty, texts.allSatisfy({ text in members.contains { $0.text == text } }) else {
        return refuse(takes)
      }
      return
    }
    guard source.share(of: .string) == 1, let distinct = source.distinct, !distinct.isEmpty else { return refuse(takes) }
    if distinct.allSatisfy({ value in words.contains { $0.utf8.elementsEqual(value.text.utf8) } }) { return }
    let lookup = ProposedLookup(name: name, values: distinct.map { ($0.text, $0.count) }, members: words)
    guard !lookup.pairs.isEmpty else { return refuse("none of its values is a member of the target's enum: \(takes)") }
    steps = ["trim", "{lookup: \(YAMLText.scalar(name))}"]
    self.lookup = lookup
    if lookup.pairs.contains(where: \.isFolded) {
      assumptions.append("enum members that differ only in case are treated as the same")
    }
    if !lookup.unknown.isEmpty {
      let count = lookup.unknown.reduce(0) { $0 + $1.count }
      assumptions.append(
        "not in the lookup: \(ShareText.count(count, of: source.filled)); such records are rejected until you add them")
    }
    if assumptions.isEmpty { remarks.append("uses the lookup '\(name)'") }
  }
}
