import Core

/// Which var reads which: the order in which they can be compiled, and the cycles. There is no recursion, so their number
/// and the length of chains are not limited.
struct VarGraph {
  /// Each after those that it reads.
  private(set) var order: [String] = []
  /// Vars that read one another in a cycle, starting with the one that is first in the file.
  private(set) var circles: [[String]] = []

  /// `names` in the order of the file; other names that are read are ignored.
  init(names: [String], reads: [Name: [String]]) {
    let numbers = Dictionary(names.enumerated().map { (Name($1), $0) }, uniquingKeysWith: { first, _ in first })
    let edges = names.map { name in (reads[name] ?? []).compactMap { numbers[$0] } }
    let components = Self.components(edges)
    order = components.flatMap { $0.map { names[$0] } }
    var found: [[Int]] = []
    for component in components where component.count > 1 || edges[component[0]].contains(component[0]) {
      let members = Set(component)
      var covered: Set<Int> = []
      for start in component.sorted() where !covered.contains(start) {
        guard let circle = Self.circle(from: start, within: members, edges) else { continue }
        covered.formUnion(circle)
        found.append(circle)
      }
    }
    circles = found.sorted { ($0.first ?? 0) < ($1.first ?? 0) }.map { $0.map { names[$0] } }
  }

  /// Strongly connected components, each after those that it reads (Tarjan's algorithm, with a stack of its own).
  private static func components(_ edges: [[Int]]) -> [[Int]] {
    var components: [[Int]] = []
    var number = [Int](repeating: -1, count: edges.count)
    var lowest = number
    var isOpen = [Bool](repeating: false, count: edges.count)
    var open: [Int] = []
    var next = 0
    for root in edges.indices where number[root] < 0 {
      var path: [(node: Int, edge: Int)] = [(root, 0)]
      while let (node, edge) = path.last {
        if edge == 0, number[node] < 0 {
          (number[node], lowest[node]) = (next, next)
          next += 1
          open.append(node)
          isOpen[node] = true
        }
        if edge < edges[node].count {
          path[path.count - 1].edge += 1
          let other = edges[node][edge]
          if number[other] < 0 {
            path.append((other, 0))
          } else if isOpen[other] {
            lowest[node] = min(lowest[node], number[other])
          }
          continue
        }
        path.removeLast()
        if let parent = path.last?.node { lowest[parent] = min(lowest[parent], lowest[node]) }
        guard lowest[node] == number[node] else { continue }
        var component: [Int] = []
        while let member = open.popLast() {
          isOpen[member] = false
          component.append(member)
          if member == node { break }
        }
        components.append(component)
      }
    }
    return components
  }

  /// The shortest path from a var back to itself.
  private static func circle(from start: Int, within members: Set<Int>, _ edges: [[Int]]) -> [Int]? {
    var from: [Int: Int] = [:]
    var queue = [start]
    var next = 0
    while next < queue.count {
      let node = queue[next]
      next += 1
      for other in edges[node] where members.contains(other) {
        if other == start {
          var circle = [node]
          while let before = from[circle[circle.count - 1]] { circle.append(before) }
          return circle.reversed()
        }
        if from[other] == nil {
          from[other] = node
          queue.append(other)
        }
      }
    }
    return nil
  }
}
