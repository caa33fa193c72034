import Core
import Transform

/// The lookups of a mapping, and how they are used.
struct MappingLookups {
  struct State {
    var name: String
    var keyPlace: SourcePlace
    /// Nil if it could not be loaded, which has been reported.
    var loaded: LoadedLookup?
    var isUsed = false
    /// What reaches it, per use; a key that none of them can have is dead.
    var inputs: [ValueFacts] = []
  }

  /// In the order of the file.
  private(set) var states: [State] = []
  /// Those that could be loaded: their shapes by name.
  private(set) var shapes: [Name: BindRequest.LookupShape] = [:]
  /// The positions in `states` of those that could be loaded, in the order of the model's tables.
  private var positions: [Int] = []
  private var numbers: [Name: Int] = [:]

  mutating func add(_ state: State) {
    if let table = state.loaded?.table {
      shapes[state.name] = table.shape(index: positions.count)
      positions.append(states.count)
    }
    numbers[state.name] = states.count
    states.append(state)
  }

  subscript(name: String) -> State? { numbers[name].map { states[$0] } }

  /// Records that `facts` reach a lookup.
  mutating func use(_ name: String, _ facts: ValueFacts) {
    guard let number = numbers[name] else { return }
    states[number].isUsed = true
    states[number].inputs.append(facts)
  }

  /// The same by the table's index in the model. Nil if there is no such table.
  mutating func use(table index: Int, _ facts: ValueFacts) -> LoadedLookup? {
    guard positions.indices.contains(index), let loaded = states[positions[index]].loaded else { return nil }
    states[positions[index]].isUsed = true
    states[positions[index]].inputs.append(facts)
    return loaded
  }

  /// Of each key of the tables of the model.
  var places: [[SourcePlace]] {
    states.compactMap { state in
      state.loaded.map { loaded in loaded.table.keys.map { loaded.place(ofKey: $0) ?? state.keyPlace } }
    }
  }

  /// Top-level fields of other entities that lookups in use need.
  var reads: [String: Set<Name>] {
    var reads: [String: Set<Name>] = [:]
    for lookup in states where lookup.isUsed {
      guard let entity = lookup.loaded?.table.entity else { continue }
      reads[entity.entity, default: []].formUnion(Set(names: ([entity.key] + entity.values).compactMap(\.first)))
    }
    return reads
  }
}
