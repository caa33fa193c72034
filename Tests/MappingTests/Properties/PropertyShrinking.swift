/// Makes a case that breaks a property as small as it gets by leaving parts out, one by one.
struct PropertyShrinking {
  let folder: String
  let property: String

  /// The mapping, the records and what they break, in words.
  func smallest(_ first: MappingPlan, _ all: [RecordGenerator.Line]) async throws -> String {
    var (plan, lines) = (first, all)
    var hasShrunk = true
    while hasShrunk {
      hasShrunk = false
      for index in lines.indices.reversed() where lines.count > 1 {
        var fewer = lines
        fewer.remove(at: index)
        guard try await violation(plan, fewer) != nil else { continue }
        (lines, hasShrunk) = (fewer, true)
      }
      for smaller in Self.smaller(plan) {
        guard smaller.text != plan.text, try await violation(smaller, lines) != nil else { continue }
        (plan, hasShrunk) = (smaller, true)
        break
      }
      for index in lines.indices {
        guard case .object(let members)? = lines[index].record else { continue }
        for name in Set(members.map(\.name)).sorted() where !lines[index].hasDoubles {
          guard case .object(let left)? = lines[index].record else { continue }
          var fewer = lines
          let record = PlainJSON.object(left.filter { $0.name != name })
          fewer[index] = .init(bytes: Array(record.text.utf8), record: record)
          guard left.contains(where: { $0.name == name }), try await violation(plan, fewer) != nil else { continue }
          (lines, hasShrunk) = (fewer, true)
        }
      }
    }
    let detail = try await violation(plan, lines) ?? "it went away"
    let input = lines.map { String(decoding: $0.bytes, as: UTF8.self) }.joined(separator: "\n")
    return "\(property): \(detail)\n\(plan.text)\(plan.hasSchema ? plan.schema + "\n" : "")--- records\n\(input)"
  }

  private func violation(_ plan: MappingPlan, _ lines: [RecordGenerator.Line]) async throws -> String? {
    guard let run = try PropertyRun(plan, folder: folder), run.plan.text == plan.text else { return nil }
    var check = PropertyCheck(run, lines)
    try await check.check()
    return check.violations.first { $0.property == property }?.detail
  }

  private static func smaller(_ plan: MappingPlan) -> [MappingPlan] {
    var found: [MappingPlan] = []
    func add(_ change: (inout MappingPlan) -> Void) {
      var copy = plan
      change(&copy)
      found.append(copy)
    }
    for index in plan.fields.indices { add { $0.fields.remove(at: index) } }
    for index in plan.vars.indices { add { $0.vars.remove(at: index) } }
    add { $0.rules = [] }
    add { $0.filter = nil }
    add { $0.unique = [] }
    add { ($0.merge, $0.mergeBy) = (nil, nil) }
    add { $0.rest = "" }
    add { $0.hasSchema = false }
    add { $0.each = nil }
    add { $0.settings = "" }
    for index in plan.fields.indices {
      for step in plan.fields[index].steps.indices { add { $0.fields[index].steps.remove(at: step) } }
      add { $0.fields[index].when = nil }
      add { $0.fields[index].schema = nil }
      add { $0.fields[index].isRequiredByTarget = false }
      add { $0.fields[index].omitsNull = false }
      add { $0.fields[index].isRequired = false }
      add { ($0.fields[index].onError, $0.fields[index].fallback) = (.reject, nil) }
    }
    for index in plan.vars.indices {
      for step in plan.vars[index].steps.indices { add { $0.vars[index].steps.remove(at: step) } }
    }
    return found
  }
}
