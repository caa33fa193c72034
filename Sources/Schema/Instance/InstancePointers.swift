/// The JSON pointers of values in the order of the tape: each continues from the one before, so that those of a long list
/// cost one walk through it in total.
struct InstancePointers {
  private let tape: InstanceTape
  /// From the root to the last value: each with the current child, and how many come before it.
  private var path: [(node: Int, pointer: String, child: Int, number: Int)] = [(0, "", 1, 0)]

  init(_ tape: InstanceTape) { self.tape = tape }

  /// - Parameter node: Not before the last requested one.
  mutating func pointer(of node: Int) -> String {
    while tape.end(path[path.count - 1].node) <= node { path.removeLast() }
    while true {
      let last = path.count - 1
      if path[last].node == node { return path[last].pointer }
      while tape.end(path[last].child) <= node {
        path[last].child = tape.end(path[last].child)
        path[last].number += 1
      }
      let child = path[last].child
      let pointer = tape.appending(child, number: path[last].number, to: path[last].pointer)
      path.append((child, pointer, child + 1, 0))
    }
  }
}
