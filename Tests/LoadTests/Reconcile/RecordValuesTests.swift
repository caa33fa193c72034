import Core
import Testing

@testable import Load

struct RecordValuesTests {
  @Test(arguments: [4, 400])
  func `values are found by column in narrow and wide records`(_ count: Int) {
    let last = count - 1
    let members = (0..<count).map { JSONValue.Member("f\($0)", .number($0)) }
    let record = JSONValue.object(members.reversed() + [.init("deep", .object([.init("a", .bool(true))])), .init("f0", .null)])
    let columns = ((0..<count).map { ["f\($0)"] } + [["deep", "a"], ["deep", "b"], ["F1"]]).map {
      LoadColumn(path: $0, types: .string)
    }
    let values = RecordValues.values(of: record, columns)
    // Of members with the same name, the last one counts, as everywhere.
    #expect(values[0] == .some(.null))
    #expect(values[last] == .number(last))
    #expect(values.suffix(3) == [.bool(true), nil, nil])
  }
}
