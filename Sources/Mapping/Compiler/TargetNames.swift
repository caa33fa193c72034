import Core

/// A set of target fields by their dotted names, which also knows the objects that contain them.
struct TargetNames {
  /// In order of insertion.
  private(set) var names: [String] = []
  private var all: Set<Name> = []
  private var wholes: Set<Name> = []

  mutating func insert(_ name: String) {
    guard all.insert(name) else { return }
    names.append(name)
    var rest = name[...]
    while let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")) {
      rest = rest[..<dot]
      guard wholes.insert(String(rest)) else { return }
    }
  }

  func contains(_ name: String) -> Bool { all.contains(name) }

  /// The name, or one that contains it, or one that it contains.
  func overlaps(_ name: String) -> Bool {
    if all.contains(name) || wholes.contains(name) { return true }
    var rest = name[...]
    while let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")) {
      rest = rest[..<dot]
      if all.contains(String(rest)) { return true }
    }
    return false
  }

  /// The name, or names that it contains.
  func holds(_ name: String) -> Bool { all.contains(name) || wholes.contains(name) }
}

/// Target fields as a tree of their names, in the order of the file.
final class FieldTree {
  /// The number of the field that ends here.
  private(set) var field: Int?
  private(set) var names: [String] = []
  private(set) var members: [Name: FieldTree] = [:]

  init() {}

  init(_ targets: [[String]]) {
    for (index, target) in targets.enumerated() { add(target[...], index) }
  }

  func add(_ target: ArraySlice<String>, _ index: Int) {
    guard let name = target.first else {
      field = field ?? index
      return
    }
    member(name).add(target.dropFirst(), index)
  }

  /// The member with this name, created if it is missing.
  func member(_ name: String) -> FieldTree {
    if let known = members[name] { return known }
    let tree = FieldTree()
    members[name] = tree
    names.append(name)
    return tree
  }

  /// The field at a target or around it, or the first of its parts.
  func writer(of target: [String]) -> Int? {
    var at = self
    for name in target {
      if let field = at.field { return field }
      guard let next = at.members[name] else { return nil }
      at = next
    }
    return at.first
  }

  /// The field at exactly this target.
  func field(at target: [String]) -> Int? {
    var at = self
    for name in target {
      guard let next = at.members[name] else { return nil }
      at = next
    }
    return at.field
  }

  func tree(at target: [String]) -> FieldTree? {
    var at = self
    for name in target {
      guard let next = at.members[name] else { return nil }
      at = next
    }
    return at
  }

  /// The first field from here inwards, and all of them.
  var first: Int? { field ?? names.first.flatMap { members[$0]?.first } }
  var all: [Int] { (field.map { [$0] } ?? []) + names.flatMap { members[$0]?.all ?? [] } }
}
