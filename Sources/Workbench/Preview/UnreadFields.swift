import Core
import Records

/// What a record has that no path of a program leads to.
enum UnreadFields {
  /// Members of objects, by path and JSON text, the outermost that nothing reads.
  ///
  /// - Parameter paths: what is read of `value`. A list of which a part is read counts as read.
  static func all(of value: JSONValue, paths: [[RecordWalker.Step]], prefix: String = "") -> [PreviewItem.Pair] {
    guard let members = value.objectValue, !paths.contains(where: \.isEmpty) else { return [] }
    return members.flatMap { member -> [PreviewItem.Pair] in
      let inner = paths.filter { leads($0, to: member.name) }.map { Array($0.dropFirst()) }
      guard inner.isEmpty else { return all(of: member.value, paths: inner, prefix: "\(prefix)\(member.name).") }
      return [.init(name: prefix + member.name, text: member.value.text)]
    }
  }

  private static func leads(_ path: [RecordWalker.Step], to name: String) -> Bool {
    switch path.first {
    case .member(let member)?: member.isExactly(name)
    case .memberInAnyCase(let member)?: member.utf8.elementsEqual(name.utf8) { $0 | 0x20 == $1 | 0x20 }
    default: false
    }
  }
}
