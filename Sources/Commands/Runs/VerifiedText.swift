import Core

/// What reading back unchanged records has shown, for people:
///
///     verified 200 unchanged records of contacts at app: 3 were changed there, 1 was removed there, 4 were sent again
enum VerifiedText {
  /// One line for each mapping and destination that has something to say.
  ///
  /// - Parameter entities: of a `summary.json`.
  static func text(of entities: JSONValue?) -> String {
    var text = ""
    for mapping in entities?.objectValue ?? [] {
      for destination in mapping.value["destinations"]?.objectValue ?? [] {
        guard let verified = destination.value["verified"] else { continue }
        func count(_ name: String) -> Int { verified[name]?.intValue ?? 0 }
        guard count("records") + count("not_read") > 0 else { continue }
        text +=
          "verified \(Wording.count(count("records"), "unchanged record")) of \(mapping.name) at \(destination.name)\(findings(count))\n"
      }
    }
    return text
  }

  private static func findings(_ count: (String) -> Int) -> String {
    func part(_ name: String, _ words: String) -> String? {
      let number = count(name)
      return number == 0 ? nil : "\(Wording.count(number)) \(number == 1 ? "was" : "were") \(words)"
    }
    let unread = count("not_read")
    let parts =
      [part("drifted", "changed there"), part("missing", "removed there"), part("resent", "sent again")].compactMap(\.self)
      + (unread == 0 ? [] : ["\(Wording.count(unread)) could not be read"])
    return parts.isEmpty ? "" : ": " + parts.joined(separator: ", ")
  }
}
