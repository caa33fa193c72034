/// Tables and sets of names accept plain strings as keys, so only the type of the collection needs to mention `Name`.
extension Dictionary where Key == Name {
  package subscript(_ name: String) -> Value? {
    get { self[Name(name)] }
    _modify { yield &self[Name(name)] }
  }

  package subscript(_ name: String, default value: @autoclosure () -> Value) -> Value {
    get { self[Name(name), default: value()] }
    _modify { yield &self[Name(name), default: value()] }
  }
}

extension Set where Element == Name {
  package init(names: some Sequence<String>) { self.init(names.lazy.map { Name($0) }) }

  package func contains(_ name: String) -> Bool { contains(Name(name)) }

  /// Returns true if the name is new.
  @discardableResult
  package mutating func insert(_ name: String) -> Bool { insert(Name(name)).inserted }
}
