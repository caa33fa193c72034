/// JSON pointers as text (RFC 6901).
enum JSONPointer {
  /// `pointer` with one more reference token; `~` and `/` in the name are escaped.
  static func appending(_ name: String, to pointer: String) -> String {
    guard name.utf8.contains(where: { $0 == UInt8(ascii: "~") || $0 == UInt8(ascii: "/") }) else { return "\(pointer)/\(name)" }
    var escaped = ""
    for scalar in name.unicodeScalars {
      switch scalar {
      case "~": escaped += "~0"
      case "/": escaped += "~1"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return "\(pointer)/\(escaped)"
  }

  /// The tokens of a pointer, unescaped: `/a~1b/0` gives `a/b` and `0`.
  static func tokens(_ pointer: String) -> [String] {
    var tokens: [String] = []
    var token = String.UnicodeScalarView()
    var afterTilde = false
    for scalar in pointer.unicodeScalars {
      if afterTilde {
        afterTilde = false
        token.append(scalar == "0" ? "~" : scalar == "1" ? "/" : scalar)
      } else if scalar == "/" {
        tokens.append(String(token))
        token = String.UnicodeScalarView()
      } else if scalar == "~" {
        afterTilde = true
      } else {
        token.append(scalar)
      }
    }
    tokens.append(String(token))
    // The part before the first slash is empty.
    return Array(tokens.dropFirst())
  }
}

/// The one operation on JSON pointers that other targets need.
package enum SchemaPointer {
  /// `pointer` with one more reference token, escaped.
  package static func appending(_ name: String, to pointer: String) -> String { JSONPointer.appending(name, to: pointer) }
}
