package import Core

extension FieldSummary {
  package var json: JSONValue {
    var members: [JSONValue.Member] = []
    func add(_ name: String, _ value: JSONValue?) { if let value { members.append(.init(name, value)) } }
    add("name", .string(name))
    add("masked", .bool(isMasked))
    add("present", .number(present))
    add("missing", .number(missing))
    add("filled", .number(filled))
    add("null", .number(nulls))
    add("blank", .number(blanks))
    add("values", .number(values))
    add("types", Self.counts(Types.names.map { ($0.name, types[keyPath: $0.count]) }))
    add("reads_as", Self.counts(ReadsAs.names.map { ($0.name, readsAs[keyPath: $0.count]) }))
    add("distinct", distinct?.json)
    add("top", top?.json)
    add("lengths", lengths?.json)
    add("numbers", numbers?.json)
    add("dates", dates?.json)
    add("texts", texts.map { .object([.init("smallest", .string($0.smallest)), .init("largest", .string($0.largest))]) })
    add("shapes", shapes?.json)
    add("sketch", sketch?.json)
    return .object(members)
  }

  /// Nil if it is not such a profile.
  package init?(_ json: JSONValue) {
    guard let name = json["name"]?.stringValue, let isMasked = json["masked"]?.boolValue, let present = json["present"]?.intValue,
      let missing = json["missing"]?.intValue, let filled = json["filled"]?.intValue, let nulls = json["null"]?.intValue,
      let blanks = json["blank"]?.intValue, let values = json["values"]?.intValue
    else { return nil }
    self.init(
      name: name, isMasked: isMasked, present: present, missing: missing, filled: filled, nulls: nulls, blanks: blanks,
      values: values)
    for (name, path) in Types.names { types[keyPath: path] = json["types"]?[name]?.intValue ?? 0 }
    for (name, path) in ReadsAs.names { readsAs[keyPath: path] = json["reads_as"]?[name]?.intValue ?? 0 }
    distinct = json["distinct"].flatMap { Distinct($0) }
    top = json["top"].flatMap { Top($0) }
    lengths = json["lengths"].flatMap { Lengths($0) }
    numbers = json["numbers"].flatMap { Numbers($0) }
    dates = json["dates"].flatMap { Dates($0) }
    if let smallest = json["texts"]?["smallest"]?.stringValue, let largest = json["texts"]?["largest"]?.stringValue {
      texts = Texts(smallest: smallest, largest: largest)
    }
    shapes = json["shapes"].flatMap { Shapes($0) }
    sketch = json["sketch"].flatMap { Sketch($0) }
  }

  /// Without those that are zero; nil if all are.
  private static func counts(_ counts: [(String, Int)]) -> JSONValue? {
    let members = counts.filter { $0.1 > 0 }.map { JSONValue.Member($0.0, .number($0.1)) }
    return members.isEmpty ? nil : .object(members)
  }
}

extension FieldSummary.Distinct {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("estimate", .number(estimate)), .init("error_percent", .number(errorPercent)), .init("exact", .bool(isExact)),
    ]
    if isAtLeast { members.append(.init("at_least", .bool(true))) }
    return .object(members)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let estimate = json["estimate"]?.intValue, let error = json["error_percent"]?.doubleValue else { return nil }
    self.init(estimate: estimate, errorPercent: error, isAtLeast: json["at_least"]?.boolValue ?? false)
  }
}

extension FieldSummary.Sample {
  fileprivate var members: [JSONValue.Member] {
    [.init("exact", .bool(isExact)), .init("one_in", .number(oneIn)), .init("of", .number(count))]
  }

  fileprivate init?(_ json: JSONValue) {
    guard let oneIn = json["one_in"]?.intValue, let count = json["of"]?.intValue else { return nil }
    self.init(oneIn: oneIn, count: count, isComplete: oneIn > 1 || json["exact"]?.boolValue ?? true)
  }
}

