import Core
import Transform
import Values

/// `settings`.
extension MappingBuilder {
  mutating func readSettings(_ node: YAMLNode) {
    guard node.entries("settings", &diagnostics) != nil else { return }
    node.checkKeys("settings", known: MappingKeywords.settings, &diagnostics)
    if let zone = node["timezone"], let name = zone.text("settings.timezone", &diagnostics) {
      settings.zone = name == "location" ? .location : namedZone(name, at: zone.place)
    }
    if let region = node["region"], let code = region.text("settings.region", &diagnostics) {
      settings.region = checkedRegion(code, at: region.place)
    }
    if let from = node["region_from"], let found = recordPath(from, "settings.region_from") {
      settings.regionFrom = found.path
    }
    if let blank = node["blank_is_null"], let value = blank.boolean("settings.blank_is_null", &diagnostics) {
      settings.blankIsNull = value
    }
  }

  private mutating func namedZone(_ name: String, at place: SourcePlace) -> ZoneChoice? {
    let names = TimeZoneRules.names()
    // Without any zone data nothing can be told.
    guard !names.isEmpty, name != "UTC", !names.contains(name) else { return .named(name) }
    let hint = NearestName.hint(name, in: names + ["location"]) ?? "write an IANA name (Europe/Berlin), or location"
    report(.badArgument, at: place, "there is no time zone '\(name)'", hint: hint)
    return nil
  }

  private mutating func checkedRegion(_ code: String, at place: SourcePlace) -> String? {
    let isCode = code.utf8.count == 2 && code.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    guard !isCode else { return code }
    let upper = code.uppercased()
    let isNearly = upper.utf8.count == 2 && upper.utf8.allSatisfy { (0x41...0x5A).contains($0) }
    let hint = isNearly ? "did you mean '\(upper)'?" : "write two capital letters, as ISO 3166-1 has them: US, GB, DE"
    report(.badArgument, at: place, "no region '\(code)'", hint: hint)
    return nil
  }
}
