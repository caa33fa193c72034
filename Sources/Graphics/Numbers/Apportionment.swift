/// Divides a length into parts as large as their counts, in whole units, so that the parts add up to the length.
///
/// A part that is not empty gets at least `minimum` units, and the larger parts give up what that takes. Example: 9,060 and 60
/// in 1000 units are 993 and 7; 999,999 and 1 are 999 and 1.
package enum Apportionment {
  /// The units of each part. All are 0 if all counts are.
  package static func units(of counts: [Int], length: Int, minimum: Int) -> [Int] {
    let shares = counts.map { Double(max(0, $0)) }
    guard shares.contains(where: { $0 > 0 }) else { return counts.map { _ in 0 } }
    let used = shares.count { $0 > 0 }
    // With more parts than there is room for, the minimum shrinks.
    let least = min(minimum, length / used)
    var isSmall = shares.map { _ in false }
    var exact = shares
    while true {
      let room = Double(length - least * isSmall.count { $0 })
      let rest = zip(shares, isSmall).reduce(0) { $1.1 ? $0 : $0 + $1.0 }
      exact = zip(shares, isSmall).map { share, small in small ? Double(least) : rest > 0 ? share / rest * room : 0 }
      let more = exact.indices.filter { shares[$0] > 0 && !isSmall[$0] && exact[$0] < Double(least) }
      if more.isEmpty { break }
      for index in more { isSmall[index] = true }
    }
    return rounded(exact, shares: shares, to: length, least: least)
  }

  /// The largest remainders are rounded up; of equal ones, the first.
  private static func rounded(_ exact: [Double], shares: [Double], to length: Int, least: Int) -> [Int] {
    var units = exact.map { Int($0) }
    for index in units.indices where shares[index] > 0 { units[index] = max(units[index], least) }
    let order = exact.indices.filter { shares[$0] > 0 }
      .sorted { (exact[$0] - exact[$0].rounded(.down), $1) > (exact[$1] - exact[$1].rounded(.down), $0) }
    var left = length - units.reduce(0, +)
    var next = 0
    while left > 0 {
      units[order[next % order.count]] += 1
      left -= 1
      next += 1
    }
    while left < 0, let largest = order.max(by: { (units[$0], $1) < (units[$1], $0) }) {
      units[largest] -= 1
      left += 1
    }
    return units
  }
}
