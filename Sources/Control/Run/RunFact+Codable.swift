import Core

/// One member, named after the fact: `{"judged": […]}`.
extension RunFact: Codable {
  private enum Kind: String, CodingKey {
    case compiled, snapshot, staged, judged, predicted, prepared, loaded, accounted, loadJudged, failed, interrupted, applied,
      resumed, ended
  }

  private struct Failed: Codable {
    var step: RunStep
    var failure: Failure
  }

  private struct Nothing: Codable {}

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Kind.self)
    guard let kind = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "a fact must have one member"))
    }
    func payload<Value: Decodable>() throws -> Value { try container.decode(Value.self, forKey: kind) }
    switch kind {
    case .compiled: self = .compiled(try payload())
    case .snapshot: self = .snapshot(try payload())
    case .staged: self = .staged(try payload())
    case .judged: self = .judged(try payload())
    case .predicted: self = .predicted(try payload())
    case .prepared: self = .prepared(try payload())
    case .loaded: self = .loaded(try payload())
    case .accounted: self = .accounted(try payload())
    case .loadJudged: self = .loadJudged(try payload())
    case .failed:
      let failed: Failed = try payload()
      self = .failed(failed.step, failed.failure)
    case .interrupted: self = .interrupted(try payload())
    case .applied: self = .applied
    case .resumed: self = .resumed
    case .ended: self = .ended(try payload())
    }
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Kind.self)
    switch self {
    case .compiled(let payload): try container.encode(payload, forKey: .compiled)
    case .snapshot(let payload): try container.encode(payload, forKey: .snapshot)
    case .staged(let payload): try container.encode(payload, forKey: .staged)
    case .judged(let payload): try container.encode(payload, forKey: .judged)
    case .predicted(let payload): try container.encode(payload, forKey: .predicted)
    case .prepared(let payload): try container.encode(payload, forKey: .prepared)
    case .loaded(let payload): try container.encode(payload, forKey: .loaded)
    case .accounted(let payload): try container.encode(payload, forKey: .accounted)
    case .loadJudged(let payload): try container.encode(payload, forKey: .loadJudged)
    case .failed(let step, let failure): try container.encode(Failed(step: step, failure: failure), forKey: .failed)
    case .interrupted(let step): try container.encode(step, forKey: .interrupted)
    case .applied: try container.encode(Nothing(), forKey: .applied)
    case .resumed: try container.encode(Nothing(), forKey: .resumed)
    case .ended(let verdict): try container.encode(verdict, forKey: .ended)
    }
  }
}