extension FieldSummary.Top {
  fileprivate var json: JSONValue {
    let values = values.map { value in
      JSONValue.object(
        [.init("value", value.text.map { .string($0) } ?? .null), .init("count", .number(value.count))]
          + (value.isCut ? [.init("cut", .bool(true))] : []))
    }
    return .object(sample.members + [.init("values", .array(values))])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let sample = FieldSummary.Sample(json), let values = json["values"]?.arrayValue else { return nil }
    self.init(
      sample: sample,
      values: values.map {
        .init(text: $0["value"]?.stringValue, isCut: $0["cut"]?.boolValue ?? false, count: $0["count"]?.intValue ?? 0)
      })
  }
}

extension FieldSummary.Bin {
  fileprivate var json: JSONValue {
    let ends = [("from", from), ("to", to)].compactMap { name, text in text.map { JSONValue.Member(name, .string($0)) } }
    return .object(ends + [.init("count", .number(count))])
  }

  fileprivate init(_ json: JSONValue) {
    self.init(from: json["from"]?.stringValue, to: json["to"]?.stringValue, count: json["count"]?.intValue ?? 0)
  }

  fileprivate static func all(_ json: JSONValue) -> [Self] { (json["bins"]?.arrayValue ?? []).map { Self($0) } }
}

extension [FieldSummary.Bin] {
  fileprivate var member: [JSONValue.Member] { isEmpty ? [] : [.init("bins", .array(map(\.json)))] }
}

extension FieldSummary.Lengths {
  fileprivate var json: JSONValue {
    .object([.init("shortest", .number(shortest)), .init("longest", .number(longest))] + bins.member)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let shortest = json["shortest"]?.intValue, let longest = json["longest"]?.intValue else { return nil }
    self.init(shortest: shortest, longest: longest, bins: FieldSummary.Bin.all(json))
  }
}

extension FieldSummary.Numbers {
  fileprivate var json: JSONValue {
    let ends = [("smallest", smallest), ("largest", largest)].compactMap { name, text in
      text.map { JSONValue.Member(name, .string($0)) }
    }
    return .object([.init("count", .number(count))] + ends + bins.member)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let count = json["count"]?.intValue else { return nil }
    self.init(
      count: count, smallest: json["smallest"]?.stringValue, largest: json["largest"]?.stringValue,
      bins: FieldSummary.Bin.all(json))
  }
}

extension FieldSummary.Dates {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [.init("count", .number(count))]
    if let earliest, let latest { members += [.init("earliest", .string(earliest)), .init("latest", .string(latest))] }
    members += [.init("future", .number(future)), .init("before_1900", .number(before1900))]
    if !bins.isEmpty { members.append(.init("by", .string(unit.rawValue))) }
    return .object(members + bins.member)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let count = json["count"]?.intValue else { return nil }
    self.init(
      count: count, future: json["future"]?.intValue ?? 0, before1900: json["before_1900"]?.intValue ?? 0,
      earliest: json["earliest"]?.stringValue, latest: json["latest"]?.stringValue,
      unit: json["by"]?.stringValue.flatMap { Unit(rawValue: $0) } ?? .day, bins: FieldSummary.Bin.all(json))
  }
}

extension FieldSummary.Shapes {
  fileprivate var json: JSONValue {
    let values = values.map {
      JSONValue.object([.init("shape", .string($0.text)), .init("count", .number($0.count))])
    }
    return .object(sample.members + [.init("other", .number(other)), .init("values", .array(values))])
  }

  fileprivate init?(_ json: JSONValue) {
    guard let sample = FieldSummary.Sample(json), let values = json["values"]?.arrayValue else { return nil }
    self.init(
      sample: sample, values: values.map { .init(text: $0["shape"]?.stringValue ?? "", count: $0["count"]?.intValue ?? 0) },
      other: json["other"]?.intValue ?? 0)
  }
}
