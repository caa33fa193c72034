import CLibYAML

/// One of libyaml's events with its texts copied out.
struct YAMLEvent {
  enum Kind {
    case streamStart, streamEnd, documentStart, documentEnd
    case alias(String)
    case scalar(String, YAMLScalar.Style)
    case sequenceStart, sequenceEnd, mappingStart, mappingEnd
  }

  var kind: Kind
  var start: yaml_mark_t
  var end: yaml_mark_t
  var anchor: String?
  var tag: String?

  init(_ event: yaml_event_t) {
    start = event.start_mark
    end = event.end_mark
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(event.data.alias.anchor.map { String(cString: $0) } ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
      let style: YAMLScalar.Style =
        switch scalar.style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE, YAML_DOUBLE_QUOTED_SCALAR_STYLE: .quoted
        case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
        default: .plain
        }
      kind = .scalar(text, style)
      anchor = scalar.anchor.map { String(cString: $0) }
      tag = scalar.tag.map { String(cString: $0) }
    case YAML_SEQUENCE_START_EVENT:
      kind = .sequenceStart
      anchor = event.data.sequence_start.anchor.map { String(cString: $0) }
      tag = event.data.sequence_start.tag.map { String(cString: $0) }
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      kind = .mappingStart
      anchor = event.data.mapping_start.anchor.map { String(cString: $0) }
      tag = event.data.mapping_start.tag.map { String(cString: $0) }
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd
    }
  }
}
