import Core
import Values

/// Bound functions to operations: texts to constants, patterns, formats and zones to loaded ones.
extension ProgramBuilder {
  /// `mayBeEpoch`: see `isTextOrEpoch`.
  mutating func operation(_ step: StepModel, mayBeEpoch: Bool) throws -> Operation {
    switch step.call {
    case .kernel(let call):
      kernels.append(call.operation)
      return .kernel(UInt16(truncatingIfNeeded: kernels.count - 1))
    case .trim: return .trim
    case .lower: return .lower
    case .upper: return .upper
    case .title: return .title
    case .collapse: return .collapse
    case .digits: return .digits
    case .stripHTML: return .stripHTML
    case .replace(let pattern, let with):
      do {
        let compiled = try Pattern(pattern)
        replacements.append(Replacement(pattern: compiled, with: try PatternReplacement(with, for: compiled)))
      } catch {
        throw OperationFailure.program("the pattern cannot be compiled: \(error)", at: step.place)
      }
      return .replace(UInt16(truncatingIfNeeded: replacements.count - 1))
    case .truncate(let max): return .truncate(UInt32(clamping: max))
    case .split(let separator): return .split(pool.number(of: .string(separator)))
    case .join(let separator): return .join(pool.number(of: .string(separator)))
    case .first: return .first
    case .last: return .last
    case .unique: return .unique
    case .sort: return .sort
    case .count: return .count
    case .compact: return .compact
    case .at(let place): return .at(Int32(clamping: place))
    case .email: return .email
    case .phone(let region, let mustBeValid):
      let fixed = (region ?? model.settings.region ?? context.locationRegion).flatMap { RegionCode($0) }
      return .phone(
        region: fixed?.packed ?? 0, regionSlot: region == nil ? regionSlot : Operation.noSlot, mustBeValid: mustBeValid)
    case .country: return .country
    case .postalCode:
      let fixed = (model.settings.region ?? context.locationRegion).flatMap { RegionCode($0) }
      return .postalCode(region: fixed?.packed ?? 0, regionSlot: regionSlot)
    case .date(let formats):
      let readers = try formats.map { try format($0, at: step.place) }
      dates.append(
        DateReaders(
          text: DateReader(formats: readers), whole: DateReader(formats: whole(readers, mayBeEpoch)),
          iso: DateReader(formats: [.iso])))
      return .date(UInt16(truncatingIfNeeded: dates.count - 1))
    case .datetime(let formats, let zone, let gap, let overlap):
      let rules = try (zone ?? model.settings.zone).flatMap { try self.zone($0, at: step.place) }
      let readers = try formats.map { try format($0, at: step.place) }
      let gap = disambiguation(gap)
      let overlap = overlap.map { disambiguation($0) }
      dateTimes.append(
        DateTimeReaders(
          beginsWithISO: formats.isEmpty || formats[0] == .iso,
          text: DateTimeReader(formats: readers, zone: rules, gap: gap, overlap: overlap),
          whole: DateTimeReader(formats: whole(readers, mayBeEpoch), zone: rules, gap: gap, overlap: overlap)))
      return .datetime(UInt16(truncatingIfNeeded: dateTimes.count - 1))
    case .epoch(let isMilliseconds): return .epoch(isMilliseconds: isMilliseconds)
    case .format(let pattern, let zone):
      dateWriters.append(try writer(pattern, zone: zone, at: step.place))
      return .format(UInt16(truncatingIfNeeded: dateWriters.count - 1))
    case .round(let places): return .round(places: Int16(clamping: places))
    case .int: return .int
    case .decimal: return .decimal
    case .number: return .number
    case .bool(let yes, let no):
      booleans.append(BoolWords(yes: yes, no: no))
      return .bool(UInt16(truncatingIfNeeded: booleans.count - 1))
    case .lookup(let table, let column, let miss):
      var constant: UInt16 = 0
      let code: Operation.Miss
      switch miss {
      case .error: code = .error
      case .keep: code = .keep
      case .nullify: code = .nullify
      case .value(let literal):
        code = .value
        constant = pool.number(of: literal)
      }
      return .lookup(
        table: UInt16(truncatingIfNeeded: table), column: UInt16(truncatingIfNeeded: column), miss: code, constant: constant)
    }
  }

