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
    if let nulls = node["nulls"] {
      let words = MappingKeywords.settingsGroup.words(of: "nulls")
      omitsNulls = nulls.word("settings.nulls", oneOf: words, &diagnostics) == "omit"
    }
  }

  private mutating func namedZone(_ name: String, at place: SourcePlace) -> ZoneChoice? {
    let names = TimeZoneRules.names()
    // Without zone data, nothing can be checked.
    guard !names.isEmpty, name != "UTC", !names.contains(exactly: name) else { return .named(name) }
    let hint = NearestName.hint(name, in: names + ["location"]) ?? "write an IANA name (Europe/Berlin), or location"
    report(.badArgument, at: place, "there is no time zone '\(name)'", hint: hint)
    return nil
  }

  private mutating func checkedRegion(_ code: String, at place: SourcePlace) -> String? {
    if let region = RegionCode(code), region.isSupported { return code }
    let upper = NearestName.seen(code).uppercased()
    // A name, or a colloquial code: UK.
    let meant =
      RegionCode(upper).flatMap { $0.isSupported ? upper : nil }
      ?? Country.alpha2(of: Array(code.utf8).span).map(\.string).flatMap { RegionCode($0)?.isSupported == true ? $0 : nil }
    let hint = meant.map { NearestName.question(code, $0) } ?? "write an ISO 3166-1 code of two capital letters: US, GB, DE"
    report(.badArgument, at: place, "there is no region '\(code)'", hint: hint)
    return nil
  }
}
