import CSimdJSON
package import Core

/// Learning which fields records have, and all their values: for profiles.
///
///     walker.learnFields(limit: 2_000)
///     walker.walk(range, into: cells)            // validates the record
///     for found in walker.foundFields() { use(found.cell, walker.learnedField(Int(found.field))) }
extension RecordWalker {
  /// A value of the record that was walked last. A list or an object has no text or elements, and its length counts them; what is
  /// in it comes before it. The same struct as `waybill_found` of the C shim.
  package struct FoundField: BitwiseCopyable {
    package var cell: Cell
    /// What `learnedField` describes.
    package var field: Int32
    private var reserved: Int32 = 0
  }

  package enum FieldStep: Sendable, Hashable {
    case member(Name)
    /// All elements of a list.
    case elements
    /// The custom field with this ID.
    case custom(id: Name)
    /// Members that are named by an ID, all together.
    case anyMember

    fileprivate var code: UInt8 {
      switch self {
      case .member: UInt8(WAYBILL_STEP_MEMBER.rawValue)
      case .elements: UInt8(WAYBILL_STEP_ELEMENTS.rawValue)
      case .custom: UInt8(WAYBILL_STEP_CUSTOM.rawValue)
      case .anyMember: UInt8(WAYBILL_STEP_ANY.rawValue)
      }
    }

    /// What ranks a field among all fields: of the record 0, of others from the hash of what they are part of.
    package func hash(in parent: UInt64) -> UInt64 {
      var name: String
      switch self {
      case .member(let member): name = member.text
      case .custom(let id): name = id.text
      case .elements, .anyMember: name = ""
      }
      return name.withUTF8 { waybill_field_hash(parent, code, $0.baseAddress, $0.count) }
    }
  }

  package struct LearnedField {
    /// Nil: the record.
    package var parent: Int?
    package var step: FieldStep
    /// Beyond the limit: it has no more values.
    package var isDropped: Bool
  }

  /// Registers of the HyperLogLog over the hashes of fields beyond the limit.
  package static let droppedRegisters = Int(WAYBILL_REGISTERS)

  /// From now on, learns the fields of each record. `limit`: more than twice as many are never kept; the first `limit` by their
  /// rank always are, as long as they occur.
  package mutating func learnFields(limit: Int) {
    guard waybill_walker_learn(walker, limit) else { fatalError("not enough memory for the fields of records") }
  }

  /// The record's member is a list of custom fields as GHL writes it.
  package mutating func learnCustomFields(in member: String) {
    var member = member
    member.withUTF8 { waybill_walker_learn_custom_list(walker, $0.baseAddress, $0.count) }
  }

  /// All values of the record that was walked last, without a fault. They stay valid until the next call, `walk` or `index`.
  package mutating func foundFields() -> UnsafeBufferPointer<FoundField> {
    var count = 0
    guard let found = waybill_walker_found(walker, &count) else { return UnsafeBufferPointer(start: nil, count: 0) }
    return UnsafeBufferPointer(
      start: UnsafeRawPointer(found).assumingMemoryBound(to: FoundField.self), count: count)
  }

  /// Nil: no such field has been found yet.
  package func learnedField(_ number: Int) -> LearnedField? {
    var field = waybill_field()
    guard waybill_walker_field(walker, Int32(number), &field) else { return nil }
    let name = Name(String(decoding: UnsafeBufferPointer(start: field.name, count: field.name_length), as: UTF8.self))
    let step: FieldStep =
      switch UInt32(field.step) {
      case WAYBILL_STEP_ELEMENTS.rawValue: .elements
      case WAYBILL_STEP_CUSTOM.rawValue: .custom(id: name)
      case WAYBILL_STEP_ANY.rawValue: .anyMember
      default: .member(name)
      }
    return LearnedField(parent: field.parent > 0 ? Int(field.parent) : nil, step: step, isDropped: field.is_dropped)
  }

  /// `droppedRegisters` registers.
  package var droppedFields: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: waybill_walker_dropped(walker), count: Self.droppedRegisters)
  }
}
