/// Five steps for counts, with limits that people like to read.
struct CountLadder {
  static let levels = 5

  /// The smallest count of each level.
  let limits: [Int]

  init(most: Int) {
    switch most {
    case ...5: limits = [1, 2, 3, 4, 5]
    case ...100: limits = [1, 5, 10, 25, 50]
    case ...20_000: limits = [1, 10, 100, 1_000, 10_000]
    default: limits = [1, 100, 1_000, 10_000, 100_000]
    }
  }

  /// 0 for none, 5 for the most.
  func level(_ count: Int) -> Int { limits.lastIndex { count >= $0 }.map { $0 + 1 } ?? 0 }

  var steps: [String] {
    limits.indices.map { index in
      guard index + 1 < limits.count else { return "\(NumberText.count(limits[index])) or more" }
      let last = limits[index + 1] - 1
      return last == limits[index] ? NumberText.count(last) : "\(NumberText.count(limits[index])) to \(NumberText.count(last))"
    }
  }

  /// A square in the middle of its place: the larger, the higher the level.
  func square(_ level: Int, x: Int, y: Int, side: Int) -> String {
    let size = level == 0 ? 2 : max(4, side * (level + 3) / (Self.levels + 3))
    let inset = (side - size) / 2
    return "M\(x + inset) \(y + inset)h\(size)v\(size)h-\(size)z"
  }
}
