import Control
import Core

/// What a run's mappings did at its destinations.
struct RunParts {
  struct Part {
    var part: RunPart
    var outcomes: [Outcome: Int] = [:]

    func count(_ outcomes: [Outcome]) -> Int { outcomes.reduce(0) { $0 + (self.outcomes[$1] ?? 0) } }
    var rejects: Int { count([.rejected, .failed, .pending]) }
  }

  private let run: String
  /// In the order of the summary.
  private var parts: [Part] = []

  init(_ record: RunRecord, _ counts: [OutcomeCount]) {
    run = record.id
    // A mapping that read nothing has no counts.
    let entities = record.summary.flatMap { try? JSONReader.read(Array($0.utf8)) }?["entities"]?.objectValue ?? []
    for entity in entities {
      for destination in entity.value["destinations"]?.objectValue ?? [] {
        parts.append(Part(part: RunPart(mapping: Name(entity.name), destination: Name(destination.name))))
      }
    }
    for count in counts {
      let part = RunPart(mapping: Name(count.mapping), destination: Name(count.destination))
      if let index = parts.firstIndex(where: { $0.part == part }) {
        parts[index].outcomes[count.outcome] = count.count
      } else {
        parts.append(Part(part: part, outcomes: [count.outcome: count.count]))
      }
    }
  }

  struct Choice {
    /// The one with rejects; nil if there are several mappings and none has any.
    var mapping: String?
    /// The parts of the mapping.
    var parts: [Part] = []
    /// Pending records, by destination, including those of other mappings that could be shown.
    var pending: [(destination: String, records: Int)] = []
  }

  /// The one mapping with rejects, and its parts.
  ///
  /// - Parameter coded: mappings whose ledger lines have the requested code; nil if any code will do.
  /// - Throws: `OperationFailure` if the run does not have what was asked for, or several mappings have rejects.
  func chosen(mapping: String?, destination: String?, coded: Set<Name>?, showsPending: Bool) throws -> Choice {
    guard !parts.isEmpty else {
      throw OperationFailure(.inputMissing, "run \(run) has no outcomes; `waybill runs show \(run)` says why")
    }
    var own = parts
    if let mapping {
      own = own.filter { $0.part.mapping == Name(mapping) }
      if own.isEmpty { throw unknown(.mapping, "mapping", mapping, parts.map(\.part.mapping)) }
    }
    if let destination {
      let destinations = own.map(\.part.destination)
      own = own.filter { $0.part.destination == Name(destination) }
      if own.isEmpty { throw unknown(.to, "destination", destination, destinations) }
    }
    let shown: [Outcome] = showsPending ? [.rejected, .failed, .pending] : [.rejected, .failed]
    var having = Set(own.filter { $0.count(shown) > 0 }.map(\.part.mapping))
    // A reject file may have a code that the ledger does not have.
    if let coded, !having.isDisjoint(with: coded) { having.formIntersection(coded) }
    guard having.count < 2 else {
      throw OperationFailure(
        .usage,
        "run \(run) has rejects of \(Wording.list(having.sorted().map { "'\($0)'" })), which have different columns: "
          + "choose one with \(CommandOption.mapping)")
    }
    let all = Set(own.map(\.part.mapping))
    var choice = Choice(pending: Self.pending(own))
    guard let name = having.first ?? (all.count == 1 ? all.first : nil) else { return choice }
    choice.mapping = name.text
    choice.parts = own.filter { $0.part.mapping == name }
    return choice
  }

  private static func pending(_ parts: [Part]) -> [(destination: String, records: Int)] {
    var pending: [(destination: String, records: Int)] = []
    for part in parts where part.count([.pending]) > 0 {
      let name = part.part.destination.text
      if let index = pending.firstIndex(where: { $0.destination.isExactly(name) }) {
        pending[index].records += part.count([.pending])
      } else {
        pending.append((name, part.count([.pending])))
      }
    }
    return pending
  }

  private func unknown(_ option: CommandOption, _ what: String, _ name: String, _ all: [Name]) -> OperationFailure {
    let all = Set(all).sorted().map(\.text)
    let hint = NearestName.hint(name, in: all) ?? "it has \(Wording.list(all.map { "'\($0)'" }))"
    return OperationFailure(.usage, "\(option) \(name): run \(run) has no such \(what); \(hint)")
  }
}
