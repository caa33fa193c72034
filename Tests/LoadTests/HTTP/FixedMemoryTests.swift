import Core
import Testing

@testable import Load

/// What a load remembers about its records takes a fixed amount of memory, so new entries replace old ones.
@Suite struct FixedMemoryTests {
  @Test func `a repeated key is detected until other keys have taken its place`() {
    var keys = SeenKeys(capacity: 64)
    let first = Name("first")
    let two = [first, first].map { keys.insert($0) }
    let others = (0..<10_000).map { keys.insert(Name("key \($0)")) }
    let again = keys.insert(first)
    #expect(two == [true, false] && others.allSatisfy { $0 } && again)
  }

  @Test func `an ID belongs to the first record that has it, until other IDs have taken its place`() {
    var owners = RemoteIDOwners(capacity: 64)
    let (id, ann, eva) = (Name("17"), Name("ann"), Name("eva"))
    let claims = [ann, ann, eva, ann].map { owners.claim(id, for: $0) }
    let others = (0..<10_000).map { owners.claim(Name("id \($0)"), for: Name("key \($0)")) }
    let again = owners.claim(id, for: eva)
    #expect(claims == [true, true, false, true] && others.allSatisfy { $0 } && again)
  }

  @Test func `a queue does not keep what was taken from it`() async throws {
    final class Token: Sendable {}
    let queue = BoundedQueue<Token>(limit: 10)
    weak var first: Token?
    do {
      let token = Token()
      first = token
      await queue.push(token)
    }
    await queue.push(Token())
    _ = await queue.next()
    #expect(first == nil)
    queue.close()
    #expect(await queue.next() == nil)
  }
}
