import Core
package import FoundationEssentials

/// Names of snapshots and runs: `20261124T024650123Z-00kq2m`. They sort by time, to the millisecond; names of one process also
/// sort within it, because the first two characters of the last part count. The rest distinguishes several processes.
package enum SortableName {
  /// In the order of their codes.
  private static let letters = Array("0123456789abcdefghjkmnpqrstvwxyz")
  private static let names = Sequence()

  package static func make(at date: Date) -> String { names.make(at: date) }

  /// A sequence of increasing names: a process has one such sequence, and its clock does not go back.
  package final class Sequence: Sendable {
    private let last = Locked((millisecond: Int.min, count: 0))

    package init() {}

    package func make(at date: Date) -> String {
      let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down))
      let count = last.withLock { last in
        last = (milliseconds, last.millisecond == milliseconds ? last.count + 1 : 0)
        return last.count
      }
      return SortableName.name(milliseconds, count)
    }
  }

  private static func name(_ milliseconds: Int, _ count: Int) -> String {
    let fraction = (milliseconds % 1000 + 1000) % 1000
    let second = Date(timeIntervalSince1970: Double((milliseconds - fraction) / 1000))
    let stamp = second.ISO8601Format().filter { $0 != "-" && $0 != ":" && $0 != "Z" }
    let digits = String(String(fraction + 1000).dropFirst())
    let counter = [letters[count / 32 % 32], letters[count % 32]]
    return stamp + digits + "Z-" + String(counter + (0..<4).map { _ in letters[Int.random(in: 0..<letters.count)] })
  }

  /// Whether a folder's name is a valid snapshot id.
  package static func isName(_ text: String) -> Bool { text.wholeMatch(of: /[0-9]{8}T[0-9]{9}Z-[0-9a-z]{6}/) != nil }

  /// A location's ID as a folder's name: IDs are opaque and may contain anything.
  package static func safe(_ location: String) -> String {
    var out = ""
    for byte in location.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
        UInt8(ascii: "-"), UInt8(ascii: "_"):
        out.unicodeScalars.append(Unicode.Scalar(byte))
      default: out += "%" + Hexadecimal.text(of: [byte])
      }
    }
    return out
  }
}
