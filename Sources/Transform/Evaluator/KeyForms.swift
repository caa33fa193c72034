import Core
import Values

/// The other forms in which a key may have been written.
enum KeyForms {
  /// Without the name itself: by Unicode form, by case, and as it is seen (look-alikes as the Latin letters that they resemble,
  /// without invisible characters and spaces at the ends).
  static func others(of name: String) -> [String] {
    var found: [String] = []
    var known: Set<Name> = [Name(name)]
    for base in [name, NearestName.seen(name)] {
      for form in [base, normalized(base, .nfc), normalized(base, .nfd)] {
        for text in [form, form.lowercased(), form.uppercased()] where known.insert(text) { found.append(text) }
      }
    }
    return found
  }

  private static func normalized(_ text: String, _ form: NormalizationForm) -> String {
    guard !text.isASCII else { return text }
    var arena = ByteArena(capacity: 512)
    arena.begin()
    let bytes = Array(text.utf8)
    return Normalization.normalize(bytes.span, to: form, into: &arena) ? arena.finish().string : text
  }
}
