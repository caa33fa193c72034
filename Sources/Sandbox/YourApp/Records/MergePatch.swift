import Core
import Records

/// JSON Merge Patch (RFC 7396) on JSON text: what the patch does not name is kept byte for byte.
enum MergePatch {
  /// Checks a patch: members that occur twice would be ambiguous, and merging is recursive, so its depth is limited.
  static func read(_ patch: JSONSlice) throws(AppProblem) -> JSONSlice {
    do throws(JSONReader.Failure) {
      _ = try JSONReader.read(Array(patch.raw))
      return patch
    } catch {
      throw AppProblem(.invalidJSON, "The patch cannot be read: it nests too deeply, has a member twice, or is not UTF-8.")
    }
  }

  /// - Parameter fields: the members of the record, without braces.
  /// - Returns: the text of the patched record; a patch that is not an object replaces it.
  static func apply(_ patch: JSONSlice, to fields: [UInt8]) -> [UInt8] {
    merge(patch, into: JSONSlicer.checked([UInt8(ascii: "{")] + fields + [UInt8(ascii: "}")]))
  }

  private static func merge(_ patch: JSONSlice, into target: JSONSlice?) -> [UInt8] {
    guard patch.kind == .object else { return patch.line }
    let changes = patch.members
    var out = JSONOutput()
    out.object { out in
      var known: Set<Name> = []
      for member in target?.members ?? [] {
        known.insert(Name(member.name))
        guard let change = changes.first(where: { $0.name.isExactly(member.name) }) else {
          out.name(member.name)
          out.bytes += member.value.line
          continue
        }
        write(change, into: member.value, to: &out)
      }
      for change in changes where !known.contains(Name(change.name)) { write(change, into: nil, to: &out) }
    }
    return out.bytes
  }

  private static func write(_ change: JSONSlice.Member, into old: JSONSlice?, to out: inout JSONOutput) {
    guard !change.value.isNull else { return }
    out.name(change.name)
    out.bytes += merge(change.value, into: old?.kind == .object ? old : nil)
  }
}
