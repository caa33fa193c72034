import Core
import TestSupport
import Testing

@testable import Records

/// The members of a record that no path leads to.
@Suite struct KnownMembersTests {
  private static let known = KnownMembers(paths: [["id"], ["address", "city"], ["address", "geo", "lat"], ["größe"], ["a.b"]])

  private static func strangers(_ text: String) -> [KnownMembers.Stranger] {
    Array(text.utf8).withUnsafeBufferPointer { known.strangers(in: $0) }
  }

  @Test(
    "each member that no path leads to is found, in any order and spelling",
    arguments: [
      (#"{}"#, []), (#" { "id" : 1 } "#, []), (#"{"größe":1,"id":"}{\"","a.b":[{"x":1}]}"#, []),
      (#"{"gr\u00f6\u00dfe":1,"\u0069d":2}"#, []), (#"{"address":{"geo":{"lat":1},"city":null}}"#, []),
      (#"{"id":{"any":{"thing":[1,"]"]}},"x":1}"#, [.unknown(["x"])]),
      (#"{"ID":1,"address":{"zip":"1","city":"2"},"y":{}}"#, [.unknown(["ID"]), .unknown(["address", "zip"]), .unknown(["y"])]),
      // Names are equal only if their bytes are.
      ("{\"gro\u{308}ße\":1}", [.unknown(["gro\u{308}ße"])]),
      (#"{"address":null}"#, [.notTakenApart(["address"], isEmptyObject: false)]),
      (#"{"address":"a, b","id":1}"#, [.notTakenApart(["address"], isEmptyObject: false)]),
      (#"{"address":[{"city":1}]}"#, [.notTakenApart(["address"], isEmptyObject: false)]),
      (#"{"address":{}}"#, [.notTakenApart(["address"], isEmptyObject: true)]),
      (#"{"address":{"geo":{}}}"#, [.notTakenApart(["address", "geo"], isEmptyObject: true)]),
    ] as [(String, [KnownMembers.Stranger])])
  func found(text: String, strangers: [KnownMembers.Stranger]) {
    #expect(Self.strangers(text) == strangers)
  }

  @Test(
    "a scan of invalid JSON finds no unknown members and terminates",
    arguments: [
      "", "{", "[1]", "1", #"{"x"#, #"{"x":"#, #"{"x" 1}"#, #"{"x":1"#, #"{"x":"\"#, #"{"address":{"city"#, "{\"x\":1,}",
    ])
  func broken(text: String) {
    #expect(Self.strangers(text).isEmpty)
  }

  @Test func `records with unknown members are faults, and the others pass`() throws {
    let lines = [#"{"id":1}"#, #"{"id":2,"x":0,"idd":1}"#, #"{"id":"#, #"{"ids":3}"#, #"{"address":7}"#]
    let text = lines.joined(separator: "\n") + "\n"
    let folder = TemporaryFolder()
    try folder.write("r.ndjson", text)
    var source: any RecordSource = ClosedSource(
      try RecordInput.open("\(folder.path)/r.ndjson", format: .ndjson), known: Self.known)
    let batch = RecordBatch()
    #expect(try source.fill(batch))
    #expect(batch.items.map(\.fault) == [nil, .unmappedField, nil, .unmappedField, .wrongType])
    #expect(batch.items.map(\.line) == [1, 2, 3, 4, 5])
    #expect(batch.note(of: batch.items[1], about: .unmappedField) == "the mapping does not write 'x', 'idd'")
    #expect(batch.note(of: batch.items[3], about: .unmappedField) == "the mapping does not write 'ids'; did you mean 'id'?")
    #expect(
      batch.note(of: batch.items[4], about: .wrongType)
        == "'address' must be an object, because the mapping writes 'address.city'")
    #expect(try !source.fill(batch))
    #expect(source.cursor.records == 5)
  }
}
