import Core
import Values

/// Bound functions to operations: texts to constants, patterns, formats and zones to loaded ones.
extension ProgramBuilder {
  mutating func operation(_ step: StepModel) throws -> Operation {
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
    case .phone(let region, let mustBeValid, let extensions):
      let fixed = (region ?? model.settings.region ?? context.locationRegion).flatMap { RegionCode($0) }
      return .phone(
        region: fixed?.packed ?? 0, regionSlot: region == nil ? regionSlot : Operation.noSlot, mustBeValid: mustBeValid,
        extensions: extensions)
    case .country: return .country
    case .postalCode:
      let fixed = (model.settings.region ?? context.locationRegion).flatMap { RegionCode($0) }
      return .postalCode(region: fixed?.packed ?? 0, regionSlot: regionSlot)
    case .date(let formats, let countsMilliseconds):
      let readers = try formats.map { try format($0, at: step.place) }
      dates.append(
        DateReaders(
          text: DateReader(formats: readers), whole: DateReader(formats: whole(readers, countsMilliseconds)),
          iso: DateReader(formats: [.iso])))
      return .date(UInt16(truncatingIfNeeded: dates.count - 1))
    case .datetime(let formats, let zone, let gap, let overlap, let countsMilliseconds):
      let rules = try (zone ?? model.settings.zone).flatMap { try self.zone($0, at: step.place) }
      let readers = try formats.map { try format($0, at: step.place) }
      let gap = disambiguation(gap)
      let overlap = overlap.map { disambiguation($0) }
      dateTimes.append(
        DateTimeReaders(
          beginsWithISO: formats.isEmpty || formats[0] == .iso,
          text: DateTimeReader(formats: readers, zone: rules, gap: gap, overlap: overlap),
          whole: DateTimeReader(formats: whole(readers, countsMilliseconds), zone: rules, gap: gap, overlap: overlap)))
      return .datetime(UInt16(truncatingIfNeeded: dateTimes.count - 1))
    case .epoch(let isMilliseconds): return .epoch(isMilliseconds: isMilliseconds)
    case .format(let pattern, let zone):
      dateWriters.append(try writer(pattern, zone: zone, at: step.place))
      return .format(UInt16(truncatingIfNeeded: dateWriters.count - 1))
    case .round(let places): return .round(places: Int16(clamping: places))
    case .int(let form): return .int(number(of: form))
    case .decimal(let form): return .decimal(number(of: form))
    case .number(let form): return .number(number(of: form))
    case .text(let writer):
      numberWriters.append(writer)
      return .text(UInt16(truncatingIfNeeded: numberWriters.count - 1))
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

  private mutating func number(of form: NumberForm) -> UInt16 {
    if let known = numberForms.firstIndex(of: form) { return UInt16(truncatingIfNeeded: known) }
    numberForms.append(form)
    return UInt16(truncatingIfNeeded: numberForms.count - 1)
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
    case .excel1900: return .excel1900
    case .excel1904: return .excel1904
    case .pattern(let letters):
      do { return .pattern(try DatePattern(letters)) } catch {
        throw OperationFailure.program("the date pattern '\(letters)' cannot be read: \(error)", at: place)
      }
    }
  }

  /// How a number is read: its digits by the formats that the mapping names, and as milliseconds since 1970 where the source declares
  /// that it counts these. Without either, nothing reads it.
  private func whole(_ formats: [DateFormat], _ countsMilliseconds: Bool) -> [DateFormat] {
    countsMilliseconds && !formats.contains(where: \.isOfNumbers) ? formats + [.declaredMilliseconds] : formats
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
