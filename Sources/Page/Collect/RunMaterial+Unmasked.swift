import Core
import Report

extension RunMaterial {
  /// Values that the run shows although they are, or seem to be, personal: if the user chose so, a page says it at its top.
  var unmasked: [PageVerdict.Unmasked] {
    (summary?.mappings ?? []).flatMap { mapping -> [PageVerdict.Unmasked] in
      var found: [PageVerdict.Unmasked] = []
      if profiles[Name(mapping.name)]?.isUnmasked == true {
        found.append(
          .init(
            run: id, mapping: mapping.name, fields: [],
            text: "The profile of \(mapping.name) shows values that `pii` would hide, as requested."))
      }
      let fields = fields[Name(mapping.name)]
      // Names of companies are not personal.
      guard fields?.entity != "business" else { return found }
      let shown = (fields?.fields ?? []).filter { $0.privacy == .show && DefaultPrivacy.policy(of: $0.name) != .show }
      if !shown.isEmpty {
        let names = shown.map(\.name)
        found.append(
          .init(
            run: id, mapping: mapping.name, fields: names,
            text: "\(mapping.name) shows the values of \(PageText.list(names)) as they are, although such fields are usually "
              + "personal: its `pii` says so, or the fields that it reads are not known to be personal."))
      }
      return found
    }
  }
}
