import Core
import Mapping
import Schema

/// Which source field fills which target field: exactly equal names first, then the likeliest matches; each source field is
/// used once.
///
/// Only a person can choose between two source fields that fit equally well, and names of opposite meaning are never
/// paired. Both are recorded, so that the mapping can mention them where it leaves a field out.
struct FieldPairing {
  struct Pair {
    var source: Int
    var match: NameMatch.Result
    var chain: ProposedChain
  }

  /// Why a target has no source, and which fields come close.
  struct Gap {
    /// Fields that fit equally well.
    var ties: [Int] = []
    /// Fields with the opposite meaning.
    var opposites: [Int] = []
    /// Fields that may have the opposite meaning.
    var doubtful: [Int] = []
    /// Fields with a similar name, which is not enough for a yes or no.
    var similar: [Int] = []
    /// Fields whose name fits but whose values do not.
    var misfits: [(source: Int, remarks: [String])] = []
    /// Fields that are close by name or by values.
    var near: [Int] = []
  }

  private(set) var pairs: [Int: Pair] = [:]
  private(set) var gaps: [Int: Gap] = [:]

  private struct Candidate {
    var target: Int
    var source: Int
    var score: Double
    var match: NameMatch.Result
  }

  private let targets: [TargetField]
  private let fields: [FieldProfile]
  private let schema: TargetSchema
  private let entity: String
  /// Pairs that are known from elsewhere.
  private let known: [MappingProposal.KnownPair]
  private let targetNames: [NameWords]
  private let sourceNames: [NameWords]

  init(
    _ targets: [TargetField], _ fields: [FieldProfile], _ schema: TargetSchema, entity: String, key: [String],
    known: [MappingProposal.KnownPair] = []
  ) {
    self.known = known
    self.targets = targets
    self.fields = fields
    self.schema = schema
    self.entity = NameMatch.joined([entity])
    targetNames = targets.map { NameWords($0.path) }
    sourceNames = fields.map { NameWords($0.path) }
    pair(key)
  }

  private mutating func pair(_ key: [String]) {
    var used: Set<Int> = []
    /// Targets that are settled, with or without a source.
    var closed: Set<Int> = []
    let order = candidates(key).sorted { ($1.score, $0.target, $0.source) < ($0.score, $1.target, $1.source) }
    let groups = Dictionary(grouping: order) { $0.target }
    for next in order where !closed.contains(next.target) && !used.contains(next.source) {
      let chain = chain(next.source, next.target)
      if chain.isImpossible {
        gaps[next.target, default: Gap()].misfits.append((next.source, chain.remarks))
        // An equal name is meant for this target, whatever its values are.
        if next.match.isExact { closed.insert(next.target) }
        continue
      }
      let rivals = (groups[next.target] ?? []).filter { other in
        other.source != next.source && other.match.tier == next.match.tier && !next.match.isExact && !used.contains(other.source)
          && abs(other.score - next.score) < 15 && !self.chain(other.source, other.target).isImpossible
      }
      guard rivals.isEmpty else {
        gaps[next.target, default: Gap()].ties = ([next.source] + rivals.map(\.source)).sorted()
        closed.insert(next.target)
        continue
      }
      closed.insert(next.target)
      pairs[next.target] = Pair(source: next.source, match: next.match, chain: chain)
      used.insert(next.source)
    }
    for index in targets.indices where pairs[index] == nil {
      gaps[index, default: Gap()].near = near(index, besides: used)
    }
  }

  private mutating func candidates(_ key: [String]) -> [Candidate] {
    var found: [Candidate] = []
    // The first required field that is called an id.
    let keyTarget = targets.indices.first {
      targets[$0].isRequired && targets[$0].path.count == 1 && targetNames[$0].leaf.last == "id"
    }
    for (index, target) in targets.enumerated() where target.isWritable {
      let node = schema.nodes[target.node]
      let meaning = NameMatch.meaning(targetNames[index])
      let pair = known.first { NameMatch.hasSameBytes($0.target, target.path) }
      for (number, field) in fields.enumerated() {
        if let pair, NameMatch.hasSameBytes(pair.source, field.path), !NameMatch.hasSameBytes(field.path, target.path) {
          // More than any name but an equal one; its tier has no rivals.
          let match = NameMatch.Result(score: 150, tier: 9, reason: pair.reason)
          found.append(Candidate(target: index, source: number, score: 150, match: match))
        } else if let match = NameMatch.match(target: targetNames[index], source: sourceNames[number], entity: entity) {
          let score = match.isExact ? 200 : match.score + Self.fit(field, node, meaning)
          // Without values, a similar name says too little.
          if field.isDeclared, match.isApproximate { continue }
          if match.isApproximate, isYesOrNo(node, field), targetNames[index].meaningful != sourceNames[number].meaningful {
            gaps[index, default: Gap()].similar.append(number)
          } else if score >= 45 {
            found.append(Candidate(target: index, source: number, score: score, match: match))
          }
        } else if !isSaidAlike(index, number) {
          guard isNear(index, number) else { continue }
          if targetNames[index].agreement(with: sourceNames[number]) == .opposite {
            gaps[index, default: Gap()].opposites.append(number)
          } else {
            gaps[index, default: Gap()].doubtful.append(number)
          }
        } else if NameMatch.hasSameBytes(field.path, key), index == keyTarget {
          let match = NameMatch.Result(score: 70, tier: 8, reason: "both identify a record")
          found.append(Candidate(target: index, source: number, score: 70, match: match))
        }
      }
    }
    return found
  }

