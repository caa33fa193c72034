import Core

/// Makes mappings over `PropertySource`: every kind of value, every function with sensible and odd arguments, every word of a field. Not all
/// of them compile; the check drops the lines that do not.
struct MappingGenerator {
  private typealias Kind = PropertySource.Kind
  private var random: SplitMix64
  private let seed: UInt64

  init(seed: UInt64) {
    self.seed = seed
    random = SplitMix64(seed: seed)
  }

  mutating func plan() -> MappingPlan {
    var plan = MappingPlan(seed: seed)
    plan.blankIsNull = !random.once(in: 5)
    plan.settings = random.one(of: ["", ", timezone: America/New_York", ", timezone: UTC, region_from: country"])
    if random.once(in: 5) { plan.each = random.one(of: ["tags", "parts", "marks", "frees"]) }
    plan.hasSchema = !random.once(in: 3)
    for number in 0..<random.number(below: 4) {
      var variable = field("v\(number)", each: plan.each, vars: plan.vars)
      (variable.when, variable.omitsNull, variable.schema, variable.isRequiredByTarget) = (nil, false, nil, false)
      plan.vars.append(variable)
    }
    let nested = ["", "", "", "n1.", "n1.deep.", "n2."]
    for number in 0..<(3 + random.number(below: 9)) {
      plan.fields.append(field("\(random.one(of: nested))f\(number)", each: plan.each, vars: plan.vars))
    }
    if random.once(in: 4) { plan.filter = condition(plan) }
    let targets = plan.fields.filter { !$0.target.contains(".") }.map(\.target)
    if random.once(in: 3), let target = targets.first {
      plan.rules = [
        random.one(of: ["\(target) != null", "key != 'r1'", "has(target.\(target))", "\(target) == null || key.size() > 1"]),
        "\(random.one(of: targets)) == \(random.one(of: targets))",
      ]
    }
    if random.once(in: 4) { plan.unique = [random.one(of: ["key"] + targets)] }
    if plan.each == nil, random.once(in: 5), let by = targets.first {
      let keep = random.one(of: ["newest", "oldest", "first", "last"])
      plan.merge = "{by: \(by), keep: \(keep)\(random.once(in: 2) ? ", others: filled" : "")}"
      plan.mergeBy = by
    }
    if plan.hasSchema, random.once(in: 3) {
      plan.rest = random.one(of: [
        ",\"minProperties\":2", ",\"dependentRequired\":{\"f0\":[\"key\"]}",
        ",\"anyOf\":[{\"required\":[\"f1\"]},{\"required\":[\"key\"]}]",
        ",\"not\":{\"required\":[\"nobody\"]}",
      ])
    }
    return plan
  }

  private mutating func field(_ target: String, each: String?, vars: [MappingPlan.Field]) -> MappingPlan.Field {
    var (origin, kind) = origin(each, vars)
    var steps: [MappingPlan.Step] = []
    if !random.once(in: 3) {
      for _ in 0..<(1 + random.number(below: 3)) {
        let (step, next) = StepGenerator.step(on: kind, &random)
        steps.append(step)
        kind = next
      }
    }
    if case .opaque = origin, random.once(in: 2) { steps = [] }
    var field = MappingPlan.Field(target: target, origin: origin, steps: steps)
    if random.once(in: 6) { field.when = condition(nil, each: each) }
    if random.once(in: 4) { field.fallback = literal(kind) }
    if random.once(in: 7) { field.isRequired = true }
    if random.once(in: 2) { field.onError = random.one(of: MappingPlan.OnError.allCases) }
    if field.onError == .default, field.fallback == nil { field.fallback = literal(kind) }
    field.omitsNull = random.once(in: 10)
    if random.once(in: 2) { field.schema = schema(kind) }
    field.isRequiredByTarget = random.once(in: 8)
    // A member whose declared type decides how it is checked.
    if case .paths = origin, field.steps.isEmpty, random.once(in: 2) { origin = field.origin }
    return field
  }

  private mutating func origin(_ each: String?, _ vars: [MappingPlan.Field]) -> (MappingPlan.Origin, Kind) {
    switch random.number(below: 20) {
    case 0..<10:
      let path = path(each)
      return (.path(path), path.kind)
    case 10, 11:
      let paths = (0..<(1 + random.number(below: 3))).map { _ in path(each) }
      return (.paths(paths), .list(paths.count == 1 ? paths[0].kind : .any))
    case 12:
      let kind = random.one(of: [Kind.text, .integer, .number, .boolean, .list(.text)])
      return (.constant(literal(kind)), kind)
    case 13, 14:
      guard let variable = vars.isEmpty ? nil : random.one(of: vars) else { return origin(each, vars) }
      return (.variable(variable.target), .any)
    case 15, 16:
      let branches = (0..<(1 + random.number(below: 2))).map { _ in
        let value = random.one(of: [
          "value: \(literal(.text).text)", "from: \(path(each).text.debugDescription)",
          "expr: \(expression().0.debugDescription)",
        ])
        return "{when: \(PlainJSON.quoted(condition(nil, each: each))), \(value)}"
      }
      let otherwise = random.one(of: ["", ", else: \(literal(.text).text)", ", else: {from: name}"])
      return (.opaque("case: [\(branches.joined(separator: ", "))]\(otherwise)"), .any)
    default:
      let (text, kind) = expression()
      return (.opaque("expr: \(PlainJSON.quoted(text))"), kind)
    }
  }

