/// The synthetic location: every record made from its index and the seed when it is asked for, nothing held in memory. A million
/// contacts therefore start as fast as ten. What is written goes into `edits`, and every record is read through them.
///
/// Contacts are numbered from 0 to `contactCount - 1`. The members of a business are a range of numbers, in the order of the
/// by-business list (by name); the contacts without a business are the last range. Names grow with the place in the range, so
/// no sorting is needed. The order of arrival (`dateAdded`) is a shuffle of the same numbers that can be read both ways.
///
///     number     0 ........ 399 | 400 ... 699 | 700 ..... 959 | 960 .. 999
///     belongs to business 0     | business 1  | business 2    | none
package struct SyntheticData: Sendable {
  package let seed: UInt64
  /// How many contacts there were before the first write.
  package let contactCount: Int
  package let businessCount: Int
  package let locationID: String
  package let companyID: String
  /// What was written since.
  var edits: LocationEdits

  let identityIndex = IdentityIndex()
  let identifiers: SyntheticIdentifier
  let arrival: IndexPermutation
  /// `businessCount + 2` borders of the ranges; the last range has no business.
  private let borders: [Int]

  /// Share of contacts without a business, per thousand.
  package static let withoutBusiness = 40
  package static let firstArrival = Instant.milliseconds(year: 2021, month: 7, day: 2, hour: 5, minute: 18)
  package static let lastArrival = Instant.milliseconds(year: 2026, month: 6, day: 30)
  /// The zone of the location, in which naive appointment times are meant.
  package static let timezone = "America/New_York"
  package static let country = "US"

  /// - Parameter locationID: nil derives one from the seed.
  package init(contacts: Int = 1000, businesses: Int = 5, seed: UInt64 = 1, locationID: String? = nil) {
    self.init(
      contacts: contacts, businesses: businesses, seed: seed, locationID: locationID,
      identifiers: SyntheticIdentifier(seed: seed))
  }

  /// - Parameter identifiers: Those of the location. Locations of one seed have the same businesses, users and custom fields
  ///   under different identifiers, and belong to the same company.
  init(contacts: Int, businesses: Int, seed: UInt64, locationID: String?, identifiers: SyntheticIdentifier) {
    self.seed = seed
    contactCount = max(contacts, 0)
    businessCount = max(businesses, 0)
    self.identifiers = identifiers
    self.locationID = locationID ?? identifiers.text(.location, 0)
    companyID = SyntheticIdentifier(seed: seed).text(.company, 0)
    edits = LocationEdits(time: contacts > 0 ? Self.lastArrival : 0)
    arrival = IndexPermutation(count: max(contactCount, 1), key: Draw.mix(seed &+ Draw.Stream.arrival.rawValue))
    borders = Self.borders(contacts: contactCount, businesses: businessCount, seed: seed)
  }

  /// Uneven sizes: the n-th business weighs about 1/n, give or take a third.
  private static func borders(contacts: Int, businesses: Int, seed: UInt64) -> [Int] {
    guard businesses > 0 else { return [0, contacts] }
    let weights = (0..<businesses).map { business in
      var draw = Draw(seed: seed, stream: .membership, index: business)
      return (667 + draw.below(667)) * 1000 / (business + 2)
    }
    let total = weights.reduce(0, +)
    let members = contacts - contacts * withoutBusiness / 1000
    var borders = [0]
    var sum = 0
    for weight in weights {
      sum += weight
      borders.append(members * sum / total)
    }
    borders.append(contacts)
    return borders
  }

  // MARK: Membership

  /// The synthetic contacts of a business, in the order of the by-business list, as they were before the first write.
  package func members(ofBusiness business: Int) -> Range<Int> { borders[business]..<borders[business + 1] }

  package var membersWithoutBusiness: Range<Int> { borders[businessCount]..<borders[businessCount + 1] }

  /// The range that a synthetic contact belongs to: a business, or `businessCount` for none.
  func group(ofContact index: Int) -> Int {
    var low = 0
    var high = businessCount
    while low < high {
      let middle = (low + high) / 2
      if borders[middle + 1] <= index { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func members(ofGroup group: Int) -> Range<Int> { borders[group]..<borders[group + 1] }

  // MARK: Identifiers

  package func contactID(at index: Int) -> String { identifiers.text(.contact, UInt64(index)) }

  package func businessID(at business: Int) -> String { identifiers.hexadecimal(.business, UInt64(business)) }

  func syntheticDateAdded(at index: Int) -> Int {
    let step = max((Self.lastArrival - Self.firstArrival) / max(contactCount, 1), 1)
    var draw = draw(.arrival, index)
    return Self.firstArrival + everyRank(ofContact: index) * step + draw.below(step)
  }

  func draw(_ stream: Draw.Stream, _ index: Int, part: Int = 0) -> Draw {
    Draw(seed: seed, stream: stream, index: index, part: part)
  }
}
