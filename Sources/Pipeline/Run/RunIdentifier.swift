package import FoundationEssentials

/// Names of runs: `20261124T024650Z-7kq2mx`. They sort by time, and the last part tells those of one second apart.
package enum RunIdentifier {
  private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")

  package static func make(at date: Date) -> String {
    let stamp = date.ISO8601Format().filter { $0 != "-" && $0 != ":" }
    return stamp + "-" + String((0..<6).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }
}
