import Core
import Schema

/// What is done to a source field's values so that they can go into a target field.
struct ProposedChain {
  var steps: [String] = []
  var nullifiesErrors = false
  var remarks: [String] = []
  /// Something had to be assumed.
  var isGuess = false
  /// The values cannot become what the target takes.
  var isImpossible = false
  var needsZone = false
  var needsRegion = false
  var lookup: ProposedLookup?

  /// - Parameter named: what the target's name means.
  init(_ source: FieldProfile, into node: TargetNode, named meaning: String?, lookupName: String, schema: TargetSchema?) {
    let types = node.types.subtracting(.null)
    let isText = types.contains(.string)
    if let members = node.enumeration, isText || !members.isEmpty {
      enumeration(source, members, lookupName)
    } else if source.isMostly(.list) {
      list(source, types)
    } else if isText, node.format == "date" || node.format == "date-time" {
      date(source, isDate: node.format == "date")
    } else if isText,
      node.format == "email" || node.format == "idn-email" || (meaning == "email" && source.share(of: .email) > 0.5)
    {
      email(source)
    } else if isText, meaning == "phone", source.share(of: .phone) > 0.5 || source.share(of: .international) > 0.5 {
      phone(source)
    } else if isText, meaning == "country", node.maxLength == 2 || node.pattern?.contains("A-Z") == true {
      steps = ["country"]
      nullifiesErrors = true
      remarks.append("\(Self.percent(source.share(of: .country))) are countries")
    } else if types.contains(.array), !isText {
      array(source, node, schema)
    } else if isText {
      text(source, node)
    } else if types.contains(.integer) || types.contains(.number) {
      number(source, isWhole: !types.contains(.number))
    } else if types.contains(.boolean) {
      boolean(source)
    } else if types == .object, !source.isMostly(.object) {
      isImpossible = true
    }
  }

  static func percent(_ share: Double) -> String {
    // Never "all" of what is not all.
    share >= 1 ? "all" : "\(min(99, Int((share * 100).rounded()))) %"
  }

  private mutating func email(_ source: FieldProfile) {
    steps = ["trim", "lower", "email"]
    nullifiesErrors = true
    remarks.append("\(Self.percent(source.share(of: .email))) are e-mail addresses")
    if source.share(of: .email) < 0.5 { isGuess = true }
  }

  private mutating func phone(_ source: FieldProfile) {
    steps = ["phone"]
    nullifiesErrors = true
    let international = source.share(of: .international)
    remarks.append("\(Self.percent(source.share(of: .phone))) look like phone numbers")
    if international < 1 { needsRegion = true }
  }

  private mutating func date(_ source: FieldProfile, isDate: Bool) {
    let function = isDate ? "date" : "datetime"
    var formats: [String] = []
    for (format, _) in source.dateFormats.sorted(by: { ($1.value, $0.key) < ($0.value, $1.key) }) {
      switch format {
      case "iso": formats.append("iso")
      case "iso-local":
        formats.append("iso")
        if !isDate { needsZone = true }
      // Numbers are milliseconds without a word.
      case "epoch_ms": if source.share(of: .string) > 0 { formats.append("epoch_ms") }
      case "epoch_s": formats.append("epoch_s")
      default:
        let isDayFirst = source.isDayFirst && !source.isMonthFirst
        let parts = isDayFirst ? ["d", "M"] : ["M", "d"]
        var pattern = ""
        var next = 0
        for character in format {
          if character == "#" {
            pattern += parts[min(next, 1)]
            next += 1
          } else {
            pattern.append(character)
          }
        }
        formats.append(pattern)
        if !isDate { needsZone = true }
        if format.contains("#"), !source.isDayFirst, !source.isMonthFirst {
          isGuess = true
          remarks.append("the sample does not say whether the day or the month comes first")
        }
      }
    }
    var unique: [String] = []
    for format in formats where !unique.contains(format) { unique.append(format) }
    let isPlain = unique.isEmpty || unique == ["iso"]
    let listed = unique.map(YAMLText.scalar).joined(separator: ", ")
    steps = [isPlain ? function : "{\(function): {formats: [\(listed)]}}"]
    nullifiesErrors = true
    remarks.append("\(Self.percent(source.dateShare)) are dates")
    if source.dateShare < 0.5 { isGuess = true }
  }

