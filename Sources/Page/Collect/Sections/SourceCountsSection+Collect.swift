import Core
import Extract
import Report

extension SourceCountsSection {
  private static let mostBusinesses = 200

  mutating func add(_ run: RunMaterial) {
    if let manifest = run.snapshot?.manifest {
      for (name, entity) in manifest.entities.sorted(by: { $0.key < $1.key }) {
        entities.append(
          Entity(
            run: run.id, entity: name.text, reported: entity.claimed, expected: entity.expected, read: entity.count,
            refused: entity.refused, gone: entity.gone, brokenLists: entity.unknown,
            coveragePercent: manifest.coverage(of: name.text), file: entity.file, bytes: entity.bytes, sha256: entity.sha256))
      }
    } else {
      let what = run.record.snapshot == nil ? "The run has no snapshot" : "The snapshot no longer exists"
      missing.append(.init(run: run.id, text: "\(what), so the counts of the source cannot be shown."))
    }
    for reason in Extract.LeftOut.allCases {
      guard let count = run.summary?.json["left_out"]?[reason.rawValue]?.intValue, count > 0 else { continue }
      leftOut.append(LeftOut(run: run.id, reason: reason.rawValue, count: count, text: reason.sentence(count)))
    }
    addBusinesses(run)
  }

  /// Keeps the businesses with the largest loss.
  mutating func sortBusinesses() {
    let sorted = businesses.rows.enumerated().sorted { left, right in
      let (one, other) = (left.element.loss, right.element.loss)
      return one == other ? left.offset < right.offset : one > other
    }
    businesses = PageList(sorted.prefix(Self.mostBusinesses).map(\.element), total: businesses.rows.count)
  }

  private mutating func addBusinesses(_ run: RunMaterial) {
    guard let parts = run.businesses?["parts"]?.arrayValue else {
      missing.append(
        .init(run: run.id, text: "Counts by business are not recorded: no source field names a business, or it is masked."))
      return
    }
    for part in parts {
      guard let mapping = part["mapping"]?.stringValue, let destination = part["destination"]?.stringValue else { continue }
      let before = run.previous?.businesses.flatMap { Self.counts($0, mapping, destination) }
      let now = Self.counts(part)
      let names = (part["businesses"]?.arrayValue ?? []).compactMap { $0["business"]?.stringValue }
      let gone = (before ?? [:]).keys.filter { now[$0] == nil }.sorted().map(\.text)
      for name in names + gone {
        let (count, last) = (now[Name(name)], before?[Name(name)])
        businesses.rows.append(
          Business(
            run: run.id, mapping: mapping, destination: destination, business: name, read: count?.read ?? 0,
            arrived: count?.arrived ?? 0, leftOut: count?.leftOut, before: last?.read, beforeArrived: last?.arrived,
            isNew: before != nil && last == nil))
      }
      if let none = part["none"]?["read"]?.intValue, none > 0 {
        businesses.rows.append(
          Business(
            run: run.id, mapping: mapping, destination: destination, business: nil, read: none,
            arrived: part["none"]?["arrived"]?.intValue ?? 0, leftOut: part["none"]?["left_out"]?.intValue))
      }
    }
    if run.previous != nil, run.previous?.businesses == nil {
      missing.append(.init(run: run.id, text: "The last comparable run did not record its counts by business."))
    }
  }

  private typealias Counts = [Name: (read: Int, arrived: Int, leftOut: Int)]

  private static func counts(_ document: JSONValue, _ mapping: String, _ destination: String) -> Counts? {
    document["parts"]?.arrayValue?.first {
      $0["mapping"]?.stringValue?.isExactly(mapping) == true && $0["destination"]?.stringValue?.isExactly(destination) == true
    }.map { counts($0) }
  }

  private static func counts(_ part: JSONValue) -> Counts {
    (part["businesses"]?.arrayValue ?? []).reduce(into: [:]) { found, business in
      guard let name = business["business"]?.stringValue else { return }
      found[Name(name)] = (
        business["read"]?.intValue ?? 0, business["arrived"]?.intValue ?? 0, business["left_out"]?.intValue ?? 0
      )
    }
  }
}

extension SourceCountsSection.Business {
  init(
    run: String, mapping: String, destination: String, business: String?, read: Int, arrived: Int, leftOut: Int?,
    before: Int? = nil,
    beforeArrived: Int? = nil, isNew: Bool = false
  ) {
    self.init(
      run: run, mapping: mapping, destination: destination, business: business, read: read, arrived: arrived, leftOut: leftOut,
      before: before,
      change: before.map { read - $0 }, changePercent: before.flatMap { $0 > 0 ? Double(read - $0) * 100 / Double($0) : nil },
      beforeArrived: beforeArrived, isNew: isNew)
  }

  /// Records that were read, not left out on purpose, and did not arrive; nil: not recorded.
  var lost: Int? { read.flatMap { read in arrived.map { max(0, read - $0 - (leftOut ?? 0)) } } }

  /// Lost records, and those that the last run had and this one has not.
  var loss: Int { (lost ?? 0) + max(0, -(change ?? 0)) }
}
