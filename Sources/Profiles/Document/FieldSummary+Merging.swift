import Core

/// Merging stored profiles: of other runs, shards or locations. What was not stored cannot be merged exactly, and then the result says so.
extension ProfileDocument.Side {
  /// The profile of the records of both. Fields keep the order of this side; those that only the other has come last.
  package func merged(with other: ProfileDocument.Side) -> ProfileDocument.Side {
    var fields = fields.map { field in
      guard let same = other.field(named: field.name) else { return field.beside(other.records) }
      return field.merged(with: same)
    }
    let known = Set(fields.map { Name($0.name) })
    fields += other.fields.filter { !known.contains(Name($0.name)) }.map { $0.beside(records) }
    return .init(records: records + other.records, moreFields: max(moreFields, other.moreFields), fields: fields)
  }
}

extension FieldSummary {
  /// The same, with other records that do not have the field.
  fileprivate func beside(_ records: Int) -> FieldSummary {
    var field = self
    field.missing += records
    return field
  }

  fileprivate func merged(with other: FieldSummary) -> FieldSummary {
    var field = FieldSummary(
      name: name, isMasked: isMasked || other.isMasked, present: present + other.present, missing: missing + other.missing,
      filled: filled + other.filled, nulls: nulls + other.nulls, blanks: blanks + other.blanks, values: values + other.values)
    field.types = types
    field.types.add(other.types)
    field.readsAs = readsAs
    field.readsAs.add(other.readsAs)
    (field.distinct, field.sketch) = mergedDistinct(other, isMasked: field.isMasked)
    field.distinct = field.distinct?.capped(at: field.values)
    field.top = Self.both(top, other.top) { $0.merged(with: $1) }
    field.lengths = Self.both(lengths, other.lengths) { one, two in
      .init(
        shortest: min(one.shortest, two.shortest), longest: max(one.longest, two.longest),
        bins: Bin.merged(one.bins, two.bins) { Double($0.from ?? "") ?? 0 })
    }
    field.numbers = Self.both(numbers, other.numbers) { $0.merged(with: $1) }
    field.dates = Self.both(dates, other.dates) { one, two in
      var tally = DateTally(one)
      tally.merge(DateTally(two))
      return tally.summary ?? one
    }
    field.texts = Self.both(texts, other.texts) { one, two in
      .init(
        smallest: two.smallest.precedesExactly(one.smallest) ? two.smallest : one.smallest,
        largest: one.largest.precedesExactly(two.largest) ? two.largest : one.largest)
    }
    field.shapes = Self.both(shapes, other.shapes) { $0.merged(with: $1) }
    if field.isMasked { field.hideValues() }
    return field
  }

  /// One side may have been shown.
  private mutating func hideValues() {
    top?.values = []
    texts = nil
    sketch = nil
    numbers = numbers.map { .init(count: $0.count) }
    dates = dates.map { .init(count: $0.count, future: $0.future, before1900: $0.before1900) }
  }

  private static func both<Part>(_ one: Part?, _ two: Part?, _ merge: (Part, Part) -> Part) -> Part? {
    guard let one, let two else { return one ?? two }
    return merge(one, two)
  }

  private func mergedDistinct(_ other: FieldSummary, isMasked: Bool) -> (Distinct?, Sketch?) {
    guard let distinct, let others = other.distinct else { return (distinct ?? other.distinct, sketch ?? other.sketch) }
    guard !isMasked, let sketch, let otherSketch = other.sketch else {
      let larger = distinct.estimate >= others.estimate ? distinct : others
      return (.init(estimate: larger.estimate, errorPercent: larger.errorPercent, isAtLeast: true), nil)
    }
    if case .hashes(let one) = sketch, case .hashes(let two) = otherSketch {
      let all = Set(one).union(two)
      if all.count <= ValueSketch.exactLimit { return (.init(estimate: all.count, errorPercent: 0), .hashes(all.sorted())) }
    }
    var registers = RegisterSketch()
    defer { registers.release() }
    for part in [sketch, otherSketch] {
      switch part {
      case .hashes(let hashes): for hash in hashes { registers.add(hash) }
      case .registers(let values): registers.merge(values)
      }
    }
    let estimate = max(ValueSketch.exactLimit + 1, registers.estimate)
    return (.init(estimate: estimate, errorPercent: RegisterSketch.errorPercent), .registers(registers.registers))
  }
}

