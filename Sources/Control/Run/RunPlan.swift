package import Core

/// What a run was asked to do, as far as its steps and its verdict depend on it.
package struct RunPlan: Sendable, Hashable {
  /// A destination that takes part.
  package struct Destination: Sendable, Hashable {
    package var name: Name
    package var delivery: DestinationTraits.Delivery
    /// Names of the mappings that go there; nil: all.
    package var mappings: [Name]?

    package init(_ name: String, _ delivery: DestinationTraits.Delivery, mappings: [String]? = nil) {
      self.name = Name(name)
      self.delivery = delivery
      self.mappings = mappings?.map { Name($0) }
    }

    package func takes(_ mapping: Name) -> Bool { mappings?.contains(mapping) ?? true }
  }

  /// In the order of the pipeline file.
  package var destinations: [Destination]
  /// For each mapping, those that incremental destinations must have loaded before it, because its requests carry their remote IDs.
  package var needs: [Name: [Name]]
  /// Everything is done except publishing.
  package var isDryRun: Bool
  /// A dry run is done as it predicted.
  package var applies: Bool
  /// A narrowed run publishes like any other.
  package var publishesPartial: Bool
  /// Rejected records do not change the exit code.
  package var isLenient: Bool
  /// Some gates are judged after the load.
  package var judgesLoad: Bool

  package init(
    destinations: [Destination] = [], needs: [Name: [Name]] = [:], isDryRun: Bool = false, applies: Bool = false,
    publishesPartial: Bool = false, isLenient: Bool = false, judgesLoad: Bool = false
  ) {
    self.destinations = destinations
    self.needs = needs
    self.isDryRun = isDryRun
    self.applies = applies
    self.publishesPartial = publishesPartial
    self.isLenient = isLenient
    self.judgesLoad = judgesLoad
  }

  /// The mappings that can be loaded now: none of the others has to be loaded before. In the order of `LoadOrder`.
  func first(of mappings: [Name]) -> [Name] {
    // `check` reports mappings that need each other; no order suits them.
    let ordered = (try? LoadOrder.order(mappings, needs: needs)) ?? mappings
    let ready = ordered.filter { mapping in (needs[mapping] ?? []).allSatisfy { $0 == mapping || !mappings.contains($0) } }
    return ready.isEmpty ? ordered : ready
  }

  /// All parts of a mapping, in the order of the pipeline file.
  package func parts(of mapping: Name) -> [RunPart] {
    destinations.filter { $0.takes(mapping) }.map { RunPart(mapping: mapping, destination: $0.name) }
  }

  /// The parts of a mapping at destinations of one kind, in the order of the pipeline file.
  package func parts(of mapping: Name, _ delivery: DestinationTraits.Delivery) -> [RunPart] {
    destinations.filter { $0.delivery == delivery && $0.takes(mapping) }.map { RunPart(mapping: mapping, destination: $0.name) }
  }
}

/// What one mapping loads into one destination.
package struct RunPart: Sendable, Hashable, Codable {
  package var mapping: Name
  package var destination: Name

  package init(mapping: Name, destination: Name) {
    self.mapping = mapping
    self.destination = destination
  }
}

/// One thing that a run does; its result is a fact.
package enum RunStep: Sendable, Hashable, Codable {
  /// Compile the mappings, and check everything that can be checked before any request.
  case compile
  /// Read the source into a snapshot.
  case extract
  /// Transform these mappings, which reference one another, into staged records.
  case transform([Name])
  case judge
  /// Predict what all of a mapping's parts would do to their destinations: in a dry run, and again when it is applied.
  case predict(Name)
  /// Prepare all of a mapping's parts at atomic destinations.
  case prepare(Name)
  case publish(RunPart)
  /// Load a mapping into the incremental destinations that have not taken it yet.
  case load(Name)
  /// Write the outcome of every item.
  case account
  /// Judge the gates that are about the load, by the outcomes.
  case judgeLoad
  /// Record the verdict, in the state and in the summary.
  case end
}
