import Core
import Values

/// Rarely used text functions, separate from the others so that those stay small.
extension Evaluator {
  @inline(never)
  mutating func applyToText(_ operation: Operation, _ cell: inout Cell) -> Bool {
    switch operation {
    case .slice(let from, let to):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      let text = cell.text
      let range = CharacterCount.slice(of: text.span, from: Int(from), to: to == .max ? nil : Int(to))
      cell = Cell(kind: .string, text: text[range])
    case .normalize(let form):
      return rewrite(&cell) { Normalization.normalize($0, to: form, into: &$1) }
    case .padLeft(let width, let filler):
      guard asText(&cell) else { return refuse(Self.wrongType) }
      guard room >= cell.count else { return refuse(Self.tooLarge) }
      let filler = tables.constants[Int(filler)].text
      return rewrite(&cell) { Padding.padLeft($0, width: Int(width), with: filler.span, into: &$1) }
    case .prefix(let constant): return join(tables.constants[Int(constant)].text, before: true, &cell)
    case .suffix(let constant): return join(tables.constants[Int(constant)].text, before: false, &cell)
    case .language:
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      guard let code = Language.code(of: cell.text.span) else { return refuse(Failure(code: .languageUnknown)) }
      cell = Cell(kind: .string, text: code)
    case .url:
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      arena.begin()
      if let refusal = WebAddress.normalise(cell.text.span, into: &arena) {
        return refuse(Failure(code: .urlInvalid, detail: .url(refusal)))
      }
      cell = Cell(kind: .string, text: arena.finish())
    case .postalCode(let region, let regionSlot):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      arena.begin()
      let region = self.region(region, regionSlot)
      if let refusal = PostalCode.normalise(cell.text.span, region: region, into: &arena) {
        return refuse(Failure(code: .postalCodeInvalid, detail: .postalCode(refusal)))
      }
      cell = Cell(kind: .string, text: arena.finish())
    case .name(let part):
      guard cell.kind == .string else { return refuse(Self.wrongType) }
      arena.begin()
      cell = PersonName.append(part, of: cell.text.span, into: &arena) ? Cell(kind: .string, text: arena.finish()) : .null
    case .sha256:
      guard asText(&cell) else { return refuse(Self.wrongType) }
      arena.begin()
      SHA256Digest.append(cell.text.span, into: &arena)
      cell = Cell(kind: .string, text: arena.finish())
    case .uuid5(let index):
      guard asText(&cell) else { return refuse(Self.wrongType) }
      arena.begin()
      tables.namespaces[Int(index)].append(version5: cell.text.span, into: &arena)
      cell = Cell(kind: .string, text: arena.finish())
    case .mask:
      guard asText(&cell) else { return refuse(Self.wrongType) }
      arena.begin()
      Masking.append(cell.text.span, as: .mask, key: nil, into: &arena)
      cell = Cell(kind: .string, text: arena.finish())
    default: return refuse(Self.wrongType)
    }
    return true
  }

  /// Turns a number or a date into its text. False: the value is neither text nor one of these.
  @inline(__always)
  private func asText(_ cell: inout Cell) -> Bool {
    switch cell.kind {
    case .string: return true
    case .integer, .decimal, .number, .date, .datetime:
      cell = Cell(kind: .string, text: cell.text)
      return true
    default: return false
    }
  }

  private mutating func join(_ text: Text, before: Bool, _ cell: inout Cell) -> Bool {
    guard asText(&cell) else { return refuse(Self.wrongType) }
    guard room >= cell.count + text.count else { return refuse(Self.tooLarge) }
    arena.begin()
    if before { arena.append(text) }
    arena.append(cell.text)
    if !before { arena.append(text) }
    cell = Cell(kind: .string, text: arena.finish())
    return true
  }
}