  private func isSaidAlike(_ target: Int, _ source: Int) -> Bool {
    targetNames[target].agreement(with: sourceNames[source]) == .same
      && !targetNames[target].differsByDenial(from: sourceNames[source])
  }

  /// One more word can invert a yes or no, or make it about something else.
  private func isYesOrNo(_ node: TargetNode, _ field: FieldProfile) -> Bool {
    let types = node.types.subtracting(.null)
    return types == .boolean || (types.contains(.boolean) && field.share(of: .boolean) + field.share(of: .yesNo) >= 0.5)
  }

  /// How similar the names are, for names that are never paired.
  private func isNear(_ target: Int, _ source: Int) -> Bool {
    if NameMatch.likeness(target: targetNames[target], source: sourceNames[source], entity: entity) != nil { return true }
    let common = Set(targetNames[target].all).intersection(sourceNames[source].all)
    if common.contains(where: { $0.count >= 3 }) { return true }
    // "unsubscribed" contains "subscribed".
    let (one, other) = (targetNames[target].joinedLeaf, sourceNames[source].joinedLeaf)
    return min(one.count, other.count) >= 5 && (one.contains(other) || other.contains(one))
  }

  /// Up to three fields that share a word, or the kind of their values, with the target.
  private func near(_ target: Int, besides used: Set<Int>) -> [Int] {
    let node = schema.nodes[targets[target].node]
    let meaning = NameMatch.meaning(targetNames[target])
    let words = Set(targetNames[target].all.filter { $0.count >= 3 })
    let named = gaps[target].map { Set($0.ties + $0.opposites + $0.doubtful + $0.similar + $0.misfits.map(\.source)) } ?? []
    let scored = fields.indices.filter { !used.contains($0) && !named.contains($0) }.compactMap { index -> (Int, Double)? in
      guard isSaidAlike(target, index) else { return nil }
      let fit = Self.fit(fields[index], node, meaning)
      guard fit > -30 else { return nil }
      let common = words.intersection(sourceNames[index].all).count
      let isSpelledAlike = NearestName.find(targetNames[target].joinedLeaf, in: [sourceNames[index].joinedLeaf]) != nil
      let score = Double(common) * 10 + (isSpelledAlike ? 10 : 0) + (fit >= 10 ? 15 : 0)
      return score > 0 ? (index, score + fit) : nil
    }
    return scored.sorted { ($1.1, $0.0) < ($0.1, $1.0) }.prefix(3).map(\.0)
  }

  private func chain(_ source: Int, _ target: Int) -> ProposedChain {
    ProposedChain(
      fields[source], into: schema.nodes[targets[target].node], named: NameMatch.meaning(targetNames[target]),
      lookupName: NameMatch.camelCase(targets[target].path.last ?? "") ?? "values")
  }

  /// How well the values fit the node: evidence for the match, minus evidence against it.
  private static func fit(_ field: FieldProfile, _ node: TargetNode, _ meaning: String?) -> Double {
    let types = node.types.subtracting(.null)
    if types.contains(.string) {
      switch node.format {
      case "email", "idn-email": return field.share(of: .email) >= 0.8 ? 10 : field.share(of: .email) < 0.3 ? -40 : 0
      case "date", "date-time": return field.dateShare >= 0.8 ? 5 : field.dateShare < 0.3 ? -40 : 0
      default: return field.isMostly(.object) ? -60 : 0
      }
    }
    if types == .boolean { return field.share(of: .boolean) + field.share(of: .yesNo) < 0.3 ? -40 : 4 }
    if types.isSubset(of: [.integer, .number]) {
      return field.share(of: .integer) + field.share(of: .number) + field.share(of: .decimal) < 0.3 ? -40 : 4
    }
    if types == .array { return field.isMostly(.list) ? 4 : field.isMostly(.string) ? -5 : -40 }
    return 0
  }
}