  private mutating func writer(_ letters: String, zone: ZoneChoice?, at place: SourcePlace) throws -> DateTextWriter {
    let pattern: DatePattern
    do { pattern = try DatePattern(letters, isWritten: true) } catch {
      throw OperationFailure.program("the date pattern '\(letters)' cannot be written: \(error)", at: place)
    }
    guard let zone else { return DateTextWriter(pattern: pattern) }
    let rules = try self.zone(zone, at: place)
    return DateTextWriter(pattern: pattern, clock: rules.map { .zone($0) } ?? .unknown)
  }

  private func format(_ format: FunctionCall.DateFormat, at place: SourcePlace) throws -> DateFormat {
    switch format {
    case .iso: return .iso
    case .epochMilliseconds: return .epochMilliseconds
    case .epochSeconds: return .epochSeconds
    case .pattern(let letters):
      do { return .pattern(try DatePattern(letters)) } catch {
        throw OperationFailure.program("the date pattern '\(letters)' cannot be read: \(error)", at: place)
      }
    }
  }

  /// How a whole number is read: as milliseconds since 1970 where the mapping names no formats, else its digits by these,
  /// and as milliseconds only where the source declares its value as a text or a moment.
  private func whole(_ formats: [DateFormat], _ mayBeEpoch: Bool) -> [DateFormat] {
    let namesEpoch = formats.contains {
      switch $0 {
      case .epochMilliseconds, .epochSeconds: true
      case .iso, .pattern: false
      }
    }
    return formats.isEmpty ? [.epochMilliseconds] : mayBeEpoch && !namesEpoch ? formats + [.epochMilliseconds] : formats
  }

  /// Declared as text or whole number and nothing else, as custom fields of the type DATE are.
  func isTextOrEpoch(_ value: ValueModel) -> Bool {
    var vars: Set<Int> = []
    return isTextOrEpoch(value, &vars)
  }

  /// `vars`: those that have been asked. Lists of vars that read one another are as many ways to one source as two to their number.
  private func isTextOrEpoch(_ value: ValueModel, _ vars: inout Set<Int>) -> Bool {
    switch value {
    case .source(_, let accepts, _):
      [CellKinds.integer, .numeric].contains { accepts.subtracting(.absent) == $0.union([.string]) }
    case .list(let members): members.contains { isTextOrEpoch($0, &vars) }
    case .variable(let index):
      model.vars.indices.contains(index) && vars.insert(index).inserted && isTextOrEpoch(model.vars[index].value, &vars)
    case .cases(let cases, let otherwise):
      cases.contains { isTextOrEpoch($0.value, &vars) } || otherwise.map { isTextOrEpoch($0, &vars) } == true
    case .constant, .typedConstant, .expression: false
    }
  }

  private func disambiguation(_ choice: FunctionCall.Disambiguation) -> Disambiguation {
    switch choice {
    case .reject: .reject
    case .earlier: .earlier
    case .later: .later
    }
  }

  /// Nil where the location's zone is asked for and not known: then local times are refused, one by one.
  private mutating func zone(_ choice: ZoneChoice, at place: SourcePlace) throws -> TimeZoneRules? {
    let name: String
    var owner = ""
    switch choice {
    case .named(let zone): name = zone
    case .location:
      guard let zone = context.locationZone else { return nil }
      name = zone
      owner = "the location's time zone: "
    }
    if let known = zones[name] { return known }
    do {
      let rules = try TimeZoneRules.load(name)
      zones[name] = rules
      return rules
    } catch {
      throw OperationFailure.program("\(owner)\(error)", at: place)
    }
  }
}
