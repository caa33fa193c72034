import Core
import Files
import Records
import Transform

/// The keys of a file.
struct LoadedKeys {
  let file: KeysFile
  let registry: KeyRegistry
  /// Records or lines with a key.
  var count = 0
  /// Nil: each line is a key.
  var format: SourceFormat?
  /// What was noticed in the file; each note begins with the file's name.
  var notes: [String] = []

  /// Once all references have been looked up: why the file may be the wrong one; nil if nothing indicates that.
  var advice: String? {
    let usage = registry.usage
    let option = "\(CommandOption.keys) \(file.mapping)"
    if usage.missedTitle {
      return "\(option): a record refers to the header of \(file.path) as a key: if that CSV file has no header, "
        + "pass its keys as a text file, such as keys.txt"
    }
    guard usage.wasAsked, !usage.hadKey else { return nil }
    guard count > 0 else { return "\(option): \(file.path) has no keys, so no reference was found" }
    let all = count == 1 ? "the key of \(file.path)" : "any of the \(count) keys of \(file.path)"
    guard let format else {
      return "\(option): no record refers to \(all). Each line is read as a key; for records, use the extension of their format, "
        + SourceFormats.standard.listed
    }
    let what = format.traits.contains(.isTable) ? "column" : "member"
    let place = file.field.map { "the \(what) '\($0)'" } ?? "the first \(what)"
    return "\(option): no record refers to \(all). Keys come from \(place): if another one has the keys, pass "
      + "\(option)=\(file.path):FIELD"
  }
}
