import Core
import Testing

@testable import Control

@Suite struct ParentsFirstTests {
  private func parent(_ key: String) -> ParentsFirst.Parent { .init(mapping: "contacts", key: Name(key)) }

  @Test func `a record waits for all of its parents`() {
    var children = ParentsFirst()
    let decisions = [
      children.add(0, parents: []), children.add(1, parents: [parent("a"), parent("b"), parent("a")]),
      children.add(2, parents: [parent("b")]),
    ]
    #expect(decisions == [.send, .wait, .wait])
    let sent = [children.loaded(parent("b")), children.loaded(parent("b")), children.loaded(parent("a"))]
    #expect(sent == [[2], [], [1]])
    let rest = children.rest()
    #expect(rest.isEmpty)
  }

  @Test func `a record whose parent is not loaded is pending, and so is one that comes later`() {
    var children = ParentsFirst()
    _ = (children.add(1, parents: [parent("a"), parent("b")]), children.add(2, parents: [parent("b")]))
    let pending = children.notLoaded(parent("a"))
    #expect(pending == [1])
    let later = children.add(3, parents: [parent("a")])
    #expect(later == .pending(parent("a")))
    let sent = children.loaded(parent("b"))
    #expect(sent == [2])
  }

  @Test func `records that refer to each other are left at the end, each with its parent`() {
    var children = ParentsFirst()
    _ = (children.add(1, parents: [parent("b")]), children.add(2, parents: [parent("a")]))
    let rest = children.rest()
    #expect(rest.map(\.record) == [1, 2] && rest.map(\.parent) == [parent("b"), parent("a")])
  }
}
