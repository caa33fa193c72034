import Core
import Transform
import Values

/// `settings`, and what a test replaces in them.
struct SettingsPhase: SourceReader {
  let context: MappingContext
  var diagnostics: Diagnostics
  let source: SourceScope
  var marks: SourceMarks
  var vars: MappingVars
  private(set) var settings = WrittenSettings()

  init(_ before: SourcePhase) {
    context = before.context
    diagnostics = before.diagnostics
    source = before.source
    marks = before.marks
    vars = before.vars
    var settings = WrittenSettings()
    for node in [context.document["settings"], context.options.overrides.settings].compactMap(\.self) {
      read(settings: node, into: &settings)
    }
    self.settings = settings
  }
}

struct WrittenSettings {
  var values = MappingSettings()
  /// `nulls: omit`, for fields without a setting of their own.
  var omitsNulls = false
}

extension SourceReader {
  /// A map of settings; those that it does not name stay as they are.
  mutating func read(settings node: YAMLNode, into settings: inout WrittenSettings) {
    guard node.entries("settings", &diagnostics) != nil else { return }
    node.checkKeys("settings", known: MappingKeywords.settings, &diagnostics)
    if let zone = node["timezone"], let name = zone.text("settings.timezone", &diagnostics) {
      settings.values.zone = name == "location" ? .location : namedZone(name, at: zone.place)
    }
    if let region = node["region"], let code = region.text("settings.region", &diagnostics) {
      settings.values.region = checkedRegion(code, at: region.place)
    }
    if let from = node["region_from"], let found = recordPath(from, "settings.region_from") {
      settings.values.regionFrom = found.path
    }
    if let blank = node["blank_is_null"], let value = blank.boolean("settings.blank_is_null", &diagnostics) {
      settings.values.blankIsNull = value
    }
    if let nulls = node["nulls"] {
      let words = MappingKeywords.settingsGroup.words(of: "nulls")
      settings.omitsNulls = nulls.word("settings.nulls", oneOf: words, &diagnostics) == "omit"
    }
  }

  private mutating func namedZone(_ name: String, at place: SourcePlace) -> ZoneChoice? {
    do throws(TimeZoneFailure) {
      _ = try TimeZoneRules.load(name)
      return .named(name)
    } catch {
      // All names are read only if one is wrong: that opens about 600 files. Without zone data, nothing can be checked.
      let names = TimeZoneRules.names()
      guard !names.isEmpty, !names.contains(exactly: name) else { return .named(name) }
      let hint =
        NearestName.hint(name, in: ["location"]) ?? error.hint ?? "write an IANA name (Europe/Berlin), or location"
      report(.badArgument, at: place, error.message, hint: hint)
      return nil
    }
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
