import CSimdJSON
package import Core

/// Reads JSON records into cells: the paths that a program reads are resolved once to slot numbers, then one call per record
/// fills its slots. The whole record is validated, including the parts that are not read. One walker per worker.
///
///     var walker = RecordWalker()
///     walker.addPath([.member("email")], slot: 0)
///     try walker.index(bytes)                        // a batch of whole records
///     walker.walk(begin..<end, into: cells)          // in order
package struct RecordWalker: ~Copyable {
  /// One step of a path.
  package enum Step: Sendable, Hashable {
    case member(String)
    /// A member whose name matches in any ASCII case.
    case memberInAnyCase(String)
    case element(Int)
    /// The first element whose member has this text as its value, or is a number or boolean written like this.
    case select(member: String, equals: String)
    /// The value of the custom field with this id in GHL's list of them, under any of its names (`value` and
    /// `customFieldValueNames`). Nil: not a field that a record can have, so always missing.
    ///
    /// Several differing fields with the id, or several differing values, block the path. So does a field that has no value
    /// under a known name, but something under a similar one (`Value`, `values`, `fieldValueMoney`).
    case customField(id: String?)
  }

  /// Why a record cannot be read.
  package struct Fault: Error, Sendable, Hashable {
    package let code: ProblemCode
    /// Bytes from the beginning of the record.
    package let offset: Int

    package init(code: ProblemCode, offset: Int) {
      self.code = code
      self.offset = offset
    }
  }

  /// The names that GHL gives a custom field's value besides `value`, depending on API version and data type.
  package static let customFieldValueNames: [String] = {
    var names: [String] = []
    while let name = waybill_value_name(names.count) { names.append(String(cString: name)) }
    return names
  }()

  /// Readable bytes that must follow what is indexed; their content does not matter.
  package static let padding = 64
  package static let maximumDepth = 1024

  let walker: OpaquePointer
  private var slotCount = 0
  /// Slots with the same path as an earlier one.
  private var copies: [(from: Int, to: Int)] = []

  /// Records nested deeper than `maximumDepth` are refused.
  package init(maximumDepth: Int = RecordWalker.maximumDepth) {
    guard let walker = waybill_walker_create(maximumDepth) else { fatalError("not enough memory for a record walker") }
    self.walker = walker
  }

  deinit { waybill_walker_destroy(walker) }

  /// The value at `path` goes into `slot`. An empty path is the record itself.
  ///
  /// An object that is copied whole may have no member twice. `isTakenApart`: the elements of the list at `path` are
  /// walked one by one later, and refused one by one.
  package mutating func addPath(_ path: [Step], slot: Int, isTakenApart: Bool = false) {
    slotCount = max(slotCount, slot + 1)
    guard !path.contains(.customField(id: nil)) else { return }
    var node: Int32 = 0
    for step in path {
      switch step {
      case .member(let name): node = addMember(name, to: node, anyCase: false)
      case .memberInAnyCase(let name): node = addMember(name, to: node, anyCase: true)
      case .element(let index): node = waybill_walker_element(walker, node, UInt32(clamping: index))
      case .select(let member, let text):
        var (member, text) = (member, text)
        node = member.withUTF8 { member in
          text.withUTF8 { text in
            waybill_walker_select(walker, node, member.baseAddress, member.count, text.baseAddress, text.count)
          }
        }
      case .customField(let id):
        var id = id ?? ""
        node = id.withUTF8 { waybill_walker_custom_field(walker, node, $0.baseAddress, $0.count) }
      }
    }
    let first = Int(waybill_walker_slot(walker, node, Int32(slot), isTakenApart))
    if first != slot { copies.append((first, slot)) }
  }

  private func addMember(_ name: String, to node: Int32, anyCase: Bool) -> Int32 {
    var name = name
    return name.withUTF8 { waybill_walker_member(walker, node, $0.baseAddress, $0.count, anyCase) }
  }

  /// Indexes any number of whole records at once; `padding` readable bytes must follow.
  ///
  /// False: something in it is not valid JSON or UTF-8; then index its records one by one to find which.
  package mutating func index(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    waybill_walker_index(walker, bytes.baseAddress, bytes.count) == WAYBILL_OK.rawValue
  }

  /// Indexes one record and returns what is wrong with it.
  package mutating func indexRecord(_ bytes: UnsafeBufferPointer<UInt8>) -> Fault? {
    let code = waybill_walker_index(walker, bytes.baseAddress, bytes.count)
    guard code != WAYBILL_OK.rawValue else { return nil }
    var offset = 0
    let located = waybill_locate_fault(bytes.baseAddress, bytes.count, &offset)
    return Fault(code: Self.problem(located == WAYBILL_OK.rawValue ? code : located), offset: offset)
  }

  /// Fills `cells` from the record at `range` of what was indexed. Records must be walked in order. Strings, lists and
  /// objects in the cells stay valid until the next `walk` or `index`.
  ///
  /// A path that meets a value of a different shape than its next step takes yields a `blocked` cell; null, `""`, `[]` and
  /// `{}` on the way leave it missing.
  package mutating func walk(_ range: Range<Int>, into cells: UnsafeMutableBufferPointer<Cell>) -> Fault? {
    precondition(cells.count >= slotCount)
    var offset = 0
    let code = cells.withMemoryRebound(to: waybill_cell.self) { cells in
      waybill_walker_walk(walker, range.lowerBound, range.upperBound, cells.baseAddress, cells.count, &offset)
    }
    guard code != WAYBILL_OK.rawValue else {
      if !copies.isEmpty { for copy in copies { cells[copy.to] = cells[copy.from] } }
      return nil
    }
    return Fault(code: Self.problem(code), offset: offset)
  }

  /// Whether a text of the record that was walked last, read or not, has an escape for one of `ControlCharacters`.
  package var hasControlEscapes: Bool { waybill_walker_has_controls(walker) }

  private static func problem(_ code: Int32) -> ProblemCode {
    switch UInt32(bitPattern: code) {
    case WAYBILL_INVALID_UTF8.rawValue: .invalidUTF8
    case WAYBILL_DUPLICATE_MEMBER.rawValue: .duplicateMember
    case WAYBILL_TOO_DEEP.rawValue: .recordTooDeep
    case WAYBILL_NOT_AN_OBJECT.rawValue: .notAnObject
    case WAYBILL_NO_MEMORY.rawValue: .recordTooLarge
    default: .invalidJSON
    }
  }
}
