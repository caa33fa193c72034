import Core
import Transform

/// Adds up records that a comparison would expect, one after the other: the counterpart of what `ComparedRecords.report` says of the
/// loaded side. Memory does not grow with the number of records, because keys that do not fit go to the disk.
struct RecordTotals {
  private let columns: [LoadColumn]
  private let comparison: RecordComparison
  private let isNormalized: [Bool]
  private let hasKey: Bool
  private let order: [Int]
  private let labels: [[UInt8]]
  private var totals: ControlTotals
  private var dates: DateTotals
  private var digest: SetDigest
  private let keys: KeySet
  private var records = 0

  /// - Parameter hasKey: the records are identified by their keys.
  init(
    _ columns: [LoadColumn], _ comparison: RecordComparison = RecordComparison(), hasKey: Bool = true, readsTexts: Bool = false,
    options: TotalsOptions
  ) {
    self.columns = columns
    self.comparison = comparison
    isNormalized = columns.map { comparison.normalizes($0.path) }
    self.hasKey = hasKey
    (order, labels) = SetDigest.order(of: columns)
    totals = ControlTotals(columns, readsTexts: readsTexts)
    dates = DateTotals(columns)
    digest = SetDigest(key: options.digestKey)
    keys = KeySet(limit: Self.keyMemory, folder: options.scratch)
  }

  /// Several destinations are added up at the same time.
  private static let keyMemory = 16 << 20

  /// - Parameter values: by column, as a comparison expects them.
  /// - Throws: `OperationFailure`.
  mutating func add(_ key: Name, _ values: [JSONValue?]) throws {
    records += 1
    let canonical = columns.indices.map { self.canonical(values[$0], $0) }
    totals.add(loaded: canonical)
    dates.add(loaded: values)
    digest.add(hasKey ? key : "", order.map { canonical[$0] }, of: labels)
    guard hasKey else { return }
    var text = key.text
    let own = text.withUTF8 { bytes in
      bytes.baseAddress.map { KeyDigest.of(Text(start: $0, count: bytes.count)) } ?? KeyDigest.of(.empty)
    }
    _ = try keys.insert(own)
  }

  /// Most texts are what they are.
  private func canonical(_ value: JSONValue?, _ column: Int) -> JSONValue? {
    if !isNormalized[column], value == nil || value?.stringValue != nil { return value }
    return comparison.canonical(value, of: columns[column].path)
  }

  func finish() -> LoadedTotals {
    var result = LoadedTotals()
    result.records = records
    result.distinctKeys = hasKey ? keys.count : nil
    result.sums = totals.totals.map { .init(column: $0.column, total: $0.loaded) }
    result.dates = dates.totals.map { .init(column: $0.column, range: $0.loaded) }
    result.digest = digest.text
    return result
  }
}
