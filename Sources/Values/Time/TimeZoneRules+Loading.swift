import Core

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension TimeZoneRules {
  /// Reads the rules of the IANA zone `name` from the system's time zone data: the directory `TZDIR` names, else the
  /// usual ones. `UTC` is known without any.
  package static func load(_ name: String) throws(TimeZoneFailure) -> TimeZoneRules {
    if name == "UTC" { return utc }
    return try load(name, from: directory())
  }

  /// All zone names of the system's data, sorted; without the copies under `posix` and those that count leap seconds.
  package static func names() -> [String] {
    guard let directory = try? directory() else { return [] }
    return names(in: directory)
  }

  /// As `load(_:)`, from the TZif files of `directory`.
  static func load(_ name: String, from directory: String) throws(TimeZoneFailure) -> TimeZoneRules {
    if let advice = ForeignZone.refusal(of: name) { throw TimeZoneFailure(.badName, advice.message, hint: advice.hint) }
    if let zone = ForeignZone.zone(called: name), !FileManager.default.fileExists(atPath: directory + "/" + name) {
      throw TimeZoneFailure(.badName, "'\(name)' is not an IANA time zone name", hint: "write \(zone)")
    }
    try check(name, in: directory)
    var isDirectory = false
    let path = directory + "/" + name
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory), !isDirectory else {
      throw TimeZoneFailure(
        .unknownName, "there is no time zone '\(name)'",
        hint: zone(ofCity: name, in: directory).map { "write \($0)" } ?? NearestName.hint(name, in: names(in: directory)))
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw TimeZoneFailure(.badFile, "the data of time zone '\(name)' cannot be read: \(path)")
    }
    do throws(TZifError) {
      return try TZifFile(Array(data)).rules(named: name)
    } catch {
      throw TimeZoneFailure(.badFile, "the data of time zone '\(name)' cannot be used: \(error.reason): \(path)")
    }
  }

  /// Where the system keeps its TZif files.
  static func directory() throws(TimeZoneFailure) -> String {
    var isDirectory = false
    if let own = ProcessInfo.processInfo.environment["TZDIR"], !own.isEmpty {
      guard FileManager.default.fileExists(atPath: own, isDirectory: &isDirectory), isDirectory else {
        throw TimeZoneFailure(.noDatabase, "TZDIR does not name a directory: \(own)", hint: "correct TZDIR, or unset it")
      }
      return own
    }
    for path in ["/usr/share/zoneinfo", "/usr/lib/zoneinfo", "/usr/share/lib/zoneinfo"]
    where FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && isDirectory {
      return path
    }
    throw TimeZoneFailure(
      .noDatabase, "this system has no time zone data", hint: "install the package tzdata, or set TZDIR")
  }

  /// Only names inside of the directory: letters, digits, `_ + -` and single dots, parted by slashes.
  private static func check(_ name: String, in directory: String) throws(TimeZoneFailure) {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    let isPath = parts.allSatisfy { part in
      !part.isEmpty && !part.elementsEqual(".".utf8) && !part.elementsEqual("..".utf8)
        && part.allSatisfy { byte in
          (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || "_+-.".utf8.contains(byte)
        }
    }
    guard isPath else {
      let zone = (name.contains(" ") ? zone(ofCity: name, in: directory) : nil) ?? "an IANA name such as Europe/Berlin"
      throw TimeZoneFailure(.badName, "'\(name)' is not a time zone name", hint: "write \(zone)")
    }
    if name == "localtime" {
      throw TimeZoneFailure(
        .badName, "'localtime' is this machine's own zone; results must not depend on it",
        hint: "write an IANA name such as Europe/Berlin")
    }
  }

  /// The zone whose last part is the city of `name`: of `New York` and `america/new york` it is America/New_York.
  private static func zone(ofCity name: String, in directory: String) -> String? {
    let city = name.split(separator: "/").last.map { $0.replacing(" ", with: "_").lowercased() }
    return names(in: directory).first { $0.split(separator: "/").last?.lowercased() == city && $0.contains("/") }
  }

  private static func names(in directory: String) -> [String] {
    let paths = (try? FileManager.default.subpathsOfDirectory(atPath: directory)) ?? []
    return paths.filter { path in
      // Zones begin with a capital letter; posix/, right/, localtime, posixrules and the tables do not.
      guard let first = path.utf8.first, (0x41...0x5A).contains(first), !path.utf8.contains(UInt8(ascii: ".")),
        ForeignZone.refusal(of: path) == nil
      else { return false }
      var isDirectory = false
      let full = directory + "/" + path
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isDirectory), !isDirectory else { return false }
      return FileManager.default.contents(atPath: full)?.starts(with: TZifFile.magic) ?? false
    }.sortedExactly()
  }
}
