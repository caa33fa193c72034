import Core
import Records
import Transform

/// Columns of the input: `source.optional`, `on_bad_quote` and `max_record_bytes`.
extension SourcePhase {
  mutating func readInputOptions(_ node: YAMLNode) {
    if let list = node["optional"] {
      for element in list.elements ?? [list] {
        guard let name = element.word("source.optional", &diagnostics) else { continue }
        source.optional.append((name, element.place))
        declareOptional(name)
      }
    }
    if let word = node["on_bad_quote"] {
      let words = RecordReading.BadQuote.allCases.map(\.rawValue)
      if let found = word.word("source.on_bad_quote", oneOf: words, &diagnostics).flatMap(RecordReading.BadQuote.init) {
        source.reading.onBadQuote = found
      }
    }
    if let size = node["max_record_bytes"] {
      let bytes = size.integer("source.max_record_bytes", in: RecordReading.recordBytes, &diagnostics)
      if let bytes { source.reading.maximumRecordBytes = bytes }
    }
  }

  /// A column that may be missing reads as null if it is.
  private mutating func declareOptional(_ name: String) {
    if let index = source.shape.fields.firstIndex(where: { $0.name.utf8.elementsEqual(name.utf8) }) {
      source.shape.fields[index].isNullable = true
    } else if isOfHeader {
      source.shape.fields.append(FieldShape(name, .string, privacy: DefaultPrivacy.policy(of: name)))
    }
  }
}
