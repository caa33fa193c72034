import Core
import FoundationEssentials

extension FieldSummary.Sketch {
  var json: JSONValue {
    switch self {
    case .registers(let registers): Self.json("registers", registers)
    case .hashes(let hashes):
      Self.json("hashes", hashes.flatMap { hash in withUnsafeBytes(of: hash.littleEndian) { Array($0) } })
    }
  }

  private static func json(_ form: String, _ bytes: [UInt8]) -> JSONValue {
    .object([.init("form", .string(form)), .init("data", .string(Data(bytes).base64EncodedString()))])
  }

  /// Nil if it is not a sketch of this version.
  init?(_ json: JSONValue) {
    guard let text = json["data"]?.stringValue, let data = Data(base64Encoded: text) else { return nil }
    switch json["form"]?.stringValue {
    case "registers":
      guard RegisterSketch.accepts(Array(data)) else { return nil }
      self = .registers(Array(data))
    case "hashes":
      guard data.count % 8 == 0, data.count / 8 <= ValueSketch.exactLimit else { return nil }
      let bytes = Array(data)
      self = .hashes(
        stride(from: 0, to: bytes.count, by: 8).map { start in
          bytes[start..<start + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        })
    default: return nil
    }
  }
}
