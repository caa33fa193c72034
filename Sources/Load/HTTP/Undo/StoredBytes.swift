import Core
import Records

/// The bytes of a record inside a response. A value that was read and written again may look different: its escapes are resolved,
/// and what is put back must be what was there.
enum StoredBytes {
  /// - Parameters:
  ///   - record: as it was read.
  ///   - content: the response.
  ///   - cut: finds the record in the response.
  /// - Returns: the record on one line. Nil: the bytes do not say the same as `record`, as with a member that occurs twice.
  static func bytes(of record: JSONValue, in content: [UInt8], _ cut: (JSONSlice) -> JSONSlice?) -> [UInt8]? {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let text = content.starts(with: mark) ? Array(content.dropFirst(mark.count)) : content
    guard let line = (try? JSONSlicer.slice(text)).flatMap(cut)?.line, (try? JSONReader.read(line)) == record else { return nil }
    return line
  }
}

extension JSONSlice {
  func value(at path: ResponsePath) -> JSONSlice? {
    var value = self
    for step in path.steps {
      switch step {
      case .member(let name):
        guard let next = value[name.text] else { return nil }
        value = next
      case .element(let index):
        let elements = value.elements
        guard index < elements.count else { return nil }
        value = elements[index]
      }
    }
    return value
  }
}