  private mutating func path(_ each: String?) -> MappingPlan.Path {
    if let each, random.once(in: 2) { return itemPath(each) }
    let prefix = each != nil && random.once(in: 2) ? "parent." : ""
    switch random.number(below: 10) {
    case 0, 1:
      let (definition, kind) = random.one(of: PropertySource.customs)
      return .init(root: .custom(id: definition.id), steps: [], kind: kind, text: "custom.\(definition.key)")
    case 2:
      let (name, kind) = random.one(of: [("city", Kind.text), ("lat", .number), ("open", .boolean), ("lines", .list(.text))])
      return .init(steps: [.member("place"), .member(name)], kind: kind, text: "\(prefix)place.\(name)")
    case 3:
      let index = random.number(below: 3)
      return .init(steps: [.member("tags"), .element(index)], kind: .text, text: "\(prefix)tags[\(index)]")
    case 4:
      return .init(
        steps: [.member("parts"), .select(member: "kind", text: "lead"), .member("size")], kind: .integer,
        text: "\(prefix)parts[kind=lead].size")
    case 5:
      return .init(steps: [.member("free"), .member("kind")], kind: .any, text: "\(prefix)free.kind")
    default:
      let (name, kind) = random.one(of: PropertySource.fields)
      return .init(steps: [.member(name)], kind: kind, text: "\(prefix)\(name)")
    }
  }

  private mutating func itemPath(_ each: String) -> MappingPlan.Path {
    let element = PropertySource.fields.first { $0.name == each }?.kind ?? .list(.any)
    let kind = if case .list(let kind) = element { kind } else { Kind.any }
    guard case .object(let members) = kind, !random.once(in: 3) else {
      return .init(root: .item, steps: [], kind: kind, text: "item")
    }
    let member = random.one(of: members)
    return .init(root: .item, steps: [.member(member.name)], kind: member.kind, text: "item.\(member.name)")
  }

  /// A literal that suits a kind, mostly.
  private mutating func literal(_ kind: Kind) -> PlainJSON {
    switch kind {
    case .integer: .number(random.one(of: ["0", "-7", "12"]))
    case .decimal, .number: .number(random.one(of: ["0.50", "-7", "12.25"]))
    case .boolean: .bool(random.once(in: 2))
    case .list(let element): .list((0..<random.number(below: 3)).map { _ in literal(element) })
    default: .text(random.one(of: ["fallback", "x", "2024-03-10", "-1"]))
    }
  }

  private mutating func schema(_ kind: Kind) -> String {
    if random.once(in: 6) {
      return random.one(of: ["{}", "true", "{\"type\":[\"string\",\"number\",\"null\"]}", "{\"type\":\"object\"}"])
    }
    func with(_ type: String, _ extra: [String]) -> String {
      let types = random.once(in: 2) ? "\"\(type)\"" : "[\"\(type)\",\"null\"]"
      return "{\"type\":\(types)\(random.one(of: extra))}"
    }
    switch kind {
    case .text, .any, .either:
      return with(
        "string",
        [
          "", "", ",\"maxLength\":40", ",\"maxLength\":5", ",\"minLength\":2", ",\"pattern\":\"^[a-z ]*$\"",
          ",\"format\":\"email\"",
          ",\"format\":\"date\"", ",\"format\":\"date-time\"", ",\"enum\":[\"prospect\",\"active\",\"x\",\"fallback\",null]",
        ])
    case .integer: return with("integer", ["", ",\"minimum\":0", ",\"maximum\":100", ",\"multipleOf\":2"])
    case .decimal, .number: return with("number", ["", ",\"exclusiveMinimum\":0", ",\"maximum\":100.5"])
    case .boolean: return with("boolean", [""])
    case .list: return with("array", ["", ",\"items\":{\"type\":\"string\"}", ",\"maxItems\":2", ",\"uniqueItems\":true"])
    case .object: return with("object", ["", ",\"required\":[\"city\"]"])
    }
  }

  private mutating func condition(_ plan: MappingPlan?, each: String? = nil) -> String {
    let each = plan?.each ?? each
    let choices = [
      "type == 'lead'", "name != null && size(name) > 2", "count != null && count >= 1", "amount != null && amount > 0.5",
      "dnd != true",
      "tags != null && 'a' in tags", "score == null || score < 10.0", "has(record.email)", "custom.plan == 'Pro'", "vip == dnd",
      "place.city != null && place.city.startsWith('a')", "free == null", "name == null || name.matches('^[A-Za-z]')",
      "born != null",
    ]
    if each != nil, random.once(in: 3) { return random.one(of: ["item != null", "item == 'a' || type == 'lead'"]) }
    return random.one(of: choices)
  }

  private mutating func expression() -> (String, Kind) {
    random.one(of: [
      ("name", .text), ("count", .integer), ("amount", .decimal), ("score", .number), ("dnd", .boolean), ("tags", .list(.text)),
      ("free", .any), ("place", .object([])), ("mixed", .any), ("count != null ? count + 1 : 0", .integer),
      ("count != null ? string(count) : 'none at all'", .text), ("name != null ? name + name : null", .text),
      ("tags != null ? tags + ['x'] : ['y']", .list(.text)), ("tags != null ? size(tags) : 0", .integer),
      ("tags != null ? tags.filter(t, t != null && t != 'a') : []", .list(.text)), ("score != null ? score * 2.0 : 0.5", .number),
      ("name == null ? 'nobody' : name", .text), ("parts != null ? parts.map(p, p.kind) : []", .list(.text)),
      ("amount == 12.5", .boolean), ("type == 'lead' ? 1 : 2", .integer), ("now", .text), ("[name, email]", .list(.text)),
      ("{'a': name, 'b': count}", .object([])), ("custom.ltv", .any),
      ("marks != null ? marks.map(m, m != null ? m * 2 : 0) : []", .list(.integer)),
      ("frees != null && size(frees) > 0 ? frees[0] : null", .any), ("amount != null ? double(amount) : 1.5", .number),
      ("vip ? 1 : 0", .integer), ("name.size()", .integer), ("type(free) == string", .boolean),
    ])
  }
}
