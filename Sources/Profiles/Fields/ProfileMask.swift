package import Core
package import Records

/// Which fields a profile shows without values.
package struct ProfileMask: Sendable {
  package typealias Step = RecordWalker.FieldStep

  /// Whether to mask the field at this path from the record.
  package let hides: @Sendable (_ path: [Step]) -> Bool

  package init(hides: @escaping @Sendable (_ path: [Step]) -> Bool) { self.hides = hides }

  package static let nothing = ProfileMask { _ in false }

  /// As ledgers show fields without a policy of their own: what the catalog says about a known field, otherwise what its name
  /// suggests. What is in a masked field is masked, too.
  ///
  /// - Parameter shape: of the records; nil if unknown.
  package static func standard(shape: ObjectShape? = nil, customFields: CustomFieldNames = .init([])) -> ProfileMask {
    ProfileMask { path in
      var shape = shape
      for (index, step) in path.enumerated() {
        switch step {
        case .elements:
          // A custom field without an ID could be any of them.
          if index == 1, path[0] == .member(Name("customFields")) { return true }
        case .anyMember: shape = nil
        case .custom(let id):
          // The meaning of an ID is not known without its definition.
          guard let definition = customFields.definition(of: id) else { return true }
          if [.phone, .email].contains(definition.dataType) { return true }
          if DefaultPrivacy.policy(of: definition.key) != .show || DefaultPrivacy.policy(of: definition.name) != .show {
            return true
          }
          shape = nil
        case .member(let name):
          let field = shape?.field(named: name.text)
          // The list of custom fields is only a container.
          if let next = path.dropFirst(index + 1).first, case .custom = next { continue }
          if (field?.privacy ?? DefaultPrivacy.policy(of: name.text)) != .show { return true }
          shape = field.flatMap { Self.members(of: $0.type) }
        }
      }
      return false
    }
  }

  private static func members(of type: ValueType) -> ObjectShape? {
    switch type {
    case .object(let shape): shape
    case .list(let element): members(of: element)
    default: nil
    }
  }
}

/// Custom fields by their IDs.
package struct CustomFieldNames: Sendable {
  private let byID: [Name: CustomFieldDefinition]

  package init(_ definitions: [CustomFieldDefinition]) {
    byID = Dictionary(definitions.map { (Name($0.id), $0) }, uniquingKeysWith: { first, _ in first })
  }

  package func definition(of id: Name) -> CustomFieldDefinition? { byID[id] }

  /// What a mapping calls it: its key. The ID if there is no definition.
  package func key(of id: Name) -> String { byID[id]?.key ?? id.text }
}