  private mutating func number(_ source: FieldProfile, isWhole: Bool) {
    let hasNumbers = source.share(of: .integer) + source.share(of: .number)
    if source.share(of: .integer) == 1 || (!isWhole && hasNumbers == 1) { return }
    if source.share(of: .boolean) > 0.5, isWhole {
      steps = ["int"]
      return
    }
    steps = [isWhole ? "int" : "decimal"]
    nullifiesErrors = true
    let share = hasNumbers + source.share(of: .decimal)
    remarks.append("\(Self.percent(share)) are numbers")
    if share < 0.5 { isGuess = true }
    if source.isMostly(.object) { isImpossible = true }
  }

  private mutating func boolean(_ source: FieldProfile) {
    if source.share(of: .boolean) == 1 { return }
    steps = ["bool"]
    nullifiesErrors = true
    let share = source.share(of: .boolean) + source.share(of: .yesNo)
    remarks.append("\(Self.percent(share)) are words for yes and no")
    if share < 0.5 { isGuess = true }
    let numbers = source.share(of: .integer) + source.share(of: .number)
    if numbers > 0 { isImpossible = true }
  }

  private mutating func text(_ source: FieldProfile, _ node: TargetNode) {
    if source.share(of: .string) < 1, source.share(of: .object) == 0, source.share(of: .list) == 0 {
      steps = [#"{join: ""}"#]
      remarks.append("numbers as text")
      isAsList = true
    } else if source.share(of: .object) > 0 {
      isImpossible = true
    }
    if let most = node.maxLength, source.longest > most {
      steps.append("{truncate: \(most)}")
      isGuess = true
      remarks.append("the target takes \(most) characters, the sample has up to \(source.longest)")
    }
  }

  /// The value is read as a list of one, because only lists can be joined to text.
  private(set) var isAsList = false

  private mutating func list(_ source: FieldProfile, _ types: JSONTypes) {
    if types.contains(.array) { return }
    guard types.contains(.string), source.elementKinds.keys.allSatisfy({ $0 != .object && $0 != .list }) else {
      isImpossible = true
      return
    }
    steps = [#"{join: ";"}"#]
    remarks.append("a list as one text")
  }

  private mutating func array(_ source: FieldProfile, _ node: TargetNode, _ schema: TargetSchema?) {
    let takesText = node.items.map { schema?.nodes[$0].types.contains(.string) ?? true } ?? true
    guard source.isMostly(.string), takesText else {
      isImpossible = true
      return
    }
    let semicolons = (source.distinct ?? []).contains { $0.text.contains(";") }
    steps = [semicolons ? #"{split: ";"}"# : #"{split: ","}"#, "trim"]
    if source.share(of: .separated) == 0 { isGuess = true }
    remarks.append("text that is cut into a list")
  }

  private mutating func enumeration(_ source: FieldProfile, _ members: [JSONValue], _ name: String) {
    let words = members.compactMap(\.stringValue)
    guard let distinct = source.distinct, !distinct.isEmpty, words.count == members.filter({ $0 != .null }).count else {
      isGuess = true
      isImpossible = source.isMostly(.object) || source.isMostly(.list)
      remarks.append("the target takes only: " + members.map(\.text).joined(separator: ", "))
      return
    }
    if source.isMostly(.string), distinct.allSatisfy({ words.contains($0.text) }) { return }
    let lookup = ProposedLookup(name: name, values: distinct.map(\.text), members: words)
    steps = source.isMostly(.string) ? ["trim"] : []
    guard !lookup.pairs.isEmpty else {
      isImpossible = true
      remarks.append("none of its values is one of: " + words.joined(separator: ", "))
      return
    }
    steps.append("{lookup: {table: \(name), \(lookup.otherwise.map { "else: \(YAMLText.scalar($0))" } ?? "miss: nullify")}}")
    self.lookup = lookup
    if lookup.pairs.contains(where: { $0.isGuess }) || !lookup.unknown.isEmpty { isGuess = true }
    remarks.append("its values by the lookup '\(name)'")
  }
}
