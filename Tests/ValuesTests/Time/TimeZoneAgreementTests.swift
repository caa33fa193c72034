#if canImport(Glibc)
  import Core
  import Glibc
  import Testing

  @testable import Values

  /// Every zone of the system beside the C library's own reading of the same files.
  ///
  /// The C library reads one zone at a time, by the environment's `TZ`: nothing else in this process may set that.
  @Suite(.serialized) struct TimeZoneAgreementTests {
    /// The C library's reading of one zone.
    private struct CLibrary {
      init(path: String) {
        setenv("TZ", ":" + path, 1)
        tzset()
      }

      func fields(at moment: Int64) -> tm {
        var moment = time_t(moment)
        var fields = tm()
        localtime_r(&moment, &fields)
        return fields
      }

      func offset(at moment: Int64) -> Int { fields(at: moment).tm_gmtoff }

      /// The first moment after `low`, up to `high`, with another offset than `low` has; the offsets at both ends differ.
      func transition(after low: Int64, upTo high: Int64) -> Int64 {
        let offset = offset(at: low)
        var (low, high) = (low, high)
        while high - low > 1 {
          let middle = low + (high - low) / 2
          if self.offset(at: middle) == offset { low = middle } else { high = middle }
        }
        return high
      }
    }

    private static let begin: Int64 = 0
    private static let end: Int64 = 2_145_916_800  // 2038-01-01

    @Test func everyTransitionOfEveryZoneAgreesWithTheCLibrary() throws {
      let before = getenv("TZ").map { String(cString: $0) }
      defer {
        if let before { setenv("TZ", before, 1) } else { unsetenv("TZ") }
        tzset()
      }
      let directory = try TimeZoneRules.directory()
      let names = TimeZoneRules.names()
      #expect(names.count > 300)
      var comparisons = 0
      var transitions = 0
      var differences: [String] = []
      for name in names {
        let rules = try TimeZoneRules.load(name)
        let library = CLibrary(path: directory + "/" + name)
        // Our transitions, and those that the C library shows between samples twenty days apart.
        var moments = Set(rules.transitions.filter { (Self.begin..<Self.end).contains($0) })
        var last = library.offset(at: Self.begin)
        for sample in stride(from: Self.begin, to: Self.end, by: 20 * 86_400) {
          let offset = library.offset(at: sample)
          comparisons += 1
          if offset != rules.offset(at: sample) { differences.append("\(name) at \(sample)") }
          if offset != last { moments.insert(library.transition(after: sample - 20 * 86_400, upTo: sample)) }
          last = offset
        }
        transitions += moments.count
        for moment in moments {
          comparisons += 1
          Self.compare(rules, library, around: moment, &differences)
        }
      }
      #expect(differences.isEmpty, "\(differences.count): \(differences.prefix(10))")
      #expect(transitions > 20_000)
      #expect(comparisons > 500_000)
    }

    /// The moments and the local times at both edges of the change at `moment`.
    private static func compare(
      _ rules: TimeZoneRules, _ library: CLibrary, around moment: Int64, _ differences: inout [String]
    ) {
      for moment in [moment - 1, moment, moment + 1] {
        let theirs = library.fields(at: moment)
        let offset = rules.offset(at: moment)
        let ours = DateTimeFields(localSeconds: moment + Int64(offset), nanosecond: 0, zone: .offset(offset))
        let agrees =
          theirs.tm_gmtoff == offset && Int(theirs.tm_year) + 1_900 == ours?.date.year
          && Int(theirs.tm_mon) + 1 == ours?.date.month && Int(theirs.tm_mday) == ours?.date.day
          && Int(theirs.tm_hour) == ours?.hour && Int(theirs.tm_min) == ours?.minute
          && Int(theirs.tm_sec) == ours?.second && Int(theirs.tm_wday) == ours?.date.weekday
        if !agrees { differences.append("\(rules.name) at \(moment)") }
      }
      let offsets = [library.offset(at: moment - 1), library.offset(at: moment)]
      for offset in offsets {
        for local in [-1, 0, 1].map({ moment + Int64(offset) + $0 }) {
          // A local time means the moments at which the C library's clock shows it.
          let meant = Set(offsets.map { local - Int64($0) }).filter { library.offset(at: $0) == Int(local - $0) }.sorted()
          let agrees =
            switch rules.resolve(local: local) {
            case .unique(let moment): meant == [moment]
            case .overlap(let earlier, let later): meant == [earlier, later]
            case .gap(let length, let earlier, let later):
              meant.isEmpty && length == offsets[1] - offsets[0] && earlier == local - Int64(offsets[1])
                && later == local - Int64(offsets[0])
            }
          if !agrees { differences.append("\(rules.name) local \(local)") }
        }
      }
    }
  }
#endif
