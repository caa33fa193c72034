import Core
import Foundation

/// Names of files for locations.
enum FilePlace {
  static func name(of path: String) -> String { path.split(exactly: "/").last { !$0.isEmpty } ?? path }

  /// How a file is named in locations: by the way to it from the folder of the main one.
  static func name(of uri: String, beside main: String) -> String {
    let folder = main.split(exactly: "/").dropLast()
    let steps = uri.split(exactly: "/")
    let common = zip(folder, steps.dropLast()).prefix { $0.isExactly($1) }.count
    guard common > 0 else { return name(of: uri) }
    let way = Array(repeating: "..", count: folder.count - common) + steps.dropFirst(common)
    let text = way.joined(separator: "/")
    return URIReference.percentDecoded(text) ?? text
  }

  /// Where a file has an address of its own (`https://a.example/schemas/contact.json`), its neighbors have similar addresses.
  static func neighbours(of uri: String, named name: String) -> SchemaOptions.Root? {
    let name = URIReference(name)
    guard uri.hasPrefix("file:///"), name.authority != nil, name.scheme != "file",
      let end = name.path.utf8.lastIndex(of: UInt8(ascii: "/")),
      let path = URIReference.percentDecoded(URIReference(uri).path), let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    else { return nil }
    var prefix = URIReference("")
    (prefix.scheme, prefix.authority, prefix.path) = (name.scheme, name.authority, String(name.path[..<end]))
    return .init(prefix: prefix.resource, folder: slash == path.startIndex ? "/" : String(path[..<slash]))
  }

  /// The `file:` address of a path.
  static func uri(of path: String) -> String {
    let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
    var text = "file://"
    for byte in absolute.utf8 {
      if ASCII.isLetterOrDigit(byte) || "-._~/!$&'()*+,;=:@".utf8.contains(byte) {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        let digits = String(byte, radix: 16, uppercase: true)
        text += digits.utf8.count == 1 ? "%0\(digits)" : "%\(digits)"
      }
    }
    // Without steps up: `a/../b.json` has the address of `b.json`.
    return URIReference(text).resolved(against: URIReference("file:///")).resource
  }
}
