import Core
package import Transform

extension LaneItems {
  /// `{"record":"c1","outcome":"written","line":1}` for each item.
  package var lines: String {
    items.indices.map { index in
      let record = name(of: index).map { [JSONValue.Member("record", .string($0))] } ?? []
      let members: [JSONValue.Member] =
        record + [.init("outcome", .string(items[index].outcome.rawValue)), .init("line", .number(items[index].mark.line))]
      return JSONValue.object(members).text + "\n"
    }.joined()
  }
}
