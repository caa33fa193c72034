import Core

/// Businesses: create, update, delete.
extension LocationState {
  func createBusiness(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let number = data.createBusiness { BusinessBody.apply(body, to: &$0) }
    return written(number, data, status: 201)
  }

  func updateBusiness(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    let number = try businessNumber(call, data)
    data.updateBusiness(number) { BusinessBody.apply(body, to: &$0) }
    return written(number, data, status: 200)
  }

  func deleteBusiness(_ call: Call, _ body: JSONValue, _ data: inout SyntheticData) throws(Refusal) -> SandboxAnswer {
    data.deleteBusiness(try businessNumber(call, data))
    return SandboxAnswer { $0.bool("success", true) }
  }

  private func businessNumber(_ call: Call, _ data: SyntheticData) throws(Refusal) -> Int {
    guard let number = data.businessIndex(call.values[0]) else { throw gone("Business with id \(call.values[0]) not found") }
    return number
  }

  /// The API spells it this way, in v3 too (`facts.md` 1.8).
  private func written(_ number: Int, _ data: SyntheticData, status: Int) -> SandboxAnswer {
    SandboxAnswer(status: status) { out in
      out.bool("success", true)
      out.name("buiseness")
      write(data.business(at: number), data, to: &out)
    }
  }
}

/// The body of a business that is written.
enum BusinessBody {
  /// Every member but `name` and `locationId`.
  static let names = members.map(\.name)

  private static let members: [(name: String, member: any WritableKeyPath<SyntheticBusiness, String?> & Sendable)] = [
    ("phone", \.phone), ("email", \.email), ("website", \.website), ("address", \.address), ("city", \.city),
    ("postalCode", \.postalCode), ("state", \.state), ("country", \.country), ("description", \.description),
  ]

  static func apply(_ body: JSONValue, to business: inout SyntheticBusiness) {
    if let name = body["name"]?.stringValue { business.name = name }
    for (name, member) in members {
      if let text = body[name]?.stringValue { business[keyPath: member] = text }
    }
  }
}
