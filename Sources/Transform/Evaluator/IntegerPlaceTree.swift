import Core
import Schema
import Values

/// Caches the places in the values of one column where only integers are valid. One per worker and column.
///
/// The schema is searched once for each place; after that, a place is found again without an allocation. A place is a number, which
/// is valid until the next `start()`. Elements and members that the schema cannot tell apart share one (`PlaceDistinctions`).
final class IntegerPlaceTree {
  private struct Place {
    let path: [IntegerPlaces.Step]
    var takesIntegersOnly: Bool?
    /// By index.
    var elements: [Int?] = []
    /// By the hash of the name as it is written, with its escapes.
    var members: [UInt64: (name: [UInt8], place: Int)] = [:]
    /// Shared by all members that the schema does not distinguish.
    var otherMembers: Int?
  }

  private let schema: IntegerPlaces
  private var places: [Place]
  /// The names in `members` of all places.
  private var nameCount = 0
  private static let limit = 4096

  init(_ column: IntegerColumn) {
    schema = column.places
    places = [Place(path: column.path, takesIntegersOnly: column.takesIntegersOnly)]
  }

  /// The number of places that are known.
  var count: Int { places.count }

  /// The place of the column's value.
  func start() -> Int {
    // With patterns, every name has its own place, and records may keep bringing new names.
    if places.count + nameCount > Self.limit {
      places = [Place(path: places[0].path, takesIntegersOnly: places[0].takesIntegersOnly)]
      nameCount = 0
    }
    return 0
  }

  func takesIntegersOnly(at place: Int) -> Bool {
    if let known = places[place].takesIntegersOnly { return known }
    let result = schema.contain(places[place].path)
    places[place].takesIntegersOnly = result
    return result
  }

  func element(_ index: Int, of place: Int) -> Int {
    let index = min(index, schema.distinctions.firstCommonElement)
    if index < places[place].elements.count, let known = places[place].elements[index] { return known }
    while places[place].elements.count <= index { places[place].elements.append(nil) }
    let new = add(.element(index), to: place)
    places[place].elements[index] = new
    return new
  }

  /// - Parameter name: as it is written, without the quotes.
  func member(_ name: Text, of place: Int) -> Int {
    let isPlain = !name.buffer.contains(UInt8(ascii: "\\"))
    if isPlain, !schema.distinctions.isDistinct(name.span) { return otherMember(of: place) { Self.name(name) } }
    let hash = Hash64.of(name.span)
    if let known = places[place].members[hash], known.name.elementsEqual(name.buffer) { return known.place }
    let meant = isPlain ? Self.name(name) : Self.unescaped(name)
    let isDistinct = schema.distinctions.isDistinct(meant.text.utf8.span)
    let new = isDistinct ? add(.member(meant), to: place) : otherMember(of: place) { meant }
    places[place].members[hash] = (Array(name.buffer), new)
    nameCount += 1
    return new
  }

  private func otherMember(of place: Int, _ name: () -> Name) -> Int {
    if let known = places[place].otherMembers { return known }
    let new = add(.member(name()), to: place)
    places[place].otherMembers = new
    return new
  }

  private func add(_ step: IntegerPlaces.Step, to place: Int) -> Int {
    places.append(Place(path: places[place].path + [step]))
    return places.count - 1
  }

  private static func name(_ text: Text) -> Name { Name(String(decoding: text.buffer, as: UTF8.self)) }

  private static func unescaped(_ text: Text) -> Name {
    let quote = UInt8(ascii: "\"")
    return Name((try? JSONReader.read([quote] + text.buffer + [quote]))?.stringValue ?? "")
  }
}
