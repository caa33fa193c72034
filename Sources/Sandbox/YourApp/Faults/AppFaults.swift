import Core

/// The faults that hit one request. They are drawn from the seed, the request and how often it was made, so that they do not
/// depend on the order in which concurrent requests arrive.
struct AppFaults: Sendable {
  static let none = AppFaults(hits: [], draw: Draw(seed: 0, stream: .fault, index: 0))

  private(set) var hits: Set<AppFault>
  private let draw: Draw
  private var fieldErrors: (rate: Double, seed: UInt64)?

  private init(hits: Set<AppFault>, draw: Draw) {
    self.hits = hits
    self.draw = draw
  }

  /// - Parameter hash: The hash of the request.
  /// - Parameter attempt: The number of this attempt, from 1.
  init(_ plan: AppFaultPlan, _ route: AppRoute, seed: UInt64, hash: UInt64, attempt: Int) {
    self.init(hits: [], draw: Draw(seed: hash, stream: .fault, index: attempt, part: 4000))
    for (number, fault) in AppFault.allCases.enumerated() where fault.applies(to: route) {
      guard let rate = plan.rates[fault] else { continue }
      if fault == .fieldError {
        fieldErrors = (rate, seed)
        continue
      }
      var draw = Draw(seed: hash, stream: .fault, index: attempt, part: 3000 + number)
      if draw.below(1_000_000) < Int(rate * 1_000_000) { hits.insert(fault) }
    }
  }

  func has(_ fault: AppFault) -> Bool { hits.contains(fault) }

  /// A separate draw for each purpose.
  func draw(_ part: Int) -> Draw {
    var draw = draw
    return Draw(seed: draw.next(), stream: .fault, index: part)
  }

  // MARK: Records

  /// The refusal that a record gets whenever it is written; nil for most records.
  func fieldError(_ body: AppRecordBody, _ schema: AppSchema) -> AppProblem? {
    guard let fieldErrors else { return nil }
    var draw = Draw(seed: Draw.hash(Array(body.key.text.utf8), seed: fieldErrors.seed), stream: .fault, index: 5000)
    guard draw.below(1_000_000) < Int(fieldErrors.rate * 1_000_000) else { return nil }
    var problem = AppProblem(.invalidRecord, "The record was refused.")
    // A required member is always there, whatever else the record has.
    let names = schema.required.filter { $0.text != schema.resource.key && $0.text != AppResource.parentKey }.sorted()
    problem.errors = [
      .init(pointer: "/" + draw.pick(names).text, code: "refused", detail: "a rule of Your App refuses this value")
    ]
    return problem
  }

  /// The record without the member that is ignored.
  func dropping(_ body: AppRecordBody, _ schema: AppSchema) -> AppRecordBody {
    guard has(.dropped) else { return body }
    var names: [String] = []
    let required = schema.required
    _ = body.keeping { name in
      if !required.contains(Name(name)) { names.append(name) }
      return true
    }
    guard !names.isEmpty else { return body }
    var draw = Draw(seed: Draw.hash(Array(body.key.text.utf8), seed: 0), stream: .fault, index: 6000)
    let dropped = draw.pick(names)
    return body.keeping { !$0.isExactly(dropped) }
  }
}

extension Draw {
  /// A hash of bytes that is the same in every process.
  static func hash(_ bytes: [UInt8], seed: UInt64) -> UInt64 {
    var hash = mix(seed ^ UInt64(bytes.count))
    bytes.withUnsafeBytes { buffer in
      var offset = 0
      while offset + 8 <= buffer.count {
        hash = mix(hash ^ buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        offset += 8
      }
      while offset < buffer.count {
        hash = mix(hash ^ UInt64(buffer[offset]))
        offset += 1
      }
    }
    return hash
  }
}
