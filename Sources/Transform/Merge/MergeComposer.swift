import Core
import Values

/// Picks the values of a group's survivor: per column the best of the group's records, which come in the order of the input, one
/// after another.
struct MergeComposer {
  let hasPreferences: Bool
  private let preferences: [MergeRule.Preference?]
  private let keep: MergeOrder
  var best: [Best]

  struct Best {
    var entry: MergeEntry?
    var measure: Int64 = .min
    /// The cell as `CellBytes`.
    var bytes: [UInt8] = []
    /// As `ObservedColumn`, if columns are observed.
    var observed: [UInt8] = []
  }

  init(_ rule: ProgramRules.Merge) {
    preferences = rule.preferences
    hasPreferences = preferences.contains { $0 != nil }
    keep = MergeOrder(rule.keep)
    best = preferences.map { _ in Best() }
  }

  mutating func begin() {
    for column in best.indices {
      best[column].entry = nil
      best[column].measure = .min
      best[column].bytes.removeAll(keepingCapacity: true)
    }
  }

  mutating func take(_ entry: MergeEntry, _ record: SpooledRecord) {
    var place = record.cells
    for column in preferences.indices {
      let size = CellBytes.size(place)
      if let preference = preferences[column] { consider(entry, place, size, preference, column) }
      place += size
    }
    takeObserved(entry, record, at: place)
  }

  private mutating func consider(
    _ entry: MergeEntry, _ place: UnsafePointer<UInt8>, _ size: Int, _ preference: MergeRule.Preference, _ column: Int
  ) {
    let measure: Int64
    var order = keep
    switch preference {
    case .newest: (measure, order) = (0, MergeOrder(.newest))
    case .oldest: (measure, order) = (0, MergeOrder(.oldest))
    case .first: (measure, order) = (0, MergeOrder(.first))
    case .last: (measure, order) = (0, MergeOrder(.last))
    case .filled:
      guard !CellBytes.isAbsent(place) else { return }
      measure = 0
    case .longest:
      guard let length = CellBytes.length(place) else { return }
      measure = Int64(length)
    case .earliest, .latest:
      guard let time = CellBytes.time(place) else { return }
      measure = preference == .latest ? time : -time
    }
    if let known = best[column].entry {
      if measure < best[column].measure { return }
      if measure == best[column].measure, !order.prefers(entry, to: known) { return }
    }
    best[column].entry = entry
    best[column].measure = measure
    best[column].bytes.removeAll(keepingCapacity: true)
    best[column].bytes.append(contentsOf: UnsafeBufferPointer(start: place, count: size))
  }

  /// The survivor with the chosen values, or its own if no record had one.
  func append(_ survivor: SpooledRecord, into out: inout ByteArena) {
    survivor.append(as: .record, into: &out) { arena in
      var place = survivor.cells
      for column in preferences.indices {
        let size = CellBytes.size(place)
        if best[column].entry == nil {
          arena.append(Text(start: place, count: size))
        } else {
          best[column].bytes.withUnsafeBufferPointer { bytes in
            if let base = bytes.baseAddress { arena.append(Text(start: base, count: bytes.count)) }
          }
        }
        place += size
      }
      appendObserved(survivor, at: place, into: &arena)
    }
  }
}

extension CellBytes {
  static func isAbsent(_ bytes: UnsafePointer<UInt8>) -> Bool { bytes[0] <= CellKind.null.rawValue }

  /// Characters of a text, elements of a list; nil of anything else.
  static func length(_ bytes: UnsafePointer<UInt8>) -> Int? {
    let count = Int(UInt32(littleEndian: UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: 1, as: UInt32.self)))
    switch CellKind(rawValue: bytes[0]) {
    case .list: return count
    case .string:
      // Characters as UTF-8 counts them: bytes that continue none.
      return UnsafeBufferPointer(start: bytes + 13, count: count).count { $0 & 0xC0 != 0x80 }
    default: return nil
    }
  }

  /// Of dates and date-times, in seconds; nil of anything else.
  static func time(_ bytes: UnsafePointer<UInt8>) -> Int64? {
    let number = UnsafeRawPointer(bytes).loadUnaligned(fromByteOffset: 5, as: Int64.self)
    switch CellKind(rawValue: bytes[0]) {
    case .date: return number * 86_400
    case .datetime: return number
    default: return nil
    }
  }
}
