/// As a string that holds its JSON text, so that numbers keep their digits and members their order.
extension JSONValue: Codable {
  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    do throws(JSONReader.Failure) {
      self = try JSONReader.read(text)
    } catch {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "not valid JSON: \(error)")
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}
