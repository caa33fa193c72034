package import Core
package import Values

/// A function with its arguments bound: what a `do` chain consists of after it has been checked.
///
/// The evaluator applies a function of one value to each element of a list.
package enum FunctionCall: Sendable, Hashable {
  /// A function without an operation of its own.
  case kernel(KernelCall)
  case trim, lower, upper, title, collapse, digits, stripHTML
  /// Every match of an ECMA-262 regular expression; `$1` in `with` is its first group.
  case replace(pattern: String, with: String)
  /// At most `max` characters.
  case truncate(max: Int)
  case split(on: String)
  case join(with: String)
  case first, last, unique, sort, count, compact
  /// The element at this place; negative places count from the end.
  case at(Int)
  case email
  /// Without a region, that of the settings: the one that `regionFrom` gives, else `region`.
  case phone(region: String?, mustBeValid: Bool, extensions: PhoneExtensions = .dropWithWarning)
  case country
  /// In the country of the settings, as `phone` has its region.
  case postalCode
  /// `countsMilliseconds`: the source declares that its numbers are milliseconds since 1970.
  case date(formats: [DateFormat], countsMilliseconds: Bool = false)
  /// `zone` is that of the step or of the settings; nil: a time without an offset is invalid.
  case datetime(
    formats: [DateFormat], zone: ZoneChoice?, gap: Disambiguation, overlap: Disambiguation?, countsMilliseconds: Bool = false)
  case epoch(isMilliseconds: Bool)
  /// UTS 35 letters; `zone` nil: the value's own offset.
  case format(pattern: String, zone: ZoneChoice?)
  /// `form`: how texts are written; a JSON number is always the same number.
  case int(NumberForm), decimal(NumberForm), number(NumberForm)
  /// How numbers are written; texts, dates and booleans stay as they are.
  case text(NumberWriter)
  /// Half to even.
  case round(places: Int)
  case bool(yes: [String], no: [String])
  /// `table` is an index into `MappingModel.lookups`, `column` one into the table's value columns. The key is the text
  /// that the value is written with: of a number its digits, of a boolean `true` or `false`.
  case lookup(table: Int, column: Int, miss: LookupMiss)

  /// What becomes of an extension, which E.164 has no place for.
  package enum PhoneExtensions: UInt8, Sendable, Hashable, BitwiseCopyable {
    case dropWithWarning, drop
    /// `;ext=136`, as in RFC 3966.
    case keep
  }

  package enum DateFormat: Sendable, Hashable {
    case iso
    /// UTS 35 letters.
    case pattern(String)
    /// Milliseconds or seconds since 1970, as a number or its digits.
    case epochMilliseconds, epochSeconds
    /// Day numbers of spreadsheets.
    case excel1900, excel1904
  }

  /// How to handle a local time that a zone skips (a gap) or has twice (an overlap).
  package enum Disambiguation: String, Sendable, Hashable, CaseIterable {
    case reject, earlier, later
  }

  package enum LookupMiss: Sendable, Hashable {
    case error
    /// `else`.
    case value(JSONValue)
    /// `miss: keep`, `miss: nullify`.
    case keep, nullify
  }
}

/// A lookup table: loaded, or declared over an entity's records.
package struct LookupTable: Sendable {
  package var name: String
  /// Names of the value columns; one unnamed column (`""`) for an inline table.
  package var columns: [String]
  /// Key to one value per column. Values are scalars or null.
  package var entries: [Name: [JSONValue]]
  /// The keys in the order of the file.
  package var keys: [String]
  /// Not loaded yet: the entries are the records of an entity.
  package var entity: EntityLookup?
  /// Where the mapping declares it; nil for tables made by hand.
  package var place: SourcePlace?

  package init(
    name: String, columns: [String], entries: [Name: [JSONValue]], keys: [String], entity: EntityLookup? = nil,
    place: SourcePlace? = nil
  ) {
    self.name = name
    self.columns = columns
    self.entries = entries
    self.keys = keys
    self.entity = entity
    self.place = place
  }
}
