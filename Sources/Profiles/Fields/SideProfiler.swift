package import Core
package import Records

/// Profiles every field of the records that one worker sees, on one side of a mapping. Workers merge theirs at the end; the result
/// is the same for any number of workers and any division of the records.
///
/// Not for use by several tasks at the same time.
package final class SideProfiler {
  package typealias Step = RecordWalker.FieldStep

  private struct Node {
    var parent: Int
    var step: Step
    var depth: Int
    /// See `RecordWalker.learnFields`: what decides which fields are kept.
    var hash: UInt64
    /// The place of a field that is known before any record.
    var declared: Int?
  }

  private struct Child: Hashable {
    var parent: Int
    var step: Step
  }

  /// Where the records begin.
  private static let root = 0

  private let mask: ProfileMask
  private let customFields: CustomFieldNames
  private let today: Int
  private var nodes = [Node(parent: -1, step: .elements, depth: 0, hash: 0)]
  private var children: [Child: Int] = [:]
  /// One per node. Addressed directly: members of a class would be checked for exclusive access at each value.
  private var tallies: UnsafeMutablePointer<FieldTally>
  private var capacity = 64
  /// Nodes by the numbers of learned fields; -1: not known yet.
  private var learned: [Int] = []
  private let beyond = RegisterSketch()
  package private(set) var records = 0

  /// - Parameter today: days since 1970-01-01; later dates are in the future.
  package init(mask: ProfileMask, customFields: CustomFieldNames = .init([]), today: Int) {
    self.mask = mask
    self.customFields = customFields
    self.today = today
    tallies = .allocate(capacity: 64)
    tallies.initialize(to: FieldTally(isMasked: false))
  }

  deinit {
    for node in nodes.indices { tallies[node].release() }
    beyond.release()
    tallies.deinitialize(count: nodes.count)
    tallies.deallocate()
  }

  // MARK: Records

  /// Counts the record that the walker, which learns fields, has walked last.
  ///
  /// - Parameter position: the record's number in the input, from 0.
  package func add(_ walker: inout RecordWalker, position: Int) {
    let record = begin(position)
    let found = walker.foundFields()
    // Members of a class are checked for exclusive access; these are used once per record, not once per value.
    var (nodes, tallies) = (learned, tallies)
    for order in 0..<found.count {
      let number = Int(found[order].field)
      if number >= nodes.count || nodes[number] < 0 {
        nodes = []
        learn(number, walker)
        (nodes, tallies) = (learned, self.tallies)
      }
      tallies[nodes[number]].add(found[order].cell, in: record, order: order)
    }
  }

  /// Counts a record of which these cells are the declared fields with these numbers. The elements of lists are a field of their own.
  package func add(_ cells: UnsafeBufferPointer<Cell>, fields: [Int], position: Int) {
    let record = begin(position)
    for (order, field) in fields.enumerated() {
      let cell = cells[order]
      tallies[field].add(cell, in: record, order: order)
      guard cell.kind == .list, cell.count > 0 else { continue }
      let elements = child(of: field, .elements)
      for element in cell.elements { tallies[elements].add(element, in: record, order: order) }
    }
  }

  private func begin(_ position: Int) -> RecordPlace {
    records += 1
    return RecordPlace(position: position, rank: RecordRank.of(position), today: today)
  }

  // MARK: Fields

  /// A field that is part of the profile even if no record has it; returns its number. Fields are listed in the order of these calls.
  package func declare(_ path: [Step]) -> Int {
    let node = path.reduce(Self.root) { child(of: $0, $1) }
    if nodes[node].declared == nil { nodes[node].declared = nodes.count }
    return node
  }

  /// The list of custom fields that the walker was given. It counts as a field from the beginning, because it does so there.
  package func expectCustomFields(in member: String) { _ = child(of: Self.root, .member(Name(member))) }

  private func learn(_ number: Int, _ walker: borrowing RecordWalker) {
    while learned.count <= number { learned.append(-1) }
    guard learned[number] < 0, let field = walker.learnedField(number) else { return }
    if let parent = field.parent { learn(parent, walker) }
    learned[number] = child(of: field.parent.map { learned[$0] } ?? Self.root, field.step)
  }

  private func child(of parent: Int, _ step: Step) -> Int {
    if let known = children[Child(parent: parent, step: step)] { return known }
    let hash = step.hash(in: nodes[parent].hash)
    let node = nodes.count
    if node == capacity {
      let larger = UnsafeMutablePointer<FieldTally>.allocate(capacity: capacity * 2)
      larger.moveInitialize(from: tallies, count: node)
      tallies.deallocate()
      tallies = larger
      capacity *= 2
    }
    nodes.append(
      Node(parent: parent, step: step, depth: nodes[parent].depth + 1, hash: hash))
    children[Child(parent: parent, step: step)] = node
    (tallies + node).initialize(to: FieldTally(isMasked: mask.hides(path(to: node))))
    return node
  }

  private func path(to node: Int) -> [Step] {
    var path: [Step] = []
    var node = node
    while node != Self.root {
      path.append(nodes[node].step)
      node = nodes[node].parent
    }
    return path.reversed()
  }

  // MARK: Result

  /// - Parameter walker: the one that learned this profiler's fields; nil if its records came as cells.
  package func finish(_ walker: borrowing RecordWalker) { beyond.merge(walker.droppedFields) }

  package func merge(_ other: SideProfiler) {
    records += other.records
    beyond.merge(other.beyond)
    var own = [Self.root]
    for node in other.nodes.indices.dropFirst() {
      let mine = child(of: own[other.nodes[node].parent], other.nodes[node].step)
      own.append(mine)
      tallies[mine].merge(other.tallies[node])
      if let declared = other.nodes[node].declared { nodes[mine].declared = min(declared, nodes[mine].declared ?? .max) }
    }
  }

  /// At most `limit` fields; the others are counted.
  package func side(limit: Int = ProfileDocument.mostFields) -> ProfileDocument.Side {
    var beyond = RegisterSketch()
    defer { beyond.release() }
    beyond.merge(self.beyond)
    let ranked = nodes.indices.dropFirst().sorted { rank($0) < rank($1) }
    for node in ranked.dropFirst(limit) { beyond.add(nodes[node].hash) }
    let kept = Set(ranked.prefix(limit))
    var parts = [[Int]](repeating: [], count: nodes.count)
    for node in kept { parts[nodes[node].parent].append(node) }
    var fields: [(name: String, nodes: [Int])] = []
    // Locations have different IDs for custom fields with the same key.
    var places: [Name: Int] = [:]
    func list(_ parent: Int) {
      for node in parts[parent].sorted(by: { comesBefore($0, $1) }) {
        defer { list(node) }
        guard tallies[node].present > 0 || nodes[node].declared != nil else { continue }
        let name = name(of: node)
        if isCustom(node), let place = places[Name(name)] {
          fields[place].nodes.append(node)
        } else {
          places[Name(name)] = fields.count
          fields.append((name, [node]))
        }
      }
    }
    list(Self.root)
    return .init(
      records: records, moreFields: beyond.isEmpty ? 0 : beyond.estimate,
      fields: fields.map { summary(of: $0.nodes, $0.name) })
  }

  private func summary(of nodes: [Int], _ name: String) -> FieldSummary {
    guard nodes.count > 1 else { return tallies[nodes[0]].summary(name: name, records: records) }
    var all = FieldTally(isMasked: nodes.contains { tallies[$0].isMasked })
    defer { all.release() }
    for node in nodes { all.merge(tallies[node]) }
    return all.summary(name: name, records: records)
  }

  private func isCustom(_ node: Int) -> Bool {
    path(to: node).contains { step in
      if case .custom = step { true } else { false }
    }
  }

  private func rank(_ node: Int) -> (Int, UInt64) { (nodes[node].depth, nodes[node].hash) }

  private func comesBefore(_ left: Int, _ right: Int) -> Bool {
    let (one, other) = (nodes[left].declared ?? .max, nodes[right].declared ?? .max)
    if one != other { return one < other }
    if tallies[left].first != tallies[right].first { return tallies[left].first < tallies[right].first }
    return name(of: left).precedesExactly(name(of: right))
  }

  private func name(of node: Int) -> String {
    path(to: node).reduce(into: "") { name, step in
      switch step {
      case .member(let member): name += name.isEmpty ? member.text : ".\(member.text)"
      case .elements: name += "[]"
      case .anyMember: name += name.isEmpty ? "*" : ".*"
      case .custom(let id): name = "custom.\(customFields.key(of: id))"
      }
    }
  }
}