extension FieldSummary.Sample {
  /// A sample of both that is as small as the smaller one.
  fileprivate func merged(with other: Self, isComplete: Bool) -> Self {
    let oneIn = max(oneIn, other.oneIn)
    return .init(
      oneIn: oneIn, count: scaled(count, to: oneIn) + other.scaled(other.count, to: oneIn),
      isComplete: isComplete && self.isComplete && other.isComplete)
  }

  /// How many of these values a smaller sample would have had.
  fileprivate func scaled(_ count: Int, to oneIn: Int) -> Int { count * self.oneIn / max(1, oneIn) }
}

extension FieldSummary.Top {
  /// All values that were counted are listed.
  private var isWhole: Bool { sample.count == values.reduce(0) { $0 + $1.count } && values.allSatisfy { $0.text != nil } }

  fileprivate func merged(with other: Self) -> Self {
    let sample = sample.merged(with: other.sample, isComplete: isWhole && other.isWhole)
    var counts: [Name: FieldSummary.Value] = [:]
    for part in [self, other] {
      for value in part.values {
        guard let text = value.text else { continue }
        var known = counts[Name(text)] ?? .init(text: text, isCut: value.isCut, count: 0)
        known.count += part.sample.scaled(value.count, to: sample.oneIn)
        counts[Name(text)] = known
      }
    }
    let ranked = counts.sorted { $0.value.count == $1.value.count ? $0.key < $1.key : $0.value.count > $1.value.count }
    let listed = ranked.prefix(FieldTally.mostListed).map(\.value)
    return .init(sample: sample, values: listed.filter { $0.count > 0 })
  }
}

extension FieldSummary.Shapes {
  fileprivate func merged(with other: Self) -> Self {
    let sample = sample.merged(with: other.sample, isComplete: self.other == 0 && other.other == 0)
    var counts: [Name: Int] = [:]
    for part in [self, other] {
      for shape in part.values { counts[Name(shape.text), default: 0] += part.sample.scaled(shape.count, to: sample.oneIn) }
    }
    let ranked = counts.sorted { $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value }
    let listed = ranked.prefix(FieldTally.mostListed).map { FieldSummary.Shape(text: $0.key.text, count: $0.value) }
    return .init(sample: sample, values: listed, other: max(0, sample.count - listed.reduce(0) { $0 + $1.count }))
  }
}

extension FieldSummary.Numbers {
  fileprivate func merged(with other: Self) -> Self {
    func value(_ text: String?) -> Double? {
      text.flatMap { text in Array(text.utf8).withUnsafeBufferPointer { PlainNumber.ofNumber($0) } }
    }
    func first(_ one: String?, _ two: String?, isFirst: (Double, Double) -> Bool) -> String? {
      guard let one, let two, let left = value(one), let right = value(two) else { return nil }
      return isFirst(left, right) ? one : two
    }
    guard let smallest = first(smallest, other.smallest, isFirst: <=), let largest = first(largest, other.largest, isFirst: >=)
    else {
      return .init(count: count + other.count)
    }
    return .init(
      count: count + other.count, smallest: smallest, largest: largest,
      bins: FieldSummary.Bin.merged(bins, other.bins) { value($0.from) ?? -.infinity })
  }
}

extension FieldSummary.Bin {
  /// Bins of the same ranges.
  fileprivate static func merged(_ one: [Self], _ two: [Self], order: (Self) -> Double) -> [Self] {
    var all = one
    for bin in two {
      if let index = all.firstIndex(where: { $0.from == bin.from && $0.to == bin.to }) {
        all[index].count += bin.count
      } else {
        all.append(bin)
      }
    }
    return all.sorted { order($0) < order($1) }
  }
}
